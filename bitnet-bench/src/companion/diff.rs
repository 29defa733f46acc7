//! `diff REVISION`, `diff --bin OLD NEW`.

use std::path::PathBuf;

use clap::Args;

use super::Ended;
use super::error::CommandError;
use super::gate::{self, GateArguments};
use super::pace::PaceArguments;
use super::place::Place;
use super::reports::ReportArguments;
use super::sides::SideArguments;
use crate::compare::gate::Gate;
use crate::compare::{Absence, Calibration, DiffRecord, Looks, Rule};
use crate::harness::lockstep::{LockStep, Side, compare_executables};
use crate::harness::{Look, print};
use crate::host::Host;
use crate::report;
use crate::report::comparison::Compared;

/// Measures a revision and the working tree, or two executables, in turn on one core, and says what changed.
///
/// The revision is built in a git worktree of its own; the working tree is built as it is. Both are started anew again and
/// again; in each launch they take turns of about a millisecond, in random order, so that whatever disturbs the machine
/// disturbs both alike. A case is measured until its verdict is decided, or its time is
/// over. This tells changes of 1 % from noise where runs that were made one after the other cannot.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Show an earlier comparison again, instead of measuring: the file whose name it printed.
    #[arg(long, value_name = "FILE", conflicts_with = "bin")]
    show: Option<PathBuf>,
    #[command(flatten)]
    sides: SideArguments,
    #[command(flatten)]
    pace: PaceArguments,
    #[command(flatten)]
    gate: GateArguments,
    #[command(flatten)]
    reports: ReportArguments,
}

const EXAMPLES: &str = "\
Examples:
  cargo bitnet-bench diff main                  the working tree against main
  cargo bitnet-bench diff HEAD gemv             … of cases that contain `gemv`
  cargo bitnet-bench diff v1.2.0..v1.3.0 --bench kernels --features simd
  cargo bitnet-bench diff main size=2560x6912 --time 20s --launches 20..100
  cargo bitnet-bench diff --bin old new -- --regex '^gemv' --skip tl1

In `git bisect run cargo bitnet-bench diff GOOD CASE --fail-on regression`, exit
code 125 says of a commit that it cannot be judged; `bisect` does it for you.

The first look at the figures is after 10 launches, the last after 50; each has
its share of the error allowed, so that looking again finds no more falsely.";

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let gate = arguments.gate.gate(&place.config)?;
    if let Some(file) = &arguments.show {
        return conclude(&DiffRecord::read(file)?, gate.as_ref(), arguments, place);
    }
    let sides = arguments.sides.sides(place)?;
    let record = in_lock_step(&sides.old, &sides.new, &arguments.sides.filters(), &arguments.pace, place)?;
    // The results are shown even where they cannot be kept.
    let saved = record.save(&place.store);
    let ended = conclude(&record, gate.as_ref(), arguments, place)?;
    eprintln!("kept in {}", saved?.display());
    Ok(ended)
}

/// Measures two sides in lock-step, with the floors that this machine was calibrated to.
pub(super) fn in_lock_step(
    old: &Side,
    new: &Side,
    filters: &[String],
    pace: &PaceArguments,
    place: &Place,
) -> Result<DiffRecord, CommandError> {
    let calibration = Calibration::read(&place.store, &Host::describe().machine_key)?;
    let (least, most) = pace.launches;
    let lock_step = LockStep {
        arguments: filters.iter().chain(&pace.flags).cloned().collect(),
        options: place.config.options(),
        time: pace.time,
        looks: Looks::between(least, most),
        rule: Rule::LOCK_STEP,
        calibration: Some(&calibration),
        stops_early: true,
        seed: pace.seed,
        quiet: pace.quiet,
    };
    Ok(compare_executables(old, new, &lock_step)?)
}

/// Shows a comparison, writes the reports, and holds it to the gate.
fn conclude(
    record: &DiffRecord,
    gate: Option<&Gate>,
    arguments: &Arguments,
    place: &Place,
) -> Result<Ended, CommandError> {
    let look = Look::of(place.config.options().color, false);
    let comparison = &record.comparison;
    print(&report::lockstep::render(record, look.width, look.color))?;
    let others = comparison.unmatched.iter().map(|case| case.id.clone()).collect();
    let outcome = gate.map(|gate| gate::judge(gate, [comparison], &others)).transpose()?;
    arguments.reports.write(&[Compared::one(&record.new.name, comparison)], outcome.as_ref())?;
    let held = match (gate, &outcome) {
        (Some(gate), Some(outcome)) => gate::conclude(gate, outcome, look.color)?,
        _ => Ended::Well,
    };
    Ok(match ended(record) {
        Ended::Interrupted => Ended::Interrupted,
        ended if held == Ended::Well => ended,
        _ => held,
    })
}

/// How a comparison ended.
pub(super) fn ended(record: &DiffRecord) -> Ended {
    match &record.comparison.unmatched {
        _ if record.interrupted => Ended::Interrupted,
        unmatched if unmatched.iter().any(|case| matches!(case.why, Absence::Failed(_))) => Ended::CaseFailed,
        _ => Ended::Well,
    }
}
