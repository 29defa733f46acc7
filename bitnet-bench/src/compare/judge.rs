//! From the launches' figures to verdicts.

use std::borrow::Cow;

use super::looks::Looks;
use super::model::{MetricComparison, Verdict};
use super::scale::Scale;
use crate::measure::Direction;
use crate::stats::{self, Difference, Estimate};

/// A metric of a case, with one figure of each launch, or pair of launches.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The metric's name.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The figures.
    pub figures: Figures<'a>,
    /// New over old of the lower envelopes, which must then move the same way by at least half as much: work that
    /// was added is in every sample, while a disturbance spares some.
    pub envelope: Option<f64>,
    /// The same figures in cycles of the core's clock. What is claimed must hold of them as well: the clock changes from
    /// run to run, and moves what the core computes, but not what it waits for memory.
    pub in_cycles: Option<Figures<'a>>,
    /// A relative change below this is none.
    pub floor: f64,
}

/// One figure of each launch. Where all are positive their ratio is judged, else their difference.
#[derive(Clone, Debug)]
pub enum Figures<'a> {
    /// Old and new were measured in turn, in pairs `(old, new)`.
    Paired(Vec<(f64, f64)>),
    /// They were measured at different times.
    Independent {
        /// The old side's figures.
        old: Cow<'a, [f64]>,
        /// The new side's.
        new: Cow<'a, [f64]>,
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

/// The effect floor of figures that do not scatter at all. Whatever a machine does between two runs, it does not move
/// them, so that the floor need only keep out roundings; a report would show less than this as 0.0 %.
const EXACT_FLOOR: f64 = 0.001;
/// So many equal figures on each side are no accident.
const FEWEST_EXACT: usize = 3;

/// What the figures of a question give to judge by.
enum Found {
    /// They do not scatter, on either side: what they say is a fact, and there is nothing to test.
    Exact,
    /// They were tested, as they are and, if they are known, in cycles.
    Tested(Tested),
    /// A side has one figure only, which says nothing of the scatter between launches.
    Lone,
}

/// The differences that were found, of which a claim must hold each.
struct Tested {
    plain: Difference,
    in_cycles: Option<Difference>,
}

/// Answers questions: each by Yuen's test on the logarithms of its figures, or on the figures as they are where one of
/// them is not positive, adjusted over all that were tested by Benjamini–Hochberg. Figures that do not scatter at all
/// are not tested: they differ, or they do not. `None` for a question without a finite figure on each side.
pub fn judge(questions: &[Question<'_>], rule: &Rule) -> Vec<Option<MetricComparison>> {
    let found = find(questions, rule.level_of_a_look());
    let p_value = |found: &Option<(Scale, Found)>| match found {
        Some((_, Found::Tested(found))) => rule.price(found.p_value()),
        _ => f64::NAN,
    };
    let p_values: Vec<f64> = found.iter().map(p_value).collect();
    let adjusted = stats::benjamini_hochberg(&p_values);
    let mut answers = Vec::with_capacity(questions.len());
    for ((question, found), p_adjusted) in questions.iter().zip(found).zip(adjusted) {
        answers.push(found.map(|(scale, found)| question.answer(scale, &found, p_adjusted, rule)));
    }
    answers
}

/// Looks at every question; at many of them with all cores.
fn find(questions: &[Question<'_>], level: f64) -> Vec<Option<(Scale, Found)>> {
    /// To start a thread takes as long as a few questions do.
    const WORTH_A_THREAD: usize = 4096;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = questions.len().div_ceil(cores).max(WORTH_A_THREAD);
    let of = |questions: &[Question<'_>]| -> Vec<_> { questions.iter().map(|question| question.find(level)).collect() };
    std::thread::scope(|scope| {
        let mut shares = questions.chunks(share);
        let first = shares.next().unwrap_or_default();
        let others: Vec<_> = shares.map(|share| scope.spawn(move || of(share))).collect();
        let mut found = of(first);
        for other in others {
            found.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        found
    })
}

impl Figures<'_> {
    /// Each side by itself.
    fn sides(&self) -> (Cow<'_, [f64]>, Cow<'_, [f64]>) {
        match self {
            Self::Paired(pairs) => {
                let (old, new): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
                (old.into(), new.into())
            }
            Self::Independent { old, new } => (Cow::Borrowed(old), Cow::Borrowed(new)),
        }
    }

    fn difference(&self, scale: &Scale, level: f64) -> Option<Difference> {
        let taken = |figures: &[f64]| -> Vec<f64> { figures.iter().map(|figure| scale.take(*figure)).collect() };
        match self {
            Self::Paired(pairs) => {
                let differences: Vec<f64> =
                    pairs.iter().map(|(old, new)| scale.take(*new) - scale.take(*old)).collect();
                stats::yuen_paired(&differences, level)
            }
            Self::Independent { old, new } => stats::yuen_welch(&taken(new), &taken(old), level),
        }
    }
}

impl Tested {
    fn each(&self) -> impl Iterator<Item = &Difference> {
        std::iter::once(&self.plain).chain(&self.in_cycles)
    }

    /// Whether that holds of each.
    fn all(&self, holds: impl Fn(Estimate) -> bool) -> bool {
        self.each().all(|difference| holds(difference.estimate))
    }

    fn largest(&self, of: impl Fn(&Difference) -> f64) -> f64 {
        self.each().map(of).max_by(f64::total_cmp).unwrap_or(f64::NAN)
    }

    /// p of the claim that each of them is there: the largest (the intersection–union test, Berger 1982).
    fn p_value(&self) -> f64 {
        self.largest(|difference| difference.p_value)
    }

    /// What each of them would have shown.
    fn detectable(&self) -> f64 {
        self.largest(|difference| difference.detectable)
    }
}

/// Whether a side's figures are all the same, and enough to say so.
fn is_exact(figures: &[f64]) -> bool {
    figures.len() >= FEWEST_EXACT && figures.iter().all(|figure| *figure == figures[0])
}

impl Question<'_> {
    fn find(&self, level: f64) -> Option<(Scale, Found)> {
        let (old, new) = self.figures.sides();
        if old.is_empty() || new.is_empty() || !old.iter().chain(&*new).all(|figure| figure.is_finite()) {
            return None;
        }
        let scale = Scale::of(&self.unit, &old, &new);
        let found = match self.figures.difference(&scale, level) {
            _ if is_exact(&old) && is_exact(&new) => Found::Exact,
            Some(plain) => Found::Tested(Tested { plain, in_cycles: self.in_cycles(&scale, level) }),
            None => Found::Lone,
        };
        Some((scale, found))
    }

    /// The difference in cycles. Cycles are positive, as times are, and so have logarithms.
    fn in_cycles(&self, scale: &Scale, level: f64) -> Option<Difference> {
        let logarithms = (*scale == Scale::Logarithms).then_some(scale)?;
        self.in_cycles.as_ref()?.difference(logarithms, level)
    }

    fn answer(&self, scale: Scale, found: &Found, p_adjusted: f64, rule: &Rule) -> MetricComparison {
        let (old, new) = self.figures.sides();
        let middle = |figures: &[f64]| stats::median(figures).unwrap_or(f64::NAN);
        let (old, new) = (middle(&old), middle(&new));
        let value = scale.take(new) - scale.take(old);
        let point = Estimate { value, lower: value, upper: value, level: rule.level };
        let (estimate, detectable, floor) = match found {
            Found::Tested(found) => (found.plain.estimate, found.detectable(), self.floor),
            Found::Exact => (point, 0.0, self.floor.min(EXACT_FLOOR)),
            Found::Lone => {
                let open = Estimate { lower: f64::NEG_INFINITY, upper: f64::INFINITY, ..point };
                (open, f64::INFINITY, self.floor)
            }
        };
        let threshold = scale.threshold(floor);
        let (verdict, p_adjusted) = match found {
            Found::Tested(found) => (self.verdict(found, threshold, p_adjusted, rule), p_adjusted),
            Found::Exact if value.abs() <= threshold => (Verdict::Unchanged, f64::from(u8::from(value == 0.0))),
            Found::Exact => (self.changed(value), 0.0),
            Found::Lone => (Verdict::Inconclusive, 1.0),
        };
        MetricComparison {
            metric: self.metric.clone(),
            unit: self.unit.clone(),
            direction: self.direction,
            old,
            new,
            change: scale.change(&estimate),
            verdict,
            p_adjusted,
            detectable: scale.relative(detectable),
            floor,
            follows_time: false,
        }
    }

    fn verdict(&self, found: &Tested, threshold: f64, p_adjusted: f64, rule: &Rule) -> Verdict {
        let change = found.plain.estimate.value;
        let ends = |estimate: Estimate| match rule.whole_interval {
            true => (estimate.lower, estimate.upper),
            false => (estimate.value, estimate.value),
        };
        let beyond =
            found.all(|estimate| ends(estimate).0 > threshold) || found.all(|estimate| ends(estimate).1 < -threshold);
        if beyond && p_adjusted < rule.false_discovery_rate && self.envelope_agrees(change) {
            return self.changed(change);
        }
        match found.all(|estimate| estimate.lower > -threshold && estimate.upper < threshold) {
            true => Verdict::Unchanged,
            false => Verdict::Inconclusive,
        }
    }

    /// The verdict on a change that is one.
    fn changed(&self, change: f64) -> Verdict {
        match (self.direction, change > 0.0) {
            (Direction::LowerIsBetter, true) | (Direction::HigherIsBetter, false) => Verdict::Regressed,
            _ => Verdict::Improved,
        }
    }

    fn envelope_agrees(&self, change: f64) -> bool {
        self.envelope.is_none_or(|ratio| {
            let envelope = ratio.ln();
            envelope.signum() == change.signum() && envelope.abs() >= change.abs() / 2.0
        })
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
