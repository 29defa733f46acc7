//! The framework under another name.

#![deny(warnings)]

use bitnet_bench as bb;

#[bb::bitnet_bench(
    crate = bb,
    sizes = [1],
    devices = vec!["cpu"],
    tags = ["a"],
    outliers = keep,
    bytes = |size| size,
    inputs = |size| vec![size],
    check = |out| *out > 0
)]
fn renamed(values: &[usize]) -> usize {
    values.len()
}

#[bb::bitnet_bench(crate = self::bb)]
async fn asynchronous() -> Result<(), String> {
    Ok(())
}

#[bb::bitnet_bench_group("kernels", crate = bb, cache = cold)]
mod kernels {
    use super::bb;

    #[bb::bitnet_bench(crate = super::bb)]
    fn below() {}
}
