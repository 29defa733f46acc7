//! Checks of integer matrices against the definition in `f64`, and against bytes worked out by hand.

use proptest::prelude::*;

use super::*;
use crate::quality::conforms;
use crate::reference::data;
use crate::subject::{Granularity, WeightQuantizer};

/// Step, zero point and codes of one granule, straight from the definition.
fn definition(weights: &[f32], bits: u32, symmetric: bool) -> (f32, u8, Vec<u8>) {
    let weights = weights.iter().map(|&weight| f64::from(weight)).collect::<Vec<_>>();
    let (least, greatest) = (weights.iter().copied().fold(0.0, f64::min), weights.iter().copied().fold(0.0, f64::max));
    let codes = 2f64.powi(bits as i32);
    let step = if symmetric { greatest.max(-least) / (codes / 2.0 - 1.0) } else { (greatest - least) / (codes - 1.0) };
    let step = step as f32;
    let steps = |weight: f64| if step == 0.0 { 0.0 } else { (weight / f64::from(step)).round_ties_even() };
    let zero = if symmetric { codes / 2.0 } else { steps(-least) };
    let codes = weights.iter().map(|&weight| (steps(weight) + zero).clamp(0.0, codes - 1.0) as u8).collect();
    (step, zero as u8, codes)
}

/// The granules of a matrix, each as the range of its weights, straight from the definition.
fn granules([rows, columns]: [usize; 2], granularity: Granularity) -> Vec<std::ops::Range<usize>> {
    let len = match granularity {
        Granularity::Tensor => return Some(0..rows * columns).into_iter().filter(|all| !all.is_empty()).collect(),
        Granularity::Channel => columns,
        Granularity::Group(len) => len,
    };
    let row = |row: usize| {
        let starts = (0..columns).step_by(len.max(1));
        starts.map(move |start| row * columns + start..row * columns + columns.min(start.saturating_add(len)))
    };
    (0..rows).flat_map(row).collect()
}

/// The code of weight `index`, read as the layout is defined.
fn code(matrix: &Integer, index: usize) -> u8 {
    let ([_, columns], bits) = (matrix.shape(), matrix.uniform().bits as usize);
    let row_bytes = (columns * bits).div_ceil(8);
    let bit = index % columns * bits;
    (matrix.codes()[index / columns * row_bytes + bit / 8] >> (bit % 8)) & (u8::MAX >> (8 - bits))
}

/// Quantizes, and compares every part with the definition.
fn check(weights: &[f32], shape: [usize; 2], uniform: Uniform) -> Integer {
    let matrix = Integer::quantize(weights, shape, uniform).unwrap();
    let granules = granules(shape, uniform.granularity);
    assert_eq!(matrix.scales().len(), granules.len(), "{uniform}, {shape:?}");
    let restored = matrix.dequantize();
    for (at, granule) in granules.into_iter().enumerate() {
        let (step, zero, codes) = definition(&weights[granule.clone()], uniform.bits, uniform.symmetric);
        assert_eq!(matrix.scales()[at], step, "{uniform}, {shape:?}, granule {at}");
        assert_eq!(matrix.zero_points().get(at).copied().unwrap_or(1 << (uniform.bits - 1)), zero);
        for (index, expected) in granule.zip(codes) {
            assert_eq!(code(&matrix, index), expected, "{uniform}, {shape:?}, weight {index} of {}", weights[index]);
            assert_eq!(restored[index], ((f64::from(expected) - f64::from(zero)) * f64::from(step)) as f32);
        }
    }
    matrix
}

/// All levels, at granules of several lengths.
fn uniforms() -> Vec<Uniform> {
    let lengths = [1, 3, 32, 100, usize::MAX].map(Granularity::Group);
    let granularities = [Granularity::Tensor, Granularity::Channel].into_iter().chain(lengths);
    let of = |granularity| {
        let kinds = [2, 4, 8].into_iter().flat_map(|bits| [(bits, true), (bits, false)]);
        kinds.map(move |(bits, symmetric)| Uniform { bits, symmetric, granularity })
    };
    granularities.flat_map(of).collect()
}

const INT4: Uniform = Uniform { bits: 4, symmetric: false, granularity: Granularity::Channel };

#[test]
fn awkward_shapes_follow_the_definition() {
    for shape in [[0, 0], [0, 7], [7, 0], [1, 1], [2, 3], [3, 33], [5, 100], [2, 257], [1, 6912]] {
        for uniform in uniforms() {
            let count = shape[0] * shape[1];
            check(&data::normal(count as u64, count), shape, uniform);
            check(&data::uniform(count as u64, count), shape, uniform);
        }
    }
}

#[test]
fn bytes_worked_out_by_hand() {
    // Δ = (2 − −1) / 15 = 0.2 and z = 5; the second row lies above 0, so that Δ = 30 / 15 and z = 0.
    let matrix = Integer::quantize(&[-1.0, 0.0, 2.0, 30.0, 4.0, 9.0], [2, 3], INT4).unwrap();
    assert_eq!((matrix.scales(), matrix.zero_points()), (&[0.2, 2.0][..], &[5, 0][..]));
    assert_eq!(matrix.codes(), [0x50, 0x0F, 0x2F, 0x04]);

    let uniform = Uniform { bits: 2, symmetric: true, granularity: Granularity::Group(2) };
    let matrix = Integer::quantize(&[3.0, -3.0, 0.5, 1.0, 0.0], [1, 5], uniform).unwrap();
    assert_eq!((matrix.scales(), matrix.zero_points()), (&[3.0, 1.0, 0.0][..], &[][..]));
    // Codes 3, 1; 2 (a half, to even), 3; 2.
    assert_eq!(matrix.codes(), [0b11_10_01_11, 0b10]);
    assert_eq!(matrix.dequantize(), [3.0, -3.0, 0.0, 1.0, 0.0]);
}

#[test]
fn zeros_have_no_step_and_stay_zeros() {
    for uniform in uniforms() {
        let matrix = check(&[0.0; 12], [3, 4], uniform);
        assert!(matrix.scales().iter().all(|&scale| scale == 0.0));
        assert_eq!(matrix.dequantize(), [0.0; 12]);
    }
}

#[test]
fn constants_are_levels() {
    for uniform in uniforms() {
        for constant in [0.7_f32, -0.7, 1e-20, -3e30] {
            for restored in check(&[constant; 12], [3, 4], uniform).dequantize() {
                assert!((restored - constant).abs() <= 2e-7 * constant.abs(), "{uniform}: {restored} for {constant}");
            }
        }
    }
}

#[test]
fn the_greatest_weights_have_finite_levels() {
    let greatest = 2f32.powi(126);
    for uniform in uniforms() {
        let weights = [greatest, -greatest, 0.3 * greatest, 0.0, -0.2 * greatest, greatest];
        let restored = check(&weights, [2, 3], uniform).dequantize();
        assert!(restored.iter().all(|weight| weight.is_finite()), "{uniform}: {restored:?}");
    }
}

#[test]
fn the_least_weights_keep_to_half_a_step() {
    let least = f32::from_bits(1);
    for greatest in 1..1000 {
        let weights = [greatest as f32 * least, (greatest / 2) as f32 * -least, (greatest / 3) as f32 * least];
        for uniform in uniforms() {
            let matrix = Integer::quantize(&weights, [1, 3], uniform).unwrap();
            assert_eq!(conforms(&uniform.claim(), &weights, &matrix.dequantize(), [1, 3]), Ok(()), "{uniform}");
        }
    }
}

#[test]
fn weights_that_are_not_finite_are_named() {
    for bad in [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 2f32.powi(126).next_up()] {
        for index in [0, 5, 40, 99] {
            let mut weights = data::normal(1, 100);
            weights[index] = bad;
            for uniform in uniforms() {
                let error = Integer::quantize(&weights, [2, 50], uniform).unwrap_err();
                let IntegerError::Weight { index: found, value } = error else { panic!("{error}") };
                assert_eq!((found, value.to_bits()), (index, bad.to_bits()));
            }
        }
    }
}

#[test]
fn other_weights_replace_all_that_was_there() {
    for uniform in uniforms() {
        let (old, new) = (data::normal(1, 3 * 37), data::uniform(2, 3 * 37));
        let mut matrix = Integer::quantize(&old, [3, 37], uniform).unwrap();
        matrix.requantize(&new).unwrap();
        assert_eq!(matrix, Integer::quantize(&new, [3, 37], uniform).unwrap());
        let mut restored = vec![f32::NAN; new.len()];
        matrix.dequantize_into(&mut restored).unwrap();
        assert_eq!(restored, matrix.dequantize());
    }
}

#[test]
fn sizes_count_everything() {
    let of = |bits, symmetric, granularity| {
        let matrix = Integer::quantize(&[1.0; 512], [2, 256], Uniform { bits, symmetric, granularity }).unwrap();
        (matrix.bytes(), matrix.bits_per_weight())
    };
    assert_eq!(of(4, false, Granularity::Group(128)), (256 + 4 * 5, 4.3125));
    assert_eq!(of(4, true, Granularity::Group(128)), (256 + 4 * 4, 4.25));
    assert_eq!(of(8, true, Granularity::Tensor), (512 + 4, 8.0625));
    assert_eq!(of(2, false, Granularity::Channel), (128 + 2 * 5, 2.15625));
    assert_eq!(Integer::quantize(&[], [0, 8], INT4).unwrap().bits_per_weight(), 0.0);
}

#[test]
fn impossible_levels_and_shapes_are_refused() {
    let quantize = |bits, granularity, shape| {
        Integer::quantize(&[1.0; 6], shape, Uniform { bits, symmetric: true, granularity }).unwrap_err()
    };
    for bits in [0, 1, 3, 5, 7, 9, 16, u32::MAX] {
        assert_eq!(quantize(bits, Granularity::Tensor, [2, 3]), IntegerError::Bits(bits));
    }
    assert_eq!(quantize(4, Granularity::Group(0), [2, 3]), IntegerError::Group);
    let length = IntegerError::Length { what: "weights", expected: 8, found: 6 };
    assert_eq!(quantize(4, Granularity::Tensor, [2, 4]), length);
    for [rows, columns] in [[usize::MAX, 2], [2, usize::MAX], [1, usize::MAX / 4]] {
        assert_eq!(quantize(4, Granularity::Channel, [rows, columns]), IntegerError::TooLarge { rows, columns });
    }
    let matrix = Integer::quantize(&[1.0; 6], [2, 3], INT4).unwrap();
    assert_eq!(
        matrix.dequantize_into(&mut [0.0; 5]),
        Err(IntegerError::Length { what: "weights", expected: 6, found: 5 })
    );
}

#[test]
fn any_number_of_rows_of_nothing_is_a_matrix() {
    for shape in [[usize::MAX, 0], [0, usize::MAX]] {
        for uniform in uniforms() {
            let matrix = Integer::quantize(&[], shape, uniform).unwrap();
            assert_eq!((matrix.bytes(), matrix.dequantize()), (0, vec![]));
            assert_eq!(Integer::from_parts(shape, uniform, vec![], vec![], vec![]).unwrap(), matrix);
        }
    }
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let parts = |codes: &[u8], scales: &[f32], zeros: &[u8]| {
        Integer::from_parts([2, 3], INT4, codes.to_vec(), scales.to_vec(), zeros.to_vec())
    };
    let length = |what, expected, found| Err(IntegerError::Length { what, expected, found });
    assert_eq!(parts(&[0; 3], &[1.0; 2], &[0; 2]), length("bytes of codes", 4, 3));
    assert_eq!(parts(&[0; 4], &[1.0; 3], &[0; 2]), length("scales", 2, 3));
    assert_eq!(parts(&[0; 4], &[1.0; 2], &[0; 1]), length("zero points", 2, 1));
    for value in [-1.0, f32::INFINITY, f32::MAX] {
        assert_eq!(parts(&[0; 4], &[1.0, value], &[0; 2]), Err(IntegerError::Scale { index: 1, value }));
    }
    assert!(matches!(parts(&[0; 4], &[f32::NAN, 1.0], &[0; 2]), Err(IntegerError::Scale { index: 0, .. })));
    assert_eq!(parts(&[0; 4], &[1.0; 2], &[15, 16]), Err(IntegerError::ZeroPoint { index: 1, value: 16 }));
    assert_eq!(parts(&[0, 0, 0, 0x10], &[1.0; 2], &[0; 2]), Err(IntegerError::Filling { row: 1 }));

    let symmetric = Uniform { symmetric: true, ..INT4 };
    let parts = |codes: [u8; 4]| Integer::from_parts([2, 3], symmetric, codes.to_vec(), vec![1.0; 2], vec![]);
    assert_eq!(parts([0x11, 0x01, 0x01, 0x01]), Err(IntegerError::Code { row: 1, column: 1 }));
    assert_eq!(parts([0x21, 0x0F, 0x88, 0x08]).unwrap().dequantize(), [-7.0, -6.0, 7.0, 0.0, 0.0, 0.0]);
}

fn any_uniform() -> impl Strategy<Value = Uniform> {
    let granularity =
        prop_oneof![Just(Granularity::Tensor), Just(Granularity::Channel), (1_usize..80).prop_map(Granularity::Group)];
    (prop::sample::select(vec![2, 4, 8]), any::<bool>(), granularity)
        .prop_map(|(bits, symmetric, granularity)| Uniform { bits, symmetric, granularity })
}

fn any_matrix() -> impl Strategy<Value = (Vec<f32>, [usize; 2])> {
    (0_usize..5, 0_usize..70, -90_i32..90).prop_flat_map(|(rows, columns, power)| {
        let weight = (-1_f32..1.0).prop_map(move |weight| weight * 2f32.powi(power));
        (prop::collection::vec(weight, rows * columns), Just([rows, columns]))
    })
}

proptest! {
    #[test]
    fn any_matrix_follows_the_definition((weights, shape) in any_matrix(), uniform in any_uniform()) {
        let matrix = check(&weights, shape, uniform);
        prop_assert_eq!(conforms(&uniform.claim(), &weights, &matrix.dequantize(), shape), Ok(()));
        let (codes, scales, zeros) = (matrix.codes(), matrix.scales(), matrix.zero_points());
        let again = Integer::from_parts(shape, uniform, codes.to_vec(), scales.to_vec(), zeros.to_vec());
        prop_assert_eq!(again, Ok(matrix));
    }

    /// Weights half-way between two levels, with a step that has no exact reciprocal.
    #[test]
    fn halves_are_rounded_to_even(odd in 1_u16..4096, halves in prop::collection::vec(-254_i16..=254, 1..100)) {
        let step = f32::from(odd);
        let mut weights = halves.iter().map(|&half| f32::from(half) * step / 2.0).collect::<Vec<_>>();
        weights.push(127.0 * step);
        let uniform = Uniform { bits: 8, symmetric: true, granularity: Granularity::Tensor };
        let matrix = check(&weights, [1, weights.len()], uniform);
        prop_assert_eq!(matrix.scales(), &[step]);
    }

    #[test]
    fn levels_stay_where_they_are((weights, shape) in any_matrix(), bits in prop::sample::select(vec![2, 4, 8])) {
        let uniform = Uniform { bits, symmetric: true, granularity: Granularity::Channel };
        let once = Integer::quantize(&weights, shape, uniform).unwrap();
        let twice = Integer::quantize(&once.dequantize(), shape, uniform).unwrap();
        prop_assert_eq!(once.codes(), twice.codes());
    }
}
