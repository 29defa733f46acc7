//! What is counted of the blocks in use, by each thread for itself and by the heap for all.

use std::ops::Neg;

/// What a thread has counted since it last told the heap. A block may be released by another thread
/// than the one that asked for it, so each figure may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// Bytes asked for.
    pub(super) requested: isize,
    /// Bytes that they take.
    pub(super) allocated: isize,
    /// Number of blocks.
    pub(super) blocks: isize,
}

impl Tally {
    /// One block that was handed out.
    pub(super) fn of(size: usize, capacity: usize) -> Self {
        Self { requested: size as isize, allocated: capacity as isize, blocks: 1 }
    }

    /// Counts a block that was handed out, but for what it takes.
    #[inline]
    pub(super) fn allocate(&mut self, size: usize) {
        self.requested += size as isize;
        self.blocks += 1;
    }

    /// Counts a block that was taken back, but for what it took.
    #[inline]
    pub(super) fn release(&mut self, size: usize) {
        self.requested -= size as isize;
        self.blocks -= 1;
    }
}

impl Neg for Tally {
    type Output = Self;

    fn neg(self) -> Self {
        Self { requested: -self.requested, allocated: -self.allocated, blocks: -self.blocks }
    }
}

/// What all threads have told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    of: Tally,
    peak: isize,
}

impl Totals {
    /// Adds what a thread counted.
    pub(super) fn add(&mut self, tally: Tally) {
        self.of.requested += tally.requested;
        self.of.allocated += tally.allocated;
        self.of.blocks += tally.blocks;
        self.peak = self.peak.max(self.of.requested);
    }

    pub(super) fn requested(&self) -> usize {
        unsigned(self.of.requested)
    }

    pub(super) fn allocated(&self) -> usize {
        unsigned(self.of.allocated)
    }

    pub(super) fn blocks(&self) -> usize {
        unsigned(self.of.blocks)
    }

    /// The most that `requested` was when a thread told.
    pub(super) fn peak(&self) -> usize {
        unsigned(self.peak)
    }
}

/// A total may be below 0 for as long as the thread that allocated has not told.
fn unsigned(total: isize) -> usize {
    usize::try_from(total).unwrap_or(0)
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn a_block_may_be_released_elsewhere() {
        let (mut totals, mut one, mut other) = (Totals::default(), Tally::default(), Tally::default());
        one.allocate(10);
        other.release(10);
        totals.add(other);
        assert_eq!((totals.requested(), totals.blocks()), (0, 0));
        totals.add(one);
        assert_eq!((totals.requested(), totals.blocks(), totals.peak()), (0, 0, 0));
    }
}
