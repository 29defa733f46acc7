//! The product with AVX-512 VNNI.
//!
//! - **Codes.** A 64-byte load holds two blocks. Masking it with `3 << (6 − 2g)` leaves the codes of group g, each times
//!   4^(3−g), and `vpdpbusd` multiplies them by 64 activations and adds, four products to an `i32` lane. The factor is
//!   the same for a whole group, so each group has its own sum, and one exact shift at the end of a row takes it out.
//! - **Activations** are brought into the order of the codes once, in a buffer on the stack. Longer rows are taken in
//!   tiles of as many columns as the buffer holds.
//! - **Rows** are taken four at a time, in the order of [`streams`](super::streams), with a prefetch ahead.
//!
//! No lane can wrap around: a step adds at most 4 · (2 · 64) · 128 = 2¹⁶ in magnitude to a lane of group 0, the largest,
//! and a tile has 2⁶ steps; after a tile, the lanes are folded into the output.

use std::arch::x86_64::*;

use super::streams::add_rows;
use crate::reference::formats::I2S;

/// Columns in a step: two blocks.
const STEP: usize = 256;
/// Columns in a tile; 16 KiB of activations stay in the first-level cache.
const TILE: usize = 64 * STEP;
/// How far ahead the weights are prefetched, in bytes.
const AHEAD: usize = 2048;

/// The activations of a step: 64 for each group of codes.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Step([[i8; 64]; 4]);

/// Computes the outputs of rows from `first`; the lengths have been checked.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) fn gemv(matrix: &I2S, first: usize, x: &[i8], y: &mut [i32]) {
    let mut buffer = [Step([[0; 64]; 4]); TILE / STEP];
    y.fill(0);
    for (tile, x) in x.chunks(TILE).enumerate() {
        let sum = super::sum(x);
        let steps = arrange(x, &mut buffer);
        let packed = |row| matrix.row_from(first + row, tile * TILE, steps.len() * 64).as_chunks().0;
        add_rows(
            y,
            |rows| dots(rows.map(packed), steps).map(|dot| dot - sum),
            |row| dots([packed(row)], steps)[0] - sum,
        );
    }
}

/// Brings activations into the order of the codes; the last step is filled up with zeros.
fn arrange<'a>(x: &[i8], buffer: &'a mut [Step]) -> &'a [Step] {
    let steps = &mut buffer[..x.len().div_ceil(STEP)];
    for (x, Step(step)) in x.chunks(STEP).zip(steps.iter_mut()) {
        *step = [[0; 64]; 4];
        for (part, x) in x.chunks(32).enumerate() {
            let (block, group) = (part / 4, part % 4);
            step[group][32 * block..][..x.len()].copy_from_slice(x);
        }
    }
    steps
}

/// The sums of codes times activations of some rows in one tile.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn dots<const ROWS: usize>(packed: [&[[u8; 64]]; ROWS], steps: &[Step]) -> [i32; ROWS] {
    let packed = packed.map(|row| &row[..steps.len()]);
    let mut sums = [[_mm512_setzero_si512(); 4]; ROWS];
    for (at, Step(x)) in steps.iter().enumerate() {
        for (row, sums) in packed.iter().zip(&mut sums) {
            prefetch(&row[at]);
            let codes = load(&row[at]);
            for g in 0..4 {
                let mask = _mm512_set1_epi8((3_u8 << (6 - 2 * g)) as i8);
                sums[g] = _mm512_dpbusd_epi32(sums[g], _mm512_and_si512(codes, mask), load(&x[g]));
            }
        }
    }
    sums.map(|sums| {
        let high = _mm512_add_epi32(_mm512_srai_epi32(sums[0], 6), _mm512_srai_epi32(sums[1], 4));
        let low = _mm512_add_epi32(_mm512_srai_epi32(sums[2], 2), sums[3]);
        _mm512_reduce_add_epi32(_mm512_add_epi32(high, low))
    })
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load<T>(bytes: &[T; 64]) -> __m512i {
    const { assert!(size_of::<T>() == 1) }
    // SAFETY: the reference is good for 64 bytes, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

#[inline]
fn prefetch(packed: &[u8; 64]) {
    // SAFETY: a prefetch reads nothing that the program can see and never faults, whatever its address.
    unsafe { _mm_prefetch(packed.as_ptr().wrapping_add(AHEAD).cast(), _MM_HINT_T0) }
}
