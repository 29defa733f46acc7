//! What the threads that use a pool share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::heap::Heap;

/// What the threads that use a pool share.
#[derive(Debug)]
pub(super) struct Shared {
    /// Unlike that of any other pool of the process.
    pub(super) id: u64,
    heap: Mutex<Heap>,
}

impl Shared {
    /// An empty heap that holds at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { id: NEXT.fetch_add(1, Ordering::Relaxed), heap: Mutex::new(Heap::new(limit)) }
    }

    /// The heap, locked.
    pub(super) fn heap(&self) -> MutexGuard<'_, Heap> {
        // The heap does not panic between two changes that belong together, except for its own faults.
        self.heap.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
