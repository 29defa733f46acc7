//! What only the compiler can know is reported where the user wrote it.

#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

const TEN: &str = "ten";

#[bitnet_bench(check = |out| *out)]
fn a_check() -> u32 {
    1
}

#[bitnet_bench(bytes = TEN)]
fn an_amount() {}

#[bitnet_bench(sizes = [64], skip_if = |size| size)]
fn a_condition(size: usize) {}

#[bitnet_bench(inputs = || vec![1_u8])]
fn inputs(weights: &[f32]) {}

#[bitnet_bench(inputs = || vec![1.0_f32])]
fn too_few_inputs(weights: &[f32], bias: &[f32]) {}

fn main() {}
