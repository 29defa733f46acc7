#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench(check = || true)]
fn without_the_result() -> u32 {
    1
}

#[bitnet_bench(sizes = [64], check = |size| size > 1)]
fn the_axis_for_the_result(size: usize) -> usize {
    size
}

#[bitnet_bench(check = |out| true)]
fn nothing_to_check() {}

#[bitnet_bench(check = |out, inputs| out == inputs)]
fn no_inputs() -> u32 {
    1
}

#[bitnet_bench(inputs = || vec![1], check = |out, inputs| out == inputs)]
fn inputs_that_are_gone(v: Vec<u32>) -> Vec<u32> {
    v
}

#[bitnet_bench(inputs = || vec![1], check = |out| out.is_some())]
fn a_result_that_borrows(v: &mut [u32]) -> Option<&mut u32> {
    v.first_mut()
}

#[bitnet_bench(check = true)]
fn a_literal() -> u32 {
    1
}

fn main() {}
