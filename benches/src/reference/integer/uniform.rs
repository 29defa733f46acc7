//! Which levels an integer matrix has.

use std::fmt;

use super::IntegerError;
use crate::subject::Granularity;

/// Evenly spaced levels: how many, how they lie about 0, and which weights share them.
///
/// It is also the quantizer of weights to these levels; its name is how it displays.
///
/// ```
/// use bitnet_benchmarks::reference::integer::Uniform;
/// use bitnet_benchmarks::subject::Granularity;
///
/// let levels = Uniform { bits: 4, symmetric: false, granularity: Granularity::Group(128) };
/// assert_eq!(levels.to_string(), "int4-asym-group128");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Uniform {
    /// Bits a weight: 2, 4 or 8.
    pub bits: u32,
    /// Whether the levels are symmetric about 0.
    pub symmetric: bool,
    /// Which weights share their levels: a granule.
    pub granularity: Granularity,
}

impl Uniform {
    /// Whether there can be such levels.
    pub(super) fn check(&self) -> Result<(), IntegerError> {
        match (self.bits, self.granularity) {
            (_, Granularity::Group(0)) => Err(IntegerError::Group),
            (2 | 4 | 8, _) => Ok(()),
            (bits, _) => Err(IntegerError::Bits(bits)),
        }
    }

    /// The greatest code, 2^bits − 1.
    pub(super) fn greatest_code(&self) -> u8 {
        u8::MAX >> (8 - self.bits)
    }

    /// The code of the weight 0 where the levels are symmetric, 2^(bits−1).
    pub(super) fn middle(&self) -> u8 {
        1 << (self.bits - 1)
    }

    /// Number of weights of a row that share their levels; the last in the row may be fewer.
    pub(super) fn span(&self, columns: usize) -> usize {
        match self.granularity {
            Granularity::Tensor | Granularity::Channel => columns.max(1),
            Granularity::Group(len) => len,
        }
    }

    /// Number of granules in a matrix of that shape.
    pub(super) fn granules(&self, [rows, columns]: [usize; 2]) -> usize {
        match self.granularity {
            Granularity::Tensor => usize::from(rows > 0 && columns > 0),
            _ => rows * columns.div_ceil(self.span(columns)),
        }
    }

    /// Bytes of a row of codes.
    pub(super) fn row_bytes(&self, columns: usize) -> usize {
        columns.div_ceil(self.codes_per_byte())
    }

    /// Number of codes in a byte.
    pub(super) fn codes_per_byte(&self) -> usize {
        8 / self.bits as usize
    }
}

impl fmt::Display for Uniform {
    /// Such as `int8-sym-tensor`, `int4-asym-group128`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symmetry = if self.symmetric { "sym" } else { "asym" };
        write!(f, "int{}-{symmetry}-", self.bits)?;
        match self.granularity {
            Granularity::Tensor => f.write_str("tensor"),
            Granularity::Channel => f.write_str("channel"),
            Granularity::Group(len) => write!(f, "group{len}"),
        }
    }
}
