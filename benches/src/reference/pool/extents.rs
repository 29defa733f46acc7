//! Free extents of memory: kept by address, so that neighbours become one, and by size, so that the
//! smallest that fits is found.

use std::collections::{BTreeMap, BTreeSet};

/// A set of extents, none of which touches another. Addresses and lengths are in bytes.
#[derive(Debug, Default)]
pub(super) struct Extents {
    by_start: BTreeMap<usize, usize>,
    by_length: BTreeSet<(usize, usize)>,
    total: usize,
}

impl Extents {
    /// Bytes in all of them.
    pub(super) fn total(&self) -> usize {
        self.total
    }

    /// The length of the longest; 0 if there is none.
    pub(super) fn longest(&self) -> usize {
        self.by_length.last().map_or(0, |&(length, _)| length)
    }

    /// Every extent as its start and its length, the longest first.
    pub(super) fn longest_first(&self) -> impl Iterator<Item = (usize, usize)> {
        self.by_length.iter().rev().map(|&(length, start)| (start, length))
    }

    /// Adds an extent, joined with those that it touches.
    pub(super) fn insert(&mut self, start: usize, length: usize) {
        if length == 0 {
            return;
        }
        let before = self.by_start.range(..start).next_back().map(|(&start, &length)| (start, length));
        let joined_start = match before {
            Some((before, of)) if before + of == start => before,
            _ => start,
        };
        let end = start + length + self.starting_at(start + length);
        if joined_start != start {
            self.remove(joined_start);
        }
        self.remove(start + length);
        self.add(joined_start, end - joined_start);
    }

    /// Where a block of that length and alignment would start: in the shortest extent that holds it,
    /// the lowest of those.
    pub(super) fn find(&self, length: usize, align: usize) -> Option<usize> {
        self.by_length.range((length, 0)..).find_map(|&(of, start)| {
            let aligned = start.checked_next_multiple_of(align)?;
            (aligned - start <= of - length).then_some(aligned)
        })
    }

    /// Takes out a part of an extent; what is left of it on both sides stays.
    ///
    /// # Panics
    /// If no extent holds it.
    pub(super) fn take(&mut self, start: usize, length: usize) {
        let of = self.by_start.range(..=start).next_back().map(|(&start, &length)| (start, length));
        let (first, of) = of.expect("the part is in an extent");
        assert!(start + length <= first + of, "the part is in one extent");
        self.remove(first);
        self.add(first, start - first);
        self.add(start + length, first + of - start - length);
    }

    /// The length of the extent that ends there; 0 if there is none.
    pub(super) fn ending_at(&self, end: usize) -> usize {
        let before = self.by_start.range(..end).next_back();
        before.map_or(0, |(&start, &length)| if start + length == end { length } else { 0 })
    }

    /// The length of the extent that starts there; 0 if there is none.
    pub(super) fn starting_at(&self, start: usize) -> usize {
        self.by_start.get(&start).copied().unwrap_or(0)
    }

    fn add(&mut self, start: usize, length: usize) {
        if length > 0 {
            self.by_start.insert(start, length);
            self.by_length.insert((length, start));
            self.total += length;
        }
    }

    fn remove(&mut self, start: usize) {
        if let Some(length) = self.by_start.remove(&start) {
            self.by_length.remove(&(length, start));
            self.total -= length;
        }
    }
}

#[cfg(test)]
mod validation {
    use proptest::prelude::*;

    use super::*;

    impl Extents {
        fn in_order(&self) -> Vec<(usize, usize)> {
            self.by_start.iter().map(|(&start, &length)| (start, length)).collect()
        }
    }

    fn extents(of: &[(usize, usize)]) -> Extents {
        let mut extents = Extents::default();
        for &(start, length) in of {
            extents.insert(start, length);
        }
        extents
    }

    #[test]
    fn neighbours_become_one() {
        let apart = extents(&[(0, 10), (20, 10), (40, 10)]);
        assert_eq!(apart.in_order(), [(0, 10), (20, 10), (40, 10)]);
        let joined = extents(&[(0, 10), (20, 10), (10, 10), (40, 10)]);
        assert_eq!(joined.in_order(), [(0, 30), (40, 10)]);
        assert_eq!((joined.total(), joined.longest()), (40, 30));
        assert_eq!(joined.longest_first().next(), Some((0, 30)));
    }

    #[test]
    fn the_smallest_that_fits_is_found() {
        let extents = extents(&[(1000, 100), (3000, 50), (2000, 50), (4001, 70)]);
        assert_eq!(extents.find(50, 1), Some(2000));
        assert_eq!(extents.find(60, 1), Some(4001));
        assert_eq!(extents.find(60, 8), Some(4008));
        assert_eq!(extents.find(70, 8), Some(1000), "70 bytes do not fit behind 4008");
        assert_eq!(extents.find(101, 1), None);
        assert_eq!((extents.ending_at(1100), extents.ending_at(1099)), (100, 0));
    }

    #[test]
    #[should_panic(expected = "one extent")]
    fn what_is_not_free_cannot_be_taken() {
        extents(&[(0, 10)]).take(5, 6);
    }

    proptest! {
        /// Against a map of single bytes.
        #[test]
        fn extents_are_a_set_of_bytes(steps in prop::collection::vec((0_usize..64, 1_usize..16, any::<bool>()), 1..60)) {
            let mut extents = Extents::default();
            let mut free = [false; 80];
            for (start, length, insert) in steps {
                let part = start..start + length;
                if insert && !free[part.clone()].contains(&true) {
                    extents.insert(start, length);
                    free[part].fill(true);
                } else if !insert && !free[part.clone()].contains(&false) {
                    extents.take(start, length);
                    free[part].fill(false);
                }
                let runs: Vec<(usize, usize)> = runs(&free);
                prop_assert_eq!(extents.total(), free.iter().filter(|&&free| free).count());
                prop_assert_eq!(extents.by_length.len(), runs.len());
                prop_assert_eq!(extents.longest(), runs.iter().map(|run| run.1).max().unwrap_or(0));
                prop_assert_eq!(extents.in_order(), runs);
            }
        }
    }

    fn runs(free: &[bool]) -> Vec<(usize, usize)> {
        let mut start = 0;
        let mut runs = Vec::new();
        for run in free.chunk_by(|a, b| a == b) {
            if run[0] {
                runs.push((start, run.len()));
            }
            start += run.len();
        }
        runs
    }
}
