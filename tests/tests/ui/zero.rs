#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench(samples = 0)]
fn samples() {}

#[bitnet_bench(launches = 0)]
fn launches() {}

#[bitnet_bench(iterations = 0)]
fn iterations() {}

#[bitnet_bench(threads = [1, 0])]
fn threads() {}

#[bitnet_bench(time = 0)]
fn time() {}

#[bitnet_bench(timeout = "0s")]
fn timeout() {}

#[bitnet_bench(precision = 0.0)]
fn precision() {}

fn main() {}
