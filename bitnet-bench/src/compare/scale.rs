//! On which scale figures are subtracted, and what a difference on it means.

use super::model::{Change, NEPERS_IN_A_DECIBEL, is_decibel};
use crate::stats::Estimate;

/// The scale on which two sides are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Scale {
    /// Logarithms, of which a difference is a ratio: what disturbs a time multiplies it.
    Logarithms,
    /// Decibels, which are logarithms already.
    Decibels,
    /// The figures themselves, since one is zero or negative. A relative change is one of the larger magnitude.
    Plain {
        /// The larger magnitude.
        magnitude: f64,
    },
}

impl Scale {
    /// The scale for these figures.
    pub(super) fn of(unit: &str, old: &[f64], new: &[f64]) -> Self {
        let figures = || old.iter().chain(new);
        if is_decibel(unit) {
            Self::Decibels
        } else if figures().all(|figure| *figure > 0.0) {
            Self::Logarithms
        } else {
            Self::Plain { magnitude: figures().fold(0.0, |most, figure| figure.abs().max(most)) }
        }
    }

    /// A figure on the scale.
    pub(super) fn take(self, figure: f64) -> f64 {
        match self {
            Self::Logarithms => figure.ln(),
            Self::Decibels | Self::Plain { .. } => figure,
        }
    }

    /// The difference on the scale that a relative change is.
    pub(super) fn threshold(self, relative: f64) -> f64 {
        match self {
            Self::Logarithms => relative.ln_1p(),
            Self::Decibels => relative.ln_1p() / NEPERS_IN_A_DECIBEL,
            Self::Plain { magnitude } => relative * magnitude,
        }
    }

    /// The relative change that a difference on the scale is.
    pub(super) fn relative(self, difference: f64) -> f64 {
        match self {
            Self::Logarithms => difference.exp_m1(),
            Self::Decibels => (difference * NEPERS_IN_A_DECIBEL).exp_m1(),
            // Nothing but zeros differs by nothing.
            Self::Plain { magnitude: 0.0 } => difference,
            Self::Plain { magnitude } => difference / magnitude,
        }
    }

    /// What a difference on the scale is to be called.
    pub(super) fn change(self, difference: &Estimate) -> Change {
        match self {
            Self::Logarithms => Change::Ratio(difference.exponentiated()),
            Self::Decibels | Self::Plain { .. } => Change::Difference(*difference),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_choose_the_scale() {
        assert_eq!(Scale::of("ns", &[1.0], &[2.0]), Scale::Logarithms);
        assert_eq!(Scale::of("dB", &[1.0], &[2.0]), Scale::Decibels);
        assert_eq!(Scale::of("", &[0.0], &[2.0]), Scale::Plain { magnitude: 2.0 });
        assert_eq!(Scale::of("", &[-3.0], &[2.0]), Scale::Plain { magnitude: 3.0 });
    }

    /// 10·lg 1.25893 = 1, and ln 1.05 = 0.04879.
    #[test]
    fn thresholds_and_relative_changes_are_inverse() {
        for scale in [Scale::Logarithms, Scale::Decibels, Scale::Plain { magnitude: 4.0 }] {
            assert!((scale.relative(scale.threshold(0.03)) - 0.03).abs() < 1e-12, "{scale:?}");
        }
        assert!((Scale::Decibels.relative(1.0) - 0.25893).abs() < 1e-5);
        assert!((Scale::Logarithms.threshold(0.05) - 0.04879).abs() < 1e-5);
        assert_eq!(Scale::Plain { magnitude: 4.0 }.relative(1.0), 0.25);
        assert_eq!(Scale::Plain { magnitude: 0.0 }.relative(0.0), 0.0);
    }
}
