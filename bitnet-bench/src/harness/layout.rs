//! Where things lie in a worker's memory: in every launch elsewhere, by chance.
//!
//! A program is faster or slower by some per cent, and at times by a factor, for how its stack and its heap happen to
//! lie, which follows from as little as the length of a path in its environment (Mytkowicz et al., *Producing wrong data
//! without doing anything obviously wrong!*, ASPLOS 2009). Were it the same in all launches of a run, their
//! scatter would not show it, and the next run with another path would look like a change. What is drawn anew
//! in each launch is in the scatter (Curtsinger and Berger, *Stabilizer*, ASPLOS 2013).

use fastrand::Rng;

/// Its value is of a random length: what lies in the environment moves the stack.
pub(super) const VARIABLE: &str = "_BITNET_BENCH_LAYOUT";

/// A page: the system itself draws which one the stack starts in.
const PAGE: usize = 4096;
/// Blocks that are drawn, of which every second one stays.
const BLOCKS: usize = 512;
/// The sizes of blocks are 2⁴ to 2¹² bytes, evenly on the log scale: those that allocators keep lists for.
const LOG_SIZES: std::ops::Range<f64> = 4.0..12.0;

/// A value for the next worker.
pub(super) fn draw() -> String {
    "x".repeat(fastrand::usize(..PAGE))
}

/// Fills the heap with blocks of random sizes, and leaves every second one as a hole, in a random order: what a case
/// allocates lands in such a hole or behind them, at another distance from the rest in each launch.
pub(super) fn shuffle_heap() {
    let mut random = Rng::new();
    let mut blocks: Vec<Vec<u8>> = (0..BLOCKS).map(|_| Vec::with_capacity(size(&mut random))).collect();
    random.shuffle(&mut blocks);
    for block in blocks.into_iter().step_by(2) {
        // Never given back: the hole beside it would become one with it.
        std::mem::forget(block);
    }
}

fn size(random: &mut Rng) -> usize {
    let log = LOG_SIZES.start + random.f64() * (LOG_SIZES.end - LOG_SIZES.start);
    log.exp2() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_launch_draws_another_layout() {
        let lengths: BTreeSet<usize> = (0..50).map(|_| draw().len()).collect();
        assert!(lengths.len() > 25 && lengths.last() < Some(&PAGE), "{lengths:?}");
        let sizes: BTreeSet<usize> = (0..50).map(|_| size(&mut Rng::new())).collect();
        assert!(sizes.len() > 25 && sizes.first() >= Some(&16) && sizes.last() < Some(&4096), "{sizes:?}");
    }
}
