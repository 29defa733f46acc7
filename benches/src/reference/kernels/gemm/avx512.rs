//! The product with AVX-512 VNNI.
//!
//! `vpdpbusd` multiplies four codes by four activations in each of 16 lanes, and adds them to the lane's sum. All sums
//! of a tile stay in registers.

use std::arch::x86_64::*;

use super::band::multiply;
use super::tile::{Codes, QUAD, Quads, ROWS, Sums, TOKENS};
use super::tokens::Tokens;
use crate::reference::formats::I2S;

/// Lanes of a vector.
const LANES: usize = 16;
/// Vectors in a row of sums.
const VECTORS: usize = TOKENS / LANES;

/// Computes the outputs of a band of rows; see [`multiply`].
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) fn gemm(matrix: &I2S, first: usize, tokens: &Tokens, y: &mut [&mut [i32]]) {
    multiply(matrix, first, tokens, y, |codes, quads, sums| tile(codes, quads, sums));
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn tile(Codes(codes): &Codes, Quads(quads): &Quads, Sums(sums): &mut Sums) {
    let codes: [&[[u8; QUAD]; 64]; ROWS] =
        std::array::from_fn(|row| codes[row].as_chunks().0.try_into().expect("64 quads"));
    let mut lanes = [[_mm512_setzero_si512(); VECTORS]; ROWS];
    for (lanes, sums) in lanes.as_flattened_mut().iter_mut().zip(sums.as_flattened().as_chunks().0) {
        *lanes = load(sums);
    }
    for (at, quads) in quads.iter().enumerate() {
        let (quads, _) = quads.as_chunks::<LANES>();
        let x: [_; VECTORS] = std::array::from_fn(|vector| load(&quads[vector]));
        for (codes, lanes) in codes.iter().zip(&mut lanes) {
            let four = _mm512_set1_epi32(i32::from_ne_bytes(codes[at]));
            for (lanes, x) in lanes.iter_mut().zip(x) {
                *lanes = _mm512_dpbusd_epi32(*lanes, four, x);
            }
        }
    }
    for (lanes, sums) in lanes.as_flattened().iter().zip(sums.as_flattened_mut().as_chunks_mut().0) {
        store(sums, *lanes);
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load<T>(values: &[T; LANES]) -> __m512i {
    const { assert!(size_of::<T>() == 4) }
    // SAFETY: the reference is good for 64 bytes, and the load needs no alignment.
    unsafe { _mm512_loadu_si512(values.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(sums: &mut [i32; LANES], lanes: __m512i) {
    // SAFETY: the reference is good for 64 bytes, and the store needs no alignment.
    unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), lanes) }
}
