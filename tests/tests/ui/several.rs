//! All mistakes are reported at once.

#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench(samples = 0, name = "a b", time = [1], tags = [])]
fn in_options() {}

#[bitnet_bench(sizes = [64], bytes = |sizes| sizes, check = |out, bits| true, colour = [1])]
fn in_what_they_name(size: usize, bytes: u32) -> u32 {
    1
}

fn main() {}
