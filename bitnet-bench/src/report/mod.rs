//! Records and comparisons as text: for a person in a terminal, for GitHub, for a spreadsheet, for
//! a program.
//!
//! Every renderer is a function from a record to a string. None reads a file, the clock or the
//! environment, so the same record always gives the same text.

pub(crate) mod change;
mod ink;
mod label;
mod remarks;
mod text;

#[cfg(feature = "companion")]
pub mod calibration;
pub mod comparison;
pub mod csv;
pub mod documents;
#[cfg(feature = "history")]
pub mod history;
#[cfg(feature = "companion")]
pub mod interchange;
pub mod json_lines;
#[cfg(feature = "companion")]
pub mod lockstep;
pub mod markdown;
pub mod terminal;
#[cfg(feature = "history")]
pub mod trend;
pub mod units;

#[cfg(test)]
mod tests;
