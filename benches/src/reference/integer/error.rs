//! What can be wrong with an integer matrix.

use std::fmt;

/// Why weights could not be quantized, or parts are no integer matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum IntegerError {
    /// Codes of so many bits are not kept.
    Bits(u32),
    /// Groups of no weights.
    Group,
    /// There are not as many of something as the shape has.
    Length {
        /// Of what.
        what: &'static str,
        /// How many the shape has.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// The shape has more weights than can be addressed.
    TooLarge {
        /// Rows asked for.
        rows: usize,
        /// Columns asked for.
        columns: usize,
    },
    /// A weight is not a number, infinite, or beyond 2¹²⁶.
    Weight {
        /// Its place in the row-major weights.
        index: usize,
        /// The weight found there.
        value: f32,
    },
    /// A scale is not a number, infinite, negative, or so great that a level would be infinite.
    Scale {
        /// Its place in the scales.
        index: usize,
        /// The scale found there.
        value: f32,
    },
    /// A zero point is no code.
    ZeroPoint {
        /// Its place in the zero points.
        index: usize,
        /// The zero point found there.
        value: u8,
    },
    /// The code 0 among symmetric levels, where it stands for no weight.
    Code {
        /// The row of the weight.
        row: usize,
        /// The column of the weight.
        column: usize,
    },
    /// The bits after a row's last code are not 0.
    Filling {
        /// The row.
        row: usize,
    },
}

impl fmt::Display for IntegerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bits(bits) => write!(f, "{bits} bits a weight: give 2, 4 or 8"),
            Self::Group => f.write_str("groups of 0 weights: give a length of 1 or more"),
            Self::Length { what, expected, found } => {
                write!(f, "the shape takes {expected} {what}, but there are {found}")
            }
            Self::TooLarge { rows, columns } => write!(f, "{rows} rows of {columns} columns are too many to address"),
            Self::Weight { index, value } => {
                write!(f, "weight {index} is {value}: levels are for finite weights of magnitudes up to 2^126")
            }
            Self::Scale { index, value } => {
                write!(f, "scale {index} is {value}: give a finite one of 0 or more, with levels that are finite too")
            }
            Self::ZeroPoint { index, value } => {
                write!(f, "zero point {index} is {value}: give one of the codes, from 0 to 2^bits - 1")
            }
            Self::Code { row, column } => {
                write!(f, "the weight in row {row}, column {column} has the code 0: symmetric codes start at 1")
            }
            Self::Filling { row } => {
                write!(f, "the last byte of row {row} has bits set after its last code: clear them")
            }
        }
    }
}

impl std::error::Error for IntegerError {}
