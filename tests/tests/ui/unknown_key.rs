#![allow(unused_variables)]

use bitnet_bench::{Bencher, bitnet_bench};

#[bitnet_bench(tgas = ["kernel"])]
fn a_typo() {}

#[bitnet_bench(sample_size = 10)]
fn another_framework_s_word() {}

#[bitnet_bench(size = [1024])]
fn an_axis_named_by_its_parameter(size: usize) {}

#[bitnet_bench(bist = [2, 4])]
fn a_parameter_misspelt(bits: u32) {}

#[bitnet_bench(sparsity = [0.5])]
fn an_axis_without_a_parameter() {}

#[bitnet_bench(sizes = [1024])]
fn sizes_without_size() {}

#[bitnet_bench(sizes = [1024], inputs = || vec![1.0])]
fn sizes_that_the_inputs_ignore(weights: &[f32]) {}

#[bitnet_bench(b = [1])]
fn the_bencher_as_an_axis(b: &mut Bencher) {}

fn main() {}
