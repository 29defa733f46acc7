//! Comparing: two records, or two executables in lock-step → ratios with intervals and verdicts.
//!
//! | file | idea |
//! |---|---|
//! | `model` | what a comparison says |
//! | `judge` | from the launches' figures to verdicts: one rule, adjusted over everything that was judged |
//! | `records` | two stored runs: measured at different times, and judged with caution |

#[cfg(feature = "companion")]
mod diff;
mod judge;
mod looks;
mod model;
mod records;

#[cfg(feature = "companion")]
pub use diff::{DIFF_SCHEMA_VERSION, DiffCase, DiffExecutable, DiffPair, DiffRecord, DiffSide, MetricPair};
pub use judge::{Figures, Question, Rule, judge};
pub use looks::Looks;
pub use model::{Absence, CaseComparison, Comparison, MetricComparison, Unmatched, Verdict};
