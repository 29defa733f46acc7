//! Functions that are unsafe, of another ABI, or exported.

#![deny(warnings)]

use bitnet_bench::bitnet_bench;

/// # Safety
/// None needed.
#[bitnet_bench(sizes = [8], inputs = |size| vec![1_u8; size])]
unsafe fn first(bytes: &[u8]) -> u8 {
    // SAFETY: the inputs are not empty.
    unsafe { *bytes.get_unchecked(0) }
}

#[bitnet_bench(sizes = [8])]
extern "C" fn c_abi(size: usize) -> usize {
    size
}

#[bitnet_bench(value = [1])]
#[unsafe(no_mangle)]
unsafe extern "C" fn bitnet_bench_test_exported(value: i32) -> i32 {
    value
}

#[bitnet_bench]
async unsafe fn asynchronous() -> u8 {
    1
}
