//! Memory that goes back all at once, later, or not at all: arenas, epochs, and the list of what leaked.

use std::alloc::Layout;
use std::cell::RefCell;

use bitnet_bench::config::TrackingLevel;
use bitnet_bench::{Bencher, Direction, Failure, bitnet_bench, bitnet_bench_group};
use bitnet_benchmarks::memory::trace::{ALIGN, Step, Trace};
use bitnet_benchmarks::reference::pool::HybridPool;
use bitnet_benchmarks::reference::shapes::BITNET_2B_4T;
use bitnet_benchmarks::subject::MemoryPool;

/// Whoever asks for the buffers of a forward pass knows when all of them are done with.
#[bitnet_bench_group(
    name = "reclaim",
    tags = [memory],
    launches = 5,
    time = "40ms",
    warmup = "20ms",
    precision = 0.03
)]
mod reclaim {
    use super::*;

    /// The buffers of a forward pass from an arena, which forgets them all at once. No buffer can have the memory of one
    /// that is done with, so the arena holds many times what is in use at once: see its utilization.
    #[bitnet_bench(prompt = [1, 128])]
    fn arena_reset(b: &mut Bencher, prompt: usize) {
        let trace = Trace::forward_pass(&BITNET_2B_4T, prompt);
        let layouts: Vec<Layout> = sizes(&trace)
            .map(|size| Layout::from_size_align(size, ALIGN).expect("a buffer is no larger than memory"))
            .collect();
        let arena = RefCell::new(bumpalo::Bump::new());
        let pass = || {
            let mut arena = arena.borrow_mut();
            let last = layouts.iter().fold(None, |_, &layout| Some(arena.alloc_layout(layout).addr().get()));
            arena.reset();
            last
        };
        pass();
        let held = arena.borrow().allocated_bytes();
        let share = 100.0 * trace.peak() as f64 / held as f64;
        b.metric("utilization", share, "%", Direction::HigherIsBetter);
        b.items(layouts.len()).iter_checked(pass, |last| last.is_some_and(|address| address % ALIGN == 0));
    }

    /// Blocks that other threads may still read go back once none can: what it takes to defer a release, with its share
    /// of the work that is done later. A reader that never pauses would keep all of them.
    #[bitnet_bench(sizes = [64, 4096])]
    fn epoch_deferred(b: &mut Bencher, size: usize) {
        b.items(1).iter(|| {
            let block = crossbeam_epoch::Owned::new(vec![0_u8; size]);
            let guard = crossbeam_epoch::pin();
            guard.defer(move || drop(block));
        });
    }

    /// Listing what leaked, of 10,000 requests with detailed tracking.
    #[bitnet_bench]
    fn list_leaks(b: &mut Bencher) -> Result<(), Failure> {
        let pool = HybridPool::new().with_tracking(TrackingLevel::Detailed);
        let pool = pool.ok_or_else(|| Failure::error("the reference tracks"))?;
        let mut kept = Vec::new();
        for number in 0..10_000_usize {
            let block = pool.allocate_as("leak", 64 + number, ALIGN).map_err(Failure::skip)?;
            if number % 100 == 0 { kept.push(block) } else { pool.deallocate(block) }
        }
        let is_right = |list: &Option<Vec<_>>| list.as_ref().is_some_and(|list| list.len() == kept.len());
        b.items(kept.len()).iter_checked(|| pool.live_blocks(), is_right);
        Ok(())
    }

    fn sizes(trace: &Trace) -> impl Iterator<Item = usize> {
        trace.steps().iter().filter_map(|step| match *step {
            Step::Allocate { size, .. } => Some(size),
            Step::Release { .. } => None,
        })
    }
}
