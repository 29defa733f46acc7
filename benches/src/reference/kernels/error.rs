//! Why a product is refused.

use std::fmt;

use super::Path;

/// Why a product was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MatmulError {
    /// There is not one activation for each column and token.
    Activations {
        /// Columns of the matrix times tokens.
        expected: usize,
        /// Activations given.
        found: usize,
    },
    /// There is not one output for each row and token.
    Outputs {
        /// Rows of the matrix times tokens.
        expected: usize,
        /// Outputs given.
        found: usize,
    },
    /// This processor does not have the path's instructions.
    Unavailable(Path),
}

impl MatmulError {
    /// Checks the numbers of activations and outputs, then the path.
    pub(super) fn check(
        [rows, columns]: [usize; 2],
        tokens: usize,
        [activations, outputs]: [usize; 2],
        path: Path,
    ) -> Result<(), Self> {
        // A product beyond `usize` is no length that a slice can have.
        let (inputs, sums) = (columns.saturating_mul(tokens), rows.saturating_mul(tokens));
        if activations != inputs {
            return Err(Self::Activations { expected: inputs, found: activations });
        }
        if outputs != sums {
            return Err(Self::Outputs { expected: sums, found: outputs });
        }
        if path.is_available() { Ok(()) } else { Err(Self::Unavailable(path)) }
    }
}

impl fmt::Display for MatmulError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Activations { expected, found } => {
                write!(f, "there are {found} activations, not {expected}: give one for each column and token")
            }
            Self::Outputs { expected, found } => {
                write!(f, "there are {found} outputs, not {expected}: give one for each row and token")
            }
            Self::Unavailable(path) => {
                write!(f, "this processor has no {path} path: choose one of `Path::available()`")
            }
        }
    }
}

impl std::error::Error for MatmulError {}
