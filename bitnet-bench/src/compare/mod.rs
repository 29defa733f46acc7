//! Comparing: two records, or two executables in lock-step → ratios with intervals and verdicts.
//!
//! | file | idea |
//! |---|---|
//! | `model` | what a comparison says |
//! | `judge` | from the launches' figures to verdicts: one rule, adjusted over everything that was judged |
//! | `records` | two stored runs: measured at different times, and judged with caution |
//! | `trend` | the history of a case, with the feature `history`: which commits changed it |

mod judge;
mod model;
mod records;
#[cfg(feature = "history")]
pub mod trend;

pub use judge::{Figures, Question, Rule, judge};
pub use model::{Absence, CaseComparison, Comparison, MetricComparison, Unmatched, Verdict};
