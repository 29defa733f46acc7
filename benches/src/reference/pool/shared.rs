//! What the threads that use a pool share.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::heap::Heap;

/// What the threads that use a pool share.
#[derive(Debug)]
pub(super) struct Shared {
    /// Unlike that of any other pool of the process.
    pub(super) id: u32,
    heap: Mutex<Heap>,
}

impl Shared {
    /// An empty heap that holds at most `limit` bytes.
    ///
    /// # Panics
    /// If there were 2³² pools before it.
    pub(super) fn new(limit: usize) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        // Two pools with one id could take each other's blocks.
        let id = NEXT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |id| id.checked_add(1));
        Self { id: id.expect("a process makes fewer than 2^32 pools"), heap: Mutex::new(Heap::new(limit)) }
    }

    /// The heap, locked.
    pub(super) fn heap(&self) -> MutexGuard<'_, Heap> {
        // The heap does not panic between two changes that belong together, except for its own faults.
        self.heap.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
