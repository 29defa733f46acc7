//! TQ1_0: five weights a byte, as ggml keeps them (`block_tq1_0` in `ggml-common.h`).
//!
//! Five digits of base 3 make a number q of 0 to 242, which is kept as the fraction q/243 of 256, rounded up. The
//! digits come out again from the first on, without a division: 3 times the fraction has the digit before the point,
//! and the fraction of the others after it.

use super::ternary::are_ternary;
use super::{BlockScaled, Layout, Packed, Scales};
use crate::reference::widths::widest;

/// Weights in a block.
const BLOCK: usize = Scales::BLOCK;
/// Bytes in a block: 52 of codes, and the scale.
const BLOCK_BYTES: usize = 54;
/// Where the bytes begin that hold four weights each.
const FOURS: usize = 48;
/// Where the scale begins.
const SCALE: usize = 52;

/// A ternary matrix of N rows and K columns in ggml's TQ1_0 format; K must be a multiple of 256.
///
/// Each row has K/256 blocks of 54 bytes. A byte holds the digits t₀ to t₄ of base 3, each a weight plus one, as
/// ⌈256 · (81t₀ + 27t₁ + 9t₂ + 3t₃ + t₄) / 243⌉:
///
/// | bytes of a block | hold |
/// |---|---|
/// | 32 | digit n of byte b is weight 32n+b (n in 0..5) |
/// | 16 | digit n of byte b is weight 160+16n+b (n in 0..5) |
/// | 4 | digit n of byte b is weight 240+4n+b (n in 0..4); t₄ is 0 |
/// | 2 | the scale of the block as a little-endian `f16` |
///
/// [`pack`](Packed::pack) with a scale γ of at least 2⁻¹²⁶ gives the bytes that ggml quantizes γ · W to: γ is rounded
/// to `f16`, and is 0 in a block of zeros. [`quantize`](Packed::quantize) and
/// [`dequantize_into`](Packed::dequantize_into) give the bits that ggml's functions give. A byte that is not one of the
/// 243, or of the 81 with t₄ = 0, is refused, though ggml reads it.
pub type TQ1_0 = Packed<TQ1_0Layout>;

/// The layout of [`TQ1_0`].
#[derive(Clone, PartialEq)]
pub struct TQ1_0Layout;

impl Layout for TQ1_0Layout {
    const NAME: &'static str = "TQ1_0";
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
        packed.iter().enumerate().position(|(at, &byte)| {
            let number = ((u16::from(byte) * 243) >> 8) as u8;
            match at % BLOCK_BYTES {
                SCALE.. => false,
                FOURS.. => fraction(number) != byte || !number.is_multiple_of(3),
                _ => fraction(number) != byte,
            }
        })
    }
}

impl BlockScaled for TQ1_0Layout {}

widest! {
    /// Packs one row, up to a block with a weight that is not ternary; gives whether there was none.
    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        let (packed, _) = packed.as_chunks_mut::<BLOCK_BYTES>();
        for (block, packed) in weights.as_chunks::<BLOCK>().0.iter().zip(packed) {
            if !are_ternary(block) {
                return false;
            }
            pack_part::<32, 5>(&block[..160], &mut packed[..32]);
            pack_part::<16, 5>(&block[160..240], &mut packed[32..FOURS]);
            pack_part::<4, 4>(&block[240..], &mut packed[FOURS..SCALE]);
        }
        true
    }
}

widest! {
    /// Unpacks one row.
    fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        let (packed, _) = packed.as_chunks::<BLOCK_BYTES>();
        for (block, packed) in weights.as_chunks_mut::<BLOCK>().0.iter_mut().zip(packed) {
            unpack_part::<32>(&packed[..32], &mut block[..160]);
            unpack_part::<16>(&packed[32..FOURS], &mut block[160..240]);
            unpack_part::<4>(&packed[FOURS..SCALE], &mut block[240..]);
        }
    }
}

/// Packs `DIGITS` groups of `BYTES` weights: digit n of byte b is weight b of group n.
#[inline(always)]
fn pack_part<const BYTES: usize, const DIGITS: u32>(weights: &[i8], packed: &mut [u8]) {
    let mut numbers = [0; BYTES];
    for group in weights.as_chunks::<BYTES>().0 {
        for (number, weight) in numbers.iter_mut().zip(group) {
            *number = *number * 3 + (weight + 1) as u8;
        }
    }
    for (byte, number) in packed.iter_mut().zip(numbers) {
        *byte = fraction(number * 3_u8.pow(5 - DIGITS));
    }
}

/// Unpacks groups of `BYTES` weights.
#[inline(always)]
fn unpack_part<const BYTES: usize>(packed: &[u8], weights: &mut [i8]) {
    let mut fractions = [0; BYTES];
    fractions.copy_from_slice(packed);
    for group in weights.as_chunks_mut::<BYTES>().0 {
        for (weight, fraction) in group.iter_mut().zip(&mut fractions) {
            // ⌊3 · fraction / 256⌋, found without leaving the byte.
            *weight = i8::from(*fraction > 85) + i8::from(*fraction > 170) - 1;
            *fraction = fraction.wrapping_mul(3);
        }
    }
}

/// ⌈256 · number / 243⌉.
#[inline(always)]
fn fraction(number: u8) -> u8 {
    (u16::from(number) * 256).div_ceil(243) as u8
}
