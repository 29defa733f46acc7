//! The examples of the attributes' documentation, word for word.

#![deny(warnings)]
#![allow(unreachable_pub, reason = "the examples are those of a crate of their own")]

use bitnet_bench::{Bencher, bitnet_bench, bitnet_bench_group};

fn random_weights(size: usize) -> Vec<f32> {
    random_values(size, 42).iter().map(|value| *value as f32 / u32::MAX as f32 - 0.5).collect()
}

fn random_values(size: usize, seed: u64) -> Vec<u32> {
    let next = |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    std::iter::successors(Some(seed), next).map(|state| (state >> 32) as u32).take(size).collect()
}

fn quantize_to(weights: &[f32], bits: f32) -> Vec<i8> {
    weights.iter().map(|weight| (weight * bits.exp2()) as i8).collect()
}

#[bitnet_bench]
fn popcount() -> u32 {
    (0..64_u64).map(|n| n.count_ones()).sum()
}

#[bitnet_bench(sizes = [[256, 256], [512, 1024]], bits = [1.58, 2.0], devices = [cpu])]
fn quantize(b: &mut Bencher, size: [usize; 2], bits: f32) {
    let weights = random_weights(size[0] * size[1]);
    b.bytes(weights.len() * 4).iter(|| quantize_to(&weights, bits));
}

#[bitnet_bench(
    sizes = [4096, 65536],
    inputs = random_weights,
    bytes = |size| size * 4,
    check = |out, inputs| out.len() == inputs.len()
)]
pub fn absmean_quantize(weights: &[f32]) -> Vec<i8> {
    let scale = weights.iter().map(|weight| weight.abs()).sum::<f32>() / weights.len() as f32;
    weights.iter().map(|weight| (weight / scale).round().clamp(-1.0, 1.0) as i8).collect()
}

#[bitnet_bench(
    types = [f32, f64],
    consts = [4, 8],
    sizes = [64, 256],
    sparsity = [0.5, 0.9],
    skip_if = |size, sparsity| size == 64 && sparsity > 0.5,
    items = |size| size * N,
    inputs = |size| vec![T::from(1_u8); size]
)]
fn sum_by_lanes<T: Copy + From<u8> + std::ops::AddAssign, const N: usize>(values: &[T], sparsity: f64) -> [T; N] {
    let mut lanes = [T::from(0); N];
    let kept = (values.len() as f64 * (1.0 - sparsity)) as usize;
    values[..kept].iter().enumerate().for_each(|(at, value)| lanes[at % N] += *value);
    lanes
}

#[bitnet_bench(sizes = [1000], inputs = |size, seed| (random_values(size, seed), size / 2), check = |out| *out > 0)]
fn select_nth(values: &mut [u32], n: usize) -> Result<u32, String> {
    if n >= values.len() {
        return Err(format!("there are only {} values", values.len()));
    }
    Ok(*values.select_nth_unstable(n).1)
}

#[bitnet_bench_group("kernels/ternary", tags = [kernel], samples = 50)]
mod ternary {
    use bitnet_bench::bitnet_bench;

    #[bitnet_bench(sizes = [64, 128], inputs = |size| vec![1_i8; size])]
    fn sum(weights: &[i8]) -> i32 {
        weights.iter().map(|weight| i32::from(*weight)).sum()
    }
}

#[test]
fn the_examples_stand_here() {
    let here = include_str!("manual.rs");
    let manuals = [
        include_str!("../../../../bitnet-bench-macros/src/manual/benchmark.md"),
        include_str!("../../../../bitnet-bench-macros/src/manual/group.md"),
    ];
    let examples = || manuals.iter().flat_map(|manual| manual.split("```").skip(1).step_by(2));
    assert!(examples().count() > 4);
    for example in examples() {
        let code = example.strip_prefix("rust,ignore\n").expect("an example is Rust");
        assert!(here.contains(code), "this example is not compiled:\n{code}");
    }
}
