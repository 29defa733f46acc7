//! What only the compiler can know is reported where the user wrote it.

#![allow(unused_variables)]

use bitnet_bench::{Bencher, bitnet_bench};

#[bitnet_bench(bits = [1.58, "two"])]
fn an_element(b: &mut Bencher, bits: f32) {
    b.iter(|| bits);
}

#[bitnet_bench(bits = [1.58, 2])]
fn an_integer_for_a_float(b: &mut Bencher, bits: f32) {
    b.iter(|| bits);
}

const NAMES: &[&str] = &["a", "b"];
const HALVES: [f32; 1] = [0.5];

#[bitnet_bench(bits = NAMES)]
fn a_const_list(b: &mut Bencher, bits: u32) {
    b.iter(|| bits);
}

#[bitnet_bench(sizes = [[64, 64]])]
fn the_rank_of_a_size(size: usize) {}

#[bitnet_bench(sizes = HALVES)]
fn a_size_that_is_none(size: f32) {}

fn main() {}
