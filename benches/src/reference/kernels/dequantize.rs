//! Back to `f32`: weights from ternary or integer codes, activations from `i8`.
//!
//! | function | gives |
//! |---|---|
//! | [`ternary`] | W_q · γ |
//! | [`i2_s`] | the same, from the packed format |
//! | [`levels`] | (c − z) · Δ for codes c of evenly spaced levels |
//! | [`int8`] | x_q / s |
//!
//! Each value is the formula's, rounded once to `f32`.

use crate::reference::formats::I2S;
use crate::reference::widths::widest;

/// Brings ternary weights back: W_q · γ, in the unit of γ (arXiv 2402.17764, section 2).
///
/// A γ that is not finite, which [`absmean`](super::absmean) leaves for weights that are not, makes weights that are
/// not a number, also out of zeros.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn ternary(ternary: &[i8], gamma: f32, weights: &mut [f32]) {
    assert_eq!(ternary.len(), weights.len(), "one weight for each ternary value");
    scale(ternary, gamma, weights);
}

/// Brings an I2_S matrix back: W_q · γ, row by row, N · K weights in all.
///
/// # Panics
///
/// When `weights` is not N · K long.
pub fn i2_s(matrix: &I2S, weights: &mut [f32]) {
    let (rows, columns) = (matrix.rows(), matrix.columns());
    assert_eq!(rows.checked_mul(columns), Some(weights.len()), "one weight for each of {rows} rows of {columns}");
    let gamma = matrix.scale();
    for (row, weights) in weights.chunks_exact_mut(columns.max(1)).enumerate() {
        row_of_i2_s(matrix.row(row), gamma, weights);
    }
}

/// Brings the codes c of evenly spaced levels back: (c − z) · Δ, in the unit of Δ.
///
/// `zero` is z, the code of the weight 0, and `step` is Δ, what lies between two levels.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn levels(codes: &[u8], zero: u8, step: f32, weights: &mut [f32]) {
    assert_eq!(codes.len(), weights.len(), "one weight for each code");
    shift_and_scale(codes, zero, step, weights);
}

/// Brings 8-bit activations back: x_q / s, in the unit of 1 / s (arXiv 2402.17764, section 2).
///
/// An `s` of 0, which [`absmax`](super::absmax) leaves for a token with an infinite activation, makes activations that
/// are not a number out of its zeros.
///
/// # Panics
///
/// When the two slices differ in length.
pub fn int8(int8: &[i8], scale: f32, activations: &mut [f32]) {
    assert_eq!(int8.len(), activations.len(), "one activation for each 8-bit value");
    divide(int8, scale, activations);
}

widest! {
    fn scale(ternary: &[i8], gamma: f32, weights: &mut [f32]) {
        for (weight, &value) in weights.iter_mut().zip(ternary) {
            *weight = f32::from(value) * gamma;
        }
    }
}

widest! {
    fn divide(int8: &[i8], scale: f32, activations: &mut [f32]) {
        for (activation, &value) in activations.iter_mut().zip(int8) {
            *activation = f32::from(value) / scale;
        }
    }
}

widest! {
    fn shift_and_scale(codes: &[u8], zero: u8, step: f32, weights: &mut [f32]) {
        for (weight, &code) in weights.iter_mut().zip(codes) {
            *weight = (i32::from(code) - i32::from(zero)) as f32 * step;
        }
    }
}

widest! {
    /// One row of blocks: bits 6 − 2g of byte b of a block hold weight 32g + b, plus one.
    fn row_of_i2_s(packed: &[u8], gamma: f32, weights: &mut [f32]) {
        for (packed, block) in packed.as_chunks::<32>().0.iter().zip(weights.chunks_mut(128)) {
            for (g, group) in block.chunks_mut(32).enumerate() {
                for (weight, byte) in group.iter_mut().zip(packed) {
                    *weight = (i32::from(byte >> (6 - 2 * g) & 3) - 1) as f32 * gamma;
                }
            }
        }
    }
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::kernels::{absmax, absmean};
    use crate::reference::{data, oracle};

    const LENGTHS: [usize; 9] = [0, 1, 3, 31, 32, 33, 127, 129, 6912];

    /// Compares each value with the exact one, rounded once.
    fn check(found: &[f32], exact: impl Iterator<Item = f64>) {
        for (index, (&found, exact)) in found.iter().zip(exact).enumerate() {
            assert_eq!(found, exact as f32, "value {index}");
        }
    }

    #[test]
    fn ternary_weights_are_multiples_of_gamma() {
        for len in LENGTHS {
            let (values, mut weights) = (data::ternary(1, len), vec![f32::NAN; len]);
            ternary(&values, 0.3, &mut weights);
            check(&weights, values.iter().map(|&value| f64::from(value) * f64::from(0.3_f32)));
        }
    }

    #[test]
    fn a_packed_matrix_gives_what_its_values_give() {
        for rows in [0, 1, 3] {
            for columns in LENGTHS {
                let values = data::ternary(2, rows * columns);
                let matrix = I2S::pack(&values, rows, columns, 0.7).unwrap();
                let (mut expected, mut weights) = (vec![f32::NAN; values.len()], vec![f32::NAN; values.len()]);
                ternary(&values, 0.7, &mut expected);
                i2_s(&matrix, &mut weights);
                assert_eq!(weights, expected, "{rows}×{columns}");
            }
        }
    }

    #[test]
    fn every_code_is_so_many_steps_from_every_zero() {
        let codes = (0..=255).collect::<Vec<u8>>();
        let mut weights = vec![f32::NAN; 256];
        for zero in [0, 1, 127, 128, 255] {
            levels(&codes, zero, 0.1, &mut weights);
            check(&weights, (0..256).map(|code| f64::from(code - i32::from(zero)) * f64::from(0.1_f32)));
        }
    }

    #[test]
    fn activations_are_divided() {
        for len in LENGTHS {
            let (values, mut activations) = (data::int8(3, len), vec![f32::NAN; len]);
            int8(&values, 31.7, &mut activations);
            check(&activations, values.iter().map(|&value| f64::from(value) / f64::from(31.7_f32)));
        }
    }

    #[test]
    fn the_way_there_and_back_errs_by_half_a_step() {
        let values = data::normal(4, 10_000);
        let (mut narrow, mut back) = (vec![0; values.len()], vec![0.0; values.len()]);
        let scale = absmax::quantize(&values, &mut narrow);
        int8(&narrow, scale, &mut back);
        let worst = values.iter().zip(&back).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max);
        assert!(worst * scale <= 0.500_01 && worst * scale > 0.49, "{worst} by {scale}");

        let gamma = absmean::quantize(&values, &mut narrow);
        ternary(&narrow, gamma, &mut back);
        let expected = values.iter().map(|&w| f64::from(oracle::ternary(w, f64::from(gamma))) * f64::from(gamma));
        check(&back, expected);
    }

    #[test]
    fn scales_that_are_not_finite_show() {
        let mut values = [1.0; 3];
        ternary(&[0, 1, -1], f32::NAN, &mut values);
        assert!(values.iter().all(|value| value.is_nan()));
        ternary(&[0, 1, -1], f32::INFINITY, &mut values);
        assert!(values[0].is_nan() && values[1..] == [f32::INFINITY, f32::NEG_INFINITY]);
        int8(&[0, 0, 0], 0.0, &mut values);
        assert!(values.iter().all(|value| value.is_nan()));
    }

    #[test]
    #[should_panic(expected = "one weight for each of 2 rows of 3")]
    fn a_matrix_of_another_shape_is_refused() {
        i2_s(&I2S::zeros(2, 3).unwrap(), &mut [0.0; 5]);
    }

    #[test]
    #[should_panic(expected = "one weight for each ternary value")]
    fn slices_of_different_lengths_are_refused() {
        ternary(&[1], 1.0, &mut []);
    }
}
