//! `calibrate --bin EXE`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::Ended;

use super::error::CommandError;
use super::place::Place;
use super::sides::of_executable;
use crate::compare::{Calibration, CaseCalibration, Circumstances, LAUNCHES_OF_A_VERDICT, Looks, Rule};
use crate::config::Options;
use crate::harness::lockstep::{Case, LEAST_FLOOR, LockStep, cases_of, compare_executables};
use crate::harness::{Look, print};
use crate::host::Host;
use crate::report;

/// Compares an executable with itself: by how much does unchanged code seem to change on this machine?
///
/// What is found becomes the effect floor of each case: later comparisons on this machine claim nothing below it. An
/// entry holds for 30 days, with the same kernel, compiler and settings; only what does not hold is measured anew.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The executable of a bench target. `cargo bench --no-run` prints where it puts it.
    #[arg(long, value_name = "EXE", required = true)]
    bin: PathBuf,
    /// Cases: a part of an id, one of which must match, or axis=value, which must hold.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Launches of each side; ten make a verdict.
    #[arg(long, value_name = "LAUNCHES", default_value_t = 60, value_parser = clap::value_parser!(u32).range(20..=1000))]
    launches: u32,
    /// Time to spend on a case, at most.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = humantime::parse_duration)]
    time: Duration,
    /// Measure anew what still holds, too.
    #[arg(long)]
    force: bool,
    /// Show no progress.
    #[arg(long, short)]
    quiet: bool,
    /// Flags that the executable gets, such as --skip, or flags of its own.
    #[arg(last = true, value_name = "FLAGS")]
    flags: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  cargo bitnet-bench calibrate --bin target/release/deps/suite-0123abcd
  cargo bitnet-bench calibrate --bin EXE gemv --force --launches 100";

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let host = Host::describe();
    let side = of_executable(&arguments.bin);
    let words: Vec<String> = arguments.filters.iter().chain(&arguments.flags).cloned().collect();
    let mut calibration = Calibration::read(&place.store, &host.machine_key)?;
    let mut chosen: BTreeMap<String, Circumstances> = BTreeMap::new();
    for Case { id, settings, rustc } in cases_of(&side, &lock_step(arguments, words.clone(), place.config.options()))? {
        chosen.insert(id, Circumstances::now(host.kernel.known().cloned(), rustc, settings));
    }
    let stale = stale(&calibration, &chosen, arguments.force);
    let mut ended = Ended::Well;
    if !stale.is_empty() {
        let exactly = std::iter::once("--exact".to_owned()).chain(stale).chain(arguments.flags.iter().cloned());
        let record =
            compare_executables(&side, &side, &lock_step(arguments, exactly.collect(), place.config.options()))?;
        for case in &record.cases {
            let pairs: Vec<_> = case.pairs.iter().map(|pair| (pair.old_ns, pair.new_ns)).collect();
            let executable = record.new.executables.first().map_or(String::new(), |executable| executable.hash.clone());
            let circumstances = chosen.get(&case.id).cloned();
            match circumstances.and_then(|now| CaseCalibration::of(&pairs, LEAST_FLOOR, now, executable)) {
                Some(entry) => drop(calibration.cases.insert(case.id.clone(), entry)),
                None => eprintln!(
                    "{}: {} launches are too few to calibrate by; at least {} are needed",
                    case.id,
                    pairs.len(),
                    2 * LAUNCHES_OF_A_VERDICT
                ),
            }
        }
        calibration.save(&place.store)?;
        ended = super::diff::ended(&record);
    }
    let look = Look::of(place.config.options().color, false);
    let shown = calibration.cases.iter().filter(|(id, _)| chosen.contains_key(*id));
    print(&report::calibration::render(shown, &calibration.machine_key, look.width))?;
    Ok(ended)
}

/// The cases that are to be measured; says of each why.
fn stale(calibration: &Calibration, chosen: &BTreeMap<String, Circumstances>, force: bool) -> Vec<String> {
    let mut stale = Vec::new();
    for (id, now) in chosen {
        match calibration.stale(id, now) {
            Some(reason) => eprintln!("{id}: {reason}"),
            None if force => {}
            None => continue,
        }
        stale.push(id.clone());
    }
    stale
}

fn lock_step<'a>(arguments: &Arguments, words: Vec<String>, options: &'a Options) -> LockStep<'a> {
    LockStep {
        arguments: words,
        options,
        time: arguments.time,
        looks: Looks::between(arguments.launches, arguments.launches),
        rule: Rule::LOCK_STEP,
        floor: &|_| LEAST_FLOOR,
        stops_early: false,
        seed: None,
        quiet: arguments.quiet,
    }
}
