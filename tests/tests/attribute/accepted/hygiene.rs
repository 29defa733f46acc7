//! Names of the user's that the expansion uses too, in a module without a prelude.

#![deny(warnings)]
#![no_implicit_prelude]
#![allow(
    non_camel_case_types,
    dead_code,
    clippy::too_many_arguments,
    reason = "every name that an expansion uses is taken, some only to be there"
)]

use ::bitnet_bench::bitnet_bench;

struct Entry;
struct Result;
struct Ok;
struct Clone;
struct Source;
mod core {}
mod registry {}
mod inventory {}

fn point() {}
fn make() {}
fn inputs() {}

#[bitnet_bench(
    point = [1],
    b = [2],
    d = [3],
    g = [4],
    make = [5],
    out = [6],
    b_ = [7],
    point_key = [8],
    definition = [9],
)]
fn axes(point: u8, b: u16, d: u32, g: u64, make: i8, out: i16, b_: i32, point_key: &i64, definition: usize) -> usize {
    let _ = (point, b, d, g, make, out, b_, point_key);
    definition
}

#[bitnet_bench(
    sizes = [1],
    point = [2],
    inputs = |size, point| (size, point),
    check = |d, size, inputs| *d == size && inputs.1 == 2,
    bytes = |point| point,
    skip_if = |point, size| point == size
)]
fn closures(make: &usize, inputs: &usize) -> usize {
    let _ = inputs;
    *make
}

#[bitnet_bench]
fn define() {}

#[bitnet_bench]
#[allow(non_snake_case, reason = "it takes the name of a type that an expansion uses")]
fn Definition() {}

#[bitnet_bench]
fn with_a_bencher(d: &mut ::bitnet_bench::Bencher<'_>) {
    d.iter(|| 1);
}

#[bitnet_bench(types = [u8, Option], N = [1, 2])]
fn generic<d: Default, const N: usize>() -> [d; N] {
    [const { d::NEW }; N]
}

trait Default {
    const NEW: Self;
}
impl Default for u8 {
    const NEW: Self = 0;
}
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
enum Option {
    None,
}
impl Default for Option {
    const NEW: Self = Self::None;
}
