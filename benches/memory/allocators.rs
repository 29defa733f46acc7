//! Allocators as pools.

use std::alloc::{GlobalAlloc, Layout, System};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bitnet_benchmarks::subject::{MemoryPool, Refusal};
use talc::DefaultBinning;
use talc::source::GlobalAllocSource;

/// A block of the allocator `A`, with the layout that it wants back.
pub(crate) struct Block<A> {
    start: NonNull<u8>,
    layout: Layout,
    of: PhantomData<fn() -> A>,
}

// SAFETY: the handle is the only one to its memory, and memory of a thread-safe allocator is tied to no thread.
unsafe impl<A> Send for Block<A> {}

impl<A> Block<A> {
    fn new(start: Option<NonNull<u8>>, layout: Layout) -> Result<Self, Refusal> {
        let start = start.ok_or_else(|| Refusal::new(format!("there are no {} bytes", layout.size())))?;
        Ok(Self { start, layout, of: PhantomData })
    }

    #[inline]
    fn bytes(&mut self) -> &mut [MaybeUninit<u8>] {
        // SAFETY: the allocator gave as many bytes as the layout says to this handle alone, which is borrowed mutably
        // and is consumed when they are given back. Any bytes are `MaybeUninit`.
        unsafe { std::slice::from_raw_parts_mut(self.start.as_ptr().cast(), self.layout.size()) }
    }
}

#[inline]
fn layout(size: usize, align: usize) -> Result<Layout, Refusal> {
    // An allocator may be asked for one byte or more.
    Layout::from_size_align(size.max(1), align).map_err(Refusal::new)
}

/// An allocator that the process has but once, so that any handle to it takes its blocks back.
#[derive(Clone, Copy)]
pub(crate) struct Global<A: 'static> {
    name: &'static str,
    allocator: &'static A,
}

impl<A> Global<A> {
    /// The allocator under a name.
    pub(crate) fn new(name: &'static str, allocator: &'static A) -> Self {
        Self { name, allocator }
    }
}

impl<A: GlobalAlloc + Send + Sync> MemoryPool for Global<A> {
    type Block = Block<A>;

    fn name(&self) -> String {
        self.name.to_owned()
    }

    #[inline]
    fn allocate(&self, size: usize, align: usize) -> Result<Block<A>, Refusal> {
        let layout = layout(size, align)?;
        // SAFETY: the layout is not empty.
        Block::new(NonNull::new(unsafe { self.allocator.alloc(layout) }), layout)
    }

    #[inline]
    fn deallocate(&self, block: Block<A>) {
        // SAFETY: the block came from this allocator, of which there is one, with that layout, and is not used again.
        unsafe { self.allocator.dealloc(block.start.as_ptr(), block.layout) }
    }

    #[inline]
    fn bytes<'a>(&'a self, block: &'a mut Block<A>) -> &'a mut [MaybeUninit<u8>] {
        block.bytes()
    }

    fn fresh(&self) -> Self {
        Self { name: self.name, allocator: self.allocator }
    }
}

type Heap = talc::base::Talc<GlobalAllocSource<System>, DefaultBinning>;

/// talc, which takes its memory from the system's allocator, behind the standard library's lock.
pub(crate) struct Talc {
    heap: Mutex<Heap>,
    /// Unlike that of any other: a block must go back to where it came from.
    id: u64,
}

impl Talc {
    /// An empty heap.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let heap = Mutex::new(Heap::new(GlobalAllocSource::new(System)));
        Self { heap, id: NEXT.fetch_add(1, Ordering::Relaxed) }
    }

    fn heap(&self) -> MutexGuard<'_, Heap> {
        self.heap.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A block of a [`Talc`].
pub(crate) struct TalcBlock {
    block: Block<Heap>,
    heap: u64,
}

impl MemoryPool for Talc {
    type Block = TalcBlock;

    fn name(&self) -> String {
        "talc".to_owned()
    }

    #[inline]
    fn allocate(&self, size: usize, align: usize) -> Result<TalcBlock, Refusal> {
        let layout = layout(size, align)?;
        // SAFETY: the layout is not empty.
        let start = unsafe { self.heap().allocate(layout) };
        Ok(TalcBlock { block: Block::new(start, layout)?, heap: self.id })
    }

    #[inline]
    fn deallocate(&self, TalcBlock { block, heap }: TalcBlock) {
        assert_eq!(heap, self.id, "a block goes back to the heap that it came from");
        // SAFETY: the block came from this heap, with that layout, and is not used again.
        unsafe { self.heap().deallocate(block.start.as_ptr(), block.layout) }
    }

    #[inline]
    fn bytes<'a>(&'a self, block: &'a mut TalcBlock) -> &'a mut [MaybeUninit<u8>] {
        assert_eq!(block.heap, self.id, "a block lives as long as the heap that it came from");
        block.block.bytes()
    }

    fn fresh(&self) -> Self {
        Self::new()
    }
}
