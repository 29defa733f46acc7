//! Regions: address space from the system, in large pieces. A page of it takes memory when it is first
//! written to, and until it is given back.

use std::collections::BTreeMap;
use std::io;
use std::ptr::NonNull;

use memmap2::{MmapOptions, MmapRaw};

/// The unit in which the system hands out memory. Larger pages exist; then a little less is given back.
pub(super) const PAGE: usize = 4 << 10;
/// Address space is taken in multiples of this.
const REGION: usize = 64 << 20;

/// Every region of a pool, by its first address.
#[derive(Debug, Default)]
pub(super) struct Regions {
    maps: BTreeMap<usize, MmapRaw>,
}

impl Regions {
    /// Takes address space for at least `length` bytes, and says where it starts, at a page, and how
    /// much of it there is.
    pub(super) fn map(&mut self, length: usize) -> io::Result<(usize, usize)> {
        // The last page stays unused, so that no extent can reach from one region into the next.
        let whole = length.checked_add(PAGE).and_then(|length| length.checked_next_multiple_of(REGION));
        let whole = whole.ok_or(io::ErrorKind::OutOfMemory)?;
        let map = MmapRaw::from(MmapOptions::new().len(whole).no_reserve_swap().map_anon()?);
        let start = map.as_mut_ptr().addr();
        self.maps.insert(start, map);
        Ok((start, whole - PAGE))
    }

    /// The pointer to an address in a region.
    ///
    /// # Panics
    /// If no region holds it.
    pub(super) fn pointer(&self, address: usize) -> NonNull<u8> {
        let (start, map) = self.region(address);
        // Within the mapping, so neither it nor the offset can overflow: no need for `add`.
        NonNull::new(map.as_mut_ptr().wrapping_add(address - start)).expect("a mapping is not at 0")
    }

    /// Gives the memory of whole pages back to the system; it is zero when it is next written to.
    /// Returns whether the system took it.
    ///
    /// # Safety
    /// No block lies in them.
    #[cfg(unix)]
    pub(super) unsafe fn give_back(&self, address: usize, length: usize) -> bool {
        use memmap2::UncheckedAdvice;
        let (start, map) = self.region(address);
        // On Linux this frees the pages at once; elsewhere it only allows the system to.
        // SAFETY: by the caller, nobody reads what the pages held.
        unsafe { map.unchecked_advise_range(UncheckedAdvice::DontNeed, address - start, length) }.is_ok()
    }

    /// Without `madvise`, memory goes back with its region only.
    #[cfg(not(unix))]
    pub(super) unsafe fn give_back(&self, _: usize, _: usize) -> bool {
        false
    }

    /// The first address and the usable length of each region.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        self.maps.iter().map(|(&start, map)| (start, map.len() - PAGE))
    }

    /// Gives the region back that starts there.
    ///
    /// # Safety
    /// No block lies in it.
    pub(super) unsafe fn unmap(&mut self, start: usize) {
        self.maps.remove(&start);
    }

    fn region(&self, address: usize) -> (usize, &MmapRaw) {
        let (&start, map) = self.maps.range(..=address).next_back().expect("the address is in a region");
        assert!(address - start < map.len(), "the address is in a region");
        (start, map)
    }
}
