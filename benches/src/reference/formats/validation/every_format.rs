//! What holds for every format, for random shapes and weights.

use proptest::prelude::*;

use crate::reference::formats::{Base3, FormatError, I2S, Layout, Packed, TL1, TL2, TQ1_0, TQ2_0, TernaryFormat};
use crate::reference::{data, oracle};

/// The bytes of a matrix by its definition in `oracle`.
type Definition = fn(&[i8], usize, usize, f32) -> Vec<u8>;

/// Weights of which each run of 256 is random, or all the same.
fn weights(seed: u64, len: usize) -> Vec<i8> {
    let mut weights = data::ternary(seed, len);
    for (run, kind) in weights.chunks_mut(256).zip(data::int8(seed, len)) {
        match kind {
            -128..-64 => run.fill(0),
            -64..-48 => run.fill(1),
            -48..-32 => run.fill(-1),
            _ => {}
        }
    }
    weights
}

/// Packs, unpacks and reads back; everything must be as defined.
fn check<L: Layout>(definition: Definition, weights: &[i8], shape: [usize; 2], scale: f32) {
    let [rows, columns] = shape;
    let expected = definition(weights, rows, columns, scale);
    let matrix = Packed::<L>::pack(weights, rows, columns, scale).unwrap();
    assert_eq!(matrix.as_bytes(), expected, "{rows}×{columns}");
    assert_eq!((matrix.rows(), matrix.columns()), (rows, columns));
    assert_eq!(matrix.unpack(), weights, "{rows}×{columns}");
    assert_eq!(Packed::from_bytes(&expected, rows, columns).unwrap(), matrix);
    assert_eq!((0..rows).flat_map(|row| matrix.row(row)).count(), rows * L::row_bytes(columns));
    assert_eq!(matrix.as_bytes().as_ptr().align_offset(64), 0);
    check_values(&matrix, weights);
    check_repacking(&matrix, weights, scale);
}

/// Every weight comes back as itself times the scale.
fn check_values<L: Layout>(matrix: &Packed<L>, weights: &[i8]) {
    let mut values = vec![9.0; weights.len()];
    matrix.dequantize_into(&mut values).unwrap();
    let expected = weights.iter().map(|&weight| f32::from(weight) * matrix.scale());
    assert!(values.iter().copied().eq(expected));
}

/// A matrix with other contents becomes the same one.
fn check_repacking<L: Layout>(matrix: &Packed<L>, weights: &[i8], scale: f32) {
    let others: Vec<_> = weights.iter().map(|weight| 1 - weight.abs()).collect();
    let mut other = Packed::<L>::pack(&others, matrix.rows(), matrix.columns(), 0.25).unwrap();
    other.repack(weights, scale).unwrap();
    assert_eq!(other, *matrix);
}

/// Every weight that is not ternary is found, wherever it stands.
fn check_misfit<L: Layout>(mut weights: Vec<i8>, [rows, columns]: [usize; 2], at: usize, value: i8) {
    if weights.is_empty() || (-1..=1).contains(&value) {
        return;
    }
    let index = at % weights.len();
    weights[index] = value;
    let refused = Packed::<L>::pack(&weights, rows, columns, 1.0);
    assert_eq!(refused, Err(FormatError::NotTernary { index, value }));
}

/// Rows that end at and around the ends of blocks, and those of real models.
fn check_awkward_shapes<L: Layout>(definition: Definition) {
    for columns in [0, 1, 2, 3, 4, 5, 95, 96, 97, 127, 128, 129, 191, 192, 255, 256, 257, 2560, 3200, 6912, 8640] {
        let weights = weights(7, 3 * columns);
        if columns.is_multiple_of(L::MULTIPLE) {
            check::<L>(definition, &weights, [3, columns], 0.5);
        } else {
            let refused = Err(FormatError::Multiple { columns, of: L::MULTIPLE });
            assert_eq!(Packed::<L>::pack(&weights, 3, columns, 0.5), refused);
            assert_eq!(Packed::<L>::from_bytes(&[], 3, columns), refused);
        }
    }
}

/// A matrix made of zeros is as if packed from them.
fn check_zeros<L: Layout>() {
    for (rows, columns) in [(0, 0), (0, 256), (256, 0), (usize::MAX, 0), (1, 256), (3, 1280)] {
        let zeros = Packed::<L>::pack(&vec![0; rows * columns], rows, columns, 0.0).unwrap();
        assert_eq!(Packed::<L>::zeros(rows, columns).unwrap(), zeros);
    }
}

/// Sizes and lengths at which nothing can be packed or read.
fn check_refusals<L: Layout>() {
    let (columns, length) = (2 * L::MULTIPLE, |expected, found| FormatError::Length { expected, found });
    let matrix = Packed::<L>::zeros(3, columns).unwrap();
    let (count, bytes) = (3 * columns, matrix.as_bytes());
    for wrong in [0, count - 1, count + 1] {
        assert_eq!(Packed::<L>::pack(&vec![0; wrong], 3, columns, 1.0), Err(length(count, wrong)));
        assert_eq!(matrix.unpack_into(&mut vec![0; wrong]), Err(length(count, wrong)));
        assert_eq!(matrix.dequantize_into(&mut vec![0.0; wrong]), Err(length(count, wrong)));
    }
    for wrong in [0, bytes.len() - 1] {
        assert_eq!(Packed::<L>::from_bytes(&bytes[..wrong], 3, columns), Err(length(bytes.len(), wrong)));
    }
    let most = Packed::<L>::MAX_COLUMNS;
    for (rows, columns) in [(usize::MAX, columns), (usize::MAX / 64, 256), (1, most + L::MULTIPLE), (1, usize::MAX)] {
        assert_eq!(Packed::<L>::zeros(rows, columns), Err(FormatError::TooLarge { rows, columns }));
        assert_eq!(Packed::<L>::pack(&[], rows, columns, 1.0), Err(FormatError::TooLarge { rows, columns }));
    }
}

/// A suite sees the same through the trait.
fn check_trait<F: TernaryFormat>(name: &str, bits: f64, definition: Definition) {
    let (weights, shape) = (data::ternary(3, 2 * 1280), (2, 1280));
    let mut matrix = F::pack(&weights, shape.0, shape.1, 0.5).unwrap();
    let bytes = definition(&weights, shape.0, shape.1, 0.5);
    assert_eq!((F::NAME, matrix.as_bytes()), (name, &bytes[..]));
    assert_eq!((matrix.rows(), matrix.columns(), matrix.scale()), (shape.0, shape.1, 0.5));
    let tail = bytes.len() as f64 * 8.0 / weights.len() as f64 - matrix.bits_per_weight();
    assert!(tail.abs() < 1e-9 && (matrix.bits_per_weight() - bits).abs() < 0.15, "{}", matrix.bits_per_weight());
    assert_eq!(F::from_bytes(&bytes, shape.0, shape.1).unwrap(), matrix);
    matrix.repack(&vec![-1; weights.len()], 2.0).unwrap();
    let mut unpacked = vec![0; weights.len()];
    matrix.unpack_into(&mut unpacked).unwrap();
    assert!(unpacked.iter().all(|&weight| weight == -1) && matrix.scale() == 2.0);
    assert_eq!(F::pack(&[], 0, 0, 0.0).unwrap().bits_per_weight(), 0.0);
}

macro_rules! every_format {
    ($($module:ident: $format:ident, $layout:ident, $name:literal, $bits:literal bits, columns $columns:expr;)*) => {$(
        mod $module {
            use super::*;
            use crate::reference::formats::$layout;

            proptest! {
                #[test]
                fn random_matrices_are_as_defined(
                    seed: u64, rows in 0..5_usize, columns in $columns, scale in 1e-3..1e3_f32
                ) {
                    // A scale that `f16` holds too.
                    let scale = half::f16::from_f32(scale).to_f32();
                    let columns = columns * $layout::MULTIPLE;
                    check::<$layout>(oracle::$module, &weights(seed, rows * columns), [rows, columns], scale);
                }

                #[test]
                fn a_weight_that_is_not_ternary_is_named(
                    seed: u64, rows in 1..4_usize, columns in $columns, at: usize, value: i8
                ) {
                    let columns = columns * $layout::MULTIPLE;
                    check_misfit::<$layout>(weights(seed, rows * columns), [rows, columns], at, value);
                }
            }

            #[test]
            fn awkward_shapes_are_as_defined() {
                check_awkward_shapes::<$layout>(oracle::$module);
            }

            #[test]
            fn zeros_are_zeros() {
                check_zeros::<$layout>();
            }

            #[test]
            fn wrong_lengths_and_absurd_sizes_are_refused() {
                check_refusals::<$layout>();
            }

            #[test]
            fn a_suite_can_use_it() {
                check_trait::<$format>($name, $bits, oracle::$module);
            }
        }
    )*};
}

every_format! {
    i2_s: I2S, I2SLayout, "I2_S", 2.0 bits, columns 0..700_usize;
    tl1: TL1, TL1Layout, "TL1", 2.0 bits, columns 0..700_usize;
    tl2: TL2, TL2Layout, "TL2", 1.67 bits, columns 0..700_usize;
    base3: Base3, Base3Layout, "Base3", 1.6 bits, columns 0..700_usize;
    tq1_0: TQ1_0, TQ1_0Layout, "TQ1_0", 1.6875 bits, columns 0..4_usize;
    tq2_0: TQ2_0, TQ2_0Layout, "TQ2_0", 2.0625 bits, columns 0..4_usize;
}
