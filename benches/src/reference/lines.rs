//! Memory for packed weights.

use std::ops::{Deref, DerefMut};

use memmap2::MmapMut;

/// Bytes in a cache line.
const LINE: usize = 64;
/// Bytes in a huge page, on processors whose usual pages have 4 KiB.
const HUGE_PAGE: usize = 2 << 20;

/// Bytes that begin on a cache line and are a whole number of lines, so that no vector load straddles two.
///
/// Two megabytes and more are asked of the system as huge pages. A product reads each weight once, so with small pages
/// the processor waits for an address translation, and its prefetcher stops, every 4 KiB: from memory that took 15 %
/// longer on the machine that this was tuned on. Where the system has none, the pages are of the usual size.
pub(crate) struct Lines(Memory);

enum Memory {
    Heap(Vec<Line>),
    Pages { map: MmapMut, len: usize },
}

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Line([u8; LINE]);

impl Lines {
    /// At least `len` bytes, each of that value; a line is filled up with it.
    pub(crate) fn filled(len: usize, value: u8) -> Self {
        let lines = len.div_ceil(LINE);
        let mut memory = Self(match pages(lines * LINE) {
            Some(map) => Memory::Pages { map, len: lines * LINE },
            None => return Self(Memory::Heap(vec![Line([value; LINE]); lines])),
        });
        memory.fill(value);
        memory
    }
}

/// A map of `len` bytes that asks for huge pages, if it would fill one and the system gives it.
///
/// Linux aligns a map to huge pages when its length is a multiple of theirs; what is not touched takes no memory, and
/// the rest that does not fill a huge page is not to take a whole one.
fn pages(len: usize) -> Option<MmapMut> {
    if len < HUGE_PAGE || !cfg!(target_os = "linux") {
        return None;
    }
    let map = MmapMut::map_anon(len.checked_next_multiple_of(HUGE_PAGE)?).ok()?;
    // The advice is for speed alone: a system that does not take it gives usual pages.
    #[cfg(target_os = "linux")]
    let _ = map.advise_range(memmap2::Advice::HugePage, 0, len / HUGE_PAGE * HUGE_PAGE);
    Some(map)
}

impl Deref for Lines {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.0 {
            // SAFETY: `Line` is 64 bytes without padding, any byte is valid, and the borrow of `lines` is passed on.
            Memory::Heap(lines) => unsafe { std::slice::from_raw_parts(lines.as_ptr().cast(), lines.len() * LINE) },
            Memory::Pages { map, len } => &map[..*len],
        }
    }
}

impl DerefMut for Lines {
    #[inline]
    fn deref_mut(&mut self) -> &mut [u8] {
        match &mut self.0 {
            Memory::Heap(lines) => {
                // SAFETY: as in `deref`, and the borrow is unique.
                unsafe { std::slice::from_raw_parts_mut(lines.as_mut_ptr().cast(), lines.len() * LINE) }
            }
            Memory::Pages { map, len } => &mut map[..*len],
        }
    }
}

impl Clone for Lines {
    fn clone(&self) -> Self {
        let mut copy = Self::filled(self.len(), 0);
        copy.copy_from_slice(self);
        copy
    }
}

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    const LENGTHS: [usize; 8] = [0, 1, 63, 64, 65, HUGE_PAGE - 64, HUGE_PAGE, 2 * HUGE_PAGE + 1];

    #[test]
    fn lines_are_whole_aligned_and_filled() {
        for len in LENGTHS {
            let lines = Lines::filled(len, 0x55);
            assert_eq!(lines.len(), len.next_multiple_of(64));
            assert_eq!(lines.as_ptr().align_offset(64), 0);
            assert!(lines.iter().all(|&byte| byte == 0x55));
        }
    }

    #[test]
    fn a_copy_is_equal_and_stands_alone() {
        for len in LENGTHS.into_iter().filter(|&len| len > 0) {
            let lines = Lines::filled(len, 1);
            let mut copy = lines.clone();
            assert!(copy == lines);
            *copy.last_mut().unwrap() = 2;
            assert!(copy != lines && lines[lines.len() - 1] == 1);
        }
    }
}
