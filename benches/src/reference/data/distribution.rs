//! The distributions of weights and activations, as values of an axis.

use super::{heavy_tailed, normal, real_like_activations, real_like_weights, uniform};

/// How the values of a matrix are distributed; see the [table](super) for the generators.
///
/// ```
/// use bitnet_benchmarks::reference::data::Distribution;
///
/// let weights = Distribution::RealLike.generate(1, [640, 2560]);
/// assert_eq!(weights.len(), 640 * 2560);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Distribution {
    /// Normal.
    Normal,
    /// Uniform.
    Uniform,
    /// Student's t with 4 degrees of freedom.
    HeavyTailed,
    /// Normal, with channels of different scales and outliers among them.
    RealLike,
}

impl Distribution {
    /// Every distribution, from the plain to the uneven.
    pub const ALL: [Self; 4] = [Self::Uniform, Self::Normal, Self::HeavyTailed, Self::RealLike];

    /// Row-major weights of shape `[N, K]`.
    pub fn generate(self, seed: u64, shape: [usize; 2]) -> Vec<f32> {
        match self {
            Self::RealLike => real_like_weights(seed, shape),
            _ => self.alike(seed, shape[0] * shape[1]),
        }
    }

    /// Activations of M tokens with K values each, shape `[M, K]`.
    pub fn generate_activations(self, seed: u64, shape: [usize; 2]) -> Vec<f32> {
        match self {
            Self::RealLike => real_like_activations(seed, shape),
            _ => self.alike(seed, shape[0] * shape[1]),
        }
    }

    /// Values that do not depend on their row and column.
    fn alike(self, seed: u64, len: usize) -> Vec<f32> {
        match self {
            Self::Uniform => uniform(seed, len),
            Self::HeavyTailed => heavy_tailed(seed, len),
            Self::Normal | Self::RealLike => normal(seed, len),
        }
    }
}
