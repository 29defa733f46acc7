//! A run as a person reads it in a terminal.

mod columns;
mod head;
mod sections;
mod table;

use super::ink::Palette;
use super::remarks::{self, Remark, Tally};
use crate::compare::Comparison;
use crate::record::Record;

/// Narrower, figures and names would no longer stand side by side.
const LEAST_WIDTH: usize = 60;

/// How a run is shown. Nothing else decides it: neither the environment nor the terminal is asked.
#[derive(Clone, Copy, Debug)]
pub struct TerminalOptions<'a> {
    /// Columns of the terminal. No line is longer, save for the record's path, which must stay
    /// whole; below 60 it counts as 60.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
    /// What the run was compared with.
    pub comparison: Option<&'a Comparison>,
    /// Whether to show every figure, every name of a list and the whole output of what failed.
    pub verbose: bool,
    /// Where the record was written.
    pub record_path: Option<&'a str>,
}

impl Default for TerminalOptions<'_> {
    fn default() -> Self {
        Self { width: 80, color: false, comparison: None, verbose: false, record_path: None }
    }
}

/// A run and how it is to be shown: what every section of the page is made from.
struct Page<'a> {
    record: &'a Record,
    comparison: Option<&'a Comparison>,
    width: usize,
    verbose: bool,
    palette: Palette,
    tally: Tally,
    notes: Vec<Remark<'a>>,
    /// The cases that a note singles out, sorted.
    marked: Vec<&'a str>,
}

/// The run as text: what was measured and where, a table of the cases, then what changed, failed,
/// was skipped, should be known, and a summary. Every line ends with a line feed.
pub fn render(record: &Record, options: &TerminalOptions<'_>) -> String {
    let (tally, notes) = (remarks::tally(record), remarks::notes(record));
    let page = Page {
        record,
        comparison: options.comparison,
        width: options.width.max(LEAST_WIDTH),
        verbose: options.verbose,
        palette: Palette { color: options.color },
        tally,
        marked: remarks::singled_out(&notes, tally),
        notes,
    };
    let sections = [
        head::lines(&page),
        table::lines(&page),
        sections::changes(&page),
        sections::failures(&page),
        sections::skips(&page),
        sections::notes(&page),
        sections::findings(&page),
        sections::unknowns(&page),
        sections::summary(&page, options.record_path),
    ];
    let mut text = String::new();
    for lines in &sections {
        if !text.is_empty() && !lines.is_empty() {
            text.push('\n');
        }
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}
