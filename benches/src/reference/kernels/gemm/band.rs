//! The loops around the tiles.

use super::tile::{COLUMNS, Codes, Quads, ROWS, Sums, TOKENS};
use super::tokens::Tokens;
use crate::reference::formats::I2S;

/// Computes the outputs of neighbouring rows, from row `first`; `y` holds a slice of them for each token.
///
/// A panel, the codes of as many rows as a tile has, is unpacked once and meets all tokens. The sums start at −Σ x, so
/// that the codes of 0, 1 and 2 give the products of −1, 0 and 1: what has been added after a column is
/// Σ (W_q + 1) x − Σ x over the columns until there, less Σ x over those to come, and so at most 128 · 2²³ = 2³⁰.
///
/// The function is inlined into each path's own, and compiled for its instructions.
#[inline(always)]
pub(super) fn multiply(
    matrix: &I2S,
    first: usize,
    tokens: &Tokens,
    y: &mut [&mut [i32]],
    tile: impl Fn(&Codes, &Quads, &mut Sums),
) {
    let rows = y.first().map_or(0, |y| y.len());
    let mut panel = vec![Codes::ZERO; matrix.columns().div_ceil(COLUMNS)];
    for row in (0..rows).step_by(ROWS) {
        let count = ROWS.min(rows - row);
        unpack(matrix, first + row, count, &mut panel);
        for (group, y) in tokens.groups().iter().zip(y.chunks_mut(TOKENS)) {
            let mut sums = Sums([group.sums.map(|sum| -sum); ROWS]);
            for (codes, quads) in panel.iter().zip(&group.blocks) {
                tile(codes, quads, &mut sums);
            }
            for (token, y) in y.iter_mut().enumerate() {
                for (y, sums) in y[row..][..count].iter_mut().zip(&sums.0) {
                    *y = sums[token];
                }
            }
        }
    }
}

/// Unpacks `count` rows from row `first`; what the panel holds beyond them, or beyond a row's end, is not used: there
/// is no such output, or the activations are zeros.
#[inline(always)]
fn unpack(matrix: &I2S, first: usize, count: usize, panel: &mut [Codes]) {
    for row in 0..count {
        let packed = matrix.row(first + row).as_chunks().0;
        for (packed, codes) in packed.chunks(COLUMNS / 128).zip(panel.iter_mut()) {
            for (packed, codes) in packed.iter().zip(codes.0[row].as_chunks_mut().0) {
                *codes = unpack_block(*packed);
            }
        }
    }
}

/// The codes of a block of I2_S. By value, so that the compiler sees that no write changes what is still to be read.
#[inline(always)]
fn unpack_block(packed: [u8; 32]) -> [u8; 128] {
    let mut codes = [0; 128];
    for (g, codes) in codes.as_chunks_mut::<32>().0.iter_mut().enumerate() {
        for (code, byte) in codes.iter_mut().zip(packed) {
            *code = byte >> (6 - 2 * g) & 3;
        }
    }
    codes
}
