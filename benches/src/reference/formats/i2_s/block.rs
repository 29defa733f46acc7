//! Rows of I2_S blocks: 128 weights in 32 bytes.

use super::super::ternary::are_ternary;
use crate::reference::widths::widest;

/// Weights in a block.
pub(super) const BLOCK: usize = 128;
/// Bytes in a block; a byte holds one weight of each of the block's four groups of 32.
pub(super) const BLOCK_BYTES: usize = BLOCK / 4;

widest! {
    /// Packs one row, up to a block with a weight that is not ternary; gives whether there was none.
    pub(super) fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        let (blocks, rest) = weights.as_chunks::<BLOCK>();
        let (packed, _) = packed.as_chunks_mut::<BLOCK_BYTES>();
        for (block, packed) in blocks.iter().zip(packed.iter_mut()) {
            if !are_ternary(block) {
                return false;
            }
            *packed = pack_block(block);
        }
        if !are_ternary(rest) {
            return false;
        }
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            packed[blocks.len()] = pack_block(&block);
        }
        true
    }
}

widest! {
    /// Unpacks one row.
    pub(super) fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        let (packed, _) = packed.as_chunks::<BLOCK_BYTES>();
        let (blocks, rest) = weights.as_chunks_mut::<BLOCK>();
        for (packed, block) in packed.iter().zip(blocks.iter_mut()) {
            unpack_block(packed, block);
        }
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            unpack_block(&packed[blocks.len()], &mut block);
            rest.copy_from_slice(&block[..rest.len()]);
        }
    }
}

/// Packs one block.
#[inline(always)]
fn pack_block(weights: &[i8; BLOCK]) -> [u8; BLOCK_BYTES] {
    let mut packed = [0; BLOCK_BYTES];
    for (g, group) in weights.as_chunks::<BLOCK_BYTES>().0.iter().enumerate() {
        for (byte, weight) in packed.iter_mut().zip(group) {
            *byte |= ((weight + 1) as u8) << (6 - 2 * g);
        }
    }
    packed
}

/// Unpacks one block.
#[inline(always)]
fn unpack_block(packed: &[u8; BLOCK_BYTES], weights: &mut [i8; BLOCK]) {
    for (g, group) in weights.as_chunks_mut::<BLOCK_BYTES>().0.iter_mut().enumerate() {
        for (weight, byte) in group.iter_mut().zip(packed) {
            *weight = (byte >> (6 - 2 * g) & 3) as i8 - 1;
        }
    }
}
