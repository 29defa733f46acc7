//! Sorting, compiled once: each type that is sorted in an order of its own would bring another two
//! thousand instructions into every build of bitnet-bench.

use std::cmp::Ordering;

/// The places of so many items in the order that a comparison of two places says; those that it
/// calls equal stay in their order.
pub(crate) fn order(items: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..items).collect();
    order.sort_by(|&one, &other| compare(one, other));
    order
}

/// Adds an item to a list that is sorted and holds none twice: a set of a few items.
pub(crate) fn insert<T: Ord>(sorted: &mut Vec<T>, item: T) {
    if let Err(place) = sorted.binary_search(&item) {
        sorted.insert(place, item);
    }
}

#[cfg(test)]
mod tests {
    use super::{insert, order};

    #[test]
    fn what_is_inserted_twice_is_there_once() {
        let mut sorted = Vec::new();
        for item in [3, 1, 3, 2, 1] {
            insert(&mut sorted, item);
        }
        assert_eq!(sorted, [1, 2, 3]);
    }

    #[test]
    fn equal_items_stay_in_their_order() {
        let items = ["bb", "a", "cc", "d"];
        let by_length = order(items.len(), &|one, other| items[one].len().cmp(&items[other].len()));
        assert_eq!(by_length, [1, 3, 0, 2]);
    }
}
