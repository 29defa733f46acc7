//! What a list of samples looks like: its centre, its spread, its quantiles.
//!
//! Contract of this file: samples are finite (times and counts are also ≥ 0, but nothing here
//! relies on it) and carry any unit; the answer has the same unit. No samples, no answer: `None`.
//! A NaN does not panic; it makes the answer meaningless, as it would in the formula.

/// The samples in ascending order.
pub(super) fn sorted(samples: &[f64]) -> Vec<f64> {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The quantile at `probability` of samples that are already in ascending order.
pub(super) fn quantile_of_sorted(sorted: &[f64], probability: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = probability.clamp(0.0, 1.0) * last as f64;
    let below = sorted[position.floor() as usize];
    let above = sorted[position.ceil() as usize];
    Some(below + (above - below) * position.fract())
}

/// The quantile at `probability` (0 to 1, clamped): linear between the two samples around position
/// `(n − 1)·p`. This is type 7 of Hyndman & Fan, *Sample quantiles in statistical packages*, The
/// American Statistician 50 (1996), the default of NumPy and R.
pub fn quantile(samples: &[f64], probability: f64) -> Option<f64> {
    quantile_of_sorted(&sorted(samples), probability)
}

/// The middle sample, or the mean of the middle two.
pub fn median(samples: &[f64]) -> Option<f64> {
    quantile(samples, 0.5)
}

/// The arithmetic mean.
pub fn mean(samples: &[f64]) -> Option<f64> {
    (!samples.is_empty()).then(|| samples.iter().sum::<f64>() / samples.len() as f64)
}

/// The sample standard deviation, √(Σ(x − x̄)² ∕ (n − 1)); `None` for fewer than two samples, of
/// which it says nothing.
pub fn standard_deviation(samples: &[f64]) -> Option<f64> {
    let mean = mean(samples).filter(|_| samples.len() > 1)?;
    let squares: f64 = samples.iter().map(|sample| (sample - mean).powi(2)).sum();
    Some((squares / (samples.len() - 1) as f64).sqrt())
}

/// The median distance from the median, as it is: multiply by 1.4826 to estimate the standard
/// deviation of normal samples.
pub fn median_absolute_deviation(samples: &[f64]) -> Option<f64> {
    let centre = median(samples)?;
    let distances: Vec<f64> = samples.iter().map(|sample| (sample - centre).abs()).collect();
    median(&distances)
}

/// The smallest sample.
pub fn minimum(samples: &[f64]) -> Option<f64> {
    samples.iter().copied().min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected figures below are NumPy 2's and SciPy 1.17's for this list: `numpy.quantile`,
    /// `numpy.std(ddof=1)`, `scipy.stats.median_abs_deviation`.
    const SAMPLES: [f64; 12] = [2.1, 3.4, 1.9, 8.8, 2.7, 2.2, 3.0, 2.4, 5.9, 2.6, 2.3, 4.1];

    fn assert_close(found: Option<f64>, expected: f64) {
        let found = found.expect("there are samples");
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn figures_agree_with_numpy() {
        assert_close(quantile(&SAMPLES, 0.10), 2.11);
        assert_close(quantile(&SAMPLES, 0.25), 2.275);
        assert_close(quantile(&SAMPLES, 0.90), 5.72);
        assert_close(median(&SAMPLES), 2.65);
        assert_close(mean(&SAMPLES), 41.4 / 12.0);
        assert_close(standard_deviation(&SAMPLES), 2.016973430212163);
        assert_close(median_absolute_deviation(&SAMPLES), 0.5);
        assert_close(minimum(&SAMPLES), 1.9);
    }

    #[test]
    fn the_ends_of_the_quantiles_are_the_extremes() {
        assert_close(quantile(&SAMPLES, 0.0), 1.9);
        assert_close(quantile(&SAMPLES, 1.0), 8.8);
        assert_close(quantile(&SAMPLES, 7.0), 8.8);
    }

    #[test]
    fn an_odd_list_has_a_middle() {
        assert_close(median(&[5.0, 1.0, 3.0]), 3.0);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(median(&[]), None);
        assert_eq!(quantile(&[], 0.3), None);
        assert_eq!(mean(&[]), None);
        assert_eq!(minimum(&[]), None);
        assert_eq!(median_absolute_deviation(&[]), None);
        assert_eq!(standard_deviation(&[]), None);
        assert_eq!(standard_deviation(&[1.0]), None);
    }

    #[test]
    fn nan_does_not_panic() {
        let _ = median(&[1.0, f64::NAN]);
        let _ = minimum(&[f64::NAN, 1.0]);
        let _ = quantile(&[1.0, 2.0], f64::NAN);
    }
}
