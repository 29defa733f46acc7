#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench("quantize")]
fn a_string_alone() {}

#[bitnet_bench(samples)]
fn an_option_alone() {}

#[bitnet_bench(samples: 10)]
fn a_colon() {}

#[bitnet_bench(tags("kernel"))]
fn parentheses() {}

#[bitnet_bench(samples =)]
fn nothing_behind_the_sign() {}

#[bitnet_bench(samples = 10 launches = 5)]
fn no_comma() {}

#[bitnet_bench(bits)]
fn a_parameter_alone(bits: u32) {}

fn main() {}
