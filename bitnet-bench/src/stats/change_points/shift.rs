//! How much a level moved.

use super::scale::Scale;
use crate::stats::descriptive::{quantile_of_sorted, sorted};
use crate::stats::distribution::normal_factor;
use crate::stats::{Estimate, median};

/// New over old level, by the median of all differences between a new and an old figure (J. L. Hodges & E. L. Lehmann,
/// *Estimates of Location Based on Rank Tests*, Ann. Math. Statist. 34, 1963): one far figure among five does not
/// decide it.
pub(super) fn ratio(old: &[f64], new: &[f64], scale: Scale, level: f64) -> Estimate {
    let shift = shift(&scale.apply(old), &scale.apply(new), level);
    match scale {
        Scale::Logarithmic => shift.exponentiated(),
        Scale::Linear(unit) => relative(shift.scaled(unit), median(old).unwrap_or(0.0).abs()),
    }
}

/// 1 + difference ∕ level. From zero every step is infinitely large.
fn relative(difference: Estimate, level: f64) -> Estimate {
    let of = |end: f64| if end == 0.0 { 1.0 } else { 1.0 + end / level };
    let (value, lower, upper) = (of(difference.value), of(difference.lower), of(difference.upper));
    Estimate { value, lower, upper, level: difference.level }
}

/// The interval is that of the rank-sum test (L. E. Moses; Lehmann, *Nonparametrics*, 1975, § 2.6), with the normal
/// approximation of its critical value. Unbounded where the figures are too few for the level.
fn shift(old: &[f64], new: &[f64], level: f64) -> Estimate {
    let differences: Vec<f64> = new.iter().flat_map(|new| old.iter().map(move |old| new - old)).collect();
    let differences = sorted(&differences);
    let (m, n) = (old.len() as f64, new.len() as f64);
    let half_width = normal_factor(level) * (m * n * (m + n + 1.0) / 12.0).sqrt();
    // The rank from 1 of the lower end; the upper one has as many above it.
    let rank = (m * n / 2.0 - half_width).floor() as usize;
    let value = quantile_of_sorted(&differences, 0.5).unwrap_or(f64::NAN);
    match rank.checked_sub(1) {
        Some(below) => {
            let upper = differences[differences.len() - 1 - below];
            Estimate { value, lower: differences[below], upper, level }
        }
        None => Estimate { value, lower: f64::NEG_INFINITY, upper: f64::INFINITY, level },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against `wilcox.test(new, old, conf.int = TRUE, exact = TRUE)` by hand: all 25 differences, the third from each end.
    #[test]
    fn a_shift_is_the_middle_difference() {
        let (old, new) = ([1.0, 2.0, 3.0, 4.0, 5.0], [11.0, 12.0, 13.0, 14.0, 95.0]);
        let found = shift(&old, &new, 0.95);
        assert_eq!((found.value, found.lower, found.upper), (10.0, 7.0, 92.0));
        assert_eq!(shift(&[1.0], &[2.0], 0.95).upper, f64::INFINITY);
    }

    #[test]
    fn a_step_from_zero_is_infinite_and_no_step_is_none() {
        let zeros = [0.0; 6];
        assert_eq!(ratio(&zeros, &[2.0; 6], Scale::Linear(2.0), 0.95).value, f64::INFINITY);
        assert_eq!(ratio(&zeros, &zeros, Scale::Linear(1.0), 0.95).value, 1.0);
        assert_eq!(ratio(&[-4.0; 6], &[-2.0; 6], Scale::Linear(4.0), 0.95).value, 1.5);
        assert!((ratio(&[4.0; 6], &[5.0; 6], Scale::Logarithmic, 0.95).value - 1.25).abs() < 1e-12);
    }
}
