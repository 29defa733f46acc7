//! What a comparison says.

use serde::{Deserialize, Deserializer, Serialize};

use crate::measure::Direction;
use crate::stats::Estimate;

/// The name of the metric that every measured case has: the time of an iteration.
pub const TIME: &str = "time";

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

/// How the new figures differ from the old ones.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// New over old; 1 is the same.
    Ratio(Estimate),
    /// New minus old, in the metric's unit; 0 is the same. There is no ratio where a figure is zero or negative, and
    /// none that means anything where the unit is a logarithm already (dB).
    Difference(Estimate),
}

/// A metric on both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricComparison {
    /// Its name; [`TIME`] is the time of an iteration.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The old figure.
    pub old: f64,
    /// The new figure.
    pub new: f64,
    /// How much it changed, with the interval.
    pub change: Change,
    /// Whether it changed, and for the better or the worse.
    pub verdict: Verdict,
    /// p of the difference, adjusted for everything that was judged (Benjamini–Hochberg). Of figures that do not
    /// scatter at all on either side nothing is left to chance: 1 where they are equal, 0 where they are not.
    pub p_adjusted: f64,
    /// The smallest relative change that this measurement would have found four times in five. Infinite where there
    /// are too few figures to find any, which JSON has as `null`.
    #[serde(deserialize_with = "open")]
    pub detectable: f64,
    /// The effect floor: a relative change below it is none.
    pub floor: f64,
    /// Whether it says what the time says, turned over: a throughput of the same amount on both sides. It was not
    /// judged by itself, and its verdict is the time's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub follows_time: bool,
}

fn open<'de, D: Deserializer<'de>>(figure: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(figure)?.unwrap_or(f64::INFINITY))
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
    /// The old side measured it, and it was skipped in the new run, for this reason.
    Skipped(String),
    /// The new run measured it, and the old one did not, for this reason.
    NotMeasuredBefore(String),
    /// It was skipped in the new run for this reason, and the old side has no figures of it either.
    NeverMeasured(String),
    /// The new run carried it over from this run, which the old figures are from as well: nothing was measured anew.
    Carried(String),
    /// Both measured it, and for this reason the figures cannot be held against each other.
    NotComparable(String),
}

impl CaseComparison {
    /// The time and the other metrics.
    pub fn all(&self) -> impl Iterator<Item = &MetricComparison> {
        std::iter::once(&self.time).chain(&self.metrics)
    }

    /// The metrics that were judged by themselves: not those that follow the time.
    pub fn judged(&self) -> impl Iterator<Item = &MetricComparison> {
        self.all().filter(|metric| !metric.follows_time)
    }
}

impl Change {
    /// The estimate, of whichever kind it is.
    pub fn estimate(&self) -> Estimate {
        match self {
            Self::Ratio(estimate) | Self::Difference(estimate) => *estimate,
        }
    }
}

impl MetricComparison {
    /// New over old, where there is such a ratio.
    pub fn ratio(&self) -> Option<Estimate> {
        match self.change {
            Change::Ratio(ratio) => Some(ratio),
            Change::Difference(_) => None,
        }
    }

    /// How many times worse the new side is: above 1 for a longer time and for a lower rate.
    pub fn times_worse(&self) -> f64 {
        1.0 + self.worse_by()
    }

    /// By which share the new side is worse: 0.05 for a time that is 5 % longer, and for a rate that takes 5 % longer
    /// for the same amount; negative where it is better. A change in dB counts as the change of the power that it stands
    /// for; any other difference relative to the old figure, and infinite where that is zero.
    pub fn worse_by(&self) -> f64 {
        let higher = match self.change {
            Change::Ratio(ratio) => ratio.value.ln(),
            Change::Difference(change) if is_decibel(&self.unit) => change.value * NEPERS_IN_A_DECIBEL,
            Change::Difference(change) if change.value == 0.0 => 0.0,
            Change::Difference(change) => {
                let share = change.value / self.old.abs();
                return if self.direction == Direction::LowerIsBetter { share } else { -share };
            }
        };
        if self.direction == Direction::LowerIsBetter { higher.exp_m1() } else { (-higher).exp_m1() }
    }
}

/// The natural logarithm of the power ratio that a decibel is: ln 10 ∕ 10.
pub(super) const NEPERS_IN_A_DECIBEL: f64 = std::f64::consts::LN_10 / 10.0;

/// Whether a unit is a logarithm of a power ratio.
pub(super) fn is_decibel(unit: &str) -> bool {
    unit.eq_ignore_ascii_case("db")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(unit: &str, direction: Direction, old: f64, change: Change) -> MetricComparison {
        MetricComparison {
            metric: "m".to_owned(),
            unit: unit.to_owned(),
            direction,
            old,
            new: f64::NAN,
            change,
            verdict: Verdict::Regressed,
            p_adjusted: 0.0,
            detectable: f64::INFINITY,
            floor: 0.01,
            follows_time: false,
        }
    }

    fn point(value: f64) -> Estimate {
        Estimate { value, lower: value, upper: value, level: 0.99 }
    }

    #[test]
    fn worse_is_a_share_whatever_the_unit_and_the_direction() {
        use Direction::{HigherIsBetter, LowerIsBetter};
        let cases = [
            ("ns", LowerIsBetter, 100.0, Change::Ratio(point(1.05)), 0.05),
            ("B/s", HigherIsBetter, 100.0, Change::Ratio(point(0.8)), 0.25),
            ("dB", HigherIsBetter, 6.5, Change::Difference(point(-3.0103)), 1.0),
            ("", LowerIsBetter, -2.0, Change::Difference(point(0.5)), 0.25),
            ("", HigherIsBetter, 0.0, Change::Difference(point(-1.0)), f64::INFINITY),
            ("", LowerIsBetter, 0.0, Change::Difference(point(0.0)), 0.0),
        ];
        for (unit, direction, old, change, expected) in cases {
            let found = metric(unit, direction, old, change).worse_by();
            assert!(found == expected || (found - expected).abs() < 1e-5, "{unit} {change:?}: {found}");
        }
    }

    #[test]
    fn what_is_unbounded_survives_json() {
        let before = metric("", Direction::LowerIsBetter, 1.0, Change::Ratio(point(1.0)));
        let before = MetricComparison { new: 1.0, ..before };
        let text = serde_json::to_string(&before).unwrap();
        assert!(text.contains("\"detectable\":null") && text.contains("{\"ratio\":{"), "{text}");
        assert_eq!(serde_json::from_str::<MetricComparison>(&text).unwrap(), before);
    }
}
