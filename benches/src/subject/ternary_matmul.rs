//! Products of ternary weights.

use super::Refusal;

/// A subject that multiplies a ternary weight matrix by 8-bit activations.
///
/// The claim is exactness: for integer sums every one is Σ wₖ · xₖ. A subject that computes in floating
/// point states its [`tolerance`](Self::tolerance).
///
/// ```
/// use bitnet_benchmarks::subject::{Refusal, TernaryMatmul};
///
/// struct Plain;
///
/// impl TernaryMatmul for Plain {
///     type Weights = (Vec<i8>, usize);
///     type Activations = Vec<i8>;
///     type Sum = i32;
///
///     fn name(&self) -> String {
///         "plain".to_owned()
///     }
///
///     fn pack(&self, ternary: &[i8], [_rows, columns]: [usize; 2]) -> Result<Self::Weights, Refusal> {
///         Ok((ternary.to_vec(), columns))
///     }
///
///     fn bytes(&self, (weights, _): &Self::Weights) -> usize {
///         weights.len()
///     }
///
///     fn prepare(&self, int8: &[i8], _columns: usize) -> Result<Self::Activations, Refusal> {
///         Ok(int8.to_vec())
///     }
///
///     fn multiply(&self, (weights, columns): &Self::Weights, tokens: &Self::Activations, sums: &mut [i32]) {
///         let outputs = tokens.chunks(*columns).flat_map(|token| weights.chunks(*columns).map(move |row| (row, token)));
///         for (sum, (row, token)) in sums.iter_mut().zip(outputs) {
///             *sum = row.iter().zip(token).map(|(&w, &x)| i32::from(w) * i32::from(x)).sum();
///         }
///     }
/// }
/// ```
pub trait TernaryMatmul: Send + Sync + 'static {
    /// Packed weights.
    type Weights: Send + Sync + 'static;
    /// Activations in the form in which the kernel reads them.
    type Activations: Send + Sync + 'static;
    /// One output: `i32` or `f32`.
    type Sum: Copy + From<i8> + Into<f64> + Send + Sync + 'static;

    /// The name in case ids and tables, such as `I2_S-avx2`.
    fn name(&self) -> String;

    /// Packs row-major weights of −1, 0 and 1; `shape` is `[N, K]`.
    ///
    /// # Errors
    /// If the subject does not take this shape, or not on this machine: the case is skipped.
    fn pack(&self, ternary: &[i8], shape: [usize; 2]) -> Result<Self::Weights, Refusal>;

    /// Bytes that the packed weights take.
    fn bytes(&self, weights: &Self::Weights) -> usize;

    /// Brings activations, M tokens of K values one after the other, into the form in which the kernel
    /// reads them. Not timed.
    ///
    /// # Errors
    /// If the subject does not take this number of tokens: the case is skipped.
    fn prepare(&self, int8: &[i8], columns: usize) -> Result<Self::Activations, Refusal>;

    /// Computes every sum: `sums` is M × N, so that output n of token m is at m · N + n.
    fn multiply(&self, weights: &Self::Weights, activations: &Self::Activations, sums: &mut [Self::Sum]);

    /// Threads that [`multiply`](Self::multiply) spreads over by itself: the suites give it so many cores. 1, the
    /// default, for a product on the calling thread.
    fn threads(&self) -> usize {
        1
    }

    /// A copy of packed weights in memory of its own, for the suites to have many of them; `None`, the default, and
    /// they pack anew. Where a clone shares its memory, do not give it.
    fn duplicate(&self, weights: &Self::Weights) -> Option<Self::Weights> {
        let _ = weights;
        None
    }

    /// The greatest error that a sum may have, as a share of the sum of its products' magnitudes;
    /// 0, the default, for exact sums, and 0.05 at most. Sums that are not exact are compared row by row, all of them
    /// for the first and the last token and some for the others.
    fn tolerance(&self) -> f64 {
        0.0
    }
}
