//! Comparing: two records → ratios with intervals and verdicts.
//!
//! This is the comparison of *stored* runs. They were measured at different times, so whatever
//! the machine did in between is in the difference, and no statistics of the samples can take it
//! out again. The rule is therefore a cautious one, see [`Comparison::of`].

mod verdict;

pub use verdict::{CaseComparison, Comparison, Verdict};
