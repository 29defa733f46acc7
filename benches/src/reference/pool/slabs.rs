//! Slabs: extents that are divided into slots of one size.

use std::collections::{BTreeMap, BTreeSet};
use std::ptr::NonNull;

use super::bins::{Bin, SLOT_BINS, granules};

/// The least size of a slab, and the least number of its slots. Large slabs are refilled less often, small ones leave
/// less unused where there are few blocks of a bin.
const LEAST: usize = 8 << 10;
const LEAST_SLOTS: usize = 8;

/// The size of the slabs of a bin.
pub(super) fn slab_size(bin: Bin) -> usize {
    granules(LEAST_SLOTS * bin.size()).max(LEAST)
}

/// Every slab of a pool, by its first address.
#[derive(Debug)]
pub(super) struct Slabs {
    slabs: BTreeMap<usize, Slab>,
    /// By bin, the slabs that have free slots. The lowest is used first: the others then run empty, and
    /// their memory can serve other sizes.
    with_free: Vec<BTreeSet<usize>>,
}

#[derive(Debug)]
struct Slab {
    start: NonNull<u8>,
    bin: Bin,
    used: usize,
    /// One bit a slot.
    free: Box<[u64]>,
}

impl Default for Slabs {
    fn default() -> Self {
        Self { slabs: BTreeMap::new(), with_free: vec![BTreeSet::new(); SLOT_BINS] }
    }
}

impl Slabs {
    /// Adds a slab for slots of that bin.
    pub(super) fn add(&mut self, start: NonNull<u8>, bin: Bin) {
        let address = start.addr().get();
        self.slabs.insert(address, Slab::new(start, bin));
        self.with_free[bin.index()].insert(address);
    }

    /// Takes up to `most` free slots of a bin.
    pub(super) fn take(&mut self, bin: Bin, most: usize, mut give: impl FnMut(NonNull<u8>)) -> usize {
        let mut taken = 0;
        while let Some(&address) = self.with_free[bin.index()].first().filter(|_| taken < most) {
            let slab = self.slabs.get_mut(&address).expect("a slab with free slots exists");
            match slab.take() {
                Some(slot) => {
                    give(slot);
                    taken += 1;
                }
                None => {
                    self.with_free[bin.index()].pop_first();
                }
            }
        }
        taken
    }

    /// Takes a slot back. If its slab is now empty, the slab ceases to be, and its address and size are returned.
    pub(super) fn give(&mut self, slot: NonNull<u8>) -> Option<(usize, usize)> {
        let (&address, slab) = self.slabs.range_mut(..=slot.addr().get()).next_back().expect("the slot is in a slab");
        slab.give(slot);
        let (bin, is_empty) = (slab.bin, slab.used == 0);
        if !is_empty {
            self.with_free[bin.index()].insert(address);
            return None;
        }
        self.slabs.remove(&address);
        self.with_free[bin.index()].remove(&address);
        Some((address, slab_size(bin)))
    }
}

impl Slab {
    fn new(start: NonNull<u8>, bin: Bin) -> Self {
        let slots = slab_size(bin) / bin.size();
        let word = |word: usize| match slots.saturating_sub(64 * word) {
            64.. => u64::MAX,
            rest => (1 << rest) - 1,
        };
        Self { start, bin, used: 0, free: (0..slots.div_ceil(64)).map(word).collect() }
    }

    fn take(&mut self) -> Option<NonNull<u8>> {
        let word = self.free.iter().position(|&word| word != 0)?;
        let bit = self.free[word].trailing_zeros() as usize;
        self.free[word] &= self.free[word] - 1;
        self.used += 1;
        let offset = (64 * word + bit) * self.bin.size();
        // A slot lies within its slab, so this is in bounds: no need for `add`.
        NonNull::new(self.start.as_ptr().wrapping_add(offset))
    }

    fn give(&mut self, slot: NonNull<u8>) {
        let index = (slot.addr().get() - self.start.addr().get()) / self.bin.size();
        debug_assert_eq!(self.free[index / 64] & 1 << (index % 64), 0, "a slot is given back once");
        self.free[index / 64] |= 1 << (index % 64);
        self.used -= 1;
    }
}
