//! Comparing: two records, or two executables in lock-step → ratios with intervals and verdicts.
//!
//! | file | idea |
//! |---|---|
//! | `model` | what a comparison says |
//! | `scale` | on which scale figures are subtracted, and what a difference on it means |
//! | `judge` | from the launches' figures to verdicts: one rule, adjusted over everything that was tested |
//! | `looks` | looking more than once, at a price |
//! | `taken`, `figures`, `metrics` | what a comparison takes of a record: of each metric one figure a launch |
//! | `conditions` | which runs may be compared, and what should be known of it |
//! | `records`, `asked` | two stored runs: measured at different times, and judged with caution |
//! | `diff` | the document of a comparison in lock-step |
//! | `calibration` | how much unchanged code seems to change on a machine |
//! | `gate` | from comparisons to what a pipeline is to stop for |
//! | `trend` | the history of a case, with the feature `history`: which commits changed it |

mod asked;
mod calibration;
mod conditions;
#[cfg(feature = "companion")]
mod diff;
mod figures;
pub mod gate;
mod judge;
mod looks;
mod metrics;
mod model;
mod records;
mod scale;
mod taken;
#[cfg(feature = "history")]
pub mod trend;

pub use calibration::{
    BenchTarget, CALIBRATION_SCHEMA_VERSION, Calibration, CaseCalibration, Circumstances, FloorOf,
    LAUNCHES_OF_A_VERDICT,
};
pub use conditions::{Conditions, Incomparable};
#[cfg(feature = "companion")]
pub use diff::{DIFF_SCHEMA_VERSION, DiffCase, DiffExecutable, DiffPair, DiffRecord, DiffSide, MetricPair};
pub use figures::{CaseFigures, RunFigures};
pub use judge::{Figures, Question, Rule, judge};
pub use looks::Looks;
pub use model::{Absence, CaseComparison, Change, Comparison, MetricComparison, TIME, Unmatched, Verdict};
pub use records::Terms;
