//! What is run at a point, by group.

mod aging;
mod allocation;
mod latency;
mod pressure;
mod reclaim;
mod replay;

use std::sync::Arc;

use bitnet_bench::config::TrackingLevel;
use bitnet_bench::{Bencher, Failure};

use self::pressure::LIMIT;
use super::trace::Trace;
use crate::subject::MemoryPool;

/// What is measured of a pool.
#[derive(Clone, Debug)]
pub(super) enum Work {
    /// A request and its release.
    AllocateRelease { size: usize },
    /// The same, with every page written to between.
    AllocateTouchRelease { size: usize },
    /// Single requests.
    Latency { size: usize },
    /// A trace, in one thread.
    Replay(Trace),
    /// Requests in one thread, releases in another.
    HandOver { sizes: Vec<usize>, blocks: usize },
    /// A pool that has done that many operations.
    Aged { operations: usize },
    /// Requests until one is refused.
    FillToLimit,
    /// A request that is refused.
    Refuse,
    /// A request and its release, at a level of tracking.
    Tracked { level: TrackingLevel, size: usize },
    /// A trace, at a level of tracking.
    TrackedReplay { level: TrackingLevel, trace: Trace },
    /// Giving memory back to the system.
    Cleanup,
    /// Finding out what was not given back.
    FindLeaks,
}

/// Runs a case on a fresh pool like `pool`.
pub(super) fn run<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P, work: &Work) -> Result<(), Failure> {
    match work {
        Work::AllocateRelease { size } => allocation::allocate_release(bencher, &*shared(bencher, pool), *size),
        Work::AllocateTouchRelease { size } => allocation::allocate_touch_release(bencher, &pool.fresh(), *size),
        Work::Latency { size } => latency::latency(bencher, &pool.fresh(), *size),
        Work::Replay(trace) => replay::replay(bencher, &pool.fresh(), trace),
        Work::HandOver { sizes, blocks } => replay::hand_over(bencher, &pool.fresh(), sizes, *blocks),
        Work::Aged { operations } => aging::aged(bencher, &pool.fresh(), *operations),
        Work::FillToLimit => pressure::fill(bencher, &able(pool.with_limit(LIMIT))?),
        Work::Refuse => pressure::refuse(bencher, &able(pool.with_limit(LIMIT))?),
        Work::Tracked { level, size } => {
            allocation::allocate_release(bencher, &able(pool.with_tracking(*level))?, *size)
        }
        Work::TrackedReplay { level, trace } => replay::replay(bencher, &able(pool.with_tracking(*level))?, trace),
        Work::Cleanup => reclaim::cleanup(bencher, pool),
        Work::FindLeaks => reclaim::find_leaks(bencher, &pool.fresh()),
    }
}

/// A pool for all threads of the case.
fn shared<P: MemoryPool>(bencher: &Bencher<'_>, pool: &P) -> Arc<P> {
    match bencher.threads() {
        1 => Arc::new(pool.fresh()),
        threads => bencher.cached(format!("pool {} for {threads} threads", pool.name()), || pool.fresh()),
    }
}

fn able<P>(pool: Option<P>) -> Result<P, Failure> {
    pool.ok_or_else(|| Failure::skip("the pool does not offer this"))
}

/// A block from a pool that has passed the gate, and so refuses none.
#[inline]
fn serve<P: MemoryPool>(pool: &P, size: usize) -> P::Block {
    match pool.allocate(size, super::trace::ALIGN) {
        Ok(block) => block,
        Err(refusal) => panic!("{size} bytes were refused: {refusal}"),
    }
}

/// How many blocks of a size are in use at once where it is not the trace that says.
pub(super) fn some_of(size: usize, most: usize) -> usize {
    const BYTES: usize = 32 << 20;
    (BYTES / size).clamp(2, most)
}
