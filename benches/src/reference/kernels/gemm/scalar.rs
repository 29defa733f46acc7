//! The product in plain Rust, written so that a compiler can vectorise it for any processor.

use super::band::multiply;
use super::tile::{Codes, QUAD, Quads, Sums};
use super::tokens::Tokens;
use crate::reference::formats::I2S;

/// Computes the outputs of a band of rows; see [`multiply`].
pub(super) fn gemm(matrix: &I2S, first: usize, tokens: &Tokens, y: &mut [&mut [i32]]) {
    multiply(matrix, first, tokens, y, tile);
}

#[inline(always)]
fn tile(Codes(codes): &Codes, Quads(quads): &Quads, Sums(sums): &mut Sums) {
    for (codes, sums) in codes.iter().zip(sums) {
        for (codes, quads) in codes.as_chunks::<QUAD>().0.iter().zip(quads) {
            for (sum, x) in sums.iter_mut().zip(quads) {
                *sum += codes.iter().zip(x).map(|(&code, &x)| i32::from(code) * i32::from(x)).sum::<i32>();
            }
        }
    }
}
