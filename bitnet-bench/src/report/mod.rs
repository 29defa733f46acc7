//! Records and comparisons as text: for a person in a terminal, for GitHub, for a spreadsheet, for
//! a program.
//!
//! Every renderer is a function from a record to a string. None reads a file, the clock or the
//! environment, so the same record always gives the same text.

mod change;
mod ink;
mod label;
mod remarks;
mod text;

pub mod comparison;
pub mod csv;
pub mod json_lines;
pub mod markdown;
pub mod terminal;
pub mod units;

#[cfg(test)]
mod tests;
