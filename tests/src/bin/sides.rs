//! A bench target that is the old or the new side of a comparison, by what a file `side` beside the executable says:
//! so copies of one executable have different cases, and the same ones go differently.

use std::hint::black_box;
use std::time::Duration;

use bitnet_bench::{Bencher, CountingAllocator, Direction, bitnet_bench};

bitnet_bench::main!();

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator::system();

/// Whether this is the new side.
fn is_new() -> bool {
    let executable = std::env::current_exe().unwrap_or_default();
    std::fs::read_to_string(executable.with_file_name("side")).is_ok_and(|side| side.trim() == "new")
}

fn parts() -> Vec<u32> {
    if is_new() { vec![2, 3] } else { vec![1, 2] }
}

/// Part 1 is the old side's only, part 3 the new one's.
#[bitnet_bench(part = parts())]
fn part(b: &mut Bencher, part: u32) {
    b.iter(|| black_box(part).pow(3));
}

/// Twice the allocations, a metric that is the better the larger it is, and the same time.
#[bitnet_bench]
fn metrics(b: &mut Bencher) {
    let (blocks, quality) = if is_new() { (2, 40.0) } else { (1, 20.0) };
    b.metric("SQNR", quality, "dB", Direction::HigherIsBetter);
    b.iter(|| {
        (0..blocks).for_each(|_| drop(black_box(Box::new(7_u64))));
        std::thread::sleep(Duration::from_micros(200));
    });
}

/// In two threads, each of which sleeps while the other side has its turn.
#[bitnet_bench(threads = [2])]
fn team(b: &mut Bencher) {
    b.iter(|| black_box(3_u64).pow(7));
}

#[bitnet_bench]
fn inputs(b: &mut Bencher) {
    b.with_inputs(|| (0..256_u32).rev().collect::<Vec<_>>()).iter_refs(|numbers| numbers.sort());
}

/// One iteration is longer than a turn should be.
#[bitnet_bench]
fn slow() {
    std::thread::sleep(Duration::from_millis(20));
}

#[bitnet_bench]
fn panics(b: &mut Bencher) {
    assert!(!is_new(), "only the new side panics");
    b.iter(|| black_box(1));
}

#[bitnet_bench]
fn aborts(b: &mut Bencher) {
    if !is_new() {
        std::process::abort();
    }
    b.iter(|| black_box(1));
}

/// Dies when it has taken turns already.
#[bitnet_bench]
fn dies_later(b: &mut Bencher) {
    let mut left = if is_new() { 100_000 } else { u64::MAX };
    b.iter(|| {
        left -= 1;
        assert!(left > 0, "it has had enough");
    });
}

#[bitnet_bench(timeout = "1s")]
fn hangs(b: &mut Bencher) {
    while is_new() {
        std::thread::sleep(Duration::from_secs(1));
    }
    b.iter(|| black_box(1));
}
