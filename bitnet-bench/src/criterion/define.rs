//! From what the listing found to the registry's definitions.

use std::collections::BTreeMap;
use std::panic::Location;
use std::time::Duration;

use super::id::GROUPLESS;
use super::pass::{self, Benchmark, Listed, Wanted};
use crate::harness;
use crate::registry::{Definition, Source};

/// The benchmarks of some groups.
///
/// # Errors
/// If two of them have one id.
pub fn define(groups: &[fn()]) -> Result<Vec<Definition>, String> {
    let mut definitions = Vec::new();
    let mut places = BTreeMap::new();
    let mut problems = Vec::new();
    for &group in groups {
        // What set-up code prints is not part of the program's results.
        let listed = harness::with_stdout_to_stderr(|| pass::list(group));
        for (target, listed) in listed.into_iter().enumerate() {
            if let Some(note) = long_set_up(&listed) {
                eprintln!("{note}");
            }
            for benchmark in &listed.benchmarks {
                match places.insert(benchmark.id.to_string(), benchmark.source) {
                    Some(before) => problems.push(twice(benchmark, before)),
                    None => definitions.push(definition(group, target, benchmark, listed.source.module)),
                }
            }
            if listed.failure.is_some() {
                definitions.push(failing(group, target, &listed));
            }
        }
    }
    if problems.is_empty() { Ok(definitions) } else { Err(problems.join("\n")) }
}

fn definition(group: fn(), target: usize, benchmark: &Benchmark, module: &'static str) -> Definition {
    let Benchmark { id, source, said, throughput } = benchmark;
    let (place, name) = id.place();
    let mut definition = Definition::new(name, Source { module, file: source.file(), line: source.line() });
    definition.group(place);
    if let Some(parameter) = id.parameter() {
        definition.axis("parameter", [parameter]);
    }
    said.apply(definition.settings());
    for (amount, of) in throughput.iter().flat_map(|throughput| throughput.amounts()) {
        definition.amount(amount, move |_| of);
    }
    let id = id.clone();
    definition.body(move |bencher, _| pass::serve(group, Wanted { target, id: Some(id.clone()) }, bencher));
    definition
}

/// A target that panics beside its benchmarks is a case that fails: the others are measured all the same.
fn failing(group: fn(), target: usize, listed: &Listed) -> Definition {
    let mut definition = Definition::new(format!("set-up of {}", listed.name), listed.source);
    definition.group(GROUPLESS);
    definition.body(move |bencher, _| pass::serve(group, Wanted { target, id: None }, bencher));
    definition
}

fn twice(benchmark: &Benchmark, before: &Location<'_>) -> String {
    let place = |source: &Location<'_>| format!("{}:{}", source.file(), source.line());
    let (here, id) = (place(benchmark.source), &benchmark.id);
    match place(before) {
        before if before == here => format!("{here}: `{id}` is benchmarked twice: give each its own id"),
        before => format!("{before} and {here} both benchmark `{id}`: give each its own id"),
    }
}

/// Set-up that takes longer than this, in all of a launch, is worth a word.
const LONG: Duration = Duration::from_secs(10);

/// What to say of a target whose set-up takes long.
fn long_set_up(listed: &Listed) -> Option<String> {
    let cases = u32::try_from(listed.benchmarks.len()).unwrap_or(u32::MAX);
    (cases > 1 && listed.took.saturating_mul(cases) > LONG).then(|| {
        format!(
            "note: {}:{}: the set-up of `{}` takes {:.1} s, and runs for each of its {cases} cases in each launch; \
             keep what is slow in a `LazyLock`, or divide the target",
            listed.source.file,
            listed.source.line,
            listed.name,
            listed.took.as_secs_f64(),
        )
    })
}
