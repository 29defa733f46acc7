#![allow(unused_variables)]

use bitnet_bench::bitnet_bench;

#[bitnet_bench(executor = my_runtime::block_on)]
fn not_async() {}

#[bitnet_bench(executor = || 1)]
async fn no_future() {}

#[bitnet_bench(executor = "tokio")]
async fn a_string() {}

fn main() {}
