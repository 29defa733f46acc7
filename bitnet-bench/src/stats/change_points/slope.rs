//! How fast figures drift.

use crate::stats::Estimate;
use crate::stats::descriptive::{quantile_of_sorted, sorted};
use crate::stats::distribution::normal_factor;

/// The slope of figures over their places, by the median of the slopes of all pairs: H. Theil (1950); the interval of P. K.
/// Sen, *Estimates of the Regression Coefficient Based on Kendall's Tau*, JASA 63 (1968), with the normal approximation. In
/// the figures' unit per unit of place. `None` for fewer than three figures or where all places are the same.
pub fn theil_sen(points: &[(f64, f64)], level: f64) -> Option<Estimate> {
    let mut slopes = Vec::with_capacity(points.len() * points.len() / 2);
    for (at, one) in points.iter().enumerate() {
        let others = points[at + 1..].iter().filter(|other| other.0 != one.0);
        slopes.extend(others.map(|other| (other.1 - one.1) / (other.0 - one.0)));
    }
    if points.len() < 3 || slopes.is_empty() {
        return None;
    }
    let slopes = sorted(&slopes);
    let n = points.len() as f64;
    let deviation = (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
    let rank = ((slopes.len() as f64 - normal_factor(level) * deviation) / 2.0).floor();
    let value = quantile_of_sorted(&slopes, 0.5)?;
    if rank < 1.0 {
        return Some(Estimate { value, lower: f64::NEG_INFINITY, upper: f64::INFINITY, level });
    }
    let below = rank as usize - 1;
    Some(Estimate { value, lower: slopes[below], upper: slopes[slopes.len() - 1 - below], level })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.theilslopes(figures, range(1, 11), 0.95)`, SciPy 1.16. It rounds the ranks of the ends to the
    /// nearest, and its interval, −0.0575 to −0.0225, is one slope narrower at each end.
    #[test]
    fn agrees_with_scipy() {
        let figures = [1.26, 1.27, 1.12, 1.16, 1.03, 1.18, 0.97, 1.01, 0.98, 0.90];
        let points: Vec<(f64, f64)> = (1..).map(f64::from).zip(figures).collect();
        let found = theil_sen(&points, 0.95).expect("there are slopes");
        assert!((found.value + 0.0375).abs() < 1e-12, "{found:?}");
        assert!((found.lower + 0.06).abs() < 1e-12 && (found.upper + 0.022).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn a_line_has_its_slope_and_a_spike_does_not_bend_it() {
        let mut points: Vec<(f64, f64)> = (0..20).map(|at| (f64::from(at), 5.0 - 0.5 * f64::from(at))).collect();
        points[7].1 = 1000.0;
        let found = theil_sen(&points, 0.95).expect("there are slopes");
        assert_eq!((found.value, found.contains(-0.5)), (-0.5, true));
        assert!(found.is_bounded() && !found.contains(0.0));
        assert_eq!(theil_sen(&points[..2], 0.95), None);
        assert_eq!(theil_sen(&[(1.0, 2.0); 5], 0.95), None);
    }
}
