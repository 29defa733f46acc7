//! Comparing: two records, or two executables in lock-step → ratios with intervals and verdicts.
//!
//! | file | idea |
//! |---|---|
//! | `model` | what a comparison says |
//! | `judge` | from the launches' figures to verdicts: one rule, adjusted over everything that was judged |
//! | `looks` | looking more than once, at a price |
//! | `diff` | the document of a comparison in lock-step |
//! | `calibration` | how much unchanged code seems to change on a machine |
//! | `records` | two stored runs: measured at different times, and judged with caution |
//! | `trend` | the history of a case, with the feature `history`: which commits changed it |

mod calibration;
#[cfg(feature = "companion")]
mod diff;
mod judge;
mod looks;
mod model;
mod records;
#[cfg(feature = "history")]
pub mod trend;

pub use calibration::{
    CALIBRATION_SCHEMA_VERSION, Calibration, CaseCalibration, Circumstances, FloorOf, LAUNCHES_OF_A_VERDICT,
};
#[cfg(feature = "companion")]
pub use diff::{DIFF_SCHEMA_VERSION, DiffCase, DiffExecutable, DiffPair, DiffRecord, DiffSide, MetricPair};
pub use judge::{Figures, Question, Rule, judge};
pub use looks::Looks;
pub use model::{Absence, CaseComparison, Comparison, MetricComparison, Unmatched, Verdict};
