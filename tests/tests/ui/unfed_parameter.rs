#![allow(unused_variables)]

use bitnet_bench::{Bencher, bitnet_bench};

#[bitnet_bench]
fn no_size(size: usize) {}

#[bitnet_bench(sizes = [1024])]
fn no_bits(size: usize, bits: u32) {}

#[bitnet_bench]
fn with_a_bencher(b: &mut Bencher, bits: u32) {}

#[bitnet_bench]
fn an_option_s_name(seed: u64) {}

#[bitnet_bench]
fn a_pattern((rows, columns): (usize, usize)) {}

type B<'a> = Bencher<'a>;

#[bitnet_bench]
fn a_bencher_in_disguise(b: &mut B) {}

fn main() {}
