//! The product in plain Rust, written so that a compiler can vectorise it for any processor.

use crate::reference::formats::I2S;

/// Columns in a block.
const BLOCK: usize = 128;

/// Computes the outputs of rows from `first`; the lengths have been checked.
pub(super) fn gemv(matrix: &I2S, first: usize, x: &[i8], y: &mut [i32]) {
    let (blocks, rest) = x.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    for (row, y) in y.iter_mut().enumerate() {
        let packed = matrix.row(first + row).as_chunks::<32>().0;
        *y = packed.iter().zip(blocks.iter().chain([&last])).map(|(packed, x)| dot(packed, x)).sum();
    }
}

/// The product of one block with its 128 activations.
///
/// A lane adds one weight of each group, so it stays within 4 · 1 · 128 = 2⁹.
#[inline]
fn dot(packed: &[u8; 32], x: &[i8; BLOCK]) -> i32 {
    let mut lanes = [0_i16; 32];
    for (g, x) in x.as_chunks::<32>().0.iter().enumerate() {
        for ((lane, packed), &x) in lanes.iter_mut().zip(packed).zip(x) {
            let weight = i16::from(packed >> (6 - 2 * g) & 3) - 1;
            *lane += weight * i16::from(x);
        }
    }
    lanes.iter().map(|&lane| i32::from(lane)).sum()
}
