//! Exact tests that count on which side figures fall: for figures without scatter, to which
//! Student's t has no answer.

use statrs::distribution::{Discrete, Hypergeometric};

use super::super::distribution::coin_at_most;

/// The sign test: the two-sided probability that so many of the differences point one way, where
/// either way is equally likely. Zeros point nowhere and do not count (Dixon & Mood, JASA 41, 1946).
pub(super) fn sign_test(differences: &[f64]) -> f64 {
    let above = differences.iter().filter(|difference| **difference > 0.0).count();
    let below = differences.iter().filter(|difference| **difference < 0.0).count();
    (2.0 * coin_at_most(above.min(below) as u64, (above + below) as u64)).min(1.0)
}

/// The least that [`sign_test`] can give for `count` differences: all of one sign.
pub(super) fn least_sign_test(count: usize) -> f64 {
    (2.0 * coin_at_most(0, count as u64)).min(1.0)
}

/// Fisher's exact test of the two-by-two table of figures above and not above `threshold`: the
/// two-sided probability of a split between `a` and `b` no likelier than this one.
pub(super) fn split_test(a: &[f64], b: &[f64], threshold: f64) -> f64 {
    let above = |figures: &[f64]| figures.iter().filter(|figure| **figure > threshold).count();
    table_test(above(a), above(a) + above(b), a.len(), a.len() + b.len())
}

/// The least that [`split_test`] can give: all of `a` on one side and all of `b` on the other.
pub(super) fn least_split_test(a: usize, b: usize) -> f64 {
    table_test(a, a, a, a + b)
}

/// `found` of `above` figures fell to the `drawn` of `all`: how likely is that, or less likely?
fn table_test(found: usize, above: usize, drawn: usize, all: usize) -> f64 {
    let Ok(splits) = Hypergeometric::new(all as u64, above as u64, drawn as u64) else {
        return f64::NAN;
    };
    // Equally likely splits may differ by a rounding.
    let likely = splits.pmf(found as u64) * (1.0 + 1e-9);
    let chances = (0..=above.min(drawn) as u64).map(|count| splits.pmf(count));
    chances.filter(|chance| *chance <= likely).sum::<f64>().min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_coin_tosses() {
        assert!((sign_test(&[1.0; 10]) - 2.0 / 1024.0).abs() < 1e-15);
        assert!((sign_test(&[1.0, 1.0, -2.0, 0.0, 3.0]) - 2.0 * 5.0 / 16.0).abs() < 1e-12);
        assert_eq!(sign_test(&[1.0, -1.0]), 1.0);
        assert_eq!(sign_test(&[0.0, 0.0]), 1.0);
        assert!((least_sign_test(5) - 2.0 / 32.0).abs() < 1e-15);
    }

    /// A full split of 3 + 3 has 2 of C(6, 3) = 20 arrangements; Fisher's tea, 3 of 4 cups right,
    /// has a two-sided probability of 34 ∕ 70.
    #[test]
    fn splits_are_fisher_s() {
        assert!((split_test(&[1.0; 3], &[2.0; 3], 1.5) - 0.1).abs() < 1e-12);
        assert!((least_split_test(3, 3) - 0.1).abs() < 1e-12);
        let (milk, tea) = ([9.0, 9.0, 9.0, 1.0], [1.0, 1.0, 1.0, 9.0]);
        assert!((split_test(&milk, &tea, 5.0) - 34.0 / 70.0).abs() < 1e-12);
        assert!((least_split_test(10, 10) - 2.0 / 184_756.0).abs() < 1e-15);
    }
}
