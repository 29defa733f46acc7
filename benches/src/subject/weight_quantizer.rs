//! Quantizers of weights.

use super::Refusal;

/// A subject that brings a weight matrix from `f32` to fewer bits, and back.
///
/// ```
/// use bitnet_benchmarks::subject::{Claim, Refusal, WeightQuantizer};
///
/// /// One sign a weight, and the mean magnitude of the matrix.
/// struct Sign;
///
/// impl WeightQuantizer for Sign {
///     type Quantized = (Vec<bool>, f32);
///
///     fn name(&self) -> String {
///         "sign".to_owned()
///     }
///
///     fn claim(&self) -> Claim {
///         Claim::AtLeast { bits: 1.0, sqnr: 4.0 }
///     }
///
///     fn quantize(&self, weights: &[f32], _shape: [usize; 2]) -> Result<Self::Quantized, Refusal> {
///         let mean = weights.iter().map(|weight| weight.abs()).sum::<f32>() / weights.len().max(1) as f32;
///         Ok((weights.iter().map(|weight| *weight < 0.0).collect(), mean))
///     }
///
///     fn dequantize(&self, (negative, mean): &Self::Quantized, weights: &mut [f32]) {
///         for (weight, &negative) in weights.iter_mut().zip(negative) {
///             *weight = if negative { -mean } else { *mean };
///         }
///     }
///
///     fn bytes(&self, (negative, _): &Self::Quantized) -> usize {
///         negative.len().div_ceil(8) + 4
///     }
/// }
/// ```
pub trait WeightQuantizer: Send + Sync + 'static {
    /// A quantized matrix.
    type Quantized: Send + Sync + 'static;

    /// The name in case ids and tables, such as `absmean`.
    fn name(&self) -> String;

    /// What the quantizer claims of its results, which they are checked for.
    fn claim(&self) -> Claim;

    /// Quantizes a row-major matrix; `shape` is `[N, K]`, N rows (outputs) by K columns (inputs).
    ///
    /// # Errors
    /// If the quantizer does not take this shape: the case is skipped.
    fn quantize(&self, weights: &[f32], shape: [usize; 2]) -> Result<Self::Quantized, Refusal>;

    /// Brings the matrix back to `f32`, in the unit of the weights; `weights` has its N · K elements.
    fn dequantize(&self, quantized: &Self::Quantized, weights: &mut [f32]);

    /// Bytes that the quantized matrix takes where it is kept, scales included.
    fn bytes(&self, quantized: &Self::Quantized) -> usize;
}

/// What a quantizer of weights claims of its results.
///
/// [`Absmean`](Self::Absmean) and [`Uniform`](Self::Uniform) are held to `f32` scales: one that is kept as `f16` is off by
/// up to 5e-4, which they do not allow. A format with such scales claims [`AtLeast`](Self::AtLeast), with the ratio that
/// it reaches on normal weights less a little.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Claim {
    /// W_q = γ · clip(round(W/γ), −1, 1) with γ = mean |W| (arXiv 2402.17764, equations 1 to 3).
    Absmean,
    /// Each weight is rounded to the nearest of 2^bits evenly spaced levels, or 2^bits − 1 where they
    /// are symmetric about 0, that span the weights of its granule.
    ///
    /// With symmetric levels the step is max |W| / (2^(bits−1) − 1), else (max W − min W) / (2^bits − 1),
    /// where max and min count 0 as a weight, so that 0 is a level.
    Uniform {
        /// Bits a weight, from 2 to 8.
        bits: u32,
        /// Whether the levels are symmetric about 0.
        symmetric: bool,
        /// Which weights share their levels.
        granularity: Granularity,
    },
    /// Nothing but this: the signal-to-quantization-noise ratio on normal weights is at least so many
    /// decibels, at about so many bits a weight. Other weights, such as a model's, must come back finite.
    AtLeast {
        /// Bits a weight, for tables.
        bits: f32,
        /// The least SQNR = 10 · log₁₀(Σ w² / Σ (w − ŵ)²), in decibels.
        sqnr: f64,
    },
}

/// Which weights of a matrix share a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Granularity {
    /// All.
    Tensor,
    /// Those of a row, an output channel.
    Channel,
    /// So many neighbours in a row; the last group of a row may be shorter.
    Group(usize),
}

impl Claim {
    /// Bits a weight, without scales: log₂ 3 for ternary weights.
    pub fn bits(&self) -> f32 {
        match *self {
            Self::Absmean => 3_f32.log2(),
            Self::Uniform { bits, .. } => bits as f32,
            Self::AtLeast { bits, .. } => bits,
        }
    }
}
