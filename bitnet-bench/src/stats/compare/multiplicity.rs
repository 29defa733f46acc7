//! Many cases judged at once: some look changed by chance alone.

use crate::order::order;

/// Adjusts p-values so that calling those at or below q changed makes at most a share q of the
/// calls false, on average: the step-up procedure of Benjamini & Hochberg, *Controlling the false
/// discovery rate*, JRSS B 57 (1995). The i-th smallest of m becomes the least of pⱼ·m∕j for j ≥ i,
/// at most 1.
///
/// Answers are in the order of the questions. Give every case that was judged, not only those that
/// look changed. A NaN stays NaN and does not count as judged; to count a case without an
/// answer, give it 1.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order = order(p_values.len(), &|one, other| p_values[other].total_cmp(&p_values[one]));
    order.retain(|&at| !p_values[at].is_nan());
    let mut adjusted = vec![f64::NAN; p_values.len()];
    let judged = order.len();
    let mut least = 1.0_f64;
    for (larger, at) in order.into_iter().enumerate() {
        least = least.min(p_values[at] * judged as f64 / (judged - larger) as f64);
        adjusted[at] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fifteen p-values of the myocardial-infarction example in the paper (§ 3.2), which rejects
    /// four at 5 %. Adjusted values from `scipy.stats.false_discovery_control`, SciPy 1.17.
    #[test]
    fn agrees_with_the_paper_and_with_scipy() {
        let p_values = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0,
        ];
        let expected = [
            0.0015,
            0.003,
            0.0095,
            0.035625,
            0.0603,
            0.06385714285714286,
            0.06385714285714286,
            0.0645,
            0.0765,
            0.486,
            0.5811818181818181,
            0.714875,
            0.7532307692307693,
            0.8132142857142857,
            1.0,
        ];
        let found = benjamini_hochberg(&p_values);
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
        assert_eq!(found.iter().filter(|p| **p <= 0.05).count(), 4);
    }

    #[test]
    fn the_order_of_the_questions_is_kept() {
        assert_eq!(benjamini_hochberg(&[0.5, 0.01, 0.02]), [0.5, 0.03, 0.03]);
        assert_eq!(benjamini_hochberg(&[0.9, 0.9]), [0.9, 0.9]);
        assert!(benjamini_hochberg(&[]).is_empty());
    }

    #[test]
    fn nan_is_not_judged() {
        let found = benjamini_hochberg(&[0.02, f64::NAN, 0.04]);
        assert_eq!((found[0], found[2]), (0.04, 0.04));
        assert!(found[1].is_nan());
    }
}
