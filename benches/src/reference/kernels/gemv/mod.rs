//! The ternary matrix–vector product: `i8` activations times I2_S weights, exact in `i32`.
//!
//! `y[n] = Σₖ W_q[n, k] · x_q[k]` for a matrix of N rows and K columns. The weights are used as they are stored, as
//! codes of 0, 1 and 2, and the sum of the activations is subtracted at the end:
//! `Σ W_q x = Σ (W_q + 1) x − Σ x` (arXiv 2502.11880, section 3.2, the I2_S kernel).
//!
//! No sum can wrap around: with K up to [`I2S::MAX_COLUMNS`] = 2²³, `|Σ (W_q + 1) x| ≤ 2 · 128 · 2²³ = 2³¹`, and −2³¹
//! is an `i32`; +2³¹ would need activations of +128. The paths with narrower sums say in their own words when they
//! widen.

use super::{MatmulError, Threads};
use crate::reference::formats::I2S;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod scalar;
#[cfg(target_arch = "x86_64")]
mod streams;
#[cfg(test)]
mod validation;

pub use super::Path;

/// Computes `y = W x` on the fastest path of this processor, on the calling thread.
///
/// `x` holds K activations, `y` receives N sums; every `i8` value is allowed, −128 too.
///
/// # Errors
///
/// [`MatmulError`] when `x` or `y` does not fit the matrix.
pub fn gemv(matrix: &I2S, x: &[i8], y: &mut [i32]) -> Result<(), MatmulError> {
    gemv_with(Path::detect(), matrix, x, y)
}

/// Computes `y = W x` as [`gemv`] does, on a path of the caller's choice.
///
/// # Errors
///
/// [`MatmulError`] when `x` or `y` does not fit the matrix, or this processor lacks the path.
pub fn gemv_with(path: Path, matrix: &I2S, x: &[i8], y: &mut [i32]) -> Result<(), MatmulError> {
    gemv_on(&Threads::ONE, path, matrix, x, y)
}

/// Computes `y = W x` as [`gemv`] does, on a path and on threads of the caller's choice.
///
/// # Errors
///
/// [`MatmulError`] when `x` or `y` does not fit the matrix, or this processor lacks the path.
pub fn gemv_on(threads: &Threads, path: Path, matrix: &I2S, x: &[i8], y: &mut [i32]) -> Result<(), MatmulError> {
    MatmulError::check([matrix.rows(), matrix.columns()], 1, [x.len(), y.len()], path)?;
    let share = threads.share(y.len());
    if share > 0 {
        threads.for_each(y.chunks_mut(share).enumerate(), |(part, y)| band(path, matrix, part * share, x, y));
    }
    Ok(())
}

/// Computes the outputs of neighbouring rows, from row `first`; the lengths and the path have been checked.
pub(super) fn band(path: Path, matrix: &I2S, first: usize, x: &[i8], y: &mut [i32]) {
    debug_assert!(path.is_available() && x.len() == matrix.columns() && first + y.len() <= matrix.rows());
    match path {
        // SAFETY: the path has been checked, so that the processor has AVX2.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { avx2::gemv(matrix, first, x, y) },
        // SAFETY: as above, with AVX-512 F, BW and VNNI.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512Vnni => unsafe { avx512::gemv(matrix, first, x, y) },
        // SAFETY: as above, with NEON.
        #[cfg(target_arch = "aarch64")]
        Path::Neon => unsafe { neon::gemv(matrix, first, x, y) },
        _ => scalar::gemv(matrix, first, x, y),
    }
}

/// The sum of all activations; |Σ x| ≤ 128 · 2²³ = 2³⁰.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn sum(x: &[i8]) -> i32 {
    x.iter().map(|&value| i32::from(value)).sum()
}
