//! Quantization to blocks with scales of their own, and the way back.

use proptest::prelude::*;

use crate::reference::formats::{BlockScaled, FormatError, Packed, TQ1_0Layout, TQ2_0Layout};
use crate::reference::{data, oracle};

/// Quantizes a matrix and brings it back; bytes and values must be as defined.
fn check<L: BlockScaled>(
    quantized: fn(&[f32]) -> Vec<u8>,
    dequantized: fn(&[u8]) -> Vec<f32>,
    weights: &[f32],
    rows: usize,
) {
    let columns = weights.len() / rows;
    let matrix = Packed::<L>::quantize(weights, rows, columns).unwrap();
    let expected = quantized(weights);
    assert_eq!(matrix.as_bytes(), expected);
    let mut values = vec![9.0; weights.len()];
    matrix.dequantize_into(&mut values).unwrap();
    assert!(values.iter().map(|value| value.to_bits()).eq(dequantized(&expected).iter().map(|value| value.to_bits())));
    assert_eq!(Packed::from_bytes(&expected, rows, columns).unwrap(), matrix);
}

fn check_both(weights: &[f32], rows: usize) {
    check::<TQ1_0Layout>(oracle::tq1_0_quantized, oracle::tq1_0_dequantized, weights, rows);
    check::<TQ2_0Layout>(oracle::tq2_0_quantized, oracle::tq2_0_dequantized, weights, rows);
}

proptest! {
    #[test]
    fn random_weights_are_quantized_as_defined(
        seed: u64, rows in 1..4_usize, blocks in 0..4_usize, exponent in -30..14
    ) {
        // A magnitude of its own for each block, and a block of zeros now and then.
        let mut weights = data::normal(seed, 256 * rows * blocks);
        for (block, kind) in weights.chunks_mut(256).zip(data::int8(seed, rows * blocks)) {
            let unit = if kind % 5 == 0 { 0.0 } else { 2_f32.powi(exponent - i32::from(kind as u8 % 3)) };
            block.iter_mut().for_each(|weight| *weight *= unit);
        }
        check_both(&weights, rows);
    }
}

#[test]
fn halves_of_the_greatest_magnitude_are_rounded_away_from_zero() {
    for greatest in [1.0_f32, 2.0, 0.125] {
        let half = greatest / 2.0;
        let mut weights = [0.0; 256];
        weights[..6].copy_from_slice(&[half, -half, half.next_down(), -half.next_down(), half.next_up(), -greatest]);
        let matrix = Packed::<TQ2_0Layout>::quantize(&weights, 1, 256).unwrap();
        assert_eq!(matrix.unpack()[..7], [1, -1, 0, 0, 1, -1, 0]);
        assert_eq!(matrix.scale(), greatest);
        check_both(&weights, 1);
    }
}

#[test]
fn a_scale_is_rounded_to_f16_only_where_it_is_kept() {
    // 1 + 2⁻¹¹ is between two f16, and rounded to the even one, 1; the weights are compared with the exact half.
    let mut weights = [0.0; 256];
    weights[..2].copy_from_slice(&[1.0 + 2_f32.powi(-11), 0.5]);
    let matrix = Packed::<TQ1_0Layout>::quantize(&weights, 1, 256).unwrap();
    assert_eq!((matrix.scale(), &matrix.unpack()[..2]), (1.0, &[1, 0][..]));
    check_both(&weights, 1);
}

#[test]
fn magnitudes_without_an_inverse_become_zero() {
    for least in [f32::from_bits(1), 2_f32.powi(-129)] {
        let matrix = Packed::<TQ2_0Layout>::quantize(&[least; 256], 1, 256).unwrap();
        assert_eq!((matrix.scale(), matrix.unpack()), (0.0, vec![0; 256]));
    }
    let matrix = Packed::<TQ2_0Layout>::quantize(&[2_f32.powi(-127); 256], 1, 256).unwrap();
    assert_eq!((matrix.scale(), matrix.unpack()), (0.0, vec![1; 256]));
}

#[test]
fn the_scale_of_a_matrix_is_the_greatest_of_its_blocks() {
    let weights: Vec<_> = [0.5, -4.0, 0.0, 2.0].into_iter().flat_map(|value| [value; 256]).collect();
    assert_eq!(Packed::<TQ1_0Layout>::quantize(&weights, 2, 512).unwrap().scale(), 4.0);
    assert_eq!(Packed::<TQ1_0Layout>::pack(&[1; 512], 2, 256, -4.0).unwrap().scale(), -4.0);
}

#[test]
fn weights_that_f16_does_not_hold_are_refused() {
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 65_520.0, -1e30] {
        let mut weights = [1.0; 3 * 512];
        weights[2 * 512 + 300] = bad;
        // The second block of the third row; its scale is its last two bytes.
        let offset = |block_bytes: usize| Err(FormatError::Scale { offset: 6 * block_bytes - 2 });
        assert_eq!(Packed::<TQ1_0Layout>::quantize(&weights, 3, 512).map(|_| ()), offset(54));
        assert_eq!(Packed::<TQ2_0Layout>::quantize(&weights, 3, 512).map(|_| ()), offset(66));
    }
    assert!(Packed::<TQ2_0Layout>::quantize(&[65_519.0; 256], 1, 256).is_ok());
}

#[test]
fn a_scale_that_f16_does_not_hold_is_refused_and_nothing_overwritten() {
    let mut matrix = Packed::<TQ2_0Layout>::pack(&[1; 256], 1, 256, 2.0).unwrap();
    for bad in [f32::NAN, f32::NEG_INFINITY, 65_520.0] {
        assert_eq!(matrix.repack(&[-1; 256], bad), Err(FormatError::Scale { offset: 64 }));
    }
    assert_eq!((matrix.scale(), matrix.unpack()), (2.0, vec![1; 256]));
}

#[test]
fn a_scale_that_is_not_finite_is_not_read() {
    fn is_read<L: BlockScaled>(scale: u16) -> Result<(), FormatError> {
        let mut bytes = Packed::<L>::pack(&[1; 1024], 2, 512, 1.0).unwrap().as_bytes().to_vec();
        let at = 3 * L::row_bytes(256) - 2;
        bytes[at..at + 2].copy_from_slice(&scale.to_le_bytes());
        Packed::<L>::from_bytes(&bytes, 2, 512).map(|_| ())
    }
    for scale in 0..=u16::MAX {
        // The greatest exponent, 31, is that of infinities and NaN.
        let finite = scale >> 10 & 31 != 31;
        let refused = |offset| if finite { Ok(()) } else { Err(FormatError::Scale { offset }) };
        if scale % 16 == 0 || !finite {
            assert_eq!(is_read::<TQ1_0Layout>(scale), refused(160));
            assert_eq!(is_read::<TQ2_0Layout>(scale), refused(196));
        }
    }
}

#[test]
fn wrong_shapes_are_refused() {
    let multiple = Err(FormatError::Multiple { columns: 3200, of: 256 });
    assert_eq!(Packed::<TQ2_0Layout>::quantize(&[0.0; 3200], 1, 3200), multiple);
    let length = Err(FormatError::Length { expected: 512, found: 256 });
    assert_eq!(Packed::<TQ2_0Layout>::quantize(&[0.0; 256], 2, 256), length);
}
