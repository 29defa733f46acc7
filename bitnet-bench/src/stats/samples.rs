//! The estimate within one launch: the median that this launch would give if it went on.
//!
//! It says nothing about other launches. It is for a run of a single launch, and to decide when a
//! launch has enough samples.

use super::descriptive::{median, sorted};
use super::distribution::coin_at_most;
use super::estimate::Estimate;
use super::shape::lag_one_autocorrelation;

/// The median of one launch's samples with a distribution-free interval, in their unit.
///
/// The ends are order statistics: between the k-th smallest and the k-th largest of n independent
/// samples of any continuous distribution lies the median with probability 1 − 2·P(B < k), where B
/// is binomial (n, ½) (David & Nagaraja, *Order Statistics*, 2003, § 7.1). Where neighbouring
/// samples are alike, n of them tell as much as [`effective_sample_size`] independent ones, and
/// the ranks move outward from the middle by the square root of that ratio.
///
/// Where the samples are too few for the level (five or fewer at 95 %), the interval is unbounded.
/// `None`: no sample, or one is not finite.
pub fn within_launch(samples: &[f64], level: f64) -> Option<Estimate> {
    if !samples.iter().all(|sample| sample.is_finite()) {
        return None;
    }
    let value = median(samples)?;
    let sorted = sorted(samples);
    let (lower, upper) = match rank(samples, level) {
        Some(rank) => (sorted[rank - 1], sorted[sorted.len() - rank]),
        None if sorted[0] >= 0.0 => (0.0, f64::INFINITY),
        None => (f64::NEG_INFINITY, f64::INFINITY),
    };
    Some(Estimate { value, lower, upper, level })
}

/// How many independent samples would tell as much about the centre as these do: n·(1 − r)∕(1 + r)
/// for a lag-1 autocorrelation r above zero, as in a first-order autoregression; else n.
///
/// The r of n samples is too low by about (1 + 3r)∕n (Kendall, *Note on bias in the estimation of
/// autocorrelation*, Biometrika 41, 1954); that much is added first, without which few samples
/// would look less alike than they are.
pub fn effective_sample_size(samples: &[f64]) -> f64 {
    let count = samples.len() as f64;
    let Some(found) = lag_one_autocorrelation(samples) else { return count };
    let unbiased = found.statistic + (1.0 + 3.0 * found.statistic) / count;
    let autocorrelation = unbiased.clamp(0.0, 1.0);
    count * (1.0 - autocorrelation) / (1.0 + autocorrelation)
}

/// The rank, from 1, of the order statistic at which the interval starts.
fn rank(samples: &[f64], level: f64) -> Option<usize> {
    let count = samples.len();
    let independent = independent_rank(count, level)?;
    moved_outward(independent, count, (count as f64 / effective_sample_size(samples)).sqrt())
}

/// The rank that lies `widening` times as far from the middle one of `count`, if there is one.
fn moved_outward(rank: usize, count: usize, widening: f64) -> Option<usize> {
    let middle = (count + 1) as f64 / 2.0;
    let moved = middle - (middle - rank as f64) * widening;
    (moved >= 1.0).then_some(moved as usize)
}

/// The largest rank k with 2·P(B < k) ≤ 1 − level, by bisection.
fn independent_rank(count: usize, level: f64) -> Option<usize> {
    // A hair of room, so that rounding does not decide whether 0.25 is within 0.25.
    let allowed = (1.0 - level) / 2.0 * (1.0 + 1e-9);
    let small_enough = |rank: usize| coin_at_most(rank as u64 - 1, count as u64) <= allowed;
    if count == 0 || !small_enough(1) {
        return None;
    }
    let (mut fits, mut too_far) = (1, count / 2 + 1);
    while too_far - fits > 1 {
        let between = fits + (too_far - fits) / 2;
        if small_enough(between) { fits = between } else { too_far = between }
    }
    Some(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranks printed for 95 % intervals of the median in Conover, *Practical Nonparametric
    /// Statistics*, and checked by hand for n = 6: 2 ∕ 2⁶ = 0.031.
    #[test]
    fn ranks_agree_with_the_binomial_table() {
        for (count, rank) in [(6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (25, 8), (100, 40)] {
            assert_eq!(independent_rank(count, 0.95), Some(rank), "n = {count}");
        }
        assert_eq!(independent_rank(5, 0.95), None);
        assert_eq!(independent_rank(0, 0.95), None);
        assert_eq!(independent_rank(1, 0.2), None);
        assert_eq!(independent_rank(2, 0.5), Some(1));
    }

    /// Rank 40 of 100 lies 10.5 before the middle, 50.5.
    #[test]
    fn ranks_move_outward_from_the_middle() {
        assert_eq!(moved_outward(40, 100, 1.0), Some(40));
        assert_eq!(moved_outward(40, 100, 2.0), Some(29));
        assert_eq!(moved_outward(40, 100, 49.5 / 10.5), Some(1));
        assert_eq!(moved_outward(40, 100, 4.8), None);
        assert_eq!(moved_outward(40, 100, f64::INFINITY), None);
    }

    #[test]
    fn the_ends_are_order_statistics() {
        // Alternating high and low, so that the autocorrelation is negative and nothing widens.
        let samples = [6.0, 1.0, 7.0, 2.0, 8.0, 3.0, 9.0, 4.0, 10.0, 5.0];
        let expected = Estimate { value: 5.5, lower: 2.0, upper: 9.0, level: 0.95 };
        assert_eq!(within_launch(&samples, 0.95), Some(expected));
    }

    #[test]
    fn samples_alike_in_time_widen_it() {
        let drifting: Vec<f64> = (0..40).map(f64::from).collect();
        let mixed: Vec<f64> = (0..40).map(|index| f64::from(index * 17 % 40)).collect();
        let width = |samples: &[f64]| {
            let found = within_launch(samples, 0.95).unwrap();
            found.upper - found.lower
        };
        assert!(width(&drifting) > 2.0 * width(&mixed));
        assert!(effective_sample_size(&drifting) < 5.0);
        assert_eq!(effective_sample_size(&mixed), 40.0);
    }

    /// By hand, for 0 to 7: r = 26.25 ∕ 42 = 0.625, and with the bias added 0.984375.
    #[test]
    fn the_bias_of_few_samples_is_added() {
        let drifting: Vec<f64> = (0..8).map(f64::from).collect();
        let expected = 8.0 * (1.0 - 0.984375) / 1.984375;
        assert!((effective_sample_size(&drifting) - expected).abs() < 1e-12);
    }

    #[test]
    fn too_few_samples_bound_nothing() {
        let found = within_launch(&[3.0, 1.0, 2.0], 0.95).unwrap();
        let expected = Estimate { value: 2.0, lower: 0.0, upper: f64::INFINITY, level: 0.95 };
        assert_eq!(found, expected);
        assert_eq!(within_launch(&[-1.0], 0.95).unwrap().lower, f64::NEG_INFINITY);
        assert_eq!(within_launch(&[], 0.95), None);
        assert_eq!(within_launch(&[1.0, f64::NAN], 0.95), None);
    }

    #[test]
    fn equal_samples_give_that_point() {
        let found = within_launch(&[4.0; 30], 0.95).unwrap();
        assert_eq!((found.value, found.lower, found.upper), (4.0, 4.0, 4.0));
    }
}
