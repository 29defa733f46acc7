//! What a gate found.

use serde::{Serialize, Serializer};

use super::rank;
use crate::config::{SettingValue, Severity};
use crate::order::order;

/// What a gate found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GateOutcome {
    /// What violates it, the worst first.
    pub violations: Vec<Violation>,
    /// What would violate it and is excused, the worst first.
    pub excused: Vec<Excused>,
}

/// One violation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violation {
    /// How bad it is.
    #[serde(serialize_with = "word")]
    pub severity: Severity,
    /// What it violates.
    pub kind: ViolationKind,
    /// The case.
    pub case: String,
    /// The metric, where it is one that violates it.
    pub metric: Option<String>,
    /// By which share the metric is worse; `null` in JSON where that is infinite.
    pub worse_by: Option<f64>,
    /// Why, as the end of a sentence that begins with the metric or the case.
    pub why: String,
}

/// What a violation violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationKind {
    /// A metric became worse.
    Regression,
    /// A change could not be told.
    Inconclusive,
    /// A case was not measured.
    Missing,
    /// A case failed.
    Failed,
}

/// A violation that the configuration excuses.
#[derive(Clone, Debug, Serialize)]
pub struct Excused {
    /// The violation.
    pub violation: Violation,
    /// The last day on which it is.
    pub until: String,
    /// Why.
    pub reason: String,
}

impl GateOutcome {
    /// Takes in what was found in another comparison.
    pub fn extend(&mut self, other: Self) {
        self.violations.extend(other.violations);
        self.excused.extend(other.excused);
        self.sort();
    }

    /// Brings the worst to the front; equals stay in their order.
    pub(super) fn sort(&mut self) {
        let worse = |one: &Violation, other: &Violation| {
            let of_size = other.worse_by.unwrap_or(0.0).total_cmp(&one.worse_by.unwrap_or(0.0));
            rank(other.severity).cmp(&rank(one.severity)).then(of_size)
        };
        let violations = &self.violations;
        let places = order(violations.len(), &|one, other| worse(&violations[one], &violations[other]));
        self.violations = places.into_iter().map(|at| violations[at].clone()).collect();
        let excused = &self.excused;
        let places = order(excused.len(), &|one, other| worse(&excused[one].violation, &excused[other].violation));
        self.excused = places.into_iter().map(|at| excused[at].clone()).collect();
    }
}

fn word<S: Serializer>(severity: &Severity, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&severity.show())
}
