//! What tells one packed format from another.

/// How the ternary weights of a row become bytes: all that a format adds to a [`Packed`](super::Packed) matrix.
///
/// A layout deals with one row at a time, and `Packed` with the rest: slices have the lengths of the shape, and the
/// scale is kept elsewhere.
///
/// ```
/// use bitnet_benchmarks::reference::formats::{FormatError, Layout, Packed, Scales};
///
/// /// A whole byte for each weight.
/// #[derive(Clone, PartialEq)]
/// struct Bytes;
///
/// impl Layout for Bytes {
///     const NAME: &'static str = "bytes";
///     const SCALES: Scales = Scales::Tensor;
///
///     fn row_bytes(columns: usize) -> usize {
///         columns
///     }
///
///     fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
///         let are_ternary = weights.iter().all(|weight| (-1..=1).contains(weight));
///         if are_ternary {
///             packed.iter_mut().zip(weights).for_each(|(byte, &weight)| *byte = weight as u8);
///         }
///         are_ternary
///     }
///
///     fn unpack_row(packed: &[u8], weights: &mut [i8]) {
///         weights.iter_mut().zip(packed).for_each(|(weight, &byte)| *weight = byte as i8);
///     }
///
///     fn find_invalid(packed: &[u8], _columns: usize) -> Option<usize> {
///         packed.iter().position(|&byte| !(-1..=1).contains(&(byte as i8)))
///     }
/// }
///
/// let matrix = Packed::<Bytes>::pack(&[1, 0, -1, 1], 2, 2, 0.5)?;
/// assert_eq!(matrix.row(1), [255, 1]);
/// # Ok::<(), FormatError>(())
/// ```
pub trait Layout: Clone + PartialEq + Send + Sync + 'static {
    /// The name in case ids and tables, such as `I2_S`.
    const NAME: &'static str;

    /// Where the scales are.
    const SCALES: Scales;

    /// K must be a multiple of this; 1, the default, for formats that fill their rows up.
    const MULTIPLE: usize = 1;

    /// Bytes of a row of `columns` weights, a multiple of [`MULTIPLE`](Self::MULTIPLE); for no weights, 0.
    fn row_bytes(columns: usize) -> usize;

    /// Packs a row into its bytes, all but the scales of blocks, and gives whether every weight was −1, 0 or 1.
    ///
    /// Where one was not, any part of the row may have been packed, but never a code that stands for no weights.
    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool;

    /// Unpacks a row from its bytes.
    fn unpack_row(packed: &[u8], weights: &mut [i8]);

    /// The place of the first byte in a row of `columns` weights that [`pack_row`](Self::pack_row) never writes.
    fn find_invalid(packed: &[u8], columns: usize) -> Option<usize>;
}

/// A layout whose blocks of 256 weights have scales of their own, as ggml's have.
pub trait BlockScaled: Layout {}

/// Where a format keeps its scales.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scales {
    /// One for the tensor: a little-endian `f32`, the first four of 32 bytes after the last row. The others are zero.
    Tensor,
    /// One for each block of 256 weights: a little-endian `f16` in the last two bytes of the block.
    Blocks,
}

impl Scales {
    /// Weights that share a scale where blocks have their own (`QK_K` in ggml).
    pub const BLOCK: usize = 256;

    /// Bytes after the last row.
    pub(super) const fn tail(self) -> usize {
        match self {
            Self::Tensor => 32,
            Self::Blocks => 0,
        }
    }
}
