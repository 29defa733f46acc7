//! The order in which rows are read.

/// Rows that are computed together.
const STREAMS: usize = 4;

/// Adds to every output what its row gives: four rows at a time, each a quarter of the matrix from the next, then what
/// is left, one row at a time.
///
/// Four rows share each load of activations. Because they lie far apart, every quarter is read in the order in which it
/// lies in memory, as one stream that the processor's prefetchers follow; four neighbouring rows would be read in leaps.
/// Four streams also keep more reads from memory under way than one does.
#[inline(always)]
pub(super) fn add_rows(
    y: &mut [i32],
    mut several: impl FnMut([usize; STREAMS]) -> [i32; STREAMS],
    mut one: impl FnMut(usize) -> i32,
) {
    let apart = y.len() / STREAMS;
    for first in 0..apart {
        let rows = std::array::from_fn(|stream| first + stream * apart);
        for (row, sum) in rows.into_iter().zip(several(rows)) {
            y[row] += sum;
        }
    }
    for (row, y) in y.iter_mut().enumerate().skip(STREAMS * apart) {
        *y += one(row);
    }
}
