//! A bench target with a benchmark of 2⁶⁴ cases: one more than can be counted.

use bitnet_bench::{Bencher, bitnet_bench};

bitnet_bench::main!();

#[bitnet_bench(a = 0..65_536_u32, b = 0..65_536_u32, c = 0..65_536_u32, d = 0..65_536_u32)]
fn too_many(bencher: &mut Bencher, a: u32, b: u32, c: u32, d: u32) {
    bencher.iter(|| a ^ b ^ c ^ d);
}

#[bitnet_bench]
fn sound() {}
