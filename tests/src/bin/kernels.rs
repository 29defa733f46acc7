//! Kernels of 1 ns, 1 µs and 100 µs, which do more work if a file `slower-by` beside the executable says so: a
//! number, in percent. So a copy of this very executable is slower by exactly that much work, and by nothing else.

use std::hint::black_box;
use std::sync::OnceLock;

use bitnet_bench::{Bencher, bitnet_bench};

bitnet_bench::main!();

/// So much of the work, with what the file adds.
fn work(usual: usize) -> usize {
    static SLOWER_BY: OnceLock<f64> = OnceLock::new();
    let slower_by = *SLOWER_BY.get_or_init(|| {
        let executable = std::env::current_exe().unwrap_or_default();
        let text = std::fs::read_to_string(executable.with_file_name("slower-by")).unwrap_or_default();
        text.trim().parse().unwrap_or(0.0)
    });
    black_box((usual as f64 * (1.0 + slower_by / 100.0)).round() as usize)
}

/// One multiplication.
#[bitnet_bench]
fn one_ns(b: &mut Bencher) {
    b.iter(|| black_box(7_u64).wrapping_mul(black_box(3)));
}

/// A chain of operations, each of which waits for the one before.
#[bitnet_bench]
fn one_us(b: &mut Bencher) {
    let steps = work(2_000);
    b.iter(|| (0..steps).fold(black_box(7_u32), |value, step| black_box(value ^ step as u32).rotate_left(5)));
}

/// A ternary matrix by a vector: a row more is a row more of memory as well.
#[bitnet_bench]
fn hundred_us(b: &mut Bencher) {
    const COLUMNS: usize = 1_024;
    let rows = work(500);
    let weights: Vec<i8> = (0..rows * COLUMNS).map(|at| (at * 7 % 3) as i8 - 1).collect();
    let activations: Vec<i8> = (0..COLUMNS).map(|at| (at * 31 % 255) as u8 as i8).collect();
    b.iter(|| {
        let row = |row: &[i8]| row.iter().zip(&activations).map(|(w, x)| i32::from(*w) * i32::from(*x)).sum::<i32>();
        weights.chunks_exact(COLUMNS).map(row).fold(0_i32, i32::wrapping_add)
    });
}
