//! TL2: a 4-bit index and a sign for three weights, as *bitnet.cpp* codes them on x86 (arXiv 2502.11880, section 3.1).

use super::ternary::are_ternary;
use super::{Layout, Packed, Scales, TL1Layout};
use crate::reference::widths::widest;

/// Weights in a block.
const BLOCK: usize = 96;
/// Bytes of a block that hold the indices of its 32 triples.
const INDEX_BYTES: usize = 16;
/// Bytes in a block: the indices, and a sign bit for each.
const BLOCK_BYTES: usize = 20;
/// The greatest index.
const LAST: usize = 13;
/// The three weights of each index, without and with the sign.
const WEIGHTS: [[[i8; 3]; 16]; 2] = {
    let mut table = [[[0; 3]; 16]; 2];
    let mut index = 0;
    while index <= LAST {
        table[0][index] = three(13 + index as i8);
        table[1][index] = three(13 - index as i8);
        index += 1;
    }
    table
};

/// A ternary matrix of N rows and K columns in the TL2 coding, with one scale.
///
/// | bytes | hold |
/// |---|---|
/// | 20 · ⌊K/96⌋ for each row | blocks of 96 weights, that is 32 triples with v = 9w₀ + 3w₁ + w₂ |
/// | ⌈(K mod 96)/4⌉ for each row | the rest of the row in the coding of [`TL1`](super::TL1) |
/// | 32 | the scale γ as a little-endian `f32`, then zeros |
///
/// | bytes of a block | hold |
/// |---|---|
/// | 16 | \|v\| of triple 2b in the high half of byte b, of triple 2b+1 in the low |
/// | 4 | bit 7−i of byte b is 1 where v of triple 8b+i is below 0 |
///
/// A rest that is no multiple of 4 is filled up with zero weights at the end of each row.
///
/// Index and sign are those of bitnet.cpp (`preprocess_weights_tl2` in `utils/convert-hf-to-gguf-bitnet.py`), and so
/// are the earlier index in the high half, the earlier sign in the higher bit, and the rest in TL1's coding; 96 is the
/// BK with which it makes the kernels of its own models, and its rest begins after the last multiple of it. The order of
/// the bytes is not: bitnet.cpp orders them in tiles of BM rows by BK columns, with sizes that it chooses for each
/// kernel, shape and processor, puts the rests of all rows after the triples of all rows, and keeps the scale in a
/// tensor of its own. Here they are in plain row-major order.
pub type TL2 = Packed<TL2Layout>;

/// The layout of [`TL2`].
#[derive(Clone, PartialEq)]
pub struct TL2Layout;

impl Layout for TL2Layout {
    const NAME: &'static str = "TL2";
    const SCALES: Scales = Scales::Tensor;

    #[inline]
    fn row_bytes(columns: usize) -> usize {
        blocks_bytes(columns) + TL1Layout::row_bytes(columns % BLOCK)
    }

    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        let (blocks, rest) = packed.split_at_mut(blocks_bytes(weights.len()));
        pack_blocks(weights, blocks) && TL1Layout::pack_row(weights.as_chunks::<BLOCK>().1, rest)
    }

    fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        let (blocks, rest) = packed.split_at(blocks_bytes(weights.len()));
        unpack_blocks(blocks, weights);
        TL1Layout::unpack_row(rest, weights.as_chunks_mut::<BLOCK>().1);
    }

    fn find_invalid(packed: &[u8], columns: usize) -> Option<usize> {
        let (blocks, rest) = packed.split_at(blocks_bytes(columns));
        let in_blocks = blocks.as_chunks().0.iter().enumerate();
        in_blocks
            .filter_map(|(block, packed)| Some(block * BLOCK_BYTES + find_invalid(packed)?))
            .next()
            .or_else(|| Some(blocks.len() + TL1Layout::find_invalid(rest, columns % BLOCK)?))
    }
}

/// Bytes of the whole blocks in a row.
#[inline]
const fn blocks_bytes(columns: usize) -> usize {
    columns / BLOCK * BLOCK_BYTES
}

widest! {
    /// Packs the whole blocks of a row, up to one with a weight that is not ternary; gives whether there was none.
    fn pack_blocks(weights: &[i8], packed: &mut [u8]) -> bool {
        let (packed, _) = packed.as_chunks_mut::<BLOCK_BYTES>();
        for (block, packed) in weights.as_chunks::<BLOCK>().0.iter().zip(packed) {
            if !are_ternary(block) {
                return false;
            }
            pack_block(block, packed);
        }
        true
    }
}

widest! {
    /// Unpacks the whole blocks of a row.
    fn unpack_blocks(packed: &[u8], weights: &mut [i8]) {
        let (packed, _) = packed.as_chunks::<BLOCK_BYTES>();
        for (block, packed) in weights.as_chunks_mut::<BLOCK>().0.iter_mut().zip(packed) {
            unpack_block(packed, block);
        }
    }
}

/// Packs one block.
#[inline(always)]
fn pack_block(weights: &[i8; BLOCK], packed: &mut [u8; BLOCK_BYTES]) {
    let mut values = [0_i8; BLOCK / 3];
    for (value, [a, b, c]) in values.iter_mut().zip(weights.as_chunks().0) {
        *value = 9 * a + 3 * b + c;
    }
    let (indices, signs) = packed.split_at_mut(INDEX_BYTES);
    for (byte, [high, low]) in indices.iter_mut().zip(values.as_chunks().0) {
        *byte = high.unsigned_abs() << 4 | low.unsigned_abs();
    }
    for (byte, eight) in signs.iter_mut().zip(values.as_chunks::<8>().0) {
        *byte = eight.iter().fold(0, |bits, &value| bits << 1 | u8::from(value < 0));
    }
}

/// Unpacks one block.
#[inline(always)]
fn unpack_block(packed: &[u8; BLOCK_BYTES], weights: &mut [i8; BLOCK]) {
    for (weights, (index, sign)) in weights.as_chunks_mut().0.iter_mut().zip(triples(packed)) {
        *weights = WEIGHTS[sign][index];
    }
}

/// The place of the first index in a block that is above 13, or that is 0 and has a sign.
fn find_invalid(packed: &[u8; BLOCK_BYTES]) -> Option<usize> {
    triples(packed).position(|triple| triple.0 > LAST || triple == (0, 1)).map(|triple| triple / 2)
}

/// The index and the sign, 0 or 1, of each triple of a block.
#[inline(always)]
fn triples(packed: &[u8; BLOCK_BYTES]) -> impl Iterator<Item = (usize, usize)> {
    (0..BLOCK / 3).map(|triple| {
        let index = packed[triple / 2] >> (4 - triple % 2 * 4) & 15;
        let sign = packed[INDEX_BYTES + triple / 8] >> (7 - triple % 8) & 1;
        (usize::from(index), usize::from(sign))
    })
}

/// The weights whose digits of base 3, each a weight plus one, make the number.
const fn three(number: i8) -> [i8; 3] {
    [number / 9 - 1, number / 3 % 3 - 1, number % 3 - 1]
}
