#![allow(unused_variables)]

use bitnet_bench::{Bencher, bitnet_bench};

#[bitnet_bench]
fn by_value(b: Bencher<'_>) {}

#[bitnet_bench]
fn by_shared_reference(b: &Bencher) {}

#[bitnet_bench(sizes = [64])]
fn not_first(size: usize, b: &mut Bencher) {}

#[bitnet_bench(inputs = || 1, check = |out| *out == 1)]
fn with_options_of_the_others(b: &mut Bencher) {}

fn main() {}
