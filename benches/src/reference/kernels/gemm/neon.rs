//! The product with NEON.
//!
//! `smlal` multiplies four codes by four activations of two tokens, and adds the products to eight `i16` lanes. No lane
//! can wrap around: a step adds at most 2 · 128 = 2⁸ in magnitude, and a tile has 2⁶ steps. After a tile the lanes are
//! widened to `i32` and the four of a token added up.

use std::arch::aarch64::*;

use super::band::multiply;
use super::tile::{Codes, QUAD, Quads, Sums, TOKENS};
use super::tokens::Tokens;
use crate::reference::formats::I2S;

/// Tokens in a vector.
const LANES: usize = 4;
/// Vectors of tokens whose sums stay in registers together.
const VECTORS: usize = 8;

const _: () = assert!(TOKENS.is_multiple_of(VECTORS * LANES));

/// Computes the outputs of a band of rows; see [`multiply`].
#[target_feature(enable = "neon")]
pub(super) fn gemm(matrix: &I2S, first: usize, tokens: &Tokens, y: &mut [&mut [i32]]) {
    multiply(matrix, first, tokens, y, |codes, quads, sums| tile(codes, quads, sums));
}

#[inline]
#[target_feature(enable = "neon")]
fn tile(Codes(codes): &Codes, Quads(quads): &Quads, Sums(sums): &mut Sums) {
    for (codes, sums) in codes.iter().zip(sums) {
        for from in (0..TOKENS).step_by(VECTORS * LANES) {
            add(codes, quads, sums, from);
        }
    }
}

/// Adds the products of a row with some tokens, from token `from`.
#[inline]
#[target_feature(enable = "neon")]
fn add(codes: &[u8; 256], quads: &[[[i8; QUAD]; TOKENS]; 64], sums: &mut [i32; TOKENS], from: usize) {
    let mut lanes = [[vdupq_n_s16(0); 2]; VECTORS];
    for (codes, quads) in codes.as_chunks().0.iter().zip(quads) {
        let four = vreinterpretq_s8_s32(vdupq_n_s32(i32::from_ne_bytes(*codes)));
        for (lanes, x) in lanes.iter_mut().zip(quads[from..].as_chunks().0) {
            let x = load(x);
            lanes[0] = vmlal_s8(lanes[0], vget_low_s8(four), vget_low_s8(x));
            lanes[1] = vmlal_high_s8(lanes[1], four, x);
        }
    }
    for (lanes, sums) in lanes.iter().zip(sums[from..].as_chunks_mut::<LANES>().0) {
        let wide = vpaddq_s32(vpaddlq_s16(lanes[0]), vpaddlq_s16(lanes[1]));
        add_to(sums, wide);
    }
}

#[inline]
#[target_feature(enable = "neon")]
fn load(quads: &[[i8; QUAD]; LANES]) -> int8x16_t {
    // SAFETY: the reference is good for 16 bytes, and the load needs no alignment.
    unsafe { vld1q_s8(quads.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn add_to(sums: &mut [i32; LANES], lanes: int32x4_t) {
    // SAFETY: the reference is good for 16 bytes, and neither needs an alignment.
    unsafe { vst1q_s32(sums.as_mut_ptr(), vaddq_s32(vld1q_s32(sums.as_ptr()), lanes)) }
}
