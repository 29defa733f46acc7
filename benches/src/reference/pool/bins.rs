//! Bins: the sizes that blocks are rounded up to, so that a released block fits the next request of
//! its bin.
//!
//! Up to 256 bytes every 16 bytes, up to [`LARGEST_SLOT`] eight to a doubling, up to [`LARGEST_BIN`]
//! every [`GRANULE`]: what rounding adds is below 1/8 from 128 bytes on, and below 1/40 from 20 KiB on.
//! A transformer's buffers are multiples of [`GRANULE`] and lose nothing.

use super::regions::PAGE;

/// What every block of more than a slot is a multiple of, in size and address.
pub(super) const GRANULE: usize = 512;
/// The largest block that shares a slab with others.
pub(super) const LARGEST_SLOT: usize = 2 << 10;
/// The largest block that a thread keeps for itself when it is released.
pub(super) const LARGEST_BIN: usize = 64 << 10;

/// Bins whose blocks are slots of slabs.
pub(super) const SLOT_BINS: usize = 16 + 3 * 8;
/// All bins.
pub(super) const BINS: usize = SLOT_BINS + (LARGEST_BIN - LARGEST_SLOT) / GRANULE;

/// The place of a bin in their order, smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bin(u8);

/// The size of a bin's blocks, by its place.
pub(super) const SIZES: [u32; BINS] = sizes();
/// The bin of a slot, by its size in steps of 16 bytes, rounded up.
const BIN_OF_STEP: [u8; LARGEST_SLOT / 16 + 1] = bins_of_steps();

const fn sizes() -> [u32; BINS] {
    let mut sizes = [0; BINS];
    let (mut bin, mut size) = (0, 0);
    while bin < BINS {
        size += match size {
            0..256 => 16,
            256..512 => 32,
            512..1024 => 64,
            1024..2048 => 128,
            _ => GRANULE as u32,
        };
        sizes[bin] = size;
        bin += 1;
    }
    sizes
}

const fn bins_of_steps() -> [u8; LARGEST_SLOT / 16 + 1] {
    let mut bins = [0; LARGEST_SLOT / 16 + 1];
    let (mut step, mut bin) = (0, 0);
    while step < bins.len() {
        if step * 16 > SIZES[bin] as usize {
            bin += 1;
        }
        bins[step] = bin as u8;
        step += 1;
    }
    bins
}

impl Bin {
    /// The bin for a block of that size and alignment, a power of two; `None` if it is too large for one, or aligned
    /// more than its neighbours.
    #[inline]
    pub(super) fn of(size: usize, align: usize) -> Option<Self> {
        if size > LARGEST_BIN || align > LARGEST_SLOT {
            return None;
        }
        // A slab starts at a multiple of the largest slot, and a bin holds multiples of `align` if its
        // size is one.
        let slot = (size.max(1) + align - 1) & !(align - 1);
        if slot <= LARGEST_SLOT {
            return Some(Self(BIN_OF_STEP[slot.div_ceil(16)]));
        }
        (align <= GRANULE).then(|| Self((SLOT_BINS + (slot - LARGEST_SLOT).div_ceil(GRANULE) - 1) as u8))
    }

    /// Its place.
    #[inline]
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The bin at a place below [`BINS`].
    pub(super) fn at(index: usize) -> Self {
        debug_assert!(index < BINS);
        Self(index as u8)
    }

    /// The size of its blocks, in bytes.
    #[inline]
    pub(super) fn size(self) -> usize {
        SIZES[self.index()] as usize
    }

    /// Whether its blocks are slots of slabs.
    pub(super) fn is_slot(self) -> bool {
        self.index() < SLOT_BINS
    }
}

/// What a block without a bin takes: whole granules, and from the largest bin on whole pages. What lies between large
/// blocks can then be given back to the system without a rest.
pub(super) fn granules(size: usize) -> usize {
    size.max(1).next_multiple_of(if size > LARGEST_BIN { PAGE } else { GRANULE })
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn every_size_has_the_smallest_bin_that_holds_it() {
        for size in 1..=LARGEST_BIN {
            let bin = Bin::of(size, 1).expect("it is small enough");
            assert!(bin.size() >= size, "{size} bytes do not fit into {}", bin.size());
            assert!(bin.index() == 0 || Bin::at(bin.index() - 1).size() < size, "{size} bytes fit into a smaller bin");
        }
        assert_eq!(Bin::of(LARGEST_BIN + 1, 1), None);
        assert_eq!(Bin::of(0, 1), Bin::of(1, 1));
    }

    #[test]
    fn the_sizes_are_those_documented() {
        let sizes: Vec<usize> = (0..BINS).map(|bin| Bin::at(bin).size()).collect();
        assert!(sizes.is_sorted());
        assert_eq!(sizes[15..20], [256, 288, 320, 352, 384]);
        assert_eq!(sizes[SLOT_BINS - 2..SLOT_BINS + 2], [1920, 2048, 2560, 3072]);
        assert_eq!(sizes[BINS - 1], LARGEST_BIN);
        for size in 128..=LARGEST_BIN {
            let added = Bin::of(size, 1).map_or(0, |bin| bin.size() - size) as f64 / size as f64;
            assert!(added < if size < 20 << 10 { 0.25 } else { 0.025 }, "{size} bytes become {added} more");
        }
    }

    #[test]
    fn an_aligned_block_has_a_bin_of_aligned_blocks() {
        for align in (0..=12).map(|power| 1 << power) {
            for size in 1..=LARGEST_BIN {
                match Bin::of(size, align) {
                    Some(bin) if bin.is_slot() => assert_eq!(bin.size() % align, 0, "{size} bytes aligned to {align}"),
                    Some(bin) => assert!(align <= GRANULE && bin.size() >= size),
                    None => assert!(align > GRANULE),
                }
            }
        }
    }

    #[test]
    fn a_transformer_s_buffers_lose_nothing() {
        for size in [2560, 4 * 640, 4 * 2560, 4 * 6912, 4 * 13824] {
            assert_eq!(Bin::of(size, 64).map(Bin::size), Some(size));
        }
    }
}
