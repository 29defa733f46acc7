//! Detailed tracking: every block in use, so that those that nobody gave back can be listed.

use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A block in use, as detailed tracking knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveBlock {
    /// Its first address.
    pub address: usize,
    /// Bytes asked for.
    pub size: usize,
    /// The alignment asked for.
    pub align: usize,
    /// Its place in the order of all requests of the pool, from 0.
    pub sequence: u64,
    /// What the caller calls it.
    pub label: Option<&'static str>,
}

/// Every block in use.
#[derive(Debug, Default)]
pub(super) struct Live {
    blocks: Mutex<Blocks>,
}

#[derive(Debug, Default)]
struct Blocks {
    by_address: HashMap<usize, LiveBlock>,
    next: u64,
}

impl Live {
    pub(super) fn allocate(&self, start: NonNull<u8>, size: usize, align: usize, label: Option<&'static str>) {
        let mut blocks = self.blocks();
        let address = start.addr().get();
        let block = LiveBlock { address, size, align, sequence: blocks.next, label };
        blocks.next += 1;
        blocks.by_address.insert(address, block);
    }

    pub(super) fn release(&self, start: NonNull<u8>) {
        self.blocks().by_address.remove(&start.addr().get());
    }

    /// The blocks in use, in the order in which they were asked for.
    pub(super) fn list(&self) -> Vec<LiveBlock> {
        let mut blocks: Vec<LiveBlock> = self.blocks().by_address.values().copied().collect();
        blocks.sort_unstable_by_key(|block| block.sequence);
        blocks
    }

    fn blocks(&self) -> MutexGuard<'_, Blocks> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
