#![allow(unused_variables)]

use bitnet_bench::{Device, bitnet_bench};

#[bitnet_bench(sizes = [64])]
fn an_axis_by_mutable_reference(size: &mut usize) {}

#[bitnet_bench]
fn a_device_by_mutable_reference(device: &mut Device) {}

#[bitnet_bench(sizes = [64], inputs = || vec![1.0])]
fn no_parameter_for_the_inputs(size: usize) {}


fn main() {}
