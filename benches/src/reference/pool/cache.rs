//! What each thread keeps for itself: released blocks, by bin, for its next requests. Most requests
//! are served from here, without a lock.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::sync::{Arc, Weak};

use super::bins::{BINS, Bin};
use super::heap::Heap;
use super::shared::Shared;
use super::tally::Tally;
use crate::subject::Refusal;

/// Bytes that a thread keeps of one bin, at most; two blocks if that is more.
const MOST_OF_A_BIN: usize = 16 << 10;
/// Blocks that a thread keeps of one bin, at most.
const MOST_BLOCKS: usize = 64;
/// Bytes that a thread keeps, at most.
pub(super) const MOST: usize = 256 << 10;

/// Blocks that a thread keeps of each bin, at most.
const CAPACITIES: [usize; BINS] = {
    let mut capacities = [0; BINS];
    let mut bin = 0;
    while bin < BINS {
        let blocks = MOST_OF_A_BIN / super::bins::SIZES[bin] as usize;
        capacities[bin] = if blocks > MOST_BLOCKS {
            MOST_BLOCKS
        } else if blocks < 2 {
            2
        } else {
            blocks
        };
        bin += 1;
    }
    capacities
};

thread_local! {
    /// The thread's cache for the pool that it used last.
    static FRONT: Cell<Option<Box<Cache>>> = const { Cell::new(None) };
    /// Its caches for other pools.
    #[allow(clippy::vec_box, reason = "a cache comes and goes as the pointer that it is in `FRONT`")]
    static OTHERS: RefCell<Vec<Box<Cache>>> = const { RefCell::new(Vec::new()) };
}

/// A thread's cache for one pool.
pub(super) struct Cache {
    pool: u32,
    shared: Weak<Shared>,
    blocks: [Vec<NonNull<u8>>; BINS],
    /// Bytes in `blocks`.
    pub(super) kept: usize,
    /// What `kept` was when the heap was last told. What is no longer kept is in use.
    told: usize,
    /// What was counted since, but for what the blocks take.
    pub(super) tally: Tally,
}

/// Runs `work` with this thread's cache for the pool; `None` if there is none, because the thread ends.
#[inline]
pub(super) fn with<R>(shared: &Arc<Shared>, work: impl FnOnce(&mut Cache) -> R) -> Option<R> {
    let outcome = FRONT.try_with(|front| {
        // Taken out and put back: cheaper than a `RefCell`, whose flag each use would wait for.
        let mut cache = match front.take() {
            Some(cache) if cache.pool == shared.id => cache,
            other => change(other, shared),
        };
        let outcome = work(&mut cache);
        front.set(Some(cache));
        outcome
    });
    outcome.ok()
}

/// Puts one cache aside, and finds or makes that for the pool.
#[cold]
fn change(front: Option<Box<Cache>>, shared: &Arc<Shared>) -> Box<Cache> {
    let found = OTHERS.try_with(|others| {
        let mut others = others.borrow_mut();
        // Those of pools that are no more hold nothing.
        others.extend(front);
        others.retain(|cache| cache.shared.strong_count() > 0);
        let at = others.iter().position(|cache| cache.pool == shared.id)?;
        Some(others.swap_remove(at))
    });
    found.ok().flatten().unwrap_or_else(|| Box::new(Cache::new(shared)))
}

impl Cache {
    fn new(shared: &Arc<Shared>) -> Self {
        Self {
            pool: shared.id,
            shared: Arc::downgrade(shared),
            blocks: [const { Vec::new() }; BINS],
            kept: 0,
            told: 0,
            tally: Tally::default(),
        }
    }

    /// Tells the heap what was counted.
    pub(super) fn tell(&mut self, heap: &mut Heap) {
        self.tally.allocated += self.told as isize - self.kept as isize;
        self.told = self.kept;
        heap.count(std::mem::take(&mut self.tally));
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

    /// Takes half of what may be kept of a bin, which is empty, from the heap, and hands out one of them.
    #[cold]
    fn refill(&mut self, shared: &Shared, bin: Bin) -> Result<NonNull<u8>, Refusal> {
        let mut heap = shared.heap();
        self.tell(&mut heap);
        let blocks = &mut self.blocks[bin.index()];
        if let Err(refusal) = heap.take_blocks(bin, CAPACITIES[bin.index()] / 2, |block| blocks.push(block)) {
            drop(heap);
            return self.refill_with_all(shared, bin, refusal);
        }
        // The lowest is handed out first: memory is then used in the order of its addresses.
        blocks.reverse();
        let taken = blocks.len() * bin.size();
        self.told += taken;
        self.kept += taken - bin.size();
        blocks.pop().ok_or(Refusal::new("the heap gave no block and no reason"))
    }

    /// When the heap has no block: what is kept of other bins may be what is missing.
    fn refill_with_all(&mut self, shared: &Shared, bin: Bin, refusal: Refusal) -> Result<NonNull<u8>, Refusal> {
        if self.kept == 0 {
            return Err(refusal);
        }
        self.flush(shared);
        let block = shared.heap().take_block(bin)?;
        self.tally.allocated += bin.size() as isize;
        Ok(block)
    }

    /// Gives a block to the heap, and half of what is kept: of its bin if that is full, else of all.
    #[cold]
    fn overflow(&mut self, shared: &Shared, bin: Bin, block: NonNull<u8>) {
        let mut heap = shared.heap();
        self.tell(&mut heap);
        heap.give_block(bin, block);
        self.tally.allocated -= bin.size() as isize;
        let is_full = self.blocks[bin.index()].len() >= CAPACITIES[bin.index()];
        let bins = if is_full { bin.index()..bin.index() + 1 } else { 0..BINS };
        for bin in bins.map(Bin::at) {
            let blocks = &mut self.blocks[bin.index()];
            let half = blocks.len().div_ceil(2);
            // The longest kept go first: the others are more likely in the processor's caches.
            blocks.drain(..half).for_each(|block| heap.give_block(bin, block));
            self.kept -= half * bin.size();
        }
        self.told = self.kept;
    }

    /// Gives everything to the heap.
    pub(super) fn flush(&mut self, shared: &Shared) {
        let mut heap = shared.heap();
        self.tell(&mut heap);
        for (bin, blocks) in self.blocks.iter_mut().enumerate() {
            blocks.drain(..).for_each(|block| heap.give_block(Bin::at(bin), block));
        }
        (self.kept, self.told) = (0, 0);
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
