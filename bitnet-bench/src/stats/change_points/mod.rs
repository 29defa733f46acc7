//! Where a series of figures, one a commit, moved to another level: E-divisive, D. S. Matteson & N. A. James, *A
//! Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data*, JASA 109 (2014), as it has to be
//! for the history of a benchmark.
//!
//! | step | what is done |
//! |---|---|
//! | `scale` | logarithms, and far outliers drawn in, so that a spike does not hide a change or pass for one |
//! | `energy` | the split at which the two sides differ most, and the probability of it in shuffled figures |
//! | `divide` | splits the series, then its parts, while that is improbable |
//! | `merge` | drops those whose sides differ by less than is of interest, the least first |
//! | `shift` | how much the level moved, with its interval (Hodges & Lehmann) |

mod divide;
mod energy;
mod merge;
mod scale;
mod shift;
mod slope;

#[cfg(test)]
mod simulated;
#[cfg(test)]
mod tests;

use super::benjamini_hochberg;
use super::distribution::student_quantile;
use super::estimate::Estimate;
use scale::Scale;

pub use slope::theil_sen;

/// 1 ∕ Φ⁻¹(¾): from a median absolute deviation to the standard deviation of normal figures.
const TO_DEVIATION: f64 = 1.482_602_218_505_602;
/// The standard normal distribution's 80 % point: the power at which a change counts as detectable.
const POWER_POINT: f64 = 0.841_621_233_572_914_3;

/// When a change of level is claimed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChangeRule {
    /// The fewest figures on each side of a change, 2 at least.
    pub least_side: usize,
    /// A relative change below this is none.
    pub least_magnitude: f64,
    /// The share of the claims that may be false, on average, over all series that are looked at together
    /// (Benjamini–Hochberg).
    pub false_discovery_rate: f64,
    /// The level of the intervals.
    pub level: f64,
    /// The seed of the shuffles: the same figures give the same answer.
    pub seed: u64,
}

impl ChangeRule {
    /// At least 5 figures a side, 3 %, q = 0.1, 95 % intervals.
    pub const DEFAULT: Self =
        Self { least_side: 5, least_magnitude: 0.03, false_discovery_rate: 0.1, level: 0.95, seed: 0x7472_656e_6473 };

    /// The fewest figures in which a change can be found.
    pub fn least_figures(&self) -> usize {
        2 * self.least_side
    }
}

/// A change of level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChangePoint {
    /// The place of the first figure at the new level; the one before is the last at the old.
    pub at: usize,
    /// The median of the figures between the change before, or the beginning, and this one.
    pub before: f64,
    /// The median of the figures from here to the next change, or the end.
    pub after: f64,
    /// New over old level. For figures that are not all positive: 1 + difference ∕ |old level|.
    pub ratio: Estimate,
    /// The probability of a split as clear in shuffled figures, adjusted for everything that was looked at.
    pub p_adjusted: f64,
}

impl ChangePoint {
    /// The relative change, without its sign.
    pub fn magnitude(&self) -> f64 {
        (self.ratio.value - 1.0).abs()
    }
}

/// The changes of level in each of several series, in their order. Figures are finite and in the order of time.
pub fn change_points(series: &[Vec<f64>], rule: &ChangeRule) -> Vec<Vec<ChangePoint>> {
    let shuffles = shuffles(series.len(), rule);
    let scales: Vec<Scale> = series.iter().map(|figures| Scale::of(figures)).collect();
    let divided: Vec<_> = series
        .iter()
        .zip(&scales)
        .map(|(figures, scale)| divide::divide(&scale.apply(figures), shuffles, rule))
        .collect();
    let p_values: Vec<f64> = divided.iter().flatten().map(|split| split.p_value).collect();
    let mut adjusted = benjamini_hochberg(&p_values).into_iter();
    let mut found = Vec::with_capacity(series.len());
    for ((figures, scale), splits) in series.iter().zip(scales).zip(divided) {
        let splits: Vec<_> = splits.into_iter().zip(adjusted.by_ref()).collect();
        found.push(merge::merge(figures, scale, divide::accepted(&splits, rule), rule));
    }
    found
}

/// How many shuffles give a probability small enough to be called among so many series, even if only one has changed.
fn shuffles(series: usize, rule: &ChangeRule) -> usize {
    let needed = 2.0 * series as f64 / rule.false_discovery_rate;
    needed.clamp(999.0, 99_999.0) as usize
}

/// The noise of a series: the standard deviation of its figures around the levels that they are at, relative to these,
/// from the median absolute deviation. `None` of fewer than two: one does not scatter.
pub fn noise(figures: &[f64], changes: &[ChangePoint]) -> Option<f64> {
    if figures.len() < 2 {
        return None;
    }
    let scale = Scale::of(figures);
    let mut residuals = Vec::with_capacity(figures.len());
    let mut begin = 0;
    for end in changes.iter().map(|change| change.at).chain([figures.len()]) {
        let scaled = scale.apply(&figures[begin..end]);
        let centre = super::median(&scaled)?;
        residuals.extend(scaled.iter().map(|figure| (figure - centre).abs()));
        begin = end;
    }
    super::median(&residuals).map(|deviation| TO_DEVIATION * deviation)
}

/// The smallest relative step that would probably have been found (four times in five) with [`ChangeRule::least_side`]
/// figures behind it, in a series of so many with that noise, looked at together with so many others. `None` where
/// the figures are too few for any.
///
/// Two-sample t at q over the number of splits that were looked at, and wider by a third: what shuffled ends and
/// the choice of the place cost in the simulations that the tests repeat.
pub fn detectable(figures: usize, noise: f64, series: usize, rule: &ChangeRule) -> Option<f64> {
    let least = rule.least_side;
    let other = figures.checked_sub(least).filter(|other| *other >= least)?;
    let splits = (other - least + 1) * series.max(1);
    let critical = student_quantile(1.0 - rule.false_discovery_rate / (2.0 * splits as f64), (figures - 2) as f64);
    let error = noise * (1.0 / least as f64 + 1.0 / other as f64).sqrt();
    let step = (1.35 * (critical + POWER_POINT) * error).exp_m1();
    Some(step.max(rule.least_magnitude + POWER_POINT * error))
}
