//! Activations from `f32`, `f16` or `bf16` to `i8`, by their greatest magnitude.
//!
//! `s = 127 / max(|x|max, 1e-5)` and `x_q = clip(round(x · s), −128, 127)`, one `s` a token (arXiv 2402.17764,
//! section 2; arXiv 2310.11453, equations 4 and 5, with the constants of the published 2B-4T code).
//!
//! Choices that the papers leave open:
//! - **Rounding** is half to even, as in IEEE 754 and PyTorch's `round`, of the exact product: the product of two `f32`
//!   is exact in `f64`, so no second rounding can move a value across a half.
//! - **The clip** never takes effect, because |x| · s is at most 127 · (1 + 2⁻²⁴): −128 does not occur.
//! - **NaN** does not count for |x|max and becomes 0; with an infinite activation `s` is 0 and every value becomes 0.

use crate::reference::widths::widest;
use crate::reference::{Element, prefetch};

/// Number of running maxima: enough independent comparisons in flight to keep the vector units busy.
const LANES: usize = 64;
/// The least |x|max that scales a token, in the unit of the activations.
const LEAST: f32 = 1e-5;

/// Quantizes one token's `activations` into `int8` and returns `s`, in one over the unit of the activations.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn quantize<E: Element>(activations: &[E], int8: &mut [i8]) -> f32 {
    let scale = scale(activations);
    quantize_by(activations, scale, int8);
    scale
}

/// `s` for one token: 127 over the greatest magnitude, which counts as 1e-5 at least.
pub fn scale<E: Element>(activations: &[E]) -> f32 {
    127.0 / greatest(activations)
}

/// Quantizes `activations` into `int8` by a given `s`, of which |x| · s ≤ 127.5 must hold for every activation.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn quantize_by<E: Element>(activations: &[E], scale: f32, int8: &mut [i8]) {
    assert_eq!(activations.len(), int8.len(), "one 8-bit value for each activation");
    multiply_and_round(activations, f64::from(scale), int8);
}

widest! {
    /// The greatest magnitude, or [`LEAST`] if that is greater.
    fn greatest<E: Element>(activations: &[E]) -> f32 {
        let (blocks, rest) = activations.as_chunks::<LANES>();
        let mut lanes = [LEAST; LANES];
        for block in blocks {
            prefetch::ahead(block);
            for (lane, activation) in lanes.iter_mut().zip(block) {
                let magnitude = activation.widen().abs();
                *lane = if magnitude > *lane { magnitude } else { *lane };
            }
        }
        rest.iter().map(|activation| activation.widen().abs()).chain(lanes).fold(LEAST, f32::max)
    }
}

widest! {
    /// Rounds each product to the nearest integer, half to even.
    fn multiply_and_round<E: Element>(activations: &[E], scale: f64, int8: &mut [i8]) {
        /// 1.5 · 2⁵²: a sum with it has steps of 1, so adding it rounds, and its low bits are the integer.
        const ROUND: f64 = 6_755_399_441_055_744.0;

        // No prefetch: beside as many conversions it takes more time than it saves.
        for (activation, value) in activations.iter().zip(int8) {
            *value = (f64::from(activation.widen()) * scale + ROUND).to_bits() as i8;
        }
    }
}

#[cfg(test)]
mod validation {
    use half::{bf16, f16};
    use proptest::prelude::*;

    use super::*;
    use crate::reference::{data, oracle};

    /// Quantizes and compares s and every value with the oracle.
    fn check(activations: &[f32]) -> Vec<i8> {
        let mut int8 = vec![99; activations.len()];
        let scale = quantize(activations, &mut int8);
        assert_eq!(scale, oracle::absmax_scale(activations) as f32);
        for (&activation, &value) in activations.iter().zip(&int8) {
            assert_eq!(value, oracle::int8(activation, f64::from(scale)), "activation {activation} by {scale}");
        }
        int8
    }

    #[test]
    fn random_activations_of_awkward_lengths() {
        for (seed, len) in [0, 1, 2, 63, 64, 65, 127, 129, 2560, 99_991].into_iter().enumerate() {
            check(&data::normal(seed as u64, len));
            check(&data::uniform(seed as u64, len));
        }
    }

    #[test]
    fn the_greatest_magnitude_becomes_127() {
        for place in [0, 63, 64, 70] {
            for sign in [1.0, -1.0] {
                let mut activations = data::uniform(5, 71);
                activations[place] = 3.0 * sign;
                assert_eq!(check(&activations)[place], 127 * sign as i8);
            }
        }
    }

    #[test]
    fn halves_are_rounded_to_even() {
        let activations = [127.0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 126.5, -126.5];
        assert_eq!(check(&activations), [127, 0, 2, 2, 0, -2, -2, 126, -126]);
    }

    #[test]
    fn a_product_next_to_a_half_is_rounded_once() {
        // In f32 the product 2.5000000745 becomes 2.5 and then 2; exactly, it is above the half.
        let (activation, scale) = (1.666_666_7_f32, 1.5_f32);
        assert!(f64::from(activation) * f64::from(scale) > 2.5 && activation * scale == 2.5);
        let mut int8 = [0];
        quantize_by(&[activation], scale, &mut int8);
        assert_eq!(int8, [3]);
    }

    #[test]
    fn small_tokens_are_scaled_as_if_by_1e_5() {
        assert_eq!(quantize(&[0.0; 0], &mut []), 12_700_000.0);
        assert_eq!(check(&[0.0; 70]), [0; 70]);
        assert_eq!(check(&[6e-6, -1e-5, f32::from_bits(1)]), [76, -127, 0]);
    }

    #[test]
    fn activations_that_are_not_finite_become_zero() {
        assert_eq!(check(&[1.0, f32::NAN, -2.0]), [64, 0, -127]);
        assert_eq!(check(&[1.0, f32::INFINITY, f32::NEG_INFINITY]), [0; 3]);
        assert_eq!(check(&[f32::MAX, f32::MIN, 0.0]), [127, -127, 0]);
    }

    #[test]
    #[should_panic(expected = "one 8-bit value for each activation")]
    fn slices_of_different_lengths_are_refused() {
        quantize(&[1.0], &mut [0, 0]);
    }

    /// Quantizes values of a narrower type, and the same values widened.
    fn check_narrow<E: Element>(activations: &[E]) {
        let widened: Vec<_> = activations.iter().map(|activation| activation.widen()).collect();
        let mut found = vec![99; activations.len()];
        assert_eq!(quantize(activations, &mut found), oracle::absmax_scale(&widened) as f32);
        assert_eq!(found, check(&widened));
    }

    #[test]
    fn half_precision_worked_out_by_hand() {
        let mut int8 = [99; 4];
        let scale = quantize(&[2.0, -1.0, 0.5, f32::NAN].map(f16::from_f32), &mut int8);
        assert_eq!((scale, int8), (63.5, [127, -64, 32, 0]));
        let scale = quantize(&[2.0, -1.0, 0.5, f32::INFINITY].map(bf16::from_f32), &mut int8);
        assert_eq!((scale, int8), (0.0, [0; 4]));
    }

    proptest! {
        #[test]
        fn any_activations_follow_the_formula(bits in prop::collection::vec(any::<u32>(), 0..300)) {
            check(&bits.iter().copied().map(f32::from_bits).collect::<Vec<_>>());
        }

        #[test]
        fn activations_of_one_magnitude_follow_the_formula(
            activations in prop::collection::vec(-1_f32..1.0, 0..300),
            power in -30_i32..=120,
        ) {
            check(&activations.iter().map(|activation| activation * 2f32.powi(power)).collect::<Vec<_>>());
        }

        #[test]
        fn any_narrow_activations_give_what_their_values_give(bits in prop::collection::vec(any::<u16>(), 0..300)) {
            check_narrow(&bits.iter().copied().map(f16::from_bits).collect::<Vec<_>>());
            check_narrow(&bits.iter().copied().map(bf16::from_bits).collect::<Vec<_>>());
        }
    }
}
