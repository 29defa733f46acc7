//! Comparisons by themselves, without the records that they came from: what a change costs, the worst first.

mod figures;
mod gate;
mod json;
mod markdown;
mod matrix;
mod terminal;

pub use gate::gate;
pub use json::json;
pub use markdown::{COMMENT_BYTES, markdown};
pub use terminal::terminal;

use crate::compare::{CaseComparison, Comparison, MetricComparison};

/// What one bench target's runs are compared with, and to what that came.
#[derive(Clone, Debug)]
pub struct Compared<'a> {
    /// The bench target, where there is one.
    pub target: Option<&'a str>,
    /// The runs, each under its name; all with one baseline. Of several a matrix is shown.
    pub runs: Vec<(&'a str, &'a Comparison)>,
}

impl<'a> Compared<'a> {
    /// One run under a name, compared with one other.
    pub fn one(name: &'a str, comparison: &'a Comparison) -> Self {
        Self { target: None, runs: vec![(name, comparison)] }
    }
}

/// How comparisons are shown in a terminal.
#[derive(Clone, Copy, Debug)]
pub struct ComparisonOptions<'a> {
    /// Columns of the terminal; below 60 it counts as 60.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
    /// Whether to show every case and every figure.
    pub verbose: bool,
    /// The metrics to show; all if there are none.
    pub metrics: &'a [String],
}

impl Default for ComparisonOptions<'_> {
    fn default() -> Self {
        Self { width: 80, color: false, verbose: false, metrics: &[] }
    }
}

/// The metrics of a case that are to be shown.
fn chosen<'a>(case: &'a CaseComparison, metrics: &[String]) -> Vec<&'a MetricComparison> {
    match metrics {
        [] => case.judged().collect(),
        names => case.all().filter(|metric| names.contains(&metric.metric)).collect(),
    }
}
