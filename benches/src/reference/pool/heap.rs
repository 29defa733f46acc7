//! The heap: what all threads share. It takes memory from the system, divides it, joins what is free
//! again, and counts.

use std::ptr::NonNull;

use super::bins::{Bin, GRANULE, LARGEST_SLOT};
use super::extents::Extents;
use super::recent::Recent;
use super::regions::{PAGE, Regions};
use super::slabs::{Slabs, slab_size};
use super::tally::{Tally, Totals};
use crate::subject::{PoolStatistics, Refusal};

/// The memory of a pool.
#[derive(Debug)]
pub(super) struct Heap {
    regions: Regions,
    /// Free, and held from the system.
    held: Extents,
    /// Free and held as well, released a moment ago and not joined yet.
    recent: Recent,
    /// Free, and taking no memory: never written to, or given back.
    fresh: Extents,
    slabs: Slabs,
    /// Bytes held from the system.
    reserved: usize,
    /// The most that may be.
    limit: usize,
    totals: Totals,
    /// The least that was free and held since the last trim: more than was needed.
    spare: usize,
    /// Extents taken back since the last trim.
    given: u32,
}

/// Extents that are taken back between two trims of a little: what is scattered is cheap to have again.
const SOON: u32 = 64;
/// Extents that are taken back before much is trimmed: between two phases of a program it is free, and then needed.
const LATE: u32 = 1024;
/// A little is less than one part in as many of what is held.
const LITTLE: usize = 24;
/// One part in as many of what is held may be free and scattered when the heap grows.
const SCATTERED: usize = 64;

// SAFETY: the pointers in it are to memory that it owns, which no thread is tied to.
unsafe impl Send for Heap {}

impl Heap {
    /// A heap that holds at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            regions: Regions::default(),
            held: Extents::default(),
            recent: Recent::default(),
            fresh: Extents::default(),
            slabs: Slabs::default(),
            reserved: 0,
            limit,
            totals: Totals::default(),
            spare: 0,
            given: 0,
        }
    }

    /// Takes `length` bytes, whole granules, aligned to a granule or to more.
    pub(super) fn take(&mut self, length: usize, align: usize) -> Result<NonNull<u8>, Refusal> {
        let align = align.max(GRANULE);
        let start = match self.recent.take(length, align) {
            Some(start) => start,
            None => self.take_held(length, align)?,
        };
        self.spare = self.spare.min(self.free());
        Ok(self.regions.pointer(start))
    }

    fn take_held(&mut self, length: usize, align: usize) -> Result<usize, Refusal> {
        let mut found = self.held.find(length, align);
        if found.is_none() {
            self.join();
            found = self.held.find(length, align);
        }
        if found.is_none() {
            self.grow(length, align)?;
            found = self.held.find(length, align);
        }
        let start = found.ok_or_else(|| Refusal::new("the heap did not grow as it should"))?;
        self.held.take(start, length);
        Ok(start)
    }

    /// Bytes that are free and held.
    fn free(&self) -> usize {
        self.held.total() + self.recent.total()
    }

    /// Joins what was released a moment ago with its neighbours.
    fn join(&mut self) {
        self.recent.drain().for_each(|(start, length)| self.held.insert(start, length));
    }

    /// Takes back what `take` gave.
    pub(super) fn give(&mut self, start: NonNull<u8>, length: usize) {
        self.give_extent(start.addr().get(), length);
    }

    fn give_extent(&mut self, start: usize, length: usize) {
        if self.recent.is_full() {
            self.join();
        }
        self.recent.give(start, length);
        self.given += 1;
        let is_little = self.spare < self.reserved / LITTLE;
        if self.given >= LATE || (is_little && self.given.is_multiple_of(SOON)) {
            self.trim(self.spare);
            (self.spare, self.given) = (self.free(), 0);
        }
    }

    /// Takes up to `most` blocks of a bin, and one at least.
    pub(super) fn take_blocks(
        &mut self,
        bin: Bin,
        most: usize,
        mut give: impl FnMut(NonNull<u8>),
    ) -> Result<(), Refusal> {
        if !bin.is_slot() {
            give(self.take(bin.size(), GRANULE)?);
            return Ok(());
        }
        if self.slabs.take(bin, most, &mut give) == 0 {
            // Slots are aligned to their size's powers of two, so the slab is to the largest of them.
            let start = self.take(slab_size(bin), LARGEST_SLOT)?;
            self.slabs.add(start, bin);
            self.slabs.take(bin, most, give);
        }
        Ok(())
    }

    /// Takes one block of a bin.
    pub(super) fn take_block(&mut self, bin: Bin) -> Result<NonNull<u8>, Refusal> {
        let mut block = None;
        self.take_blocks(bin, 1, |taken| block = Some(taken))?;
        block.ok_or_else(|| Refusal::new("the heap gave no block and no reason"))
    }

    /// Takes a block of a bin back.
    pub(super) fn give_block(&mut self, bin: Bin, block: NonNull<u8>) {
        if !bin.is_slot() {
            self.give(block, bin.size());
        } else if let Some((start, length)) = self.slabs.give(block) {
            self.give_extent(start, length);
        }
    }

    /// Makes fresh memory held, so that an extent of that length and alignment is there.
    fn grow(&mut self, length: usize, align: usize) -> Result<(), Refusal> {
        if self.held.total() > self.reserved / SCATTERED {
            // What is free is in pieces that do not serve: the system may have them instead.
            self.trim(length);
        }
        let start = match self.fresh.find(length, align) {
            Some(start) => start,
            None => self.map(length, align)?,
        };
        // `fresh` holds whole pages. Where held memory ends right there, only the rest is needed.
        let first = start / PAGE * PAGE;
        let begin = (start - self.held.ending_at(first)).next_multiple_of(align);
        let more = (begin + length).next_multiple_of(PAGE) - first;
        if more > self.limit.saturating_sub(self.reserved) {
            return Err(Refusal::new(format!(
                "the pool may hold {} bytes: it holds {}, and needs {more} more",
                self.limit, self.reserved
            )));
        }
        self.fresh.take(first, more);
        self.held.insert(first, more);
        self.reserved += more;
        Ok(())
    }

    /// Maps a region that holds an extent of that length and alignment, and says where in it.
    fn map(&mut self, length: usize, align: usize) -> Result<usize, Refusal> {
        if length > self.limit {
            return Err(Refusal::new(format!("the pool may hold {} bytes: {length} are too many", self.limit)));
        }
        let space = length.checked_add(align).ok_or_else(|| Refusal::new("no address space is that large"))?;
        let (start, whole) = self
            .regions
            .map(space)
            .map_err(|error| Refusal::new(format!("the system has no address space for {length} bytes: {error}")))?;
        self.fresh.insert(start, whole);
        Ok(start.next_multiple_of(align))
    }

    /// Gives whole free pages back to the system, and whole free regions, and says how many bytes it was.
    pub(super) fn clean(&mut self) -> usize {
        let given = self.trim(usize::MAX);
        self.unmap_free_regions();
        given
    }

    /// Gives whole free pages back, those of the longest extents first, until it is as much as that.
    fn trim(&mut self, enough: usize) -> usize {
        if enough < PAGE {
            return 0;
        }
        self.join();
        let mut given = 0;
        let mut free = Vec::new();
        for (start, length) in self.held.longest_first() {
            let first = start.next_multiple_of(PAGE);
            let pages = ((start + length) / PAGE * PAGE).saturating_sub(first).min((enough - given) / PAGE * PAGE);
            if pages == 0 {
                break;
            }
            free.push((first, pages));
            given += pages;
        }
        for (first, pages) in free {
            // SAFETY: what is in `held` is no block's.
            if unsafe { self.regions.give_back(first, pages) } {
                self.held.take(first, pages);
                self.fresh.insert(first, pages);
            } else {
                given -= pages;
            }
        }
        self.reserved -= given;
        given
    }

    fn unmap_free_regions(&mut self) {
        let free: Vec<(usize, usize)> =
            self.regions.iter().filter(|&(start, length)| self.fresh.starting_at(start) == length).collect();
        for (start, length) in free {
            self.fresh.take(start, length);
            // SAFETY: all of it was in `fresh`, so none of it is a block's.
            unsafe { self.regions.unmap(start) };
        }
    }

    /// Adds what a thread counted.
    pub(super) fn count(&mut self, tally: Tally) {
        self.totals.add(tally);
    }

    /// What all threads have told, and what is held.
    pub(super) fn statistics(&self) -> PoolStatistics {
        PoolStatistics {
            requested: self.totals.requested(),
            allocated: self.totals.allocated(),
            reserved: self.reserved,
            largest_free: self.held.longest().max(self.recent.longest()),
            blocks: self.totals.blocks(),
            peak: self.totals.peak(),
        }
    }
}
