//! Scales of blocks, as ggml keeps them: an `f16` in the last two bytes of each block of 256 weights.

use half::f16;

use super::layout::BlockScaled;
use super::{FormatError, Packed, Scales};
use crate::reference::widths::widest;

impl<L: BlockScaled> Packed<L> {
    /// Quantizes row-major weights as ggml does (`quantize_row_tq1_0_ref` and `quantize_row_tq2_0_ref` in
    /// `ggml-quants.c`): the scale of each block of 256 is d = max |w|, rounded to `f16` where it is kept, and a weight
    /// becomes round(w · (1/d)) in `f32`, with half away from zero.
    ///
    /// In a block with d < 2⁻¹²⁸, where 1/d is infinite and ggml's result is undefined, the weights become 0.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when there are not `rows * columns` weights, the format does not hold this shape, or a block has
    /// a weight that is not finite or too large for `f16`.
    pub fn quantize(weights: &[f32], rows: usize, columns: usize) -> Result<Self, FormatError> {
        let mut matrix = Self::blank(rows, columns)?;
        matrix.check_len(weights.len())?;
        let block_bytes = L::row_bytes(Scales::BLOCK);
        let mut ternary = vec![0; columns];
        for (row, (packed, weights)) in matrix.rows_mut().zip(weights.chunks_exact(columns.max(1))).enumerate() {
            let start = row * L::row_bytes(columns);
            let blocks = weights.as_chunks().0.iter().zip(ternary.as_chunks_mut().0);
            for (block, ((weights, ternary), packed)) in blocks.zip(packed.chunks_exact_mut(block_bytes)).enumerate() {
                let scale = f16::from_f32(quantize_block(weights, ternary));
                if !scale.is_finite() {
                    return Err(FormatError::Scale { offset: start + (block + 1) * block_bytes - 2 });
                }
                set(packed, scale);
            }
            L::pack_row(&ternary, packed);
        }
        Ok(matrix)
    }
}

/// Refuses a scale that an `f16` does not hold; `block_bytes` is the length of a block.
pub(super) fn check(scale: f32, block_bytes: usize) -> Result<(), FormatError> {
    if f16::from_f32(scale).is_finite() { Ok(()) } else { Err(FormatError::Scale { offset: block_bytes - 2 }) }
}

/// Refuses blocks with a scale that is not finite.
pub(super) fn check_all(blocks: &[u8], block_bytes: usize) -> Result<(), FormatError> {
    match all(blocks, block_bytes).position(|scale| !scale.is_finite()) {
        Some(block) => Err(FormatError::Scale { offset: (block + 1) * block_bytes - 2 }),
        None => Ok(()),
    }
}

/// Writes the scale of each block of a row; that of a block of zeros is 0, its greatest magnitude.
pub(super) fn write(weights: &[i8], scale: f32, packed: &mut [u8]) {
    let (scale, blocks) = (f16::from_f32(scale), weights.chunks_exact(Scales::BLOCK));
    let block_bytes = packed.len() / blocks.len();
    for (packed, weights) in packed.chunks_exact_mut(block_bytes).zip(blocks) {
        set(packed, if weights.iter().all(|&weight| weight == 0) { f16::ZERO } else { scale });
    }
}

/// The scales of blocks.
pub(super) fn all(blocks: &[u8], block_bytes: usize) -> impl Iterator<Item = f32> {
    blocks.chunks_exact(block_bytes).map(|block| match block {
        [.., low, high] => f16::from_le_bytes([*low, *high]).to_f32(),
        _ => 0.0,
    })
}

fn set(block: &mut [u8], scale: f16) {
    if let Some(last) = block.last_chunk_mut() {
        *last = scale.to_le_bytes();
    }
}

widest! {
    /// Quantizes a block and gives its greatest magnitude, NaN where a weight is.
    fn quantize_block(weights: &[f32; Scales::BLOCK], ternary: &mut [i8; Scales::BLOCK]) -> f32 {
        // Magnitudes are ordered as their bits are, and a NaN is above all others.
        let magnitudes = weights.iter().map(|weight| weight.abs().to_bits());
        let greatest = f32::from_bits(magnitudes.fold(0, u32::max));
        let inverse = 1.0 / greatest;
        let inverse = if inverse.is_finite() { inverse } else { 0.0 };
        for (ternary, weight) in ternary.iter_mut().zip(weights) {
            let scaled = weight * inverse;
            *ternary = i8::from(scaled >= 0.5) - i8::from(scaled <= -0.5);
        }
        greatest
    }
}
