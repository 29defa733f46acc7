//! Exact counts of known programs. The programs ask an allocator that nobody else uses, so that
//! other tests in this process are not counted.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::*;

static ALLOCATOR: CountingAllocator = CountingAllocator::system();

/// Takes turns: while a test holds its turn, no other asks [`ALLOCATOR`].
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A block of memory from [`ALLOCATOR`].
struct Block {
    start: *mut u8,
    layout: Layout,
}

// SAFETY: the block belongs to its owner alone.
unsafe impl Send for Block {}

impl Block {
    fn new(size: usize) -> Self {
        Self::with(Layout::from_size_align(size, 8).unwrap())
    }

    fn with(layout: Layout) -> Self {
        // SAFETY: the layout is not empty: no test asks for no bytes.
        let start = unsafe { ALLOCATOR.alloc(layout) };
        assert!(!start.is_null());
        Self { start, layout }
    }

    fn zeroed(size: usize) -> Self {
        let layout = Layout::from_size_align(size, 8).unwrap();
        // SAFETY: the layout is not empty: no test asks for no bytes.
        let start = unsafe { ALLOCATOR.alloc_zeroed(layout) };
        // SAFETY: the block has `size` bytes, which are set.
        assert!(unsafe { std::slice::from_raw_parts(start, size) }.iter().all(|&byte| byte == 0));
        Self { start, layout }
    }

    fn resized(mut self, size: usize) -> Self {
        // SAFETY: the block came from this allocator with this layout, and the new size is not 0.
        self.start = unsafe { ALLOCATOR.realloc(self.start, self.layout, size) };
        assert!(!self.start.is_null());
        self.layout = Layout::from_size_align(size, 8).unwrap();
        self
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        // SAFETY: the block came from this allocator with this layout.
        unsafe { ALLOCATOR.dealloc(self.start, self.layout) }
    }
}

/// Asks as [`Region::start`] does, but this allocator instead of the global one.
fn started() -> Option<Region> {
    Region::start_if_counting(|| drop(Block::with(QUESTION)))
}

fn counted<R>(program: impl FnOnce() -> R) -> (AllocationCounts, R) {
    // Tests of other files start regions too: for a moment, until they find that nobody counts.
    let region = loop {
        match started() {
            Some(region) => break region,
            None => std::thread::yield_now(),
        }
    };
    let result = program();
    (region.stop(), result)
}

#[test]
fn nothing() {
    let _turn = turn();
    assert_eq!(counted(|| ()).0, AllocationCounts::default());
}

#[test]
fn one_block_freed_and_one_kept() {
    let _turn = turn();
    let (counts, _kept) = counted(|| {
        drop(Block::new(100));
        Block::new(30)
    });
    let expected =
        AllocationCounts { allocations: 2, frees: 1, bytes: 130, peak_bytes: 100, live_bytes: 30, reallocations: 0 };
    assert_eq!(counts, expected);
}

#[test]
fn many_blocks_at_once_and_in_turn() {
    let _turn = turn();
    let at_once = counted(|| drop((0..1000).map(|_| Block::new(8)).collect::<Vec<_>>())).0;
    assert_eq!((at_once.allocations, at_once.frees, at_once.peak_bytes), (1000, 1000, 8000));
    let in_turn = counted(|| (0..1000).for_each(|_| drop(Block::new(8)))).0;
    assert_eq!((in_turn.allocations, in_turn.bytes, in_turn.peak_bytes, in_turn.live_bytes), (1000, 8000, 8, 0));
}

#[test]
fn growing_and_shrinking() {
    let _turn = turn();
    let (counts, _kept) = counted(|| Block::new(100).resized(1000).resized(10));
    assert_eq!((counts.allocations, counts.reallocations, counts.frees), (1, 2, 0));
    assert_eq!((counts.bytes, counts.peak_bytes, counts.live_bytes), (1000, 1000, 10));
}

#[test]
fn zeroed_blocks_are_allocations() {
    let _turn = turn();
    let counts = counted(|| drop(Block::zeroed(4096))).0;
    assert_eq!((counts.allocations, counts.frees, counts.bytes), (1, 1, 4096));
}

#[test]
fn blocks_from_before_are_freed_below_zero() {
    let _turn = turn();
    let old = Block::new(500);
    let counts = counted(|| drop(old)).0;
    assert_eq!((counts.frees, counts.live_bytes, counts.peak_bytes), (1, -500, 0));
    assert_eq!(counts.per_iteration(10).retained_bytes, -50.0);
}

#[test]
fn all_threads_are_counted() {
    let _turn = turn();
    let counts = counted(|| {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..10_000).for_each(|_| drop(Block::new(16).resized(32))));
            }
        });
    })
    .0;
    assert_eq!((counts.allocations, counts.reallocations, counts.frees), (40_000, 40_000, 40_000));
    assert_eq!((counts.bytes, counts.live_bytes), (40_000 * 32, 0));
    assert!((32..=4 * 32).contains(&counts.peak_bytes));
}

#[test]
fn a_region_that_panics_counts_no_longer() {
    let _turn = turn();
    let result = std::panic::catch_unwind(|| counted(|| std::panic::resume_unwind(Box::new("subject"))));
    assert!(result.is_err());
    let before = counted(|| drop(Block::new(1))).0;
    drop(Block::new(1));
    assert_eq!(before.allocations, 1);
}

#[test]
fn only_an_allocator_that_counts_starts_a_region() {
    let _turn = turn();
    assert!(Region::start_if_counting(|| ()).is_none(), "nobody was asked");
    assert!(Region::start_if_counting(|| drop(Block::new(100))).is_none(), "it was not the question");
    let counts = counted(|| {
        assert!(started().is_none(), "one is open already");
        drop(Block::new(100));
    });
    assert_eq!(counts.0.allocations, 1, "the question is not counted");
    assert!(NOT_INSTALLED.contains("#[global_allocator]"));
}

#[test]
fn per_iteration() {
    let counts =
        AllocationCounts { allocations: 10, reallocations: 5, frees: 5, bytes: 80, peak_bytes: 64, live_bytes: 40 };
    let profile = counts.per_iteration(5);
    assert_eq!((profile.allocations, profile.reallocations, profile.frees), (2.0, 1.0, 1.0));
    assert_eq!((profile.bytes, profile.peak_bytes, profile.retained_bytes), (16.0, 64.0, 8.0));
    assert_eq!(counts.per_iteration(0).bytes, 80.0, "no iterations are taken for one");
}
