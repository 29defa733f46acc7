//! `diff --bin OLD NEW`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::Ended;
use super::error::CommandError;
use super::place::Place;
use crate::compare::{Absence, Calibration, DiffRecord, FloorOf, Looks, Rule};
use crate::harness::lockstep::{Executable, LEAST_FLOOR, LockStep, Side, compare_executables};
use crate::harness::{Look, print};
use crate::host::Host;
use crate::report;

/// Measures two executables in turn on one core, and says what changed.
///
/// Both are started anew again and again; in each launch they take turns of about a millisecond, in random order, so that
/// whatever disturbs the machine disturbs both alike. A case is measured until its verdict is decided, or its time is
/// over. This tells changes of 1 % from noise where runs that were made one after the other cannot.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// The executables of a bench target: the old one and the new one. `cargo bench --no-run` prints where it puts them.
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], required_unless_present = "show")]
    bin: Vec<PathBuf>,
    /// Show an earlier comparison again, instead of measuring: the file whose name it printed.
    #[arg(long, value_name = "FILE", conflicts_with = "bin")]
    show: Option<PathBuf>,
    /// Cases: a part of an id, one of which must match, or axis=value, which must hold.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Time to spend on a case, at most.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = humantime::parse_duration)]
    time: Duration,
    /// Launches of each side: how many at least, and how many at most.
    #[arg(long, value_name = "LEAST..MOST", default_value = "10..50", value_parser = parse_launches)]
    launches: (u32, u32),
    /// Seed of all that is done in random order [default: another one each time].
    #[arg(long, value_name = "SEED")]
    seed: Option<u64>,
    /// Show no progress.
    #[arg(long, short)]
    quiet: bool,
    /// Flags that both executables get, such as --exact, --skip, or flags of their own.
    #[arg(last = true, value_name = "FLAGS")]
    flags: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  cargo bench --no-run                          builds, and says where
  cp target/release/deps/suite-0123abcd old
  … change something, and build again …
  cargo bitnet-bench diff --bin old target/release/deps/suite-0123abcd
  cargo bitnet-bench diff --bin old new gemv size=2560x6912 --time 20s
  cargo bitnet-bench diff --bin old new -- --regex '^gemv' --skip tl1

The first look at the figures is after 10 launches, the last after 50; each has
its share of the error allowed, so that looking again finds no more falsely.";

/// Reads `10..50`, or `20` for that many.
fn parse_launches(text: &str) -> Result<(u32, u32), String> {
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let number = |text: &str| text.trim().parse().map_err(|_| format!("`{text}` is no number; write 10..50, or 20"));
    let (least, most): (u32, u32) = (number(least)?, number(most)?);
    match (least, most) {
        (..FEWEST, _) => Err(format!("fewer than {FEWEST} launches tell nothing")),
        (_, 1_001..) => Err("more than 1000 launches are not made".to_owned()),
        _ if least > most => Err(format!("{least} is more than {most}")),
        launches => Ok(launches),
    }
}

/// With fewer launches there is no trimmed test, and hardly a chance of a claim.
const FEWEST: u32 = 5;

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    if let Some(file) = &arguments.show {
        return print_record(&DiffRecord::read(file)?, place);
    }
    let [old, new] = &arguments.bin[..] else { return Err(CommandError::refused("--bin takes OLD and NEW")) };
    let calibration = Calibration::read(&place.store, &Host::describe().machine_key)?;
    let floor = |case: &str| calibration.floor(case, FloorOf::LockStep).unwrap_or(0.0).max(LEAST_FLOOR);
    let (least, most) = arguments.launches;
    let lock_step = LockStep {
        arguments: arguments.filters.iter().chain(&arguments.flags).cloned().collect(),
        options: place.config.options(),
        time: arguments.time,
        looks: Looks::between(least, most),
        rule: Rule::LOCK_STEP,
        floor: &floor,
        stops_early: true,
        seed: arguments.seed,
        quiet: arguments.quiet,
    };
    let record = compare_executables(&side(old), &side(new), &lock_step)?;
    show(&record, place)
}

/// Keeps a comparison, prints it, and says how it ended.
pub(super) fn show(record: &DiffRecord, place: &Place) -> Result<Ended, CommandError> {
    // The results are shown even where they cannot be kept.
    let saved = record.save(&place.store);
    let ended = print_record(record, place)?;
    print(&format!("\n{}\n", saved?.display()))?;
    Ok(ended)
}

fn print_record(record: &DiffRecord, place: &Place) -> Result<Ended, CommandError> {
    let look = Look::of(place.config.options().color, false);
    print(&report::lockstep::render(record, look.width, look.color))?;
    Ok(ended(record))
}

/// How a comparison ended.
pub(super) fn ended(record: &DiffRecord) -> Ended {
    match &record.comparison.unmatched {
        _ if record.interrupted => Ended::Interrupted,
        unmatched if unmatched.iter().any(|case| matches!(case.why, Absence::Failed(_))) => Ended::CaseFailed,
        _ => Ended::Well,
    }
}

/// The side of one executable.
pub(super) fn side(path: &Path) -> Side {
    let executable = Executable { path: path.to_owned(), folder: None };
    Side { name: path.display().to_string(), executables: vec![executable] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::lockstep::{TIME, looks};

    #[test]
    fn the_defaults_in_the_help_are_those_of_the_engine() {
        assert_eq!(humantime::parse_duration("10s"), Ok(TIME));
        let (least, most) = parse_launches("10..50").expect("the default can be read");
        assert_eq!(Looks::between(least, most), looks());
    }

    #[test]
    fn launches_that_cannot_be_are_refused() {
        assert_eq!(parse_launches("20"), Ok((20, 20)));
        for text in ["", "x", "4", "10..", "..10", "30..10", "10..5000", "10-50"] {
            assert!(parse_launches(text).is_err(), "{text}");
        }
    }
}
