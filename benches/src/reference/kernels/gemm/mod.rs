//! The ternary matrix–matrix product: the `i8` activations of many tokens times I2_S weights, exact in `i32`.
//!
//! `y[m, n] = Σₖ W_q[n, k] · x_q[m, k]` for a matrix of N rows and K columns and M tokens; `x` is M × K and `y` is
//! M × N, both row-major. As in [`gemv`], the weights are used as codes of 0, 1 and 2, and the sum of a
//! token's activations is subtracted. No sum can wrap around with K up to [`I2S::MAX_COLUMNS`].
//!
//! A tile of rows and tokens is the unit of work. A few tokens make no tile worth its filling; they are taken one
//! after the other by the matrix–vector product, which then finds the rows in the cache.

use super::{MatmulError, Path, Threads, gemv};
use crate::reference::formats::I2S;
use tokens::Tokens;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod band;
#[cfg(target_arch = "aarch64")]
mod neon;
mod scalar;
mod tile;
mod tokens;
#[cfg(test)]
mod validation;

/// Up to so many tokens are taken one by one.
const FEW: usize = 16;
/// Bytes of weights that stay in the second-level cache while a few tokens pass.
const CACHED: usize = 256 << 10;

/// Computes `y = x Wᵀ` on the fastest path of this processor, on the calling thread.
///
/// `x` holds the K activations of each of `tokens` tokens, `y` receives N sums for each; every `i8` value is allowed,
/// −128 too.
///
/// ```
/// use bitnet_benchmarks::reference::{formats::I2S, kernels::gemm};
///
/// let matrix = I2S::pack(&[1, 0, -1, 1, 1, 1], 2, 3, 1.0)?;
/// let mut sums = [0; 4];
/// gemm::gemm(&matrix, 2, &[5, 6, 7, 1, 0, 0], &mut sums)?;
/// assert_eq!(sums, [-2, 18, 1, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`MatmulError`] when `x` or `y` does not fit the matrix and the tokens.
pub fn gemm(matrix: &I2S, tokens: usize, x: &[i8], y: &mut [i32]) -> Result<(), MatmulError> {
    gemm_with(Path::detect(), matrix, tokens, x, y)
}

/// Computes `y = x Wᵀ` as [`gemm`] does, on a path of the caller's choice.
///
/// # Errors
///
/// [`MatmulError`] when `x` or `y` does not fit the matrix and the tokens, or this processor lacks the path.
pub fn gemm_with(path: Path, matrix: &I2S, tokens: usize, x: &[i8], y: &mut [i32]) -> Result<(), MatmulError> {
    gemm_on(&Threads::ONE, path, matrix, tokens, x, y)
}

/// Computes `y = x Wᵀ` as [`gemm`] does, on a path and on threads of the caller's choice.
///
/// # Errors
///
/// [`MatmulError`] when `x` or `y` does not fit the matrix and the tokens, or this processor lacks the path.
pub fn gemm_on(
    threads: &Threads,
    path: Path,
    matrix: &I2S,
    tokens: usize,
    x: &[i8],
    y: &mut [i32],
) -> Result<(), MatmulError> {
    MatmulError::check([matrix.rows(), matrix.columns()], tokens, [x.len(), y.len()], path)?;
    if y.is_empty() {
        return Ok(());
    }
    if tokens <= FEW || x.is_empty() {
        threads.for_each(bands(threads, matrix, y), |(first, mut y)| one_by_one(path, matrix, first, x, &mut y));
    } else {
        let tokens = Tokens::arrange(threads, x, matrix.columns());
        threads.for_each(bands(threads, matrix, y), |(first, mut y)| tiled(path, matrix, first, &tokens, &mut y));
    }
    Ok(())
}

/// The bands of rows that the threads take: the first row, and for each token the outputs of the band's rows.
fn bands<'a>(threads: &Threads, matrix: &I2S, y: &'a mut [i32]) -> impl Iterator<Item = (usize, Vec<&'a mut [i32]>)> {
    let share = threads.share(matrix.rows());
    let mut bands = Vec::new();
    bands.resize_with(matrix.rows().div_ceil(share), Vec::new);
    for y in y.chunks_exact_mut(matrix.rows()) {
        for (band, y) in bands.iter_mut().zip(y.chunks_mut(share)) {
            band.push(y);
        }
    }
    bands.into_iter().enumerate().map(move |(band, y)| (band * share, y))
}

/// Computes a band, token by token, over as many rows at a time as stay in the cache.
fn one_by_one(path: Path, matrix: &I2S, first: usize, x: &[i8], y: &mut [&mut [i32]]) {
    let columns = matrix.columns();
    let rows = y.first().map_or(0, |y| y.len());
    let step = (CACHED / columns.div_ceil(4).max(1)).max(1);
    for from in (0..rows).step_by(step) {
        for (token, y) in y.iter_mut().enumerate() {
            let y = &mut y[from..rows.min(from + step)];
            gemv::band(path, matrix, first + from, &x[token * columns..][..columns], y);
        }
    }
}

/// Computes a band, tile by tile; the path has been checked.
fn tiled(path: Path, matrix: &I2S, first: usize, tokens: &Tokens, y: &mut [&mut [i32]]) {
    debug_assert!(path.is_available());
    match path {
        // SAFETY: the path has been checked, so that the processor has AVX2.
        #[cfg(target_arch = "x86_64")]
        Path::Avx2 => unsafe { avx2::gemm(matrix, first, tokens, y) },
        // SAFETY: as above, with AVX-512 F, BW and VNNI.
        #[cfg(target_arch = "x86_64")]
        Path::Avx512Vnni => unsafe { avx512::gemm(matrix, first, tokens, y) },
        // SAFETY: as above, with NEON.
        #[cfg(target_arch = "aarch64")]
        Path::Neon => unsafe { neon::gemm(matrix, first, tokens, y) },
        _ => scalar::gemm(matrix, first, tokens, y),
    }
}
