//! TQ2_0: two bits a weight, as ggml keeps them (`block_tq2_0` in `ggml-common.h`).

use super::ternary::are_ternary;
use super::{BlockScaled, Layout, Packed, Scales};
use crate::reference::widths::widest;

/// Weights in a block.
const BLOCK: usize = Scales::BLOCK;
/// Bytes in a block: 64 of codes, and the scale.
const BLOCK_BYTES: usize = 66;
/// Bytes that hold half a block; a byte holds one weight of each of four groups of 32.
const HALF: usize = 32;

/// A ternary matrix of N rows and K columns in ggml's TQ2_0 format; K must be a multiple of 256.
///
/// Each row has K/256 blocks of 66 bytes:
///
/// | bytes of a block | hold |
/// |---|---|
/// | 64 | bits 2l and 2l+1 of byte 32h+b are weight 128h+32l+b, plus one (h in 0..2, l in 0..4, b in 0..32) |
/// | 2 | the scale of the block as a little-endian `f16` |
///
/// [`pack`](Packed::pack) with a scale γ of at least 2⁻¹²⁶ gives the bytes that ggml quantizes γ · W to: γ is rounded
/// to `f16`, and is 0 in a block of zeros. [`quantize`](Packed::quantize) and
/// [`dequantize_into`](Packed::dequantize_into) give the bits that ggml's functions give.
pub type TQ2_0 = Packed<TQ2_0Layout>;

/// The layout of [`TQ2_0`].
#[derive(Clone, PartialEq)]
pub struct TQ2_0Layout;

impl Layout for TQ2_0Layout {
    const NAME: &'static str = "TQ2_0";
    const SCALES: Scales = Scales::Blocks;
    const MULTIPLE: usize = BLOCK;

    #[inline]
    fn row_bytes(columns: usize) -> usize {
        columns / BLOCK * BLOCK_BYTES
    }

    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        pack_row(weights, packed)
    }

    fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        unpack_row(packed, weights);
    }

    fn find_invalid(packed: &[u8], _columns: usize) -> Option<usize> {
        let is_code = |at: &usize| at % BLOCK_BYTES < 2 * HALF;
        (0..packed.len()).filter(is_code).find(|&at| packed[at] & (packed[at] >> 1) & 0b01_01_01_01 != 0)
    }
}

impl BlockScaled for TQ2_0Layout {}

widest! {
    /// Packs one row, up to a block with a weight that is not ternary; gives whether there was none.
    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        let (packed, _) = packed.as_chunks_mut::<BLOCK_BYTES>();
        for (block, packed) in weights.as_chunks::<BLOCK>().0.iter().zip(packed) {
            if !are_ternary(block) {
                return false;
            }
            let halves = block.as_chunks::<{ 4 * HALF }>().0.iter();
            for (half, packed) in halves.zip(packed.as_chunks_mut::<HALF>().0) {
                *packed = pack_half(half);
            }
        }
        true
    }
}

widest! {
    /// Unpacks one row.
    fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        let (packed, _) = packed.as_chunks::<BLOCK_BYTES>();
        for (block, packed) in weights.as_chunks_mut::<BLOCK>().0.iter_mut().zip(packed) {
            let halves = block.as_chunks_mut::<{ 4 * HALF }>().0.iter_mut();
            for (half, packed) in halves.zip(packed.as_chunks::<HALF>().0) {
                unpack_half(packed, half);
            }
        }
    }
}

/// Packs half a block.
#[inline(always)]
fn pack_half(weights: &[i8; 4 * HALF]) -> [u8; HALF] {
    let mut packed = [0; HALF];
    for (l, group) in weights.as_chunks::<HALF>().0.iter().enumerate() {
        for (byte, weight) in packed.iter_mut().zip(group) {
            *byte |= ((weight + 1) as u8) << (2 * l);
        }
    }
    packed
}

/// Unpacks half a block.
#[inline(always)]
fn unpack_half(packed: &[u8; HALF], weights: &mut [i8; 4 * HALF]) {
    for (l, group) in weights.as_chunks_mut::<HALF>().0.iter_mut().enumerate() {
        for (weight, byte) in group.iter_mut().zip(packed) {
            *weight = (byte >> (2 * l) & 3) as i8 - 1;
        }
    }
}
