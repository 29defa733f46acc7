#![allow(unused_variables)]

use bitnet_bench::{bitnet_bench, bitnet_bench_group};

#[bitnet_bench(name = "two words")]
fn a_blank() {}

#[bitnet_bench(name = "kernels/add")]
fn a_slash() {}

#[bitnet_bench(name = "add[64]")]
fn a_bracket() {}

#[bitnet_bench(group = "on@cpu")]
fn an_at_sign() {}

#[bitnet_bench(name = "")]
fn nothing() {}

#[bitnet_bench_group("a=b")]
mod an_equals_sign {}

fn main() {}
