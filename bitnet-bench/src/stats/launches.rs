//! The estimate across launches: the figure that an endless number of launches would give.
//!
//! A launch fixes what its samples then share: memory layout, address randomisation, what else the
//! machine was doing. So the launches, not the samples, are the independent observations, and the
//! interval comes from the scatter between them.

use super::distribution::student_factor;
use super::estimate::Estimate;
use super::trimmed::TrimmedMean;

/// Of how many launches one is cut off at each end. One disturbed launch of ten must not decide
/// the answer; below ten there are too few to spare any, and a disturbed one widens the interval.
const LAUNCHES_A_CUT: usize = 10;

/// The estimate from one figure a launch (the launch's median, mean, minimum, …; any unit).
///
/// On the log scale, since what disturbs a launch multiplies its time: the trimmed mean ± t·s,
/// with g = ⌊n ∕ 10⌋ figures cut at each end, s from the winsorised squares, and n − 2g − 1 degrees
/// of freedom (Tukey & McLaughlin 1963); then back. The quantity estimated is therefore the
/// (trimmed) *geometric* mean over launches. Where a figure is zero or negative (a count), all of
/// it is on the linear scale instead.
///
/// - One figure: it is the value, and the interval is unbounded (0 to ∞ for a positive figure),
///   because one launch does not say how launches differ.
/// - All figures equal: the interval is that point. The caller knows the resolution of its clock.
/// - `None`: there is no figure, or one is not finite.
///
/// When the number of launches was chosen by looking at the figures, use
/// [`stop::across_launches`](super::stop::across_launches) instead.
pub fn across_launches(figures: &[f64], level: f64) -> Option<Estimate> {
    if !figures.iter().all(|&figure| figure > 0.0) {
        return on_one_scale(figures, level);
    }
    let logs: Vec<f64> = figures.iter().map(|figure| figure.ln()).collect();
    let estimate = on_one_scale(&logs, level)?.exponentiated();
    Some(match figures.iter().find(|figure| figure.ln().exp() == estimate.value) {
        // e^(ln x) may miss x by a rounding; a figure that is the answer is given as it was.
        Some(&figure) => with_value(estimate, figure),
        None => estimate,
    })
}

fn with_value(estimate: Estimate, value: f64) -> Estimate {
    let settle = |end: f64| if end == estimate.value { value } else { end };
    Estimate { value, lower: settle(estimate.lower), upper: settle(estimate.upper), level: estimate.level }
}

fn on_one_scale(values: &[f64], level: f64) -> Option<Estimate> {
    if let [only] = *values {
        let unbounded = Estimate { value: only, lower: f64::NEG_INFINITY, upper: f64::INFINITY, level };
        return only.is_finite().then_some(unbounded);
    }
    let centre = TrimmedMean::of(values, values.len() / LAUNCHES_A_CUT)?;
    let factor = student_factor(level, centre.degrees_of_freedom());
    let half = factor * centre.standard_error;
    Some(Estimate { value: centre.mean, lower: centre.mean - half, upper: centre.mean + half, level })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURES: [f64; 10] = [102.0, 99.0, 101.5, 100.2, 98.7, 150.0, 100.9, 101.1, 99.8, 100.4];

    fn assert_estimate(found: Option<Estimate>, value: f64, lower: f64, upper: f64) {
        let found = found.expect("there are figures");
        for (found, expected) in [(found.value, value), (found.lower, lower), (found.upper, upper)] {
            assert!((found - expected).abs() < 1e-9 * expected.abs(), "{found} is not {expected}");
        }
    }

    /// Expected figures from SciPy 1.17 on the logarithms: `trim_mean`, `mstats.winsorize`, `t.ppf`.
    #[test]
    fn one_disturbed_launch_of_ten_is_cut() {
        let found = across_launches(&FIGURES, 0.95);
        assert_estimate(found, 100.60845117229324, 99.56327544656801, 101.66459873771284);
    }

    #[test]
    fn five_launches_give_student_s_interval_of_the_logarithms() {
        let found = across_launches(&FIGURES[..5], 0.95);
        assert_estimate(found, 100.27144107699293, 98.46937818877026, 102.10648305691744);
    }

    /// By hand: mean 2, standard error √(8 ∕ 3 ∕ 4 ) and t(0.975, 3) = 3.1824.
    #[test]
    fn counts_of_zero_are_estimated_on_the_linear_scale() {
        let half = 3.182446305283709 * (8.0_f64 / 3.0 / 4.0).sqrt();
        assert_estimate(across_launches(&[0.0, 2.0, 2.0, 4.0], 0.95), 2.0, 2.0 - half, 2.0 + half);
    }

    #[test]
    fn one_launch_bounds_nothing() {
        let found = across_launches(&[7.0], 0.95).unwrap();
        let expected = Estimate { value: 7.0, lower: 0.0, upper: f64::INFINITY, level: 0.95 };
        assert_eq!(found, expected);
        let found = across_launches(&[0.0], 0.95).unwrap();
        assert_eq!((found.lower, found.upper), (f64::NEG_INFINITY, f64::INFINITY));
    }

    #[test]
    fn equal_launches_give_that_point() {
        let found = across_launches(&[0.7; 12], 0.95).unwrap();
        let expected = Estimate { value: 0.7, lower: 0.7, upper: 0.7, level: 0.95 };
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_not_a_figure_gives_nothing() {
        assert_eq!(across_launches(&[], 0.95), None);
        assert_eq!(across_launches(&[f64::NAN], 0.95), None);
        assert_eq!(across_launches(&[1.0, f64::INFINITY], 0.95), None);
        assert_eq!(across_launches(&[1.0, f64::NAN, 2.0], 0.95), None);
    }
}
