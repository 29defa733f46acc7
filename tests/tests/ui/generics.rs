#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench]
fn no_types<T: Default>() -> T {
    T::default()
}

#[bitnet_bench]
fn no_consts<const N: usize>() {}

#[bitnet_bench(T = [f32])]
fn one_of_two<T, U>() {}

#[bitnet_bench(types = [f32])]
fn not_generic() {}

#[bitnet_bench(consts = [16])]
fn no_const_parameter<T>() {}

#[bitnet_bench(types = [f32])]
fn which_one<T, U>() {}

#[bitnet_bench(types = [f32], value = [1.0])]
fn an_axis_of_a_generic_type<T>(value: T) {}

#[bitnet_bench(inputs = || vec![1.0])]
fn impl_trait(values: impl IntoIterator<Item = f32>) {}

fn main() {}
