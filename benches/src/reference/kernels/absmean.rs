//! Weights from `f32` to ternary, by the mean of their magnitudes.
//!
//! `γ = mean |W|` and `W_q = clip(round(W / γ), −1, 1)`, one `γ` a tensor (arXiv 2402.17764, section 2, equations 1–3).
//!
//! Choices that the paper leaves open:
//! - **Rounding** is half to even, as in IEEE 754 and PyTorch's `round`: a weight of exactly ±γ/2 becomes 0. With the
//!   clip this makes the whole formula one comparison, `|W| > γ/2`, which is done as `2 |W| > γ`, where no bit is lost.
//! - **γ = 0**, that is an empty tensor or one of zeros, gives zeros. (Weights so small that their mean is below the
//!   least `f32` also have γ = 0; they keep their sign, which is the formula's limit.)
//! - **NaN or infinite weights** make γ NaN or infinite, and then every weight becomes 0: γ tells.

use crate::reference::widths::widest;

/// Number of running sums: enough independent additions in flight to keep the vector units busy.
const LANES: usize = 32;
/// Magnitudes that a lane adds in `f32` before it is folded into `f64`.
const FOLD: usize = 8;

/// Quantizes `weights` into `ternary` and returns γ, in the unit of the weights.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn quantize(weights: &[f32], ternary: &mut [i8]) -> f32 {
    let gamma = scale(weights);
    quantize_by(weights, gamma, ternary);
    gamma
}

/// γ, the mean magnitude of `weights`, in their unit; 0 for no weights.
///
/// A lane adds eight magnitudes in `f32` before they go on in `f64`, so the relative error is below 2⁻²¹ < 5e-7 for any
/// number of weights. Magnitudes beyond 2¹²⁵, where such a sum could overflow, are beyond its purpose.
pub fn scale(weights: &[f32]) -> f32 {
    if weights.is_empty() { 0.0 } else { (total(weights) / weights.len() as f64) as f32 }
}

/// Quantizes `weights` into `ternary` by a given γ.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn quantize_by(weights: &[f32], gamma: f32, ternary: &mut [i8]) {
    assert_eq!(weights.len(), ternary.len(), "one ternary value for each weight");
    compare(weights, gamma, ternary);
}

widest! {
    /// The sum of the magnitudes.
    fn total(weights: &[f32]) -> f64 {
        let (blocks, rest) = weights.as_chunks::<{ LANES * FOLD }>();
        let mut sums = [0.0_f64; LANES];
        for block in blocks {
            let mut lanes = [0.0_f32; LANES];
            for part in block.as_chunks::<LANES>().0 {
                for (lane, weight) in lanes.iter_mut().zip(part) {
                    *lane += weight.abs();
                }
            }
            for (sum, lane) in sums.iter_mut().zip(lanes) {
                *sum += f64::from(lane);
            }
        }
        rest.iter().map(|weight| f64::from(weight.abs())).chain(sums).sum()
    }
}

widest! {
    /// 1 above γ/2, −1 below −γ/2, else 0.
    fn compare(weights: &[f32], gamma: f32, ternary: &mut [i8]) {
        for (weight, value) in weights.iter().zip(ternary) {
            let twice = 2.0 * weight;
            *value = i8::from(twice > gamma) - i8::from(twice < -gamma);
        }
    }
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::{data, oracle};

    /// Quantizes and compares γ and every value with the oracle.
    fn check(weights: &[f32]) {
        let mut ternary = vec![9; weights.len()];
        let gamma = quantize(weights, &mut ternary);
        let exact = oracle::absmean_scale(weights);
        assert!((f64::from(gamma) - exact).abs() <= 1e-6 * exact, "γ {gamma} is not {exact}");
        for (&weight, &value) in weights.iter().zip(&ternary) {
            assert_eq!(value, oracle::ternary(weight, f64::from(gamma)), "weight {weight} by {gamma}");
        }
    }

    #[test]
    fn random_weights_of_awkward_lengths() {
        for (seed, len) in [0, 1, 2, 31, 32, 33, 255, 256, 257, 4096, 99_991].into_iter().enumerate() {
            check(&data::normal(seed as u64, len));
            check(&data::uniform(seed as u64, len));
        }
    }

    #[test]
    fn magnitudes_from_the_least_to_the_great() {
        for exponent in [-149, -140, -126, -60, 0, 60, 120] {
            let unit = 2f64.powi(exponent);
            let weights = data::normal(7, 1000).iter().map(|&w| (f64::from(w) * unit) as f32).collect::<Vec<_>>();
            let mut ternary = vec![0; weights.len()];
            let gamma = quantize(&weights, &mut ternary);
            for (&weight, &value) in weights.iter().zip(&ternary) {
                assert_eq!(value, oracle::ternary(weight, f64::from(gamma)), "weight {weight} by {gamma}");
            }
        }
    }

    #[test]
    fn a_weight_of_exactly_half_gamma_becomes_zero() {
        for gamma in [1.0, 0.3, 1.0e-3, f32::MIN_POSITIVE] {
            let half = gamma / 2.0;
            let weights = [half, half.next_up(), half.next_down(), -half, (-half).next_down(), (-half).next_up()];
            let mut ternary = [9; 6];
            quantize_by(&weights, gamma, &mut ternary);
            assert_eq!(ternary, [0, 1, 0, 0, -1, 0]);
            assert_eq!(ternary, weights.map(|weight| oracle::ternary(weight, f64::from(gamma))));
        }
    }

    #[test]
    fn half_of_the_least_gamma_is_not_lost() {
        let least = f32::from_bits(1);
        let mut ternary = [9; 3];
        quantize_by(&[least, 0.0, -least], least, &mut ternary);
        assert_eq!(ternary, [1, 0, -1]);
    }

    #[test]
    fn nothing_and_zeros_have_gamma_zero() {
        assert_eq!(quantize(&[], &mut []), 0.0);
        let mut ternary = [9; 300];
        assert_eq!(quantize(&[0.0; 300], &mut ternary), 0.0);
        assert_eq!(ternary, [0; 300]);
        quantize_by(&[-0.0, 1e-30, -1e-30], 0.0, &mut ternary[..3]);
        assert_eq!(ternary[..3], [0, 1, -1]);
    }

    #[test]
    fn weights_that_are_not_finite_show_in_gamma_and_become_zero() {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let weights = [1.0, bad, -1.0];
            let mut ternary = [9; 3];
            let gamma = quantize(&weights, &mut ternary);
            assert!(!gamma.is_finite());
            assert_eq!(ternary, [0; 3]);
            assert_eq!(ternary, weights.map(|weight| oracle::ternary(weight, f64::from(gamma))));
        }
    }

    #[test]
    fn the_share_of_zeros_of_normal_weights_is_that_of_the_normal_distribution() {
        let weights = data::normal(3, 1 << 20);
        let mut ternary = vec![0; weights.len()];
        quantize(&weights, &mut ternary);
        let zeros = ternary.iter().filter(|&&value| value == 0).count() as f64 / ternary.len() as f64;
        // P(|z| < √(2/π)/2) = 0.3101 for a normal z.
        assert!((zeros - 0.3101).abs() < 0.01, "{zeros}");
    }

    #[test]
    #[should_panic(expected = "one ternary value for each weight")]
    fn slices_of_different_lengths_are_refused() {
        quantize(&[1.0, 2.0], &mut [0]);
    }
}
