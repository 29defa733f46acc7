//! Checks of every path that this processor has, on one thread and on several, against the sums of the oracle.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::tile::TOKENS;
use super::*;
use crate::reference::{data, oracle};

static THREADS: LazyLock<[Threads; 3]> = LazyLock::new(|| [1, 2, 3].map(|count| Threads::new(count).unwrap()));

/// Compares every path and number of threads with the oracle.
fn check(weights: &[i8], [rows, columns]: [usize; 2], tokens: usize, x: &[i8]) {
    let matrix = I2S::pack(weights, rows, columns, 1.0).unwrap();
    let token = |token| oracle::gemv(weights, rows, &x[token * columns..][..columns]);
    let expected: Vec<i64> = (0..tokens).flat_map(token).collect();
    for path in Path::available() {
        for threads in &THREADS[..if rows > 16 { 3 } else { 1 }] {
            let mut y = vec![i32::MIN; tokens * rows];
            gemm_on(threads, path, &matrix, tokens, x, &mut y).unwrap();
            let exact = y.iter().map(|&sum| i64::from(sum)).eq(expected.iter().copied());
            assert!(exact, "{path}, {} threads, {rows}×{columns}, {tokens} tokens", threads.count());
        }
    }
}

fn check_random([rows, columns]: [usize; 2], tokens: usize, seed: u64) {
    let weights = data::ternary(seed, rows * columns);
    check(&weights, [rows, columns], tokens, &data::int8(seed + 1, tokens * columns));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_shapes(rows in 0_usize..36, columns in 0_usize..520, tokens in 0_usize..40, seed: u32) {
        check_random([rows, columns], tokens, seed.into());
    }

    #[test]
    fn random_shapes_of_extreme_activations(
        rows in 1_usize..14,
        columns in 200_usize..520,
        tokens in 1_usize..40,
        seed: u32,
    ) {
        let weights = data::ternary(seed.into(), rows * columns);
        let kinds = data::ternary(u64::from(seed) + 1, tokens * columns);
        let x: Vec<_> = kinds.into_iter().map(|kind| [-128, -127, 127][(kind + 1) as usize]).collect();
        check(&weights, [rows, columns], tokens, &x);
    }
}

#[test]
fn awkward_shapes() {
    for rows in [0, 1, 11, 12, 13, 33] {
        for columns in [0, 1, 127, 129, 255, 256, 257] {
            for tokens in [0, 1, FEW, FEW + 1, TOKENS, TOKENS + 1] {
                check_random([rows, columns], tokens, (rows * 1000 + columns) as u64);
            }
        }
    }
}

#[test]
fn more_rows_than_stay_in_the_cache() {
    check_random([700, 2000], 2, 1);
    check_random([2, 4 * CACHED + 500], 2, 2);
}

#[test]
fn the_columns_of_2b_4t() {
    for columns in [2560, 6912] {
        check_random([13, columns], TOKENS + 1, 3);
    }
}

#[test]
fn worst_cases_do_not_wrap_around() {
    for columns in [256, 512, 6912] {
        for weight in [-1, 0, 1] {
            for activation in [-128, 127] {
                let tokens = FEW + 1;
                check(&vec![weight; columns], [1, columns], tokens, &vec![activation; tokens * columns]);
            }
        }
    }
}

#[test]
fn one_weight_and_one_activation_at_every_place() {
    let (columns, tokens) = (300, FEW + 2);
    for place in 0..columns {
        let (mut weights, mut x) = (vec![0; 2 * columns], vec![0; tokens * columns]);
        weights[columns + place] = -1;
        x[place % tokens * columns + place] = 100;
        check(&weights, [2, columns], tokens, &x);
    }
}

#[test]
fn wrong_lengths_and_paths_are_refused() {
    let matrix = I2S::zeros(2, 3).unwrap();
    let activations = Err(MatmulError::Activations { expected: 12, found: 11 });
    assert_eq!(gemm(&matrix, 4, &[0; 11], &mut [0; 8]), activations);
    let outputs = Err(MatmulError::Outputs { expected: 8, found: 9 });
    assert_eq!(gemm(&matrix, 4, &[0; 12], &mut [0; 9]), outputs);
    let absurd = Err(MatmulError::Activations { expected: usize::MAX, found: 3 });
    assert_eq!(gemm(&matrix, usize::MAX, &[0; 3], &mut [0; 2]), absurd);
    let absurd = Err(MatmulError::Outputs { expected: usize::MAX, found: 0 });
    assert_eq!(gemm(&I2S::zeros(2, 0).unwrap(), 1 << (usize::BITS - 1), &[], &mut []), absurd);
    for path in Path::ALL.into_iter().filter(|path| !path.is_available()) {
        assert_eq!(gemm_with(path, &matrix, 1, &[0; 3], &mut [0; 2]), Err(MatmulError::Unavailable(path)));
    }
}

/// 2²³ columns take a minute without optimisation; the tiles' sums do not depend on how many there are.
#[cfg(not(debug_assertions))]
#[test]
fn the_longest_row() {
    let (columns, tokens) = (I2S::MAX_COLUMNS, FEW + 1);
    for (weight, activation) in [(1, -128), (-1, -128), (1, 127)] {
        let matrix = I2S::pack(&vec![weight; columns], 1, columns, 1.0).unwrap();
        let x = vec![activation; tokens * columns];
        for path in Path::available() {
            let mut sums = vec![0; tokens];
            gemm_with(path, &matrix, tokens, &x, &mut sums).unwrap();
            let expected = i32::from(weight) * i32::from(activation) * columns as i32;
            assert_eq!(sums, vec![expected; tokens], "{path}");
        }
    }
}
