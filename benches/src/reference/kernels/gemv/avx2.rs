//! The product with AVX2.
//!
//! `vpmaddubsw` multiplies 32 codes by 32 activations and adds neighbours into `i16` lanes. Masking a block with 3 and
//! with 12 leaves the codes of groups 3 and 2, the latter times 4; shifted right by 4, the same masks give groups 1
//! and 0. Groups 3 and 1 share one sum, groups 2 and 0 another, which is divided by 4, exactly, at the end.
//!
//! No lane can wrap around: in the second sum, the larger, a lane of one product is at most 2 · (2 · 4) · 128 = 2¹¹ in
//! magnitude, a block adds two of them, and eight blocks make 2¹⁵: −2¹⁵ is an `i16`, and +2¹⁵ would need activations of
//! +128. So after eight blocks the sums are widened to `i32`, where a lane holds less than 4 · 2 · 128 · 2²³ / 8 = 2³⁰
//! for the most columns that a matrix can have.

use std::arch::x86_64::*;

use super::streams::add_rows;
use crate::reference::formats::I2S;

/// Columns in a block.
const BLOCK: usize = 128;
/// Blocks between two widenings.
const WIDEN: usize = 8;
/// How far ahead the weights are prefetched, in bytes.
const AHEAD: usize = 2048;

/// Computes the outputs of rows from `first`; the lengths have been checked.
#[target_feature(enable = "avx2")]
pub(super) fn gemv(matrix: &I2S, first: usize, x: &[i8], y: &mut [i32]) {
    let sum = super::sum(x);
    let (blocks, rest) = x.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    let last = if rest.is_empty() { &[][..] } else { std::slice::from_ref(&last) };
    let packed = |row| matrix.row(first + row).as_chunks().0.split_at(blocks.len());
    y.fill(-sum);
    add_rows(
        y,
        |rows| {
            let rows = rows.map(packed);
            let (most, rest) = (dots(rows.map(|row| row.0), blocks), dots(rows.map(|row| row.1), last));
            std::array::from_fn(|row| most[row] + rest[row])
        },
        |row| dots([packed(row).0], blocks)[0] + dots([packed(row).1], last)[0],
    );
}

/// The sums of codes times activations of some rows.
#[inline]
#[target_feature(enable = "avx2")]
fn dots<const ROWS: usize>(packed: [&[[u8; 32]]; ROWS], x: &[[i8; BLOCK]]) -> [i32; ROWS] {
    let packed = packed.map(|row| &row[..x.len()]);
    let mut wide = [[_mm256_setzero_si256(); 2]; ROWS];
    for (eight, x) in x.chunks(WIDEN).enumerate() {
        let mut sums = [[_mm256_setzero_si256(); 2]; ROWS];
        for (at, x) in x.iter().enumerate() {
            let (x, _) = x.as_chunks::<32>();
            for (row, sums) in packed.iter().zip(&mut sums) {
                let packed = &row[eight * WIDEN + at];
                prefetch(packed);
                let low = load(packed);
                let high = _mm256_srli_epi16(low, 4);
                sums[0] = add(sums[0], codes(high, 3, &x[1]), codes(low, 3, &x[3]));
                sums[1] = add(sums[1], codes(high, 12, &x[0]), codes(low, 12, &x[2]));
            }
        }
        for (wide, sum) in wide.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
            *wide = _mm256_add_epi32(*wide, _mm256_madd_epi16(*sum, _mm256_set1_epi16(1)));
        }
    }
    wide.map(|wide| reduce(_mm256_add_epi32(wide[0], _mm256_srai_epi32(wide[1], 2))))
}

/// The products of the codes under `mask` with their activations, neighbours added.
#[inline]
#[target_feature(enable = "avx2")]
fn codes(packed: __m256i, mask: i8, x: &[i8; 32]) -> __m256i {
    _mm256_maddubs_epi16(_mm256_and_si256(packed, _mm256_set1_epi8(mask)), load(x))
}

#[inline]
#[target_feature(enable = "avx2")]
fn add(sum: __m256i, a: __m256i, b: __m256i) -> __m256i {
    _mm256_add_epi16(sum, _mm256_add_epi16(a, b))
}

/// The sum of eight `i32` lanes.
#[inline]
#[target_feature(enable = "avx2")]
fn reduce(lanes: __m256i) -> i32 {
    let four = _mm_add_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
    let two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0b01_00_11_10));
    _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0b00_00_00_01)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn load<T>(bytes: &[T; 32]) -> __m256i {
    const { assert!(size_of::<T>() == 1) }
    // SAFETY: the reference is good for 32 bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

#[inline]
fn prefetch(packed: &[u8; 32]) {
    // SAFETY: a prefetch reads nothing that the program can see and never faults, whatever its address.
    unsafe { _mm_prefetch(packed.as_ptr().wrapping_add(AHEAD).cast(), _MM_HINT_T0) }
}
