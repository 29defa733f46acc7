//! The companion, `cargo bitnet-bench COMMAND`: works on what `cargo bench` has measured. One file a command; what
//! they do is in the other rooms.

mod bisect;
mod calibrate;
mod compare;
mod diff;
mod error;
mod export;
mod gate;
mod history;
mod import;
mod merge;
mod pace;
mod place;
mod reports;
mod revision;
mod runs;
mod sides;
mod trend;
mod upload;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::CommandError;
use place::Place;

/// Works on what `cargo bench` has measured: compares runs, and says what is change and what is noise.
#[derive(Debug, Parser)]
#[command(name = "cargo bitnet-bench", bin_name = "cargo bitnet-bench", version, after_help = EXIT_CODES)]
struct Line {
    #[command(subcommand)]
    command: Command,
    /// Where runs and baselines are kept [default: what the configuration says, or target/bitnet-bench].
    #[arg(long, global = true, value_name = "FOLDER")]
    home: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Compare(compare::Arguments),
    Diff(diff::Arguments),
    Bisect(bisect::Arguments),
    Calibrate(calibrate::Arguments),
    Export(export::Arguments),
    Import(import::Arguments),
    Upload(upload::Arguments),
    History(history::Arguments),
    Trend(trend::Arguments),
    Merge(merge::Arguments),
}

const EXIT_CODES: &str = "\
Exit codes: 0 all is well, 1 a case failed, 2 wrong use, or something that is needed is not there,
3 a gate is violated, 125 what is new cannot be judged (`git bisect run` skips it), 130 interrupted.
While `git bisect` is under way 125 stands for 1 as well, and 128 for 2, which ends the bisection:
to it, any other code would call the commit bad.";

/// How a command ended, when it could be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// All is well.
    Well,
    /// A case failed.
    CaseFailed,
    /// The user interrupted it.
    Interrupted,
    /// A gate is violated.
    GateViolated,
}

impl Ended {
    fn code(self) -> u8 {
        match self {
            Self::Well => 0,
            Self::CaseFailed => 1,
            Self::Interrupted => 130,
            Self::GateViolated => 3,
        }
    }
}

/// The exit code that says this to `git bisect run` too, where it is the one that listens.
fn told(code: u8) -> ExitCode {
    ExitCode::from(match code {
        1 | 2 if !revision::is_bisecting() => code,
        1 => 125,
        2 => 128,
        other => other,
    })
}

/// The program: what `cargo-bitnet-bench` calls.
pub fn main() -> ExitCode {
    // Cargo starts `cargo-bitnet-bench bitnet-bench COMMAND …`.
    let mut words: Vec<OsString> = std::env::args_os().collect();
    if words.get(1).is_some_and(|word| word == "bitnet-bench") {
        words.remove(1);
    }
    let code = match Line::try_parse_from(words) {
        Ok(line) => carry_out(&line).map_or_else(|error| error.say(), Ended::code),
        Err(usage) => {
            // That nobody reads it is no failure.
            let _ = usage.print();
            u8::try_from(usage.exit_code()).unwrap_or(2)
        }
    };
    told(code)
}

fn carry_out(line: &Line) -> Result<Ended, CommandError> {
    let place = Place::find(line.home.as_deref())?;
    match &line.command {
        Command::Compare(arguments) => compare::run(arguments, &place),
        Command::Diff(arguments) => diff::run(arguments, &place),
        Command::Bisect(arguments) => bisect::run(arguments, &place),
        Command::Calibrate(arguments) => calibrate::run(arguments, &place),
        Command::Export(arguments) => export::run(arguments, &place),
        Command::Import(arguments) => import::run(arguments, &place),
        Command::Upload(arguments) => upload::run(arguments, &place),
        Command::History(arguments) => history::run(arguments, &place),
        Command::Trend(arguments) => trend::run(arguments, &place),
        Command::Merge(arguments) => merge::run(arguments, &place),
    }
}
