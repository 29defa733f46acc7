//! I2_S: two bits a weight, as *bitnet.cpp* keeps them on x86 (arXiv 2502.11880; `src/ggml-bitnet-mad.cpp` there).

use std::fmt;

use super::FormatError;
use crate::reference::lines::Lines;
use block::{BLOCK, BLOCK_BYTES, pack_row, unpack_row};

mod block;
#[cfg(test)]
mod validation;

/// Bytes after the last row; the first four hold the scale.
const TAIL: usize = 32;
/// A byte of four zero weights.
const ZEROS: u8 = 0b01_01_01_01;

/// A ternary matrix of N rows and K columns in the I2_S format, with one scale.
///
/// | bytes | hold |
/// |---|---|
/// | 32 · ⌈K/128⌉ for each row | blocks of 128 weights: bits 6−2g and 7−2g of byte b are weight 32g+b, plus one (g in 0..4) |
/// | 32 | the scale γ as a little-endian `f32`, then zeros |
///
/// A K that is no multiple of 128, which the original refuses, is filled up with zero weights at the end of each row.
/// The code 3 does not occur: no constructor lets it in.
#[derive(Clone, PartialEq)]
pub struct I2S {
    rows: usize,
    columns: usize,
    lines: Lines,
}

impl I2S {
    /// The most columns a matrix can have, 2²³: up to there no sum of a row in any kernel can wrap around.
    pub const MAX_COLUMNS: usize = 1 << 23;

    /// A matrix of zero weights with scale 0.
    ///
    /// # Errors
    ///
    /// [`FormatError::TooLarge`] for more than [`MAX_COLUMNS`](Self::MAX_COLUMNS) or a size beyond the address space.
    pub fn zeros(rows: usize, columns: usize) -> Result<Self, FormatError> {
        let too_large = FormatError::TooLarge { rows, columns };
        if columns > Self::MAX_COLUMNS {
            return Err(too_large);
        }
        let len = row_bytes(columns)
            .checked_mul(rows)
            .and_then(|bytes| bytes.checked_add(TAIL))
            .filter(|&bytes| bytes <= isize::MAX as usize / 2)
            .ok_or(too_large)?;
        let mut matrix = Self { rows, columns, lines: Lines::filled(len, ZEROS) };
        let end = len - TAIL;
        matrix.lines[end..].fill(0);
        Ok(matrix)
    }

    /// Packs row-major weights of −1, 0 and 1; `scale` is γ, in the unit of the weights before quantization.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when there are not `rows * columns` weights, one is not ternary, or the matrix is too large.
    pub fn pack(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Result<Self, FormatError> {
        let mut matrix = Self::zeros(rows, columns)?;
        matrix.repack(weights, scale)?;
        Ok(matrix)
    }

    /// Packs other weights of the same shape into this matrix, without allocating.
    ///
    /// # Errors
    ///
    /// [`FormatError`] as for [`pack`](Self::pack); at a weight that is not ternary, the blocks before it have been
    /// overwritten and the scale has not.
    pub fn repack(&mut self, weights: &[i8], scale: f32) -> Result<(), FormatError> {
        self.check_len(weights.len())?;
        let (columns, row_bytes) = (self.columns, row_bytes(self.columns));
        if columns > 0 {
            let rows = weights.chunks_exact(columns).zip(self.lines.chunks_exact_mut(row_bytes));
            for (row, (weights, packed)) in rows.enumerate() {
                pack_row(weights, packed)
                    .map_err(|at| FormatError::NotTernary { index: row * columns + at, value: weights[at] })?;
            }
        }
        let end = self.rows * row_bytes;
        self.lines[end..end + 4].copy_from_slice(&scale.to_le_bytes());
        Ok(())
    }

    /// Reads a matrix from its bytes, as [`as_bytes`](Self::as_bytes) gives them.
    ///
    /// # Errors
    ///
    /// [`FormatError`] for a wrong number of bytes, a code of 3, or a matrix that is too large.
    pub fn from_bytes(bytes: &[u8], rows: usize, columns: usize) -> Result<Self, FormatError> {
        let mut matrix = Self::zeros(rows, columns)?;
        let expected = matrix.len();
        if bytes.len() != expected {
            return Err(FormatError::Length { expected, found: bytes.len() });
        }
        let codes = &bytes[..expected - TAIL];
        if let Some(offset) = codes.iter().position(|code| code & (code >> 1) & ZEROS != 0) {
            return Err(FormatError::Code { offset });
        }
        matrix.lines[..expected].copy_from_slice(bytes);
        Ok(matrix)
    }

    /// The weights, row by row, `rows * columns` in all.
    pub fn unpack(&self) -> Vec<i8> {
        let mut weights = vec![0; self.rows * self.columns];
        self.unpack_rows(&mut weights);
        weights
    }

    /// Unpacks the weights, row by row, into a slice of `rows * columns`.
    ///
    /// # Errors
    ///
    /// [`FormatError::Length`] when the slice is of another length.
    pub fn unpack_into(&self, weights: &mut [i8]) -> Result<(), FormatError> {
        self.check_len(weights.len())?;
        self.unpack_rows(weights);
        Ok(())
    }

    /// Number of rows N, the outputs of the layer.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns K, the inputs of the layer, without the filling.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The scale γ.
    pub fn scale(&self) -> f32 {
        let tail = &self.as_bytes()[self.rows * row_bytes(self.columns)..];
        f32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]])
    }

    /// The blocks of row `row`: 32 · ⌈K/128⌉ bytes.
    ///
    /// # Panics
    ///
    /// When `row` is not below [`rows`](Self::rows).
    #[inline]
    pub fn row(&self, row: usize) -> &[u8] {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        let len = row_bytes(self.columns);
        &self.lines[row * len..][..len]
    }

    /// `len` bytes from the block that holds `column`, a multiple of 128, of row `row`.
    ///
    /// The bytes may go on for up to 32, one block, after the row's last: into the next row, or into the tail.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    pub(in crate::reference) fn row_from(&self, row: usize, column: usize, len: usize) -> &[u8] {
        &self.lines[row * row_bytes(self.columns) + row_bytes(column)..][..len]
    }

    /// The whole matrix in the I2_S format: N · 32 · ⌈K/128⌉ + 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.lines[..self.len()]
    }

    /// Length of the format in bytes.
    fn len(&self) -> usize {
        self.rows * row_bytes(self.columns) + TAIL
    }

    fn check_len(&self, found: usize) -> Result<(), FormatError> {
        let expected = self.rows.checked_mul(self.columns);
        let expected = expected.ok_or(FormatError::TooLarge { rows: self.rows, columns: self.columns })?;
        if found == expected { Ok(()) } else { Err(FormatError::Length { expected, found }) }
    }

    fn unpack_rows(&self, weights: &mut [i8]) {
        if self.columns > 0 {
            for (row, weights) in weights.chunks_exact_mut(self.columns).enumerate() {
                unpack_row(self.row(row), weights);
            }
        }
    }
}

impl fmt::Debug for I2S {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "I2S {{ rows: {}, columns: {}, scale: {} }}", self.rows, self.columns, self.scale())
    }
}

/// Bytes of a row of `columns` weights, filled up to whole blocks.
const fn row_bytes(columns: usize) -> usize {
    columns.div_ceil(BLOCK) * BLOCK_BYTES
}
