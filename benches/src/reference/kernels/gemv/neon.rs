//! The product with NEON.
//!
//! The weights keep the layout of x86, so that one packed matrix serves every path: half a block, 16 bytes, gives 16
//! weights of each group. `smlal` multiplies 8 weights by 8 activations and adds them to `i16` lanes.
//!
//! No lane can wrap around: a product is at most 128 in magnitude, a block adds eight to a lane, and after 16 blocks,
//! where a lane holds at most 2¹⁴, the lanes are widened to `i32`, where all lanes together hold at most 128 · 2²³.

use std::arch::aarch64::*;

use crate::reference::formats::I2S;

/// Columns in a block.
const BLOCK: usize = 128;
/// Blocks between two widenings.
const WIDEN: usize = 16;

/// Computes the outputs of rows from `first`; the lengths have been checked.
#[target_feature(enable = "neon")]
pub(super) fn gemv(matrix: &I2S, first: usize, x: &[i8], y: &mut [i32]) {
    let (blocks, rest) = x.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let last = if rest.is_empty() { &[][..] } else { std::slice::from_ref(&last) };
    for (row, y) in y.iter_mut().enumerate() {
        let (packed, packed_last) = matrix.row(first + row).as_chunks::<32>().0.split_at(blocks.len());
        *y = dot(packed, blocks) + dot(packed_last, last);
    }
}

/// The product of one row.
#[inline]
#[target_feature(enable = "neon")]
fn dot(packed: &[[u8; 32]], x: &[[i8; BLOCK]]) -> i32 {
    let mut wide = vdupq_n_s32(0);
    for (packed, x) in packed.chunks(WIDEN).zip(x.chunks(WIDEN)) {
        let mut lanes = [vdupq_n_s16(0); 2];
        for (packed, x) in packed.iter().zip(x) {
            let (x, _) = x.as_chunks::<16>();
            for (half, packed) in packed.as_chunks::<16>().0.iter().enumerate() {
                let packed = load_codes(packed);
                lanes = add(lanes, vshrq_n_u8::<6>(packed), &x[half]);
                lanes = add(lanes, vshrq_n_u8::<4>(packed), &x[2 + half]);
                lanes = add(lanes, vshrq_n_u8::<2>(packed), &x[4 + half]);
                lanes = add(lanes, packed, &x[6 + half]);
            }
        }
        wide = vpadalq_s16(vpadalq_s16(wide, lanes[0]), lanes[1]);
    }
    vaddvq_s32(wide)
}

/// Adds the products of 16 codes, in the lowest two bits of each byte, with 16 activations.
#[inline]
#[target_feature(enable = "neon")]
fn add([low, high]: [int16x8_t; 2], codes: uint8x16_t, x: &[i8; 16]) -> [int16x8_t; 2] {
    let codes = vreinterpretq_s8_u8(vandq_u8(codes, vdupq_n_u8(3)));
    let weights = vsubq_s8(codes, vdupq_n_s8(1));
    let x = load_activations(x);
    [vmlal_s8(low, vget_low_s8(weights), vget_low_s8(x)), vmlal_high_s8(high, weights, x)]
}

#[inline]
#[target_feature(enable = "neon")]
fn load_codes(bytes: &[u8; 16]) -> uint8x16_t {
    // SAFETY: the reference is good for 16 bytes, and the load needs no alignment.
    unsafe { vld1q_u8(bytes.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn load_activations(values: &[i8; 16]) -> int8x16_t {
    // SAFETY: as in `load_codes`.
    unsafe { vld1q_s8(values.as_ptr()) }
}
