//! `calibrate`, `calibrate --bin EXE`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::Ended;
use super::error::CommandError;
use super::place::Place;
use super::revision::BuildArguments;
use super::sides::{of_executable, of_working_tree};
use crate::compare::{
    BenchTarget, Calibration, CaseCalibration, Circumstances, DiffRecord, LAUNCHES_OF_A_VERDICT, Looks, Rule,
};
use crate::config::Options;
use crate::harness::lockstep::{Case, LEAST_FLOOR, LockStep, cases_of, compare_executables};
use crate::harness::{Look, print};
use crate::host::Host;
use crate::report;

/// Compares the working tree with itself: by how much does unchanged code seem to change on this machine?
///
/// What is found becomes the effect floor of each case: later comparisons on this machine claim nothing below it. An
/// entry holds for 30 days, with the same kernel, compiler and settings; only what does not hold is measured anew.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Cases: a part of an id, one of which must match, or axis=value, which must hold.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// The executable of a bench target, in place of building. `cargo bench --no-run` prints where it puts it.
    #[arg(long, value_name = "EXE")]
    bin: Option<PathBuf>,
    #[command(flatten)]
    build: BuildArguments,
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
  cargo bitnet-bench calibrate                    every case of the working tree
  cargo bitnet-bench calibrate --bench kernels gemv
  cargo bitnet-bench calibrate --bin target/release/deps/suite-0123abcd --launches 100
  cargo bitnet-bench calibrate --force            also what still holds";

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let host = Host::describe();
    let side = match &arguments.bin {
        Some(path) => of_executable(path),
        None => of_working_tree("the working tree".to_owned(), &arguments.build).map_err(CommandError::refused)?,
    };
    let words: Vec<String> = arguments.filters.iter().chain(&arguments.flags).cloned().collect();
    let options = place.config.options();
    let mut calibration = Calibration::read(&place.store, &host.machine_key)?;
    let cases = cases_of(&side, &lock_step(arguments, words, options))?;
    let chosen: Vec<Chosen> = cases.into_iter().map(|case| Chosen::of(case, &host)).collect();
    let stale = stale(&calibration, &chosen, arguments.force);
    let (mut ended, mut saved) = (Ended::Well, Ok(()));
    if !stale.is_empty() {
        calibration.probe(&place.store)?;
        let exactly = std::iter::once("--exact".to_owned()).chain(stale).chain(arguments.flags.iter().cloned());
        let record = compare_executables(&side, &side, &lock_step(arguments, exactly.collect(), options))?;
        take(&record, &chosen, &mut calibration);
        saved = calibration.save(&place.store).map(drop);
        ended = super::diff::ended(&record);
    }
    let look = Look::of(options.color, false);
    let shown = chosen.iter().filter_map(|case| Some((case.id.as_str(), calibration.entry(&case.target, &case.id)?)));
    print(&report::calibration::render(shown, &calibration.machine_key, look.width))?;
    // What was found is shown even where it cannot be kept.
    saved?;
    Ok(ended)
}

/// A case that is to be calibrated, with its circumstances.
struct Chosen {
    target: BenchTarget,
    id: String,
    now: Circumstances,
}

impl Chosen {
    fn of(case: Case, host: &Host) -> Self {
        let Case { target, id, settings, rustc } = case;
        Self { target, id, now: Circumstances::now(host.kernel.known().cloned(), rustc, settings) }
    }
}

/// The cases that are to be measured; says of each why.
fn stale(calibration: &Calibration, chosen: &[Chosen], force: bool) -> Vec<String> {
    let mut stale = Vec::new();
    for Chosen { target, id, now } in chosen {
        match calibration.stale(target, id, now) {
            Some(reason) => eprintln!("{id}: {reason}"),
            None if force => {}
            None => continue,
        }
        stale.push(id.clone());
    }
    stale
}

/// Takes over what was measured.
fn take(record: &DiffRecord, chosen: &[Chosen], calibration: &mut Calibration) {
    for case in &record.cases {
        let target = BenchTarget { package: Some(case.package.clone()), name: case.target.clone() };
        let pairs: Vec<_> = case.pairs.iter().map(|pair| (pair.old_ns, pair.new_ns)).collect();
        let built = record.new.executables.iter().find(|of| of.target == case.target && of.package == case.package);
        let executable = built.map_or(String::new(), |executable| executable.hash.clone());
        let now = chosen.iter().find(|chosen| chosen.target == target && chosen.id == case.id);
        match now.and_then(|chosen| CaseCalibration::of(&pairs, LEAST_FLOOR, chosen.now.clone(), executable)) {
            Some(entry) => calibration.insert(&target, &case.id, entry),
            None => eprintln!(
                "{}: {} launches are too few to calibrate by; at least {} are needed",
                case.id,
                pairs.len(),
                2 * LAUNCHES_OF_A_VERDICT
            ),
        }
    }
}

fn lock_step<'a>(arguments: &Arguments, words: Vec<String>, options: &'a Options) -> LockStep<'a> {
    LockStep {
        arguments: words,
        options,
        time: arguments.time,
        looks: Looks::between(arguments.launches, arguments.launches),
        rule: Rule::LOCK_STEP,
        calibration: None,
        stops_early: false,
        seed: None,
        quiet: arguments.quiet,
    }
}
