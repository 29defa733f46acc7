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

#[cfg(test)]
mod tests {
    use super::super::{BenchmarkId, Criterion, Throughput, criterion_group};
    use super::*;
    use crate::measure::Amount;
    use crate::registry::Registry;

    fn two(c: &mut Criterion) {
        c.bench_function("alone", |_| panic!("a listing calls no closure"));
        let mut group = c.benchmark_group("group");
        group.throughput(Throughput::Bytes(64)).sample_size(12);
        group.bench_with_input(BenchmarkId::new("f", "a b"), "x", |_, _| panic!("a listing calls no closure"));
    }

    fn breaks_off(c: &mut Criterion) {
        c.bench_function("before", |b| b.iter(|| 1));
        panic!("no such file");
    }

    fn same(c: &mut Criterion) {
        c.bench_function("alone", |b| b.iter(|| 1));
    }

    criterion_group!(sound, two);
    criterion_group!(unsound, breaks_off);
    criterion_group!(again, same);

    #[test]
    fn what_is_listed_is_what_the_registry_gets() {
        let definitions = define(&[sound]).expect("the ids are unique");
        let registry = Registry::of(definitions).expect("the definitions are sound");
        let ids: Vec<&str> = registry.cases().iter().map(|case| case.id()).collect();
        assert_eq!(ids, ["criterion/alone@cpu", "group/f[parameter=ab]@cpu"]);
        let case = registry.find("group/f[parameter=ab]@cpu").expect("it is there");
        assert_eq!(case.amounts().collect::<Vec<_>>(), [(Amount::Bytes, 64.0)]);
        assert_eq!(case.overrides().values(), [("samples", "12".to_owned())]);
        let (source, here) = (case.source(), module_path!());
        assert!(source.file.ends_with("define.rs") && here.starts_with(source.module), "{source:?}");
    }

    #[test]
    fn a_target_that_breaks_off_keeps_what_came_before() {
        let registry = Registry::of(define(&[unsound]).expect("the ids are unique")).expect("sound");
        let ids: Vec<&str> = registry.cases().iter().map(|case| case.id()).collect();
        assert_eq!(ids, ["criterion/before@cpu", "criterion/set-up of breaks_off@cpu"]);
    }

    #[test]
    fn one_id_in_two_groups_is_refused_with_both_places() {
        let problem = define(&[sound, again]).err().expect("`alone` is there twice");
        assert_eq!(problem.matches("define.rs:").count(), 2, "{problem}");
        assert!(problem.contains("both benchmark `alone`"), "{problem}");
    }

    #[test]
    fn long_set_up_is_told_of() {
        let mut listed = pass::list(sound).remove(0);
        assert_eq!(long_set_up(&listed), None);
        listed.took = Duration::from_secs(6);
        let note = long_set_up(&listed).expect("twice six seconds are long");
        assert!(note.contains("the set-up of `two` takes 6.0 s, and runs for each of its 2 cases"), "{note}");
        listed.benchmarks.truncate(1);
        assert_eq!(long_set_up(&listed), None, "criterion runs it once as well");
    }

    #[test]
    #[should_panic(expected = "is run by `criterion_main!`")]
    fn a_group_that_is_called_by_itself_says_what_calls_it() {
        sound();
    }
}
