//! The program of `criterion_main!`.

use std::process::{self, ExitCode};

use crate::Target;
use crate::harness::{self, Program};

/// Runs the program. Ends the process if it does not end well: criterion's `main`, which some files call
/// themselves, gives nothing back.
pub fn run(target: Target) {
    let ended = harness::main(Program::of(target));
    if ended != ExitCode::SUCCESS {
        // An exit code does not tell its number, but is equal to one that is made of it.
        let number = (1..=u8::MAX).find(|&number| ExitCode::from(number) == ended);
        process::exit(number.unwrap_or(1).into());
    }
}
