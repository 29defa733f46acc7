//! What every packed format can do.

use std::fmt::Debug;

use super::{FormatError, Layout, Packed};

/// A ternary matrix of N rows and K columns in some format, for suites that sweep the formats.
///
/// The formats here have the same as inherent methods; a third party's format implements this trait to be measured
/// beside them.
///
/// ```
/// use bitnet_benchmarks::reference::formats::{FormatError, I2S, TL2, TernaryFormat};
///
/// fn line<F: TernaryFormat>(weights: &[i8]) -> Result<String, FormatError> {
///     let matrix = F::pack(weights, 4, weights.len() / 4, 1.0)?;
///     Ok(format!("{} {:.2}", F::NAME, matrix.bits_per_weight()))
/// }
///
/// let weights = [1; 4 * 1536];
/// assert_eq!(line::<I2S>(&weights)?, "I2_S 2.04");
/// assert_eq!(line::<TL2>(&weights)?, "TL2 1.71");
/// # Ok::<(), FormatError>(())
/// ```
pub trait TernaryFormat: Clone + Debug + PartialEq + Send + Sync + 'static {
    /// The name in case ids and tables, such as `I2_S`.
    const NAME: &'static str;

    /// Packs row-major weights of −1, 0 and 1; `scale` is γ, in the unit of the weights before quantization.
    ///
    /// # Errors
    ///
    /// [`FormatError`] when there are not `rows * columns` weights, one is not ternary, or the format does not hold
    /// this shape or this scale.
    fn pack(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Result<Self, FormatError>;

    /// Packs other weights of the same shape into this matrix, without allocating.
    ///
    /// # Errors
    ///
    /// [`FormatError`] as for [`pack`](Self::pack).
    fn repack(&mut self, weights: &[i8], scale: f32) -> Result<(), FormatError>;

    /// Reads a matrix from its bytes, as [`as_bytes`](Self::as_bytes) gives them, and checks them.
    ///
    /// # Errors
    ///
    /// [`FormatError`] for a wrong number of bytes, for bytes that no weights have, or for a shape that the format does
    /// not hold.
    fn from_bytes(bytes: &[u8], rows: usize, columns: usize) -> Result<Self, FormatError>;

    /// Unpacks the weights, row by row, into a slice of `rows * columns`.
    ///
    /// # Errors
    ///
    /// [`FormatError::Length`] when the slice is of another length.
    fn unpack_into(&self, weights: &mut [i8]) -> Result<(), FormatError>;

    /// Number of rows N, the outputs of the layer.
    fn rows(&self) -> usize;

    /// Number of columns K, the inputs of the layer, without the filling.
    fn columns(&self) -> usize;

    /// The scale γ, as the format keeps it.
    fn scale(&self) -> f32;

    /// The whole matrix in the format.
    fn as_bytes(&self) -> &[u8];

    /// Bits that the matrix takes for each weight, with its filling and its scales; 0 for no weights.
    fn bits_per_weight(&self) -> f64 {
        match self.rows() as f64 * self.columns() as f64 {
            0.0 => 0.0,
            weights => 8.0 * self.as_bytes().len() as f64 / weights,
        }
    }
}

impl<L: Layout> TernaryFormat for Packed<L> {
    const NAME: &'static str = L::NAME;

    fn pack(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Result<Self, FormatError> {
        Self::pack(weights, rows, columns, scale)
    }

    fn repack(&mut self, weights: &[i8], scale: f32) -> Result<(), FormatError> {
        self.repack(weights, scale)
    }

    fn from_bytes(bytes: &[u8], rows: usize, columns: usize) -> Result<Self, FormatError> {
        Self::from_bytes(bytes, rows, columns)
    }

    fn unpack_into(&self, weights: &mut [i8]) -> Result<(), FormatError> {
        self.unpack_into(weights)
    }

    fn rows(&self) -> usize {
        self.rows()
    }

    fn columns(&self) -> usize {
        self.columns()
    }

    fn scale(&self) -> f32 {
        self.scale()
    }

    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}
