#![allow(unused_variables)]

use bitnet_bench::{bitnet_bench, bitnet_bench_group};

#[bitnet_bench]
struct Weights;

#[bitnet_bench]
impl Weights {
    fn pack(&self) {}
}

#[bitnet_bench]
trait Pack {
    fn pack(&self);
}

#[bitnet_bench]
const SIZE: usize = 64;

#[bitnet_bench(tags = [kernel])]
mod kernels {}

#[bitnet_bench_group("kernels")]
fn kernel() {}

#[bitnet_bench_group]
enum Kernel {}

impl Weights {
    #[bitnet_bench]
    fn unpack(&self) {}
}

trait Unpack {
    #[bitnet_bench]
    fn unpack();
}

fn main() {}
