//! The trimmed mean and its standard error: the one estimator of location behind the intervals
//! and the comparisons.

use super::descriptive::sorted;

/// A trimmed mean with what is needed to judge it. The unit is that of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct TrimmedMean {
    /// The mean of the values that are left when `g` are cut off at each end.
    pub(super) mean: f64,
    /// How many are left, h = n − 2g.
    pub(super) kept: usize,
    /// Its standard error, √(SSDw ∕ (h(h − 1))), where SSDw is the sum of squared deviations of the
    /// *winsorised* values, in which each cut value is replaced by the nearest one kept. Exactly
    /// zero where all kept values are equal, with no rounding left over.
    ///
    /// Tukey & McLaughlin, *Less vulnerable confidence and significance procedures for location*,
    /// Sankhyā A 25 (1963); Yuen, Biometrika 61 (1974).
    pub(super) standard_error: f64,
}

impl TrimmedMean {
    /// Cuts `each_side` values off at both ends. `None` where fewer than two would be left, or
    /// where a value is not finite.
    pub(super) fn of(values: &[f64], each_side: usize) -> Option<Self> {
        let kept = values.len().checked_sub(2 * each_side).filter(|&kept| kept > 1)?;
        if !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let sorted = sorted(values);
        let middle = &sorted[each_side..each_side + kept];
        let (lowest, highest) = (middle[0], middle[kept - 1]);
        if lowest == highest {
            return Some(Self { mean: lowest, kept, standard_error: 0.0 });
        }
        let mean = middle.iter().sum::<f64>() / kept as f64;
        let standard_error = (squares(&sorted, lowest, highest) / (kept * (kept - 1)) as f64).sqrt();
        Some(Self { mean, kept, standard_error })
    }

    /// The degrees of freedom of its t statistic, h − 1.
    pub(super) fn degrees_of_freedom(&self) -> f64 {
        (self.kept - 1) as f64
    }
}

/// The sum of squared deviations of the winsorised values from their mean.
fn squares(values: &[f64], lowest: f64, highest: f64) -> f64 {
    let winsorised = || values.iter().map(|value| value.clamp(lowest, highest));
    let mean = winsorised().sum::<f64>() / values.len() as f64;
    winsorised().map(|value| (value - mean).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_trimming_it_is_the_mean_and_its_standard_error() {
        let trimmed = TrimmedMean::of(&[2.0, 4.0, 6.0, 8.0], 0).unwrap();
        assert_eq!(trimmed.mean, 5.0);
        assert_eq!(trimmed.kept, 4);
        assert!((trimmed.standard_error - (20.0_f64 / 3.0 / 4.0).sqrt()).abs() < 1e-15);
    }

    /// By hand: 1 and 90 are cut; winsorised 2 2 3 5 5, mean 3.4, squares 9.2; h = 3.
    #[test]
    fn the_cut_values_count_in_the_error_only() {
        let trimmed = TrimmedMean::of(&[90.0, 3.0, 1.0, 5.0, 2.0], 1).unwrap();
        assert_eq!(trimmed.mean, 10.0 / 3.0);
        assert!((trimmed.standard_error - (9.2_f64 / 6.0).sqrt()).abs() < 1e-15);
        assert_eq!(trimmed.degrees_of_freedom(), 2.0);
    }

    #[test]
    fn equal_values_have_no_error_at_all() {
        let trimmed = TrimmedMean::of(&[0.1; 7], 0).unwrap();
        assert_eq!((trimmed.mean, trimmed.standard_error), (0.1, 0.0));
        let trimmed = TrimmedMean::of(&[0.1, 0.1, 0.1, 9.0], 1).unwrap();
        assert_eq!((trimmed.mean, trimmed.standard_error), (0.1, 0.0));
    }

    #[test]
    fn too_few_or_not_finite_is_none() {
        assert_eq!(TrimmedMean::of(&[], 0), None);
        assert_eq!(TrimmedMean::of(&[1.0], 0), None);
        assert_eq!(TrimmedMean::of(&[1.0, 2.0, 3.0], 1), None);
        assert_eq!(TrimmedMean::of(&[1.0, 2.0], 5), None);
        assert_eq!(TrimmedMean::of(&[1.0, f64::NAN, 2.0], 0), None);
    }
}
