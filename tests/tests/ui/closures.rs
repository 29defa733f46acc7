#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench(sizes = [64], bits = [2], bytes = |sise| sise * 4)]
fn a_typo(size: usize, bits: u32) {}

#[bitnet_bench(sizes = [64], bits = [2], bytes = |rows| rows * 4)]
fn no_such_axis(size: usize, bits: u32) {}

#[bitnet_bench(items = |size| size)]
fn no_axes_at_all() {}

#[bitnet_bench(sizes = [[64, 64]], items = |[rows, columns]| rows * columns)]
fn a_pattern(size: [usize; 2]) {}

#[bitnet_bench(types = [f32], bytes = |T| 4)]
fn a_type_as_a_parameter<T>() {}

#[bitnet_bench(devices = [cpu], skip_if = |device| true)]
fn the_device_of_a_point() {}

#[bitnet_bench(inputs = |size| vec![1.0; size])]
fn inputs_of_a_missing_axis(weights: &[f32]) {}

#[bitnet_bench(inputs = async || vec![1.0])]
fn inputs_that_wait(weights: &[f32]) {}

fn main() {}
