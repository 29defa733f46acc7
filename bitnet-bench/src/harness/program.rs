//! What a bench target's program adds to the harness: flags of its own, and a closing word.

use super::Target;
use super::suite::Run;

/// A bench target's program, as [`main!`](crate::main) describes it.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    /// The bench target.
    pub target: Target,
    /// Flags of its own, beside those that every bench target has.
    pub flags: &'static [ProgramFlag],
    /// What it says of its results: the text stands below the table, in the terminal and in Markdown.
    pub summary: Option<fn(&Run) -> String>,
}

/// A flag of a bench target's own, with a value. [`config::flag`](crate::config::flag) reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramFlag {
    /// Its name, without the dashes.
    pub name: &'static str,
    /// What its value is called in the help, such as `FILE`.
    pub value: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
}

impl Program {
    /// A program that adds nothing.
    pub const fn of(target: Target) -> Self {
        Self { target, flags: &[], summary: None }
    }
}
