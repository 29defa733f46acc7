//! On which scale figures are compared.

use super::TO_DEVIATION;
use crate::stats::{median, median_absolute_deviation};

/// Figures farther than this from the middle, in standard deviations of normal ones, are drawn in to it.
const REACH: f64 = 5.0;

/// The scale of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scale {
    /// Logarithms: disturbance multiplies a time, and a step is a ratio.
    Logarithmic,
    /// As they are, in units of this: some are zero or negative.
    Linear(f64),
}

impl Scale {
    /// The scale that suits these figures.
    pub(super) fn of(figures: &[f64]) -> Self {
        if figures.iter().all(|figure| *figure > 0.0) {
            return Self::Logarithmic;
        }
        let middle = median(figures).unwrap_or(0.0).abs();
        let largest = figures.iter().fold(0.0_f64, |largest, figure| largest.max(figure.abs()));
        // A count that is usually zero has no level to be relative to, and its largest figure must do.
        Self::Linear([middle, largest].into_iter().find(|unit| *unit > 0.0).unwrap_or(1.0))
    }

    /// The figures on this scale, where 0.03 is a step of about 3 %.
    pub(super) fn apply(self, figures: &[f64]) -> Vec<f64> {
        match self {
            Self::Logarithmic => figures.iter().map(|figure| figure.ln()).collect(),
            Self::Linear(unit) => figures.iter().map(|figure| figure / unit).collect(),
        }
    }
}

/// Figures with the far ones drawn in towards the middle. Where most do not scatter at all, any that differ by
/// `least` differ as much as they can.
pub(super) fn drawn_in(scaled: &[f64], least: f64) -> Vec<f64> {
    let Some((middle, deviation)) = median(scaled).zip(median_absolute_deviation(scaled)) else { return Vec::new() };
    let reach = (REACH * TO_DEVIATION * deviation).max(least);
    scaled.iter().map(|figure| figure.clamp(middle - reach, middle + reach)).collect()
}
