//! Pools that have been in use for long.

use std::cell::RefCell;

use bitnet_bench::{Bencher, Direction, Failure};

use super::serve;
use crate::memory::gate::verify;
use crate::memory::trace::{AllocationPattern, Trace};
use crate::subject::{MemoryPool, PoolStatistics};

/// Blocks in use at once.
const LIVE: usize = 2_000;
/// Operations in an iteration.
const BATCH: usize = 1_000;
/// Sizes lie between these, each doubling as likely as any other.
const DOUBLINGS: std::ops::Range<f64> = 4.0..18.0;

/// Has the pool age, reports what that did to it, and times further operations.
pub(super) fn aged<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P, operations: usize) -> Result<(), Failure> {
    let seed = bencher.seed();
    verify(pool, &Trace::pattern(AllocationPattern::Mixed, &[16, 300, 5_000, 70_000], LIVE, seed))?;
    let mut churn = Churn::new(pool, seed);
    churn.run(operations);
    if let Some(figures) = pool.statistics() {
        figures.check().map_err(Failure::check)?;
        report(bencher, &figures);
    }
    let churn = RefCell::new(churn);
    bencher.items(BATCH).iter(|| churn.borrow_mut().run(BATCH));
    churn.into_inner().end();
    Ok(())
}

fn report(bencher: &mut Bencher<'_>, figures: &PoolStatistics) {
    let percent = |share: f64| 100.0 * share;
    bencher
        .metric("external", percent(figures.external_fragmentation()), "%", Direction::LowerIsBetter)
        .metric("internal", percent(figures.internal_fragmentation()), "%", Direction::LowerIsBetter)
        .metric("largest free", figures.largest_free as f64 / f64::from(1 << 20), "MiB", Direction::HigherIsBetter)
        .metric("utilization", percent(figures.utilization()), "%", Direction::HigherIsBetter);
}

/// Requests and releases at random, with [`LIVE`] blocks in use.
struct Churn<'a, P: MemoryPool> {
    pool: &'a P,
    random: fastrand::Rng,
    live: Vec<P::Block>,
}

impl<'a, P: MemoryPool> Churn<'a, P> {
    fn new(pool: &'a P, seed: u64) -> Self {
        let mut churn = Self { pool, random: fastrand::Rng::with_seed(seed), live: Vec::with_capacity(LIVE) };
        while churn.live.len() < LIVE {
            churn.allocate();
        }
        churn
    }

    /// Does that many operations, half of them requests.
    fn run(&mut self, operations: usize) {
        for _ in 0..operations / 2 {
            let block = self.live.swap_remove(self.random.usize(..self.live.len()));
            self.pool.deallocate(block);
            self.allocate();
        }
    }

    fn allocate(&mut self) {
        let doublings = DOUBLINGS.start + self.random.f64() * (DOUBLINGS.end - DOUBLINGS.start);
        self.live.push(serve(self.pool, doublings.exp2() as usize));
    }

    fn end(self) {
        self.live.into_iter().for_each(|block| self.pool.deallocate(block));
    }
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::pool::HybridPool;

    #[test]
    fn the_reference_ages_well() {
        const OPERATIONS: usize = if cfg!(debug_assertions) { 100_000 } else { 1_000_000 };
        for seed in 0..3 {
            let pool = HybridPool::new();
            let mut churn = Churn::new(&pool, seed);
            churn.run(OPERATIONS);
            let figures = pool.statistics().expect("the pool tracks");
            assert!(figures.external_fragmentation() < 0.05, "{figures:?} after {OPERATIONS} operations");
            assert!(figures.internal_fragmentation() < 0.02, "{figures:?} after {OPERATIONS} operations");
            churn.end();
            assert_eq!(pool.statistics().map(|figures| figures.blocks), Some(0));
        }
    }
}
