//! Allocations of a subject: how many, how large, how much at once.
//!
//! A program cannot see its own allocations unless its global allocator counts them. So a bench
//! target that wants them makes [`CountingAllocator`] its global allocator, in one line. The
//! counting is off, and costs one load, except within a [`Region`], which lies in a pass of its own
//! and never around a timed sample.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU64, Ordering::Relaxed, Ordering::SeqCst};

use serde::{Deserialize, Serialize};

/// Why allocations are not known where [`CountingAllocator`] is not the global allocator.
pub(crate) const NOT_INSTALLED: &str = "allocations are not counted; to count them, add to the bench target: \
    `#[global_allocator] static ALLOCATOR: bitnet_bench::CountingAllocator = bitnet_bench::CountingAllocator::system();`";

/// A global allocator that counts what it serves, in all threads of the process, while the
/// allocations of a case are counted; at any other time it costs one load.
///
/// ```
/// #[global_allocator]
/// static ALLOCATOR: bitnet_bench::CountingAllocator = bitnet_bench::CountingAllocator::system();
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct CountingAllocator<A = System> {
    inner: A,
}

impl CountingAllocator {
    /// Counts in front of the system's allocator.
    pub const fn system() -> Self {
        Self::new(System)
    }
}

impl<A> CountingAllocator<A> {
    /// Counts in front of another allocator, such as mimalloc.
    pub const fn new(inner: A) -> Self {
        Self { inner }
    }
}

/// What the allocator does besides allocating.
static MODE: AtomicU8 = AtomicU8::new(OFF);
const OFF: u8 = 0;
/// It answers, by [`ANSWERED`], to the request for [`QUESTION`].
const ASKED: u8 = 1;
const COUNTING: u8 = 2;
/// It counts no longer, while the region still reads what was counted.
const READING: u8 = 3;

static ANSWERED: AtomicBool = AtomicBool::new(false);
/// A layout that nobody else asks for, by which a counting allocator is recognised.
const QUESTION: Layout = Layout::new::<[u16; 12_347]>();

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static REALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static FREES: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
/// Allocated less freed, since the region started; negative when older blocks are freed.
static LIVE: AtomicI64 = AtomicI64::new(0);
static PEAK: AtomicI64 = AtomicI64::new(0);

#[inline]
fn is_off() -> bool {
    MODE.load(Relaxed) == OFF
}

#[cold]
fn on_allocation(layout: Layout) {
    if MODE.load(Relaxed) == COUNTING {
        ALLOCATIONS.fetch_add(1, Relaxed);
        BYTES.fetch_add(layout.size() as u64, Relaxed);
        grow(layout.size() as i64);
    } else if layout == QUESTION && MODE.load(Relaxed) == ASKED {
        ANSWERED.store(true, Relaxed);
    }
}

#[cold]
fn on_reallocation(old: usize, new: usize) {
    if MODE.load(Relaxed) == COUNTING {
        REALLOCATIONS.fetch_add(1, Relaxed);
        BYTES.fetch_add(new.saturating_sub(old) as u64, Relaxed);
        grow(new as i64 - old as i64);
    }
}

#[cold]
fn on_free(layout: Layout) {
    if MODE.load(Relaxed) == COUNTING {
        FREES.fetch_add(1, Relaxed);
        LIVE.fetch_sub(layout.size() as i64, Relaxed);
    }
}

fn grow(bytes: i64) {
    let live = LIVE.fetch_add(bytes, Relaxed) + bytes;
    PEAK.fetch_max(live, Relaxed);
}

// SAFETY: every request is passed on unchanged to `inner`, which keeps the contract; counting
// neither allocates nor panics nor touches the block.
unsafe impl<A: GlobalAlloc> GlobalAlloc for CountingAllocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`, which is that of `inner`.
        let block = unsafe { self.inner.alloc(layout) };
        if !is_off() && !block.is_null() {
            on_allocation(layout);
        }
        block
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc_zeroed`, which is that of `inner`.
        let block = unsafe { self.inner.alloc_zeroed(layout) };
        if !is_off() && !block.is_null() {
            on_allocation(layout);
        }
        block
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `realloc`, which is that of `inner`.
        let moved = unsafe { self.inner.realloc(block, layout, new_size) };
        if !is_off() && !moved.is_null() {
            on_reallocation(layout.size(), new_size);
        }
        moved
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if !is_off() {
            on_free(layout);
        }
        // SAFETY: the caller keeps the contract of `dealloc`, which is that of `inner`.
        unsafe { self.inner.dealloc(block, layout) }
    }
}

/// What a process allocates, in all its threads, from [`Region::start`] to [`Region::stop`].
///
/// Threads that are to be counted whole are started and joined within the region.
#[derive(Debug)]
#[must_use = "a region that is not stopped tells nothing"]
pub(crate) struct Region(());

impl Region {
    /// Starts to count. `None` if the global allocator is no [`CountingAllocator`] (see
    /// [`NOT_INSTALLED`]), or if a region is open already.
    pub(crate) fn start() -> Option<Self> {
        Self::start_if_counting(|| {
            // SAFETY: the layout is not empty; the block is freed with the layout it came with.
            unsafe {
                let block = std::hint::black_box(std::alloc::alloc(QUESTION));
                if !block.is_null() {
                    std::alloc::dealloc(block, QUESTION);
                }
            }
        })
    }

    /// Starts to count if whoever serves the request for [`QUESTION`] counts.
    fn start_if_counting(request: impl FnOnce()) -> Option<Self> {
        MODE.compare_exchange(OFF, ASKED, SeqCst, SeqCst).ok()?;
        ANSWERED.store(false, SeqCst);
        request();
        if ANSWERED.load(SeqCst) {
            return Some(Self::open());
        }
        MODE.store(OFF, SeqCst);
        None
    }

    fn open() -> Self {
        for count in [&ALLOCATIONS, &REALLOCATIONS, &FREES, &BYTES] {
            count.store(0, SeqCst);
        }
        LIVE.store(0, SeqCst);
        PEAK.store(0, SeqCst);
        MODE.store(COUNTING, SeqCst);
        Self(())
    }

    /// Stops to count, and tells what was counted.
    pub(crate) fn stop(self) -> AllocationCounts {
        // Read before the region is dropped: after it, another thread may start the next one.
        MODE.store(READING, SeqCst);
        AllocationCounts {
            allocations: ALLOCATIONS.load(SeqCst),
            reallocations: REALLOCATIONS.load(SeqCst),
            frees: FREES.load(SeqCst),
            bytes: BYTES.load(SeqCst),
            peak_bytes: PEAK.load(SeqCst).unsigned_abs(),
            live_bytes: LIVE.load(SeqCst),
        }
    }
}

impl Drop for Region {
    /// Stops to count, so that a subject that panics leaves no counting behind.
    fn drop(&mut self) {
        MODE.store(OFF, SeqCst);
    }
}

/// What was allocated within a [`Region`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AllocationCounts {
    /// Blocks allocated.
    pub(crate) allocations: u64,
    /// Blocks grown or shrunk, whether or not they moved.
    pub(crate) reallocations: u64,
    /// Blocks freed.
    pub(crate) frees: u64,
    /// Bytes asked for: the sizes of blocks allocated, and by how much blocks grew.
    pub(crate) bytes: u64,
    /// The most bytes that were live at once, beyond those live at the start.
    pub(crate) peak_bytes: u64,
    /// Bytes live at the end less those live at the start.
    pub(crate) live_bytes: i64,
}

impl AllocationCounts {
    /// The counts of one iteration, of a region that held `iterations` of them.
    pub(crate) fn per_iteration(&self, iterations: u64) -> AllocationProfile {
        let each = |count: f64| count / iterations.max(1) as f64;
        AllocationProfile {
            allocations: each(self.allocations as f64),
            reallocations: each(self.reallocations as f64),
            frees: each(self.frees as f64),
            bytes: each(self.bytes as f64),
            peak_bytes: self.peak_bytes as f64,
            retained_bytes: each(self.live_bytes as f64),
        }
    }
}

/// Allocations of one iteration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AllocationProfile {
    /// Blocks allocated.
    pub allocations: f64,
    /// Blocks grown or shrunk.
    pub reallocations: f64,
    /// Blocks freed.
    pub frees: f64,
    /// Bytes asked for: the sizes of blocks allocated, and by how much blocks grew.
    pub bytes: f64,
    /// The most bytes that were live at once, beyond those before, while one iteration ran alone.
    pub peak_bytes: f64,
    /// Bytes that an iteration allocated and left allocated; negative if it freed older blocks.
    pub retained_bytes: f64,
}

#[cfg(test)]
mod tests;
