//! The reference memory pool.
//!
//! ```
//! use bitnet_benchmarks::reference::pool::HybridPool;
//! use bitnet_benchmarks::subject::MemoryPool;
//!
//! let pool = HybridPool::new();
//! let mut block = pool.allocate(2560, 64)?;
//! pool.bytes(&mut block).iter_mut().for_each(|byte| {
//!     byte.write(0);
//! });
//! pool.deallocate(block);
//! assert_eq!(pool.statistics().map(|pool| pool.blocks), Some(0));
//! # Ok::<(), bitnet_benchmarks::subject::Refusal>(())
//! ```
//!
//! Three layers serve a request, each for those that the one before cannot serve:
//!
//! 1. the thread's own cache, without a lock: released blocks of up to 64 KiB, by *bin*;
//! 2. the heap, behind one lock that a thread takes once for many blocks: *slabs* of slots up to 2 KiB, and
//!    *extents* of any size, joined with their free neighbours when they are released, the smallest that fits first
//!    (best fit; Johnstone and Wilson, *The Memory Fragmentation Problem: Solved?*, ISMM 1998);
//! 3. the system: *regions* of address space, a page of which takes memory when it is first written to, and until
//!    [`cleanup`](MemoryPool::cleanup) gives it back.
//!
//! Every size from 1 byte up is served; there is no gap between the layers. What a block says of itself travels in its
//! handle, so no byte of memory is spent on headers. There is no lock-free structure: what threads share lies behind
//! the heap's lock, and what is not shared needs none.

mod bins;
mod cache;
#[cfg(feature = "gpu")]
mod device;
mod extents;
mod heap;
mod live;
mod recent;
mod regions;
mod shared;
mod slabs;
mod tally;
#[cfg(test)]
mod validation;

use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::Arc;

use bitnet_bench::config::TrackingLevel;

use self::bins::{Bin, granules};
#[cfg(feature = "gpu")]
pub use self::device::{DeviceBlock, DevicePool};
use self::heap::Heap;
use self::live::Live;
pub use self::live::LiveBlock;
use self::shared::Shared;
use self::tally::Tally;
use crate::subject::{MemoryPool, PoolStatistics, Refusal};

/// A memory pool for blocks of all sizes, that any number of threads may use at once.
#[derive(Debug)]
pub struct HybridPool {
    shared: Arc<Shared>,
    limit: usize,
    level: TrackingLevel,
    live: Option<Live>,
}

/// A block of a [`HybridPool`]. It is no owner: dropped without being given back, it is a leak.
#[derive(Debug)]
pub struct HybridBlock {
    start: NonNull<u8>,
    size: usize,
    bin: Option<Bin>,
    pool: u32,
}

// SAFETY: the handle is the only one to its memory, which no thread is tied to.
unsafe impl Send for HybridBlock {}

impl HybridBlock {
    /// Bytes that were asked for.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Bytes that it takes.
    fn capacity(&self) -> usize {
        self.bin.map_or_else(|| granules(self.size), Bin::size)
    }
}

impl Default for HybridPool {
    fn default() -> Self {
        Self::new()
    }
}

impl HybridPool {
    /// An empty pool without a limit, with basic tracking.
    pub fn new() -> Self {
        Self::with(usize::MAX, TrackingLevel::Basic)
    }

    fn with(limit: usize, level: TrackingLevel) -> Self {
        let live = (level == TrackingLevel::Detailed).then(Live::default);
        Self { shared: Arc::new(Shared::new(limit)), limit, level, live }
    }

    /// As [`MemoryPool::allocate`], with a name for the block that [`live_blocks`](Self::live_blocks) shows.
    ///
    /// # Errors
    /// If the limit is reached, or the system's.
    #[inline]
    pub fn allocate_as(&self, label: &'static str, size: usize, align: usize) -> Result<HybridBlock, Refusal> {
        self.serve(size, align, Some(label))
    }

    /// The blocks in use, in the order in which they were asked for; `None` below detailed tracking. What is left when
    /// all work is done has leaked.
    pub fn live_blocks(&self) -> Option<Vec<LiveBlock>> {
        self.live.as_ref().map(Live::list)
    }

    #[inline]
    fn serve(&self, size: usize, align: usize, label: Option<&'static str>) -> Result<HybridBlock, Refusal> {
        if !align.is_power_of_two() {
            return Err(Refusal::new(format!("{align} is no alignment: it is not a power of two")));
        }
        let bin = Bin::of(size, align);
        let start = match bin {
            Some(bin) => self.serve_from_bin(size, bin)?,
            None => self.serve_large(size, align)?,
        };
        if let Some(live) = &self.live {
            live.allocate(start, size, align, label);
        }
        Ok(HybridBlock { start, size, bin, pool: self.shared.id })
    }

    #[inline]
    fn serve_from_bin(&self, size: usize, bin: Bin) -> Result<NonNull<u8>, Refusal> {
        let counts = self.counts();
        let served = cache::with(&self.shared, |cache| {
            let start = cache.take(&self.shared, bin)?;
            if counts {
                cache.tally.allocate(size);
            }
            Ok(start)
        });
        served.unwrap_or_else(|| self.at_heap(Tally::of(size, bin.size()), |heap| heap.take_block(bin)))
    }

    #[inline]
    fn take_back(&self, block: &HybridBlock, bin: Bin) {
        let kept = cache::with(&self.shared, |cache| {
            if self.counts() {
                cache.tally.release(block.size);
            }
            cache.give(&self.shared, bin, block.start);
        });
        if kept.is_none() {
            self.give_to_heap(block);
        }
    }

    fn give_to_heap(&self, block: &HybridBlock) {
        let given = self.at_heap(-Tally::of(block.size, block.capacity()), |heap| {
            match block.bin {
                Some(bin) => heap.give_block(bin, block.start),
                None => heap.give(block.start, block.capacity()),
            }
            Ok(())
        });
        debug_assert_eq!(given, Ok(()));
    }

    fn serve_large(&self, size: usize, align: usize) -> Result<NonNull<u8>, Refusal> {
        if size > isize::MAX as usize / 2 || align > isize::MAX as usize / 2 {
            return Err(Refusal::new(format!("{size} bytes aligned to {align} are more than there can be")));
        }
        let length = granules(size);
        let take = || self.at_heap(Tally::of(size, length), |heap| heap.take(length, align));
        take().or_else(|_| {
            // What this thread keeps may be what is missing.
            self.flush();
            take()
        })
    }

    /// Does what needs the heap, and counts the change if it succeeds.
    fn at_heap<R>(&self, change: Tally, work: impl FnOnce(&mut Heap) -> Result<R, Refusal>) -> Result<R, Refusal> {
        let mut heap = self.shared.heap();
        let done = work(&mut heap)?;
        if self.counts() {
            // First what this thread counted before, so that the peak is right.
            cache::with(&self.shared, |cache| cache.tell(&mut heap));
            heap.count(change);
        }
        Ok(done)
    }

    #[inline]
    fn counts(&self) -> bool {
        self.level != TrackingLevel::None
    }

    /// Gives what this thread keeps to the heap, with what it has counted.
    fn flush(&self) {
        cache::with(&self.shared, |cache| cache.flush(&self.shared));
    }

    /// # Panics
    /// If the block is another pool's.
    #[inline]
    fn own(&self, block: &HybridBlock) {
        assert_eq!(block.pool, self.shared.id, "a block is used with the pool that handed it out");
    }
}

impl MemoryPool for HybridPool {
    type Block = HybridBlock;

    fn name(&self) -> String {
        "hybrid".to_owned()
    }

    #[inline]
    fn allocate(&self, size: usize, align: usize) -> Result<HybridBlock, Refusal> {
        self.serve(size, align, None)
    }

    #[inline]
    fn deallocate(&self, block: HybridBlock) {
        self.own(&block);
        if let Some(live) = &self.live {
            live.release(block.start);
        }
        match block.bin {
            Some(bin) => self.take_back(&block, bin),
            None => self.give_to_heap(&block),
        }
    }

    #[inline]
    fn bytes<'a>(&'a self, block: &'a mut HybridBlock) -> &'a mut [MaybeUninit<u8>] {
        self.own(block);
        // SAFETY: the memory is the heap's, which lives as long as this pool and lies where it is until the block is
        // given back, for which the handle would be moved. No two handles are to the same memory, and this one is
        // borrowed mutably. Any bytes are `MaybeUninit`.
        unsafe { std::slice::from_raw_parts_mut(block.start.as_ptr().cast(), block.size) }
    }

    /// Exact but for what other threads have counted and not yet told: less than the blocks that they keep, and all is
    /// told when they end. `None` without tracking.
    fn statistics(&self) -> Option<PoolStatistics> {
        if !self.counts() {
            return None;
        }
        let mut heap = self.shared.heap();
        cache::with(&self.shared, |cache| cache.tell(&mut heap));
        Some(heap.statistics())
    }

    /// Gives back whole pages that no block uses, also what this thread keeps. What other threads keep stays theirs.
    fn cleanup(&self) -> usize {
        self.flush();
        self.shared.heap().clean()
    }

    fn fresh(&self) -> Self {
        Self::with(self.limit, self.level)
    }

    /// The limit holds for what the pool takes from the system, blocks that are free and not given back included.
    fn with_limit(&self, limit: usize) -> Option<Self> {
        Some(Self::with(limit, self.level))
    }

    fn with_tracking(&self, level: TrackingLevel) -> Option<Self> {
        Some(Self::with(self.limit, level))
    }
}
