//! Checks of every path that this processor has, on one thread and on several, against the sums of the oracle.

use proptest::prelude::*;

use super::*;
use crate::reference::{data, oracle};

/// Compares every path and number of threads with the oracle.
fn check(weights: &[i8], [rows, columns]: [usize; 2], tokens: usize, x: &[i8]) {
    let matrix = I2S::pack(weights, rows, columns, 1.0).unwrap();
    let token = |token| oracle::gemv(weights, rows, &x[token * columns..][..columns]);
    let expected: Vec<i64> = (0..tokens).flat_map(token).collect();
    for path in Path::available() {
        for threads in [Threads::ONE, Threads::new(2).unwrap(), Threads::new(3).unwrap()] {
            let mut y = vec![i32::MIN; tokens * rows];
            gemm_on(&threads, path, &matrix, tokens, x, &mut y).unwrap();
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
    #[test]
    fn random_shapes(rows in 0_usize..40, columns in 0_usize..1100, tokens in 0_usize..70, seed: u64) {
        check_random([rows, columns], tokens, seed);
    }

    #[test]
    fn random_shapes_of_extreme_activations(
        rows in 1_usize..20,
        columns in 200_usize..800,
        tokens in 1_usize..40,
        seed: u64,
    ) {
        let weights = data::ternary(seed, rows * columns);
        let x: Vec<_> = data::ternary(!seed, tokens * columns).into_iter().map(|x| [-128, -127, 127][(x + 1) as usize]).collect();
        check(&weights, [rows, columns], tokens, &x);
    }
}

#[test]
fn awkward_shapes() {
    for rows in [0, 1, 7, 8, 9, 17] {
        for columns in [0, 1, 3, 127, 128, 129, 255, 256, 257, 513] {
            for tokens in [0, 1, FEW, FEW + 1, tile::TOKENS - 1, tile::TOKENS, tile::TOKENS + 1, 2 * tile::TOKENS + 1] {
                check_random([rows, columns], tokens, (rows * 1000 + columns) as u64);
            }
        }
    }
}

#[test]
fn more_rows_than_stay_in_the_cache() {
    check_random([700, 2000], 3, 1);
    check_random([3, 4 * CACHED + 500], 2, 2);
}

#[test]
fn the_columns_of_2b_4t() {
    check_random([24, 2560], 40, 3);
    check_random([24, 6912], 40, 4);
}

#[test]
fn worst_cases_do_not_wrap_around() {
    for columns in [256, 6912, 100_000] {
        for weight in [-1, 0, 1] {
            for activation in [-128, 127] {
                let tokens = FEW + 1;
                check(&vec![weight; columns], [1, columns], tokens, &vec![activation; tokens * columns]);
            }
        }
    }
}

#[test]
fn the_longest_row() {
    let (columns, tokens) = (I2S::MAX_COLUMNS, FEW + 1);
    let matrix = |weight| I2S::pack(&vec![weight; columns], 1, columns, 1.0).unwrap();
    for (weight, activation) in [(1, -128), (-1, -128), (1, 127)] {
        let mut sums = vec![0; tokens];
        gemm(&matrix(weight), tokens, &vec![activation; tokens * columns], &mut sums).unwrap();
        let expected = i32::from(weight) * i32::from(activation) * columns as i32;
        assert_eq!(sums, vec![expected; tokens]);
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
    for path in Path::ALL.into_iter().filter(|path| !path.is_available()) {
        assert_eq!(gemm_with(path, &matrix, 1, &[0; 3], &mut [0; 2]), Err(MatmulError::Unavailable(path)));
    }
}
