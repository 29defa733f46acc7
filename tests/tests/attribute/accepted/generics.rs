//! Type parameters, const parameters, lifetimes and bounds.

#![deny(warnings)]

use std::fmt::Debug;

use bitnet_bench::{Bencher, bitnet_bench};

#[bitnet_bench(types = [u8, std::string::String], sizes = [1, 2])]
fn one_type<T: Clone + Default>(b: &mut Bencher, size: usize) {
    b.iter(|| vec![T::default(); size]);
}

#[bitnet_bench(consts = [1, 1 + 1, SIZE])]
fn one_const<const N: usize>() -> [u8; N] {
    [0; N]
}

const SIZE: usize = 4;

#[bitnet_bench(
    U = [u8, u16],
    FLAG = [true, false],
    T = [f32, [f32; 2]],
    sizes = [4],
    inputs = |size| vec![T::default(); size],
    bytes = |size| size * size_of::<T>(),
    skip_if = |size| FLAG && size_of::<U>() > size,
    check = |out| size_of_val(out) == size_of::<U>(),
)]
fn several<'a, T, U, const FLAG: bool>(values: &'a [T]) -> U
where
    T: Copy + Default + 'a,
    U: Default,
    &'a [T]: Debug,
{
    let _ = values;
    U::default()
}

#[bitnet_bench(inputs = || (vec![1], vec![2]))]
fn lifetimes<'long: 'short, 'short>(long: &'long [u8], short: &'short [u8]) -> &'short [u8] {
    if long.len() > short.len() { long } else { short }
}

#[bitnet_bench(words = [&["a"], &["b"]])]
fn a_generic_axis_type<'a>(words: &'a [&'static str; 1]) -> &'a str {
    words[0]
}
