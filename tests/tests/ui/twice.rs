#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench(samples = 10, tags = [fast], samples = 20)]
fn an_option() {}

#[bitnet_bench(bits = [2], bits = [4])]
fn an_axis(bits: u32) {}

#[bitnet_bench(types = [f32], T = [f64])]
fn a_type_parameter<T>() {}

#[bitnet_bench(sizes = [64, 128, 64])]
fn a_size(size: usize) {}

#[bitnet_bench(types = [f32, half::f16, half::f16])]
fn a_type<T>() {}

#[bitnet_bench(devices = [cpu, wgpu, "cpu"])]
fn a_device() {}

fn main() {}
