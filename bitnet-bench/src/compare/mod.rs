//! Comparing: two records, or two executables in lock-step → ratios with intervals and verdicts.
//!
//! | file | idea |
//! |---|---|
//! | `model` | what a comparison says |
//! | `scale` | on which scale figures are subtracted, and what a difference on it means |
//! | `judge` | from the launches' figures to verdicts: one rule, adjusted over everything that was tested |
//! | `figures`, `metrics` | what a comparison takes of a record: of each metric one figure a launch |
//! | `conditions` | which runs may be compared, and what should be known of it |
//! | `records`, `asked` | two stored runs: measured at different times, and judged with caution |
//! | `gate` | from comparisons to what a pipeline is to stop for |

mod asked;
mod conditions;
mod figures;
pub mod gate;
mod judge;
mod metrics;
mod model;
mod records;
mod scale;

pub use conditions::{Conditions, Incomparable};
pub use figures::{CaseFigures, RunFigures};
pub use judge::{Figures, Question, Rule, judge};
pub use model::{Absence, CaseComparison, Change, Comparison, MetricComparison, TIME, Unmatched, Verdict};
pub use records::Terms;
