//! Lesson 6: threads. All threads of a case wait for each other, then run the subject at once.
//!
//! ```text
//! cargo bench -p bitnet-bench-examples --bench threads
//! ```

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use bitnet_bench::{Bencher, bitnet_bench};

/// Each thread runs the whole function, so what it makes is its own; `cached` gives all of them the
/// same value. Here every thread adds to one counter.
#[bitnet_bench(threads = [1, 2])]
fn atomic_counter(b: &mut Bencher) {
    let counter = b.cached("counter", || AtomicU64::new(0));
    b.items(1).iter(|| counter.fetch_add(1, Ordering::Relaxed));
}

/// The same with a lock.
#[bitnet_bench(threads = [1, 2])]
fn locked_counter(b: &mut Bencher) {
    let counter = b.cached("locked counter", || Mutex::new(0_u64));
    b.items(1).iter(|| counter.lock().map(|mut count| *count += 1).is_ok());
}

bitnet_bench::main!();
