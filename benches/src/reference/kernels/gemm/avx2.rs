//! The product with AVX2.
//!
//! `vpmaddubsw` multiplies four codes by four activations in each of 8 tokens, and adds neighbours into `i16` lanes, two
//! for each token. No lane can wrap around: a step adds at most 2 · 2 · 128 = 2⁹ in magnitude, and a tile has 2⁶ steps:
//! −2¹⁵ is an `i16`, and +2¹⁵ would need activations of +128. After a tile the lanes are widened to `i32`.

use std::arch::x86_64::*;

use super::band::multiply;
use super::tile::{Codes, QUAD, Quads, ROWS, Sums, TOKENS};
use super::tokens::Tokens;
use crate::reference::formats::I2S;

/// Tokens in a vector.
const LANES: usize = 8;
/// Rows and vectors of tokens whose sums stay in registers together.
const TOGETHER: [usize; 2] = [4, 2];

const _: () = assert!(ROWS.is_multiple_of(TOGETHER[0]) && TOKENS.is_multiple_of(TOGETHER[1] * LANES));

/// Computes the outputs of a band of rows; see [`multiply`].
#[target_feature(enable = "avx2")]
pub(super) fn gemm(matrix: &I2S, first: usize, tokens: &Tokens, y: &mut [&mut [i32]]) {
    multiply(matrix, first, tokens, y, |codes, quads, sums| tile(codes, quads, sums));
}

#[inline]
#[target_feature(enable = "avx2")]
fn tile(Codes(codes): &Codes, Quads(quads): &Quads, Sums(sums): &mut Sums) {
    const WIDTH: usize = TOGETHER[1] * LANES;
    for (codes, sums) in codes.as_chunks::<{ TOGETHER[0] }>().0.iter().zip(sums.as_chunks_mut().0) {
        for part in 0..TOKENS / WIDTH {
            add(codes, quads, sums, part * WIDTH);
        }
    }
}

/// Adds the products of some rows with some tokens, from token `from`.
#[inline]
#[target_feature(enable = "avx2")]
fn add(
    codes: &[[u8; 256]; TOGETHER[0]],
    quads: &[[[i8; QUAD]; TOKENS]; 64],
    sums: &mut [[i32; TOKENS]; TOGETHER[0]],
    from: usize,
) {
    let mut lanes = [[_mm256_setzero_si256(); TOGETHER[1]]; TOGETHER[0]];
    for (at, quads) in quads.iter().enumerate() {
        let (quads, _) = quads[from..].as_chunks::<LANES>();
        for (codes, lanes) in codes.iter().zip(&mut lanes) {
            let four = _mm256_set1_epi32(i32::from_ne_bytes(codes.as_chunks().0[at]));
            for (lanes, x) in lanes.iter_mut().zip(quads) {
                *lanes = _mm256_add_epi16(*lanes, _mm256_maddubs_epi16(four, load(x)));
            }
        }
    }
    for (lanes, sums) in lanes.iter().zip(sums) {
        for (lanes, sums) in lanes.iter().zip(sums[from..].as_chunks_mut().0) {
            let wide = _mm256_madd_epi16(*lanes, _mm256_set1_epi16(1));
            let sum = _mm256_add_epi32(load(sums), wide);
            store(sums, sum);
        }
    }
}

#[inline]
#[target_feature(enable = "avx2")]
fn load<T>(values: &[T; LANES]) -> __m256i {
    const { assert!(size_of::<T>() == 4) }
    // SAFETY: the reference is good for 32 bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(values.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn store(sums: &mut [i32; LANES], lanes: __m256i) {
    // SAFETY: the reference is good for 32 bytes, and the store needs no alignment.
    unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), lanes) }
}
