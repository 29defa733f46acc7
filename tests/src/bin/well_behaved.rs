//! A bench target of which every benchmark is sound: each kind of function, each kind of axis, and
//! what a case can carry besides its time.

use std::convert::Infallible;
use std::hint::black_box;

use bitnet_bench::{Bencher, CountingAllocator, Direction, bitnet_bench, bitnet_bench_group};

bitnet_bench::main!();

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator::system();

/// The whole body is timed.
#[bitnet_bench]
fn body() -> u32 {
    black_box(0xdead_beef_u32).count_ones()
}

/// The axes of a kernel, on a device that is there and on one that no machine has.
#[bitnet_bench_group(tags = [kernel])]
mod kernels {
    use super::*;

    #[bitnet_bench(
        sizes = [[8, 64], [64, 64]],
        bits = [1.58, 2.0],
        devices = [cpu, npu],
        skip_if = |size, bits| size[0] == 64 && bits == 2.0,
        items = |size| size[0] * size[1]
    )]
    fn gemv(b: &mut Bencher, size: [usize; 2], bits: f32) {
        let weights = vec![bits; size[0] * size[1]];
        b.iter(|| weights.iter().sum::<f32>());
    }

    /// A production function: inputs, a check, an amount.
    #[bitnet_bench(
        tags = [pack],
        sizes = [64, 640],
        inputs = |size| vec![1_i8; size],
        bytes = |size| size,
        check = |out| *out > 0
    )]
    fn pack(weights: &[i8]) -> i64 {
        weights.iter().map(|&weight| i64::from(weight)).sum()
    }
}

#[bitnet_bench]
async fn future() -> u32 {
    black_box(7)
}

#[bitnet_bench]
fn fallible() -> Result<u32, Infallible> {
    Ok(black_box(7))
}

#[bitnet_bench(types = [u8, u64], consts = [4])]
fn generic<T: Default + Copy, const N: usize>() -> [T; N] {
    black_box([T::default(); N])
}

/// All threads run at once.
#[bitnet_bench(threads = [1, 2])]
fn team(b: &mut Bencher) {
    b.iter(|| black_box(3_u64).pow(7));
}

/// One allocation of 64 bytes in each iteration.
#[bitnet_bench]
fn allocates(b: &mut Bencher) {
    b.iter(|| vec![1_u8; black_box(64)]);
}

#[bitnet_bench]
fn metrics(b: &mut Bencher) {
    b.metric("SQNR", 6.5, "dB", Direction::HigherIsBetter);
    b.metric("bits/weight", 1.58, "bit", Direction::LowerIsBetter);
    b.tokens(3).iter(|| black_box(1_u32));
}

/// Settings of its own.
#[bitnet_bench(confidence = 0.9, samples = 7)]
fn own_settings() -> u32 {
    black_box(1)
}

#[bitnet_bench(ignore = "takes a week", tags = [pack])]
fn ignored() -> u32 {
    black_box(1)
}
