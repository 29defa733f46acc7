//! The real ggml gives the same bytes, and the same values from them.

use llama_cpp_sys_2 as ggml;
use proptest::prelude::*;

use crate::reference::data;
use crate::reference::formats::{BlockScaled, Packed, TQ1_0Layout, TQ2_0Layout};

/// The bytes that ggml quantizes rows of `columns` weights to.
fn quantize(format: ggml::ggml_type, weights: &[f32], columns: usize) -> Vec<u8> {
    let rows = weights.len() / columns;
    // SAFETY: it only computes.
    let mut bytes = vec![0; rows * unsafe { ggml::ggml_row_size(format, columns as i64) }];
    let (from, to) = (weights.as_ptr(), bytes.as_mut_ptr().cast());
    let imatrix = std::ptr::null();
    // SAFETY: `from` has `rows * columns` weights, `to` has their bytes, and these formats use no importance matrix.
    let written = unsafe { ggml::ggml_quantize_chunk(format, from, to, 0, rows as i64, columns as i64, imatrix) };
    assert_eq!(written, bytes.len());
    bytes
}

/// The values of `bytes`, a whole number of blocks.
fn dequantize(format: ggml::ggml_type, bytes: &[u8], count: usize) -> Vec<f32> {
    let mut values = vec![0.0; count];
    // SAFETY: ggml has static traits for each of its types.
    let to_float = unsafe { (*ggml::ggml_get_type_traits(format)).to_float }.unwrap();
    // SAFETY: `bytes` holds the blocks of `count` values.
    unsafe { to_float(bytes.as_ptr().cast(), values.as_mut_ptr(), count as i64) };
    values
}

fn check<L: BlockScaled>(format: ggml::ggml_type, matrix: &Packed<L>, weights: &[f32]) {
    let bytes = quantize(format, weights, matrix.columns());
    assert!(matrix.as_bytes() == bytes, "ggml has other bytes for {matrix:?}");
    let mut values = vec![0.0; weights.len()];
    matrix.dequantize_into(&mut values).unwrap();
    let expected = dequantize(format, &bytes, weights.len());
    assert!(values.iter().map(|value| value.to_bits()).eq(expected.iter().map(|value| value.to_bits())));
}

proptest! {
    #[test]
    fn ternary_weights_are_packed_as_ggml_quantizes_them(
        seed: u64, rows in 1..4_usize, blocks in 1..4_usize, mantissa in 1.0..2.0_f32, exponent in -126..15,
    ) {
        let (columns, scale) = (256 * blocks, mantissa * 2_f32.powi(exponent));
        let mut ternary = data::ternary(seed, rows * columns);
        ternary[..256].fill((seed % 3) as i8 - 1);
        let weights: Vec<_> = ternary.iter().map(|&weight| f32::from(weight) * scale).collect();
        let two_bits = Packed::<TQ2_0Layout>::pack(&ternary, rows, columns, scale).unwrap();
        check(ggml::GGML_TYPE_TQ2_0, &two_bits, &weights);
        let base_3 = Packed::<TQ1_0Layout>::pack(&ternary, rows, columns, scale).unwrap();
        check(ggml::GGML_TYPE_TQ1_0, &base_3, &weights);
    }

    #[test]
    fn any_weights_are_quantized_as_ggml_does(
        seed: u64, rows in 1..4_usize, blocks in 1..4_usize, exponent in -120..13,
    ) {
        let columns = 256 * blocks;
        let mut weights = data::normal(seed, rows * columns);
        weights.iter_mut().for_each(|weight| *weight *= 2_f32.powi(exponent));
        let two_bits = Packed::<TQ2_0Layout>::quantize(&weights, rows, columns).unwrap();
        check(ggml::GGML_TYPE_TQ2_0, &two_bits, &weights);
        let base_3 = Packed::<TQ1_0Layout>::quantize(&weights, rows, columns).unwrap();
        check(ggml::GGML_TYPE_TQ1_0, &base_3, &weights);
    }
}
