//! Lesson 1: a first benchmark.
//!
//! ```text
//! cargo bench -p bitnet-bench-examples --bench first
//! ```

use std::hint::black_box;

use bitnet_bench::{Bencher, bitnet_bench};

/// The whole body is timed. `black_box` keeps the compiler from working the answer out in advance;
/// the result is kept from being optimised away by the framework.
#[bitnet_bench]
fn count_ones() -> u32 {
    black_box(0x5555_u32).count_ones()
}

/// With a bencher, only the closure is timed: the vector is made before the clock starts.
#[bitnet_bench]
fn sum_of_squares(b: &mut Bencher) {
    let numbers: Vec<u64> = (0..1_000).collect();
    b.items(numbers.len()).iter(|| numbers.iter().map(|n| n * n).sum::<u64>());
}

/// A subject that consumes or changes its input gets a fresh one for each iteration. Neither making
/// it nor dropping it is timed.
#[bitnet_bench]
fn sort_descending(b: &mut Bencher) {
    b.with_inputs(|| (0..1_000_u32).collect::<Vec<_>>()).iter_refs(|numbers| numbers.sort_by(|a, b| b.cmp(a)));
}

bitnet_bench::main!();
