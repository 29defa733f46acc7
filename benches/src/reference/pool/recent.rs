//! Extents that were released a moment ago. The next request is often for the same size: a transformer's layers are
//! alike. It is then served without taking extents apart and joining them again.

use std::collections::VecDeque;

/// Extents that are kept, at most: as few as are looked through in less time than joining one takes.
const MOST: usize = 16;

/// A few extents, the last released first, as their starts and lengths.
#[derive(Debug, Default)]
pub(super) struct Recent {
    extents: VecDeque<(usize, usize)>,
    total: usize,
}

impl Recent {
    /// Bytes in all of them.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The length of the longest; 0 if there is none.
    pub(super) fn longest(&self) -> usize {
        self.extents.iter().map(|&(_, length)| length).max().unwrap_or(0)
    }

    /// Takes an extent of just that length, aligned so.
    pub(super) fn take(&mut self, length: usize, align: usize) -> Option<usize> {
        let fits = |&(start, of): &(usize, usize)| of == length && start.is_multiple_of(align);
        let at = self.extents.iter().position(fits)?;
        self.total -= length;
        self.extents.remove(at).map(|(start, _)| start)
    }

    /// Keeps an extent; gives that back for which there is no place.
    pub(super) fn give(&mut self, start: usize, length: usize) -> Option<(usize, usize)> {
        self.extents.push_front((start, length));
        self.total += length;
        let (start, length) = if self.extents.len() > MOST { self.extents.pop_back() } else { None }?;
        self.total -= length;
        Some((start, length))
    }

    /// Gives all of them back.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (usize, usize)> {
        self.total = 0;
        self.extents.drain(..)
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn the_last_of_just_that_length_is_taken() {
        let mut recent = Recent::default();
        for (start, length) in [(1024, 512), (4096, 512), (8192, 1024), (6144, 512)] {
            assert_eq!(recent.give(start, length), None);
        }
        assert_eq!((recent.total(), recent.longest()), (2560, 1024));
        assert_eq!(recent.take(512, 4096), Some(4096));
        assert_eq!(recent.take(512, 512), Some(6144));
        assert_eq!(recent.take(2048, 512), None);
        assert_eq!(recent.drain().collect::<Vec<_>>(), [(8192, 1024), (1024, 512)]);
        assert_eq!((recent.total(), recent.longest()), (0, 0));
    }

    #[test]
    fn the_oldest_makes_place() {
        let mut recent = Recent::default();
        let given: Vec<_> = (0..MOST + 2).filter_map(|number| recent.give(number, 1)).collect();
        assert_eq!(given, [(0, 1), (1, 1)]);
        assert_eq!(recent.total(), MOST);
    }
}
