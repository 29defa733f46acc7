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
    /// A byte holds the code 3, which stands for no weight.
    Code {
        /// Its place in the bytes.
        offset: usize,
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
            Self::Code { offset } => write!(f, "byte {offset} holds the code 3: I2_S codes are 0, 1 and 2"),
            Self::TooLarge { rows, columns } => {
                write!(f, "{rows} rows of {columns} columns are too many: at most {} columns", I2S::MAX_COLUMNS)
            }
        }
    }
}

impl std::error::Error for FormatError {}
