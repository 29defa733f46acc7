//! What can be wrong with weights in a format.

use std::fmt;

use super::I2S;

/// Why weights could not be packed, read or unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FormatError {
    /// A weight is not −1, 0 or 1.
    NotTernary {
        /// Its place in the row-major weights.
        index: usize,
        /// The weight found there.
        value: i8,
    },
    /// The number of weights, or of bytes, is not that of the shape.
    Length {
        /// How many the shape has.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// A byte holds a code that no weights have, such as 3 in a format of two bits a weight.
    Code {
        /// Its place in the bytes.
        offset: usize,
    },
    /// A block's scale is infinite or NaN, or will be when it is rounded to the `f16` in which it is kept.
    Scale {
        /// The place of its two bytes in the bytes.
        offset: usize,
    },
    /// The format holds only whole blocks in a row.
    Multiple {
        /// Columns asked for.
        columns: usize,
        /// What their number must be a multiple of.
        of: usize,
    },
    /// The shape has too many columns, or more weights than can be addressed.
    TooLarge {
        /// Rows asked for.
        rows: usize,
        /// Columns asked for.
        columns: usize,
    },
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTernary { index, value } => write!(f, "weight {index} is {value}: ternary weights are -1, 0 or 1"),
            Self::Length { expected, found } => write!(f, "the shape takes {expected} values, but there are {found}"),
            Self::Code { offset } => write!(f, "byte {offset} holds a code that stands for no weights in this format"),
            Self::Scale { offset } => {
                write!(f, "the scale at byte {offset} is not a finite f16: keep magnitudes below 65520")
            }
            Self::Multiple { columns, of } => write!(
                f,
                "{columns} columns are not a multiple of {of}, which this format needs: fill the rows up with zeros \
                 or choose a format that does"
            ),
            Self::TooLarge { rows, columns } => {
                write!(f, "{rows} rows of {columns} columns are too many: at most {} columns", I2S::MAX_COLUMNS)
            }
        }
    }
}

impl std::error::Error for FormatError {}
