#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench(samples = "ten")]
fn samples() {}

#[bitnet_bench(launches = -1)]
fn launches() {}

#[bitnet_bench(name = 3)]
fn name() {}

#[bitnet_bench(group = kernels)]
fn group() {}

#[bitnet_bench(tags = [3])]
fn tags() {}

#[bitnet_bench(sizes = ["a"])]
fn sizes(size: usize) {}

#[bitnet_bench(threads = [1.5])]
fn threads() {}

#[bitnet_bench(time = "5 parsecs")]
fn time() {}

#[bitnet_bench(precision = 1)]
fn precision() {}

#[bitnet_bench(confidence = 95.0)]
fn confidence() {}

#[bitnet_bench(outliers = remove)]
fn outliers() {}

#[bitnet_bench(cache = "cold")]
fn cache() {}

#[bitnet_bench(ignore = 7)]
fn ignore() {}

#[bitnet_bench(bytes = "1 kB")]
fn bytes() {}

#[bitnet_bench(skip_if = true)]
fn skip_if() {}

#[bitnet_bench(inputs = vec![1.0])]
fn inputs(weights: &[f32]) {}

#[bitnet_bench(crate = "bench")]
fn krate() {}

fn main() {}
