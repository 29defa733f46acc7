#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench(sizes = [])]
fn an_empty_list(size: usize) {}

#[bitnet_bench(types = [])]
fn no_types<T>() {}

#[bitnet_bench(tags = [])]
fn no_tags() {}

#[bitnet_bench(sizes = 1024)]
fn a_number_for_a_list(size: usize) {}

#[bitnet_bench(bits = 1.58)]
fn a_number_for_a_parameter(bits: f32) {}

#[bitnet_bench(devices = cpu)]
fn a_word_for_a_list() {}

#[bitnet_bench(tags = "kernel")]
fn a_string_for_a_list() {}

#[bitnet_bench(types = f32)]
fn a_type_for_a_list<T>() {}

#[bitnet_bench(sizes = |n| n)]
fn a_closure_for_a_list(size: usize) {}

fn main() {}
