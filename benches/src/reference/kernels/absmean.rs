//! Weights from `f32`, `f16` or `bf16` to ternary, by the mean of their magnitudes.
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
use crate::reference::{Element, prefetch};

/// Number of running sums: enough independent additions in flight to keep the vector units busy.
const LANES: usize = 32;
/// Magnitudes that a lane adds in `f32` before it is folded into `f64`.
const FOLD: usize = 8;
/// Weights that are taken in one go.
const BLOCK: usize = LANES * FOLD;

/// Quantizes `weights` into `ternary` and returns γ, in the unit of the weights.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn quantize<E: Element>(weights: &[E], ternary: &mut [i8]) -> f32 {
    let gamma = scale(weights);
    quantize_by(weights, gamma, ternary);
    gamma
}

/// γ, the mean magnitude of `weights`, in their unit; 0 for no weights.
///
/// A lane adds eight magnitudes in `f32` before they go on in `f64`, so the relative error is below 2⁻²¹ < 5e-7 for any
/// number of weights. Magnitudes beyond 2¹²⁵, where such a sum could overflow, are beyond its purpose.
pub fn scale<E: Element>(weights: &[E]) -> f32 {
    if weights.is_empty() { 0.0 } else { (total(weights) / weights.len() as f64) as f32 }
}

/// Quantizes `weights` into `ternary` by a given γ.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn quantize_by<E: Element>(weights: &[E], gamma: f32, ternary: &mut [i8]) {
    assert_eq!(weights.len(), ternary.len(), "one ternary value for each weight");
    compare(weights, gamma, ternary);
}

widest! {
    /// The sum of the magnitudes.
    fn total<E: Element>(weights: &[E]) -> f64 {
        let (blocks, rest) = weights.as_chunks::<BLOCK>();
        let mut sums = [0.0_f64; LANES];
        for block in blocks {
            prefetch::ahead(block);
            let mut lanes = [0.0_f32; LANES];
            for part in block.as_chunks::<LANES>().0 {
                for (lane, weight) in lanes.iter_mut().zip(part) {
                    *lane += weight.widen().abs();
                }
            }
            for (sum, lane) in sums.iter_mut().zip(lanes) {
                *sum += f64::from(lane);
            }
        }
        rest.iter().map(|weight| f64::from(weight.widen().abs())).chain(sums).sum()
    }
}

widest! {
    /// 1 above γ/2, −1 below −γ/2, else 0.
    fn compare<E: Element>(weights: &[E], gamma: f32, ternary: &mut [i8]) {
        let (blocks, rest) = weights.as_chunks::<BLOCK>();
        let (ternary_blocks, ternary_rest) = ternary.as_chunks_mut::<BLOCK>();
        for (block, ternary) in blocks.iter().zip(ternary_blocks) {
            prefetch::ahead(block);
            compare_block(block, gamma, ternary);
        }
        compare_block(rest, gamma, ternary_rest);
    }
}

#[inline(always)]
fn compare_block<E: Element>(weights: &[E], gamma: f32, ternary: &mut [i8]) {
    for (weight, value) in weights.iter().zip(ternary) {
        let twice = 2.0 * weight.widen();
        *value = i8::from(twice > gamma) - i8::from(twice < -gamma);
    }
}

#[cfg(test)]
mod validation {
    use half::{bf16, f16};
    use proptest::prelude::*;

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
        assert_eq!(quantize(&[0.0; 0], &mut []), 0.0);
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

    /// Quantizes values of a narrower type, and the same values widened.
    fn check_narrow<E: Element>(weights: &[E]) {
        let widened: Vec<_> = weights.iter().map(|weight| weight.widen()).collect();
        let (mut found, mut expected) = (vec![9; weights.len()], vec![8; weights.len()]);
        let gammas = [quantize(weights, &mut found), quantize(&widened, &mut expected)];
        assert!(gammas[0].to_bits() == gammas[1].to_bits() || gammas.iter().all(|gamma| gamma.is_nan()), "{gammas:?}");
        assert_eq!(found, expected);
    }

    #[test]
    fn half_of_a_denormal_gamma_is_not_lost_in_half_precision() {
        let weights = [1, 2, 3, 0x8001, 0x8003].map(f16::from_bits);
        let mut ternary = [9; 5];
        // γ is 2 · 2⁻²⁴, and 1 · 2⁻²⁴ is exactly half of it.
        assert_eq!(quantize(&weights, &mut ternary), 2f32.powi(-23));
        assert_eq!(ternary, [0, 1, 1, 0, -1]);
    }

    proptest! {
        #[test]
        fn any_weights_follow_the_formula(
            weights in prop::collection::vec(-1e30_f32..1e30, 0..700),
            power in -160_i32..=20,
        ) {
            check_to_the_least(&weights.iter().map(|&w| (f64::from(w) * 2f64.powi(power)) as f32).collect::<Vec<_>>());
        }

        #[test]
        fn any_narrow_weights_give_what_their_values_give(bits in prop::collection::vec(any::<u16>(), 0..700)) {
            check_narrow(&bits.iter().copied().map(f16::from_bits).collect::<Vec<_>>());
            check_narrow(&bits.iter().copied().map(bf16::from_bits).collect::<Vec<_>>());
            let finite = bits.iter().copied().map(f16::from_bits).filter(|weight| weight.is_finite()).collect::<Vec<_>>();
            check_narrow(&finite);
        }
    }

    /// As [`check`], where γ may be denormal.
    fn check_to_the_least(weights: &[f32]) {
        let mut ternary = vec![9; weights.len()];
        let gamma = f64::from(quantize(weights, &mut ternary));
        let exact = oracle::absmean_scale(weights);
        assert!((gamma - exact).abs() <= 1e-6 * exact + f64::from(f32::from_bits(1)), "γ {gamma} is not {exact}");
        assert!(weights.iter().map(|&weight| oracle::ternary(weight, gamma)).eq(ternary));
    }
}
