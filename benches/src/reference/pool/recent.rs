//! Extents that were released a moment ago. The next request is often for the same size: a transformer's layers are
//! alike. It is then served without taking extents apart and joining them again.

use super::bins::{GRANULE, LARGEST_BIN};

/// Extents that are kept, at most.
const MOST: usize = 256;
/// Those of them that are larger than any bin, which are looked through one by one.
const MOST_LARGE: usize = 16;

/// Some extents, each to be taken for a request of just its length, the last released first.
#[derive(Debug)]
pub(super) struct Recent {
    /// The starts of those that a bin could have, by their length in granules.
    binned: Vec<Vec<usize>>,
    /// The starts and lengths of the others.
    large: Vec<(usize, usize)>,
    count: usize,
    total: usize,
}

impl Default for Recent {
    fn default() -> Self {
        Self { binned: vec![Vec::new(); LARGEST_BIN / GRANULE + 1], large: Vec::new(), count: 0, total: 0 }
    }
}

impl Recent {
    /// Bytes in all of them.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// Whether there is no place for another.
    pub(super) fn is_full(&self) -> bool {
        self.count >= MOST || self.large.len() >= MOST_LARGE
    }

    /// The length of the longest; 0 if there is none.
    pub(super) fn longest(&self) -> usize {
        let binned = self.binned.iter().rposition(|starts| !starts.is_empty()).unwrap_or(0) * GRANULE;
        self.large.iter().map(|&(_, length)| length).fold(binned, usize::max)
    }

    /// Takes an extent of just that length, aligned so.
    pub(super) fn take(&mut self, length: usize, align: usize) -> Option<usize> {
        let start = match self.binned.get_mut(length / GRANULE) {
            Some(starts) => starts.pop_if(|start| start.is_multiple_of(align)),
            None => {
                let fits = |&(start, of): &(usize, usize)| of == length && start.is_multiple_of(align);
                self.large.iter().rposition(fits).map(|at| self.large.remove(at).0)
            }
        }?;
        self.count -= 1;
        self.total -= length;
        Some(start)
    }

    /// Keeps an extent, for which there is a place.
    pub(super) fn give(&mut self, start: usize, length: usize) {
        match self.binned.get_mut(length / GRANULE) {
            Some(starts) => starts.push(start),
            None => self.large.push((start, length)),
        }
        self.count += 1;
        self.total += length;
    }

    /// Gives all of them back.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = (usize, usize)> {
        (self.count, self.total) = (0, 0);
        let lengths = (0..).step_by(GRANULE);
        let binned = self.binned.iter_mut().zip(lengths);
        let binned = binned.flat_map(|(starts, length)| starts.drain(..).map(move |start| (start, length)));
        binned.chain(self.large.drain(..))
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn the_last_of_just_that_length_is_taken() {
        const LARGE: usize = LARGEST_BIN + GRANULE;
        for of in [GRANULE, LARGEST_BIN, LARGE, 100 * LARGE] {
            let mut recent = Recent::default();
            for (start, length) in [(4096, of), (8192, of + GRANULE), (6144, of)] {
                recent.give(start, length);
            }
            assert_eq!((recent.total(), recent.longest()), (3 * of + GRANULE, of + GRANULE));
            assert_eq!(recent.take(of, GRANULE), Some(6144));
            assert_eq!(recent.take(of, 8192), None, "4096 is no multiple of 8192");
            assert_eq!(recent.take(of, 4096), Some(4096));
            assert_eq!(recent.take(of, GRANULE), None);
            assert_eq!(recent.drain().collect::<Vec<_>>(), [(8192, of + GRANULE)]);
            assert_eq!((recent.total(), recent.longest(), recent.drain().count()), (0, 0, 0));
        }
    }

    #[test]
    fn there_is_place_for_so_many() {
        for (length, most) in [(GRANULE, MOST), (1 << 20, MOST_LARGE)] {
            let mut recent = Recent::default();
            let given = (0..).take_while(|&number| {
                let is_full = recent.is_full();
                recent.give(number, length);
                !is_full
            });
            assert_eq!(given.count(), most);
        }
    }
}
