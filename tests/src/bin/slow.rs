//! A bench target that takes its time, so that a run of it can be interrupted: one iteration of each
//! of its four cases sleeps for a millisecond.

use std::time::Duration;

use bitnet_bench::bitnet_bench;

bitnet_bench::main!();

#[bitnet_bench(part = [1, 2, 3, 4])]
fn sleep(part: u32) -> u32 {
    std::thread::sleep(Duration::from_millis(1));
    part
}
