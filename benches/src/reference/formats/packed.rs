//! A ternary matrix in a format: everything that does not depend on which.

use std::fmt;
use std::marker::PhantomData;

use super::storage::Storage;
use super::{FormatError, Layout, Scales, block_scale};
use crate::reference::widths::widest;

/// A ternary matrix of N rows and K columns, packed row by row in the layout `L`, with its scale.
///
/// The bytes start on a cache line. They always unpack to weights of −1, 0 and 1: no constructor lets another code in.
#[derive(Clone, PartialEq)]
pub struct Packed<L> {
    rows: usize,
    columns: usize,
    storage: Storage,
    layout: PhantomData<L>,
}

impl<L: Layout> Packed<L> {
    /// The most columns a matrix can have, 2²³: up to there no sum of a row in any kernel can wrap around.
    pub const MAX_COLUMNS: usize = 1 << 23;

    /// A matrix of zero weights with scale 0.
    ///
    /// # Errors
    ///
    /// [`FormatError::TooLarge`] for more than [`MAX_COLUMNS`](Self::MAX_COLUMNS) or a size beyond the address space,
    /// [`FormatError::Multiple`] for columns that the format does not hold.
    pub fn zeros(rows: usize, columns: usize) -> Result<Self, FormatError> {
        let mut matrix = Self::blank(rows, columns)?;
        if columns > 0 && rows > 0 {
            let (first, others) = matrix.all_rows_mut().split_at_mut(L::row_bytes(columns));
            L::pack_row(&vec![0; columns], first);
            others.chunks_exact_mut(first.len()).for_each(|row| row.copy_from_slice(first));
        }
        Ok(matrix)
    }

    /// Packs row-major weights of −1, 0 and 1; `scale` is γ, in the unit of the weights before quantization.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when there are not `rows * columns` weights, one is not ternary, the format does not hold this
    /// shape or this scale, or the matrix is too large.
    pub fn pack(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Result<Self, FormatError> {
        let mut matrix = Self::blank(rows, columns)?;
        matrix.repack(weights, scale)?;
        Ok(matrix)
    }

    /// Packs other weights of the same shape into this matrix, without allocating.
    ///
    /// # Errors
    ///
    /// [`FormatError`] as for [`pack`](Self::pack); at a weight that is not ternary, weights before it have been
    /// overwritten, and the scale of a tensor has not.
    pub fn repack(&mut self, weights: &[i8], scale: f32) -> Result<(), FormatError> {
        self.check_len(weights.len())?;
        if L::SCALES == Scales::Blocks {
            block_scale::check(scale, L::row_bytes(Scales::BLOCK))?;
        }
        let columns = self.columns;
        for (row, (packed, weights)) in self.rows_mut().zip(weights.chunks_exact(columns.max(1))).enumerate() {
            if !L::pack_row(weights, packed) {
                return Err(not_ternary(weights, row * columns));
            }
            if L::SCALES == Scales::Blocks {
                block_scale::write(weights, scale, packed);
            }
        }
        if L::SCALES == Scales::Tensor {
            self.tail_mut()[..4].copy_from_slice(&scale.to_le_bytes());
        }
        Ok(())
    }

    /// Reads a matrix from its bytes, as [`as_bytes`](Self::as_bytes) gives them. The filling of rows may be any
    /// weights: they are not part of the matrix.
    ///
    /// # Errors
    ///
    /// [`FormatError`] for a wrong number of bytes, a code that no weights have, the scale of a block that is not
    /// finite, a shape that the format does not hold, or a matrix that is too large.
    pub fn from_bytes(bytes: &[u8], rows: usize, columns: usize) -> Result<Self, FormatError> {
        let mut matrix = Self::blank(rows, columns)?;
        let expected = matrix.as_bytes().len();
        if bytes.len() != expected {
            return Err(FormatError::Length { expected, found: bytes.len() });
        }
        matrix.storage.bytes_mut().copy_from_slice(bytes);
        let row_bytes = L::row_bytes(columns);
        for (row, packed) in matrix.packed_rows().enumerate() {
            if let Some(at) = L::find_invalid(packed, columns) {
                return Err(FormatError::Code { offset: row * row_bytes + at });
            }
        }
        if L::SCALES == Scales::Blocks {
            block_scale::check_all(bytes, L::row_bytes(Scales::BLOCK))?;
        }
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

    /// Brings the weights back to `f32`, in the unit of the scale: `rows * columns`, each weight times its scale.
    ///
    /// # Errors
    ///
    /// [`FormatError::Length`] when the slice is of another length.
    pub fn dequantize_into(&self, weights: &mut [f32]) -> Result<(), FormatError> {
        self.check_len(weights.len())?;
        let mut ternary = vec![0; self.columns];
        for (packed, weights) in self.packed_rows().zip(weights.chunks_exact_mut(self.columns.max(1))) {
            L::unpack_row(packed, &mut ternary);
            match L::SCALES {
                Scales::Tensor => multiply(&ternary, self.scale(), weights),
                Scales::Blocks => {
                    let scales = block_scale::all(packed, L::row_bytes(Scales::BLOCK));
                    let blocks = ternary.chunks_exact(Scales::BLOCK).zip(weights.chunks_exact_mut(Scales::BLOCK));
                    blocks.zip(scales).for_each(|((ternary, weights), scale)| multiply(ternary, scale, weights));
                }
            }
        }
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

    /// The scale γ as the format keeps it: where blocks have scales of their own, the one of greatest magnitude.
    pub fn scale(&self) -> f32 {
        match L::SCALES {
            Scales::Tensor => self.tail().first_chunk().map_or(0.0, |&bytes| f32::from_le_bytes(bytes)),
            Scales::Blocks => block_scale::all(self.as_bytes(), L::row_bytes(Scales::BLOCK))
                .fold(0.0, |greatest: f32, scale| if scale.abs() > greatest.abs() { scale } else { greatest }),
        }
    }

    /// The bytes of row `row`.
    ///
    /// # Panics
    ///
    /// When `row` is not below [`rows`](Self::rows).
    #[inline]
    pub fn row(&self, row: usize) -> &[u8] {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        let len = L::row_bytes(self.columns);
        &self.storage.bytes()[row * len..][..len]
    }

    /// `len` bytes from byte `offset` of row `row`.
    ///
    /// The bytes may go on after the row's last: into the next row, or for 64 after the last of the matrix.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    pub(in crate::reference) fn row_bytes_from(&self, row: usize, offset: usize, len: usize) -> &[u8] {
        &self.storage.with_slack()[row * L::row_bytes(self.columns) + offset..][..len]
    }

    /// The whole matrix in the format: the rows, then the scale where there is one for the tensor.
    pub fn as_bytes(&self) -> &[u8] {
        self.storage.bytes()
    }

    /// A matrix whose bytes are all 0, which need not be valid.
    pub(super) fn blank(rows: usize, columns: usize) -> Result<Self, FormatError> {
        let too_large = FormatError::TooLarge { rows, columns };
        if columns > Self::MAX_COLUMNS {
            return Err(too_large);
        }
        if !columns.is_multiple_of(L::MULTIPLE) {
            return Err(FormatError::Multiple { columns, of: L::MULTIPLE });
        }
        let bytes = L::row_bytes(columns).checked_mul(rows).and_then(|bytes| bytes.checked_add(L::SCALES.tail()));
        let storage = bytes.and_then(Storage::zeroed).ok_or(too_large)?;
        Ok(Self { rows, columns, storage, layout: PhantomData })
    }

    pub(super) fn check_len(&self, found: usize) -> Result<(), FormatError> {
        let expected = self.rows.checked_mul(self.columns);
        let expected = expected.ok_or(FormatError::TooLarge { rows: self.rows, columns: self.columns })?;
        if found == expected { Ok(()) } else { Err(FormatError::Length { expected, found }) }
    }

    /// The rows' bytes to be written; no rows where they have no columns.
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [u8]> {
        let len = L::row_bytes(self.columns).max(1);
        self.all_rows_mut().chunks_exact_mut(len)
    }

    /// The rows' bytes; no rows where they have no columns.
    fn packed_rows(&self) -> impl Iterator<Item = &[u8]> {
        let end = self.as_bytes().len() - L::SCALES.tail();
        self.as_bytes()[..end].chunks_exact(L::row_bytes(self.columns).max(1))
    }

    fn unpack_rows(&self, weights: &mut [i8]) {
        let rows = self.packed_rows().zip(weights.chunks_exact_mut(self.columns.max(1)));
        rows.for_each(|(packed, weights)| L::unpack_row(packed, weights));
    }

    fn all_rows_mut(&mut self) -> &mut [u8] {
        let end = self.as_bytes().len() - L::SCALES.tail();
        &mut self.storage.bytes_mut()[..end]
    }

    fn tail(&self) -> &[u8] {
        &self.as_bytes()[self.as_bytes().len() - L::SCALES.tail()..]
    }

    fn tail_mut(&mut self) -> &mut [u8] {
        let start = self.as_bytes().len() - L::SCALES.tail();
        &mut self.storage.bytes_mut()[start..]
    }
}

impl<L: Layout> fmt::Debug for Packed<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {{ rows: {}, columns: {}, scale: {} }}", L::NAME, self.rows, self.columns, self.scale())
    }
}

widest! {
    /// Each weight times the scale.
    fn multiply(ternary: &[i8], scale: f32, weights: &mut [f32]) {
        for (weight, &ternary) in weights.iter_mut().zip(ternary) {
            *weight = f32::from(ternary) * scale;
        }
    }
}

/// The error for the first weight that is not ternary in a row that starts at `start`.
#[cold]
fn not_ternary(weights: &[i8], start: usize) -> FormatError {
    let at = weights.iter().take_while(|weight| (-1..=1).contains(*weight)).count();
    FormatError::NotTernary { index: start + at, value: weights[at] }
}
