#![allow(unused_variables)]

use bitnet_bench::bitnet_bench_group;

#[bitnet_bench_group(sizes = [64])]
mod a_benchmark_s_option {}

#[bitnet_bench_group(group = "kernels")]
mod a_group_in_a_group {}

#[bitnet_bench_group(tag = [kernel])]
mod a_typo {}

#[bitnet_bench_group(colour = "red")]
mod unknown {}

#[bitnet_bench_group("kernels", name = "kernels")]
mod named_twice {}

#[bitnet_bench_group(threads = [0], samples = "ten")]
mod wrong_literals {}

fn main() {}
