//! Loops that do nothing but read the weights, as fast as one core can.

use std::hint::black_box;
use std::sync::Arc;

use bitnet_benchmarks::memory::read::sum;
use bitnet_benchmarks::reference::formats::{FormatError, I2S};

use crate::layer::Layer;
use crate::turn::Turn;

/// A way to read all bytes.
type Loop = fn(&[u8]) -> u64;

/// A turn for each loop; they share the copies of the matrix, but not the order in which they come to them.
pub(crate) fn turns(layer: &Layer, copies: usize) -> Result<Vec<Turn>, FormatError> {
    let matrix = I2S::pack(&layer.ternary, layer.shape[0], layer.shape[1], 1.0)?;
    let bytes = matrix.as_bytes().len();
    let matrices = Arc::new(vec![matrix; copies]);
    let loops: [(_, Loop); 6] = [
        ("read", sum::<1, 4, 0>),
        ("read, prefetch", sum::<1, 4, 2048>),
        ("read, 2 streams, prefetch", sum::<2, 2, 2048>),
        ("read, 4 streams", sum::<4, 1, 0>),
        ("read, 4 streams, prefetch", sum::<4, 1, 2048>),
        ("read, 8 streams, prefetch", sum::<8, 1, 2048>),
    ];
    let turn = |(at, (name, sum)): (usize, (&str, Loop))| {
        let matrices = Arc::clone(&matrices);
        let mut next = (0..copies).cycle().skip(at * copies / loops.len());
        Turn::new(name.to_owned(), bytes, move || {
            black_box(sum(matrices[next.next().unwrap_or(0)].as_bytes()));
        })
    };
    Ok(loops.into_iter().enumerate().map(turn).collect())
}
