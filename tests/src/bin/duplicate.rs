//! A bench target in which two benchmarks have one id.

use bitnet_bench::bitnet_bench;

bitnet_bench::main!();

#[bitnet_bench(name = "same")]
fn first() {}

#[bitnet_bench(name = "same")]
fn second() {}
