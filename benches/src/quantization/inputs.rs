//! What the cases of the suite are fed, made once in a launch, and where it lies when a case starts.

use std::fmt;
use std::sync::Arc;

use bitnet_bench::Bencher;

use crate::reference::data::{self, Distribution};

/// Whether the weights of a product are in the processor's caches when it starts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cache {
    /// They are, as far as they fit: the product before used the same.
    Warm,
    /// They are not: each product takes the next of many equal matrices, which together are larger than
    /// any cache. It is how a model's layers find theirs.
    Cold,
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Warm => "warm",
            Self::Cold => "cold",
        })
    }
}

/// Number of elements of a matrix.
pub(super) fn count([rows, columns]: [usize; 2]) -> usize {
    rows * columns
}

/// Weights of a shape, row by row.
pub(super) fn weights(b: &Bencher, distribution: Distribution, shape: [usize; 2]) -> Arc<Vec<f32>> {
    let seed = b.seed();
    b.cached(format!("{distribution:?} weights {shape:?} of seed {seed}"), || distribution.generate(seed, shape))
}

/// Quantized activations of so many tokens.
pub(super) fn int8(b: &Bencher, tokens: usize, columns: usize) -> Arc<Vec<i8>> {
    let seed = b.seed().wrapping_add(1);
    b.cached(format!("{tokens} int8 tokens of {columns} of seed {seed}"), || data::int8(seed, tokens * columns))
}

/// Ternary weights of a shape, row by row.
pub(super) fn ternary(b: &Bencher, shape: [usize; 2]) -> Arc<Vec<i8>> {
    let seed = b.seed();
    b.cached(format!("ternary weights {shape:?} of seed {seed}"), || data::ternary(seed, count(shape)))
}
