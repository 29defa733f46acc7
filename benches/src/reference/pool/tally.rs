//! What is counted of the blocks in use, by each thread for itself and by the heap for all.

/// What a thread has counted since it last told the heap. A block may be released by another thread
/// than the one that asked for it, so each figure may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    requested: isize,
    allocated: isize,
    blocks: isize,
    /// The most that `requested` was.
    peak: isize,
}

impl Tally {
    /// Counts a block that was handed out.
    #[inline]
    pub(super) fn allocate(&mut self, size: usize, capacity: usize) {
        self.requested += size as isize;
        self.allocated += capacity as isize;
        self.blocks += 1;
        self.peak = self.peak.max(self.requested);
    }

    /// Counts a block that was taken back.
    #[inline]
    pub(super) fn release(&mut self, size: usize, capacity: usize) {
        self.requested -= size as isize;
        self.allocated -= capacity as isize;
        self.blocks -= 1;
    }
}

/// What all threads have told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    of: Tally,
}

impl Totals {
    /// Adds what a thread counted, which begins anew.
    pub(super) fn add(&mut self, tally: &mut Tally) {
        let Tally { requested, allocated, blocks, peak } = std::mem::take(tally);
        self.of.peak = self.of.peak.max(self.of.requested + peak);
        self.of.requested += requested;
        self.of.allocated += allocated;
        self.of.blocks += blocks;
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

    pub(super) fn peak(&self) -> usize {
        unsigned(self.of.peak)
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
    fn the_peak_within_a_thread_s_count_is_kept() {
        let (mut totals, mut tally) = (Totals::default(), Tally::default());
        tally.allocate(100, 112);
        totals.add(&mut tally);
        assert_eq!(tally, Tally::default());
        tally.allocate(50, 64);
        tally.release(100, 112);
        tally.release(50, 64);
        totals.add(&mut tally);
        assert_eq!((totals.requested(), totals.allocated(), totals.blocks(), totals.peak()), (0, 0, 0, 150));
    }

    #[test]
    fn a_block_may_be_released_elsewhere() {
        let (mut totals, mut one, mut other) = (Totals::default(), Tally::default(), Tally::default());
        one.allocate(10, 16);
        other.release(10, 16);
        totals.add(&mut other);
        assert_eq!(totals.requested(), 0);
        totals.add(&mut one);
        assert_eq!((totals.requested(), totals.blocks()), (0, 0));
    }
}
