//! Checks of every path that this processor has against the sums of the oracle.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::reference::{data, oracle};

static THREADS: LazyLock<[Threads; 3]> = LazyLock::new(|| [1, 2, 3].map(|count| Threads::new(count).unwrap()));

/// Compares every path and number of threads with the oracle.
fn check(weights: &[i8], rows: usize, x: &[i8]) {
    let columns = x.len();
    let matrix = I2S::pack(weights, rows, columns, 1.0).unwrap();
    let expected = oracle::gemv(weights, rows, x);
    for path in Path::available() {
        for threads in &THREADS[..if rows > 16 { 3 } else { 1 }] {
            let mut y = vec![i32::MIN; rows];
            gemv_on(threads, path, &matrix, x, &mut y).unwrap();
            let exact = y.iter().map(|&sum| i64::from(sum)).eq(expected.iter().copied());
            assert!(exact, "{path}, {} threads, {rows}×{columns}", threads.count());
        }
    }
}

#[test]
fn random_matrices_of_awkward_shapes() {
    for rows in [0, 1, 2, 3, 4, 5, 7, 17] {
        for columns in [0, 1, 31, 33, 127, 128, 129, 255, 256, 257, 383, 384, 385, 1023, 2048, 4096, 4097, 6912] {
            let seed = (rows * 10_000 + columns) as u64;
            check(&data::ternary(seed, rows * columns), rows, &data::int8(seed + 1, columns));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_matrices_of_random_shapes(rows in 0_usize..70, columns in 0_usize..1500, seed: u32) {
        check(&data::ternary(seed.into(), rows * columns), rows, &data::int8(u64::from(seed) + 1, columns));
    }
}

#[test]
fn the_shapes_of_2b_4t() {
    check(&data::ternary(1, 35 * 2560), 35, &data::int8(2, 2560));
    check(&data::ternary(3, 35 * 6912), 35, &data::int8(4, 6912));
}

#[test]
fn rows_longer_than_a_tile() {
    for columns in [16_383, 16_384, 16_385, 32_768, 33_000, 100_000] {
        check(&data::ternary(5, 3 * columns), 3, &data::int8(6, columns));
    }
}

#[test]
fn worst_cases_do_not_wrap_around() {
    for columns in [128, 256, 1024, 2048, 4096, 6912, 100_000, 1_000_000] {
        for weight in [-1, 0, 1] {
            for activation in [-128, -127, 127] {
                check(&vec![weight; columns], 1, &vec![activation; columns]);
            }
        }
    }
}

#[test]
fn worst_cases_within_each_group_of_a_block() {
    for group in 0..4 {
        for (weight, activation) in [(1, -128), (-1, -128), (1, 127), (-1, 127)] {
            let in_group = |value: i8| (0..40_000).map(|k| if k / 32 % 4 == group { value } else { 0 }).collect();
            let (weights, x): (Vec<_>, Vec<_>) = (in_group(weight), in_group(activation));
            check(&weights, 1, &x);
            check(&vec![weight; 40_000], 1, &x);
        }
    }
}

#[test]
fn the_longest_row() {
    let columns = I2S::MAX_COLUMNS;
    for (weight, activation) in [(1, -128), (-1, -128), (1, 127)] {
        check(&vec![weight; columns], 1, &vec![activation; columns]);
    }
}

#[test]
fn one_weight_and_one_activation_at_every_place() {
    let columns = 520;
    for place in 0..columns {
        let (mut weights, mut x) = (vec![0; columns], vec![0; columns]);
        (weights[place], x[place]) = (-1, 100);
        check(&weights, 1, &x);
    }
}

#[test]
fn the_detected_path_is_available_and_gives_the_same() {
    let detected = Path::detect();
    assert!(detected.is_available() && Path::available().contains(&detected));
    assert_eq!(Path::available()[0], Path::Scalar);
    // `scripts/sanitizers.sh` reads this.
    println!("paths: {:?}", Path::available());

    let matrix = I2S::pack(&data::ternary(1, 900), 3, 300, 1.0).unwrap();
    let x = data::int8(2, 300);
    let (mut y, mut scalar) = ([0; 3], [0; 3]);
    gemv(&matrix, &x, &mut y).unwrap();
    gemv_with(Path::Scalar, &matrix, &x, &mut scalar).unwrap();
    assert_eq!(y, scalar);
}

#[test]
fn a_path_of_another_processor_is_refused() {
    let missing: Vec<_> = Path::ALL.into_iter().filter(|path| !path.is_available()).collect();
    assert!(!missing.is_empty(), "no processor has both NEON and AVX2");
    for path in missing {
        assert_eq!(gemv_with(path, &I2S::zeros(0, 0).unwrap(), &[], &mut []), Err(MatmulError::Unavailable(path)));
    }
}

#[test]
fn wrong_lengths_are_refused() {
    let matrix = I2S::zeros(2, 3).unwrap();
    let activations = Err(MatmulError::Activations { expected: 3, found: 4 });
    assert_eq!(gemv(&matrix, &[0; 4], &mut [0; 2]), activations);
    assert_eq!(gemv(&matrix, &[0; 3], &mut [0; 1]), Err(MatmulError::Outputs { expected: 2, found: 1 }));
}
