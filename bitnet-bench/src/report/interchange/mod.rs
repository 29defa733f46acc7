//! Runs in the formats that other tools read, so that the tools people already have work on our results unchanged.
//! `docs/interchange.md` says for whom each format is, and what is lost in it.
//!
//! | file | format |
//! |---|---|
//! | [`bencher`] | libtest's bencher lines |
//! | [`github_action`] | github-action-benchmark's two custom formats |
//! | [`bmf`] | Bencher Metric Format |
//! | [`criterion`] | criterion's folder, which `critcmp` compares |
//! | [`cargo_criterion`] | cargo-criterion's messages, as JSON lines |
//! | [`junit`], [`junit_comparison`] | JUnit's XML, of runs and of comparisons |
//! | [`otava`] | a history for Apache Otava |
//!
//! A renderer is a function from runs to text. What its format has no place for it puts into a [`Lost`], for a person
//! to be told.

mod lost;
mod names;
mod page;
mod pooled;

pub mod bencher;
pub mod bmf;
pub mod cargo_criterion;
pub mod criterion;
pub mod github_action;
pub mod junit;
pub mod junit_comparison;
pub mod otava;

pub use lost::Lost;
pub use names::same_twice;
pub use page::page_of_at_most;

use crate::compare::{CaseComparison, Comparison};
use crate::record::{CaseRecord, Measured, Record};

/// A run, and what it was compared with, if it was.
#[derive(Clone, Copy, Debug)]
pub struct Exported<'a> {
    /// The run.
    pub record: &'a Record,
    /// What became of its cases.
    pub comparison: Option<&'a Comparison>,
}

/// A file of a format that needs several: its path, parts divided by `/`, and its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path in the folder of the export.
    pub path: String,
    /// What is in it.
    pub content: String,
}

impl<'a> Exported<'a> {
    /// The measured cases, of which the time is a number; the others are lost.
    fn measured(&self, lost: &mut Lost) -> Vec<(&'a CaseRecord, &'a Measured)> {
        let mut cases = Vec::new();
        for case in &self.record.cases {
            match super::remarks::figures(case) {
                Some(figures) if figures.time.median.value.is_finite() => cases.push((case, figures)),
                Some(_) => lost.add("a time that is no number", &case.id),
                None => lost.add("a case that was not measured", &case.id),
            }
        }
        cases
    }

    /// What became of a case.
    fn compared(&self) -> std::collections::HashMap<&'a str, &'a CaseComparison> {
        self.comparison.map(super::change::by_id).unwrap_or_default()
    }
}
