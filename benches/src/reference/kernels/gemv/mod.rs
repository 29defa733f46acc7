//! The ternary matrix–vector product: `i8` activations times I2_S weights, exact in `i32`.
//!
//! `y[n] = Σₖ W_q[n, k] · x_q[k]` for a matrix of N rows and K columns. The weights are used as they are stored, as
//! codes of 0, 1 and 2, and the sum of the activations is subtracted at the end:
//! `Σ W_q x = Σ (W_q + 1) x − Σ x` (arXiv 2502.11880, section 3.2, the I2_S kernel).
//!
//! No sum can wrap around: with K up to [`I2S::MAX_COLUMNS`] = 2²³, `|Σ (W_q + 1) x| ≤ 2 · 128 · 2²³ = 2³¹`, and −2³¹
//! is an `i32`; +2³¹ would need activations of +128. The paths with narrower sums say in their own words when they
//! widen.

use std::fmt;

use crate::reference::formats::I2S;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod path;
mod scalar;
#[cfg(test)]
mod validation;

pub use path::Path;

/// Computes `y = W x` on the fastest path of this processor.
///
/// `x` holds K activations, `y` receives N sums; every `i8` value is allowed, −128 too.
///
/// # Errors
///
/// [`GemvError`] when `x` or `y` does not fit the matrix.
pub fn gemv(matrix: &I2S, x: &[i8], y: &mut [i32]) -> Result<(), GemvError> {
    gemv_with(Path::detect(), matrix, x, y)
}

/// Computes `y = W x` as [`gemv`] does, on a path of the caller's choice.
///
/// # Errors
///
/// [`GemvError`] when `x` or `y` does not fit the matrix, or this processor lacks the path.
pub fn gemv_with(path: Path, matrix: &I2S, x: &[i8], y: &mut [i32]) -> Result<(), GemvError> {
    if x.len() != matrix.columns() {
        return Err(GemvError::Activations { expected: matrix.columns(), found: x.len() });
    }
    if y.len() != matrix.rows() {
        return Err(GemvError::Outputs { expected: matrix.rows(), found: y.len() });
    }
    if !path.is_available() {
        return Err(GemvError::Unavailable(path));
    }
    match path {
        Path::Scalar => scalar::gemv(matrix, x, y),
        // SAFETY: `is_available` has just found AVX2.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { avx2::gemv(matrix, x, y) },
        // SAFETY: `is_available` has just found AVX-512 F, BW and VNNI.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512Vnni => unsafe { avx512::gemv(matrix, x, y) },
        // SAFETY: `is_available` has just found NEON.
        #[cfg(target_arch = "aarch64")]
        Path::Neon => unsafe { neon::gemv(matrix, x, y) },
        _ => return Err(GemvError::Unavailable(path)),
    }
    Ok(())
}

/// Why a product was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GemvError {
    /// There is not one activation for each column.
    Activations {
        /// Columns of the matrix.
        expected: usize,
        /// Activations given.
        found: usize,
    },
    /// There is not one output for each row.
    Outputs {
        /// Rows of the matrix.
        expected: usize,
        /// Outputs given.
        found: usize,
    },
    /// This processor does not have the path's instructions.
    Unavailable(Path),
}

impl fmt::Display for GemvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Activations { expected, found } => {
                write!(f, "the matrix has {expected} columns, but there are {found} activations: give one for each")
            }
            Self::Outputs { expected, found } => {
                write!(f, "the matrix has {expected} rows, but there are {found} outputs: give one for each")
            }
            Self::Unavailable(path) => {
                write!(f, "this processor has no {path} path: choose one of `Path::available()`")
            }
        }
    }
}

impl std::error::Error for GemvError {}

/// The sum of all activations; |Σ x| ≤ 128 · 2²³ = 2³⁰.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn sum(x: &[i8]) -> i32 {
    x.iter().map(|&value| i32::from(value)).sum()
}
