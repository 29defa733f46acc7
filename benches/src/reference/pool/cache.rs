//! What each thread keeps for itself: released blocks, by bin, for its next requests. Most requests
//! are served from here, without a lock.

use std::cell::RefCell;
use std::ptr::NonNull;
use std::sync::{Arc, Weak};

use super::bins::{BINS, Bin};
use super::shared::Shared;
use super::tally::Tally;
use crate::subject::Refusal;

/// Bytes that a thread keeps of one bin, at most; two blocks if that is more.
const MOST_OF_A_BIN: usize = 16 << 10;
/// Blocks that a thread keeps of one bin, at most.
const MOST_BLOCKS: usize = 64;
/// Bytes that a thread keeps, at most.
pub(super) const MOST: usize = 512 << 10;

/// Blocks that a thread keeps of each bin, at most.
const CAPACITIES: [usize; BINS] = {
    let mut capacities = [0; BINS];
    let mut bin = 0;
    while bin < BINS {
        let blocks = MOST_OF_A_BIN / super::bins::SIZES[bin] as usize;
        capacities[bin] = if blocks > MOST_BLOCKS { MOST_BLOCKS } else if blocks < 2 { 2 } else { blocks };
        bin += 1;
    }
    capacities
};

thread_local! {
    /// The thread's cache for each pool that it has used, the last used first.
    static CACHES: RefCell<Vec<Box<Cache>>> = const { RefCell::new(Vec::new()) };
}

/// A thread's cache for one pool.
pub(super) struct Cache {
    pool: u64,
    shared: Weak<Shared>,
    blocks: Vec<Vec<NonNull<u8>>>,
    /// Bytes in `blocks`.
    pub(super) kept: usize,
    /// What is not yet told to the heap.
    pub(super) tally: Tally,
}

/// Runs `work` with this thread's cache for the pool; `None` if there is none, because the thread ends.
#[inline]
pub(super) fn with<R>(shared: &Arc<Shared>, work: impl FnOnce(&mut Cache) -> R) -> Option<R> {
    let outcome = CACHES.try_with(|caches| {
        let mut caches = caches.borrow_mut();
        if caches.first().is_none_or(|cache| cache.pool != shared.id) {
            bring_to_front(&mut caches, shared);
        }
        caches.first_mut().map(|cache| work(cache))
    });
    outcome.ok().flatten()
}

/// Finds or makes the thread's cache for the pool, and forgets those of pools that are no more.
#[cold]
fn bring_to_front(caches: &mut Vec<Box<Cache>>, shared: &Arc<Shared>) {
    let at = caches.iter().position(|cache| cache.pool == shared.id).unwrap_or_else(|| {
        caches.retain(|cache| cache.shared.strong_count() > 0);
        caches.push(Box::new(Cache::new(shared)));
        caches.len() - 1
    });
    caches.swap(0, at);
}

impl Cache {
    fn new(shared: &Arc<Shared>) -> Self {
        Self {
            pool: shared.id,
            shared: Arc::downgrade(shared),
            blocks: vec![Vec::new(); BINS],
            kept: 0,
            tally: Tally::default(),
        }
    }

    /// A block of a bin.
    #[inline]
    pub(super) fn take(&mut self, shared: &Shared, bin: Bin) -> Result<NonNull<u8>, Refusal> {
        match self.blocks[bin.index()].pop() {
            Some(block) => {
                self.kept -= bin.size();
                Ok(block)
            }
            None => self.refill(shared, bin),
        }
    }

    /// Keeps a block of a bin.
    #[inline]
    pub(super) fn give(&mut self, shared: &Shared, bin: Bin, block: NonNull<u8>) {
        let blocks = &mut self.blocks[bin.index()];
        if blocks.len() >= CAPACITIES[bin.index()] || self.kept + bin.size() > MOST {
            return self.overflow(shared, bin, block);
        }
        blocks.push(block);
        self.kept += bin.size();
    }

    /// Takes half of what may be kept of a bin from the heap, and hands out one of them.
    #[cold]
    fn refill(&mut self, shared: &Shared, bin: Bin) -> Result<NonNull<u8>, Refusal> {
        let blocks = &mut self.blocks[bin.index()];
        let before = blocks.len();
        let mut heap = shared.heap();
        heap.publish(&mut self.tally);
        let taken = heap.take_blocks(bin, CAPACITIES[bin.index()] / 2, |block| blocks.push(block));
        if let Err(refusal) = taken {
            // What is kept of other bins may be what is missing.
            drop(heap);
            if self.kept == 0 {
                return Err(refusal);
            }
            self.flush(shared);
            return shared.heap().take_block(bin);
        }
        // The lowest is handed out first: memory is then used in the order of its addresses.
        blocks[before..].reverse();
        self.kept += (blocks.len() - before - 1) * bin.size();
        blocks.pop().ok_or_else(|| Refusal::new("the heap gave no block and no reason"))
    }

    /// Gives half of what is kept to the heap: of the bin if that is full, else of all.
    #[cold]
    fn overflow(&mut self, shared: &Shared, bin: Bin, block: NonNull<u8>) {
        let mut heap = shared.heap();
        heap.publish(&mut self.tally);
        heap.give_block(bin, block);
        let bins = if self.blocks[bin.index()].len() >= CAPACITIES[bin.index()] {
            bin.index()..bin.index() + 1
        } else {
            0..BINS
        };
        for bin in bins.map(Bin::at) {
            let blocks = &mut self.blocks[bin.index()];
            let half = blocks.len().div_ceil(2);
            self.kept -= half * bin.size();
            // The longest kept go first: the others are more likely in the processor's caches.
            blocks.drain(..half).for_each(|block| heap.give_block(bin, block));
        }
    }

    /// Gives everything to the heap.
    pub(super) fn flush(&mut self, shared: &Shared) {
        let mut heap = shared.heap();
        heap.publish(&mut self.tally);
        for (bin, blocks) in self.blocks.iter_mut().enumerate() {
            blocks.drain(..).for_each(|block| heap.give_block(Bin::at(bin), block));
        }
        self.kept = 0;
    }
}

impl Drop for Cache {
    /// The thread ends: others may have what it kept. If the pool is no more, neither are its blocks.
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            self.flush(&shared);
        }
    }
}
