//! From the launches' figures to verdicts.

use super::looks::Looks;
use super::model::{MetricComparison, Verdict};
use crate::measure::Direction;
use crate::stats::{self, Difference};

/// A metric of a case, with one figure of each launch, or pair of launches.
#[derive(Clone, Debug)]
pub struct Question {
    /// The metric's name.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The figures.
    pub figures: Figures,
    /// New over old of the lower envelopes, which must then move the same way by at least half as much: work that
    /// was added is in every sample, while a disturbance spares some.
    pub envelope: Option<f64>,
    /// A relative change below this is none.
    pub floor: f64,
}

/// One positive figure of each launch.
#[derive(Clone, Debug)]
pub enum Figures {
    /// Old and new were measured in turn, in pairs `(old, new)`.
    Paired(Vec<(f64, f64)>),
    /// They were measured at different times.
    Independent {
        /// The old side's figures.
        old: Vec<f64>,
        /// The new side's.
        new: Vec<f64>,
    },
}

/// When a change is claimed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// The share of the claims that may be false, on average (Benjamini–Hochberg).
    pub false_discovery_rate: f64,
    /// The level of the ratios' intervals.
    pub level: f64,
    /// Whether the whole interval must lie beyond the floor, and not its middle alone.
    pub whole_interval: bool,
    /// How often the figures are looked at, at most, while they come in. Each look is paid for (see [`Looks`]).
    pub looks: u32,
}

impl Rule {
    /// For runs that were stored, minutes or weeks apart: what the machine did in between is in the difference.
    pub const STORED: Self = Self { false_discovery_rate: 0.01, level: 0.99, whole_interval: true, looks: 1 };
    /// For pairs that were measured in lock-step.
    pub const LOCK_STEP: Self = Self { false_discovery_rate: 0.01, level: 0.99, whole_interval: false, looks: 1 };

    /// The rule for figures that are looked at so often.
    pub fn looking(self, looks: &Looks) -> Self {
        Self { looks: looks.count(), ..self }
    }

    /// The level of an interval, so that the intervals of all looks together have the rule's.
    fn level_of_a_look(&self) -> f64 {
        1.0 - (1.0 - self.level) / f64::from(self.looks.max(1))
    }

    /// A p-value, so that those of all looks together keep what they promise.
    fn price(&self, p_value: f64) -> f64 {
        (p_value * f64::from(self.looks.max(1))).min(1.0)
    }
}

/// Answers questions: each by Yuen's test on the logarithms of its figures, adjusted over all of them by
/// Benjamini–Hochberg. `None` for one whose figures are too few, or not positive.
pub fn judge(questions: &[Question], rule: &Rule) -> Vec<Option<MetricComparison>> {
    let differences: Vec<_> =
        questions.iter().map(|question| question.figures.difference(rule.level_of_a_look())).collect();
    let p_values: Vec<_> =
        differences.iter().map(|found| found.map_or(f64::NAN, |found| rule.price(found.p_value))).collect();
    let adjusted = stats::benjamini_hochberg(&p_values);
    let answers = questions.iter().zip(differences).zip(adjusted);
    answers.map(|((question, found), p_adjusted)| Some(question.answer(&found?, p_adjusted, rule))).collect()
}

impl Figures {
    fn difference(&self, level: f64) -> Option<Difference> {
        match self {
            Self::Paired(pairs) => {
                let ratios: Vec<f64> = pairs.iter().map(|(old, new)| (new / old).ln()).collect();
                stats::yuen_paired(&ratios, level)
            }
            Self::Independent { old, new } => stats::yuen_welch(&logarithms(new), &logarithms(old), level),
        }
    }

    /// The middle of each side.
    fn middles(&self) -> (f64, f64) {
        let (old, new): (Vec<f64>, Vec<f64>) = match self {
            Self::Paired(pairs) => pairs.iter().copied().unzip(),
            Self::Independent { old, new } => (old.clone(), new.clone()),
        };
        (stats::median(&old).unwrap_or(f64::NAN), stats::median(&new).unwrap_or(f64::NAN))
    }
}

fn logarithms(figures: &[f64]) -> Vec<f64> {
    figures.iter().map(|figure| figure.ln()).collect()
}

impl Question {
    fn answer(&self, found: &Difference, p_adjusted: f64, rule: &Rule) -> MetricComparison {
        let (old, new) = self.figures.middles();
        MetricComparison {
            metric: self.metric.clone(),
            unit: self.unit.clone(),
            direction: self.direction,
            old,
            new,
            ratio: found.estimate.exponentiated(),
            verdict: self.verdict(found, p_adjusted, rule),
            p_adjusted,
            detectable: found.detectable.exp_m1(),
            floor: self.floor,
        }
    }

    fn verdict(&self, found: &Difference, p_adjusted: f64, rule: &Rule) -> Verdict {
        let floor = self.floor.ln_1p();
        let change = found.estimate;
        let (least, most) =
            if rule.whole_interval { (change.lower, change.upper) } else { (change.value, change.value) };
        let claimed = p_adjusted < rule.false_discovery_rate && self.envelope_agrees(change.value);
        let is_worse = match self.direction {
            Direction::LowerIsBetter => change.value > 0.0,
            Direction::HigherIsBetter => change.value < 0.0,
        };
        match claimed && (least > floor || most < -floor) {
            true if is_worse => Verdict::Regressed,
            true => Verdict::Improved,
            false if change.lower > -floor && change.upper < floor => Verdict::Unchanged,
            false => Verdict::Inconclusive,
        }
    }

    fn envelope_agrees(&self, change: f64) -> bool {
        self.envelope.is_none_or(|ratio| {
            let envelope = ratio.ln();
            envelope.signum() == change.signum() && envelope.abs() >= change.abs() / 2.0
        })
    }
}
