//! The harness: the program behind `cargo bench`. The parent plans, starts workers, collects what
//! they measure, and reports; it never measures. The only room that knows all the others.

mod args;
mod channels;
mod describing;
mod earlier;
mod executor;
mod flags;
mod gate;
mod identity;
mod incremental;
mod interrupt;
mod layout;
mod listing;
#[cfg(feature = "companion")]
pub mod lockstep;
mod measuring;
mod named;
mod output;
mod plan;
mod process;
mod program;
mod progress;
mod protocol;
mod recording;
mod resuming;
mod run;
mod sharding;
mod siblings;
mod suite;
mod surroundings;
mod talk;
mod testing;
mod worker;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

#[cfg(feature = "criterion")]
pub(crate) use channels::with_stdout_to_stderr;
pub use identity::Target;
#[cfg(feature = "companion")]
pub(crate) use output::{Look, print};
pub use program::{Program, ProgramFlag};
pub use suite::{CaseResult, Run, Suite};

use crate::compare::Incomparable;
use crate::config::ConfigError;
use crate::record::{Journal, StoreError};
use crate::registry::{RegistryError, SelectionError};
use crate::report::documents::DocumentError;

/// Why a run could not be made. What goes wrong in a case is no error of the run: it is in the
/// record.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The registered benchmarks cannot be used.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The selection cannot be made.
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// A file of the store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Workers cannot be started.
    #[error("no worker can be started with `{command}`: {reason}")]
    Worker {
        /// How it was tried.
        command: String,
        /// Why it failed.
        reason: String,
    },
    /// The journal cannot be written.
    #[error("{} cannot be written, so that an interrupted run could not be resumed: {source}", path.display())]
    Journal {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The results cannot be written.
    #[error("the results cannot be written to {}: {source}", path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Standard output cannot be written to.
    #[error("standard output cannot be written to: {0}")]
    Stdout(io::Error),
    /// The results cannot be written as JSON.
    #[error("the results cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A core was asked for that there is not.
    #[error(
        "core {core} cannot be pinned to: this process may run on {}",
        available.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    )]
    Pin {
        /// The core.
        core: usize,
        /// The cores that there are.
        available: Vec<usize>,
    },
    /// A worker came by an earlier run of its program, which could not be made.
    #[error("{0}")]
    Earlier(String),
    /// The user has interrupted an earlier run of this program.
    #[error("an earlier run of this program was interrupted")]
    Interrupted,
    /// The run cannot be compared with the baseline.
    #[error("this run cannot be compared with the baseline `{baseline}`:\n{reasons}")]
    Incomparable {
        /// The baseline.
        baseline: String,
        /// Why.
        reasons: Incomparable,
    },
    /// The gate cannot be used.
    #[error("{0}")]
    Gate(String),
    /// There is nothing to go on with.
    #[error("{0}")]
    NothingToResume(String),
    /// A run that a flag names is not there.
    #[error("{0}")]
    NoRun(String),
    /// A file that a flag names is none of runs.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

impl HarnessError {
    fn journal(journal: &Journal, source: io::Error) -> Self {
        Self::Journal { path: journal.path().to_owned(), source }
    }
}

/// The exit code of a run in which a case failed.
const CASE_FAILED: u8 = 1;
/// The exit code of wrong use.
const WRONG_USE: u8 = 2;
/// The exit code of a run that violates a gate.
const GATE_VIOLATED: u8 = 3;

/// The program behind `cargo bench`: what [`main!`](crate::main) calls.
pub fn main(program: Program) -> ExitCode {
    let words: Vec<_> = std::env::args_os().collect();
    if words.iter().any(|word| word == args::WORKER_FLAG) {
        return worker::serve(Vec::new(), true);
    }
    let arguments = match args::Arguments::read(words, program.flags) {
        Ok(arguments) => arguments,
        Err(error) => return wrong_use(&error),
    };
    interrupt::listen();
    match run::from_command_line(program, &arguments) {
        Ok(code) => code,
        Err(error) => wrong_use(&error),
    }
}

fn wrong_use(error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::from(WRONG_USE)
}

/// The `main` of a bench target: `bitnet_bench::main!();` is all that it needs.
///
/// The target stands in `Cargo.toml` with `harness = false`. It can have flags of its own, which its
/// benchmarks read with [`config::flag`](crate::config::flag), and a closing word on its results,
/// below the table:
///
/// ```
/// bitnet_bench::main! {
///     flags: [("weights", "FILE", "Measure on the tensors of this model.")],
///     summary: |run| format!("{} cases\n", run.cases().len()),
/// }
/// ```
#[macro_export]
macro_rules! main {
    (
        $(flags: [$(($name:literal, $value:literal, $help:literal)),* $(,)?] $(, summary: $summary:expr)? $(,)?)?
    ) => {
        fn main() -> ::std::process::ExitCode {
            #[allow(unused_mut, reason = "a program may add nothing")]
            let mut program = $crate::harness::Program::of($crate::target!());
            $(
                const FLAGS: &[$crate::harness::ProgramFlag] =
                    &[$($crate::harness::ProgramFlag { name: $name, value: $value, help: $help }),*];
                program.flags = FLAGS;
                $(program.summary = ::core::option::Option::Some($summary);)?
            )?
            $crate::harness::main(program)
        }
    };
    (summary: $summary:expr $(,)?) => {
        $crate::main! { flags: [], summary: $summary }
    };
}
