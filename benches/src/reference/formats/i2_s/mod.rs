//! I2_S: two bits a weight, as *bitnet.cpp* keeps them on x86 (arXiv 2502.11880; `src/ggml-bitnet-mad.cpp` there).

use super::{Layout, Packed, Scales};
use block::{BLOCK, BLOCK_BYTES};

mod block;
#[cfg(test)]
mod validation;

/// A ternary matrix of N rows and K columns in the I2_S format, with one scale.
///
/// | bytes | hold |
/// |---|---|
/// | 32 · ⌈K/128⌉ for each row | blocks of 128 weights: bits 6−2g and 7−2g of byte b are weight 32g+b, plus one (g in 0..4) |
/// | 32 | the scale γ as a little-endian `f32`, then zeros |
///
/// A K that is no multiple of 128, which the original refuses, is filled up with zero weights at the end of each row.
/// The code 3 does not occur: no constructor lets it in.
pub type I2S = Packed<I2SLayout>;

/// The layout of [`I2S`].
#[derive(Clone, PartialEq)]
pub struct I2SLayout;

impl Layout for I2SLayout {
    const NAME: &'static str = "I2_S";
    const SCALES: Scales = Scales::Tensor;

    #[inline]
    fn row_bytes(columns: usize) -> usize {
        columns.div_ceil(BLOCK) * BLOCK_BYTES
    }

    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        block::pack_row(weights, packed)
    }

    fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        block::unpack_row(packed, weights);
    }

    fn find_invalid(packed: &[u8], _columns: usize) -> Option<usize> {
        packed.iter().position(|code| code & (code >> 1) & 0b01_01_01_01 != 0)
    }
}

#[cfg(target_arch = "x86_64")]
impl I2S {
    /// `len` bytes from the block that holds `column`, a multiple of 128, of row `row`.
    ///
    /// The bytes may go on for up to 32, one block, after the row's last: into the next row, or into the tail.
    #[inline]
    pub(in crate::reference) fn row_from(&self, row: usize, column: usize, len: usize) -> &[u8] {
        self.row_bytes_from(row, I2SLayout::row_bytes(column), len)
    }
}
