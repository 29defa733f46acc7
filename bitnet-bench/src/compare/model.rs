//! What a comparison says.

use serde::{Deserialize, Serialize};

use crate::measure::Direction;
use crate::stats::Estimate;

/// Whether something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It became better.
    Improved,
    /// It became worse.
    Regressed,
    /// Any change is smaller than the effect floor.
    Unchanged,
    /// The measurement cannot tell.
    Inconclusive,
}

/// A run beside another one, case by case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Comparison {
    /// What the run was compared with.
    pub baseline: String,
    /// The cases that both measured, in the order of the run.
    pub cases: Vec<CaseComparison>,
    /// The cases that cannot be compared, each with the reason.
    pub unmatched: Vec<Unmatched>,
    /// What makes the two less comparable than they should be.
    pub warnings: Vec<String>,
}

/// A case that both sides measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CaseComparison {
    /// The case's id.
    pub id: String,
    /// The time of an iteration, in nanoseconds.
    pub time: MetricComparison,
    /// Its other metrics that both sides have.
    pub metrics: Vec<MetricComparison>,
}

/// A metric on both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricComparison {
    /// Its name; `time` is the time of an iteration.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The old figure.
    pub old: f64,
    /// The new figure.
    pub new: f64,
    /// New over old; 1 is the same.
    pub ratio: Estimate,
    /// Whether it changed, and for the better or the worse.
    pub verdict: Verdict,
    /// p of the difference, adjusted for everything that was judged (Benjamini–Hochberg).
    pub p_adjusted: f64,
    /// The smallest relative change that this measurement would have found four times in five.
    pub detectable: f64,
    /// The effect floor: a relative change below it is none.
    pub floor: f64,
}

/// A case that cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmatched {
    /// The case's id.
    pub id: String,
    /// Why.
    pub why: Absence,
}

/// Why a case cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// The old side does not have it.
    Added,
    /// The new side does not have it.
    Removed,
    /// It failed in the new run, for this reason.
    Failed(String),
    /// It was skipped in the new run, for this reason.
    Skipped(String),
    /// The new run measured it, and the old one did not, for this reason.
    NotMeasuredBefore(String),
}

impl CaseComparison {
    /// The time and the other metrics.
    pub fn all(&self) -> impl Iterator<Item = &MetricComparison> {
        std::iter::once(&self.time).chain(&self.metrics)
    }
}

impl MetricComparison {
    /// How many times worse the new side is: above 1 for a longer time and for a lower rate.
    pub fn times_worse(&self) -> f64 {
        match self.direction {
            Direction::LowerIsBetter => self.ratio.value,
            Direction::HigherIsBetter => 1.0 / self.ratio.value,
        }
    }
}
