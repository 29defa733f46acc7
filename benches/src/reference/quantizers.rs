//! The reference quantizers as subjects of the suites.
//!
//! | subject | from `f32` to | bits a value |
//! |---|---|---|
//! | [`Absmean`] | ternary weights in the I2_S format | 2 |
//! | [`TernaryBlocks`] | ternary weights in ggml's formats, a scale for each 256 | 1.69 or 2.06 |
//! | [`Uniform`] | integer weights | 2, 4 or 8 |
//! | [`Absmax`] | 8-bit activations | 8 |
//!
//! A weight that is not finite is refused, and named.
//!
//! ```
//! use bitnet_benchmarks::quality::{Quality, conforms};
//! use bitnet_benchmarks::reference::{data, quantizers::Absmean};
//! use bitnet_benchmarks::subject::WeightQuantizer;
//!
//! let shape = [8, 256];
//! let weights = data::normal(1, 8 * 256);
//! let quantized = Absmean.quantize(&weights, shape)?;
//! let mut restored = vec![0.0; weights.len()];
//! Absmean.dequantize(&quantized, &mut restored);
//!
//! conforms(&Absmean.claim(), &weights, &restored, shape)?;
//! assert!(Quality::of(&weights, &restored).sqnr_db > 5.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use super::integer::Uniform;

use std::marker::PhantomData;

use super::formats::{BlockScaled, I2S, Packed, Scales};
use super::integer::Integer;
use super::kernels::{absmax, absmean, dequantize};
use crate::subject::{ActivationQuantizer, Claim, Refusal, WeightQuantizer};

/// Ternary weights by their mean magnitude, kept as I2_S.
///
/// It refuses more than [`I2S::MAX_COLUMNS`] columns, and weights that are not finite.
#[derive(Clone, Copy, Debug, Default)]
pub struct Absmean;

impl WeightQuantizer for Absmean {
    type Quantized = I2S;

    fn name(&self) -> String {
        "absmean".to_owned()
    }

    fn claim(&self) -> Claim {
        Claim::Absmean
    }

    fn quantize(&self, weights: &[f32], [rows, columns]: [usize; 2]) -> Result<I2S, Refusal> {
        let mut ternary = vec![0; weights.len()];
        let gamma = absmean::quantize(weights, &mut ternary);
        if !gamma.is_finite() {
            return Err(not_finite(weights, gamma));
        }
        I2S::pack(&ternary, rows, columns, gamma).map_err(Refusal::new)
    }

    fn dequantize(&self, quantized: &I2S, weights: &mut [f32]) {
        dequantize::i2_s(quantized, weights);
    }

    fn bytes(&self, quantized: &I2S) -> usize {
        quantized.as_bytes().len()
    }
}

/// Ternary weights by the greatest magnitude of each 256, round(w / max |w|), in a layout of ggml's:
/// [`TQ2_0Layout`](super::formats::TQ2_0Layout) or [`TQ1_0Layout`](super::formats::TQ1_0Layout).
///
/// They are for weights that were trained to be ternary, which they keep as they are; of others they keep little.
#[derive(Clone, Copy, Debug)]
pub struct TernaryBlocks<L>(PhantomData<fn() -> L>);

impl<L> Default for TernaryBlocks<L> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// What rounding by the greatest magnitude keeps of normal weights, in decibels, at least. With d = 2.8 σ, about the
/// greatest of 256, the mean squared error is 0.59 σ², which is 2.3 dB; blocks differ by their greatest weight.
const LEAST_SQNR: f64 = 1.5;

impl<L: BlockScaled> WeightQuantizer for TernaryBlocks<L> {
    type Quantized = Packed<L>;

    fn name(&self) -> String {
        L::NAME.to_owned()
    }

    fn claim(&self) -> Claim {
        Claim::AtLeast { bits: 8.0 * L::row_bytes(Scales::BLOCK) as f32 / Scales::BLOCK as f32, sqnr: LEAST_SQNR }
    }

    fn quantize(&self, weights: &[f32], [rows, columns]: [usize; 2]) -> Result<Packed<L>, Refusal> {
        Packed::quantize(weights, rows, columns).map_err(Refusal::new)
    }

    /// # Panics
    ///
    /// When `weights` is not N · K long.
    fn dequantize(&self, quantized: &Packed<L>, weights: &mut [f32]) {
        quantized.dequantize_into(weights).expect("one weight for each code");
    }

    fn bytes(&self, quantized: &Packed<L>) -> usize {
        quantized.as_bytes().len()
    }
}

/// Why γ is not finite.
#[cold]
fn not_finite(weights: &[f32], gamma: f32) -> Refusal {
    match weights.iter().enumerate().find(|(_, weight)| !weight.is_finite()) {
        Some((index, weight)) => Refusal::new(format!("weight {index} is {weight}: give finite weights")),
        None => Refusal::new(format!("the mean magnitude is {gamma}: give weights of magnitudes up to 2^125")),
    }
}

/// Named after its levels, such as `int4-asym-group128`.
impl WeightQuantizer for Uniform {
    type Quantized = Integer;

    fn name(&self) -> String {
        self.to_string()
    }

    fn claim(&self) -> Claim {
        Claim::Uniform { bits: self.bits, symmetric: self.symmetric, granularity: self.granularity }
    }

    fn quantize(&self, weights: &[f32], shape: [usize; 2]) -> Result<Integer, Refusal> {
        Integer::quantize(weights, shape, *self).map_err(Refusal::new)
    }

    /// # Panics
    ///
    /// When `weights` is not N · K long.
    fn dequantize(&self, quantized: &Integer, weights: &mut [f32]) {
        quantized.dequantize_into(weights).expect("one weight for each code");
    }

    fn bytes(&self, quantized: &Integer) -> usize {
        quantized.bytes()
    }
}

/// Activations by their greatest magnitude.
#[derive(Clone, Copy, Debug, Default)]
pub struct Absmax;

impl ActivationQuantizer for Absmax {
    fn name(&self) -> String {
        "absmax".to_owned()
    }

    fn quantize(&self, activations: &[f32], int8: &mut [i8]) -> f32 {
        absmax::quantize(activations, int8)
    }
}

#[cfg(test)]
mod validation {
    use proptest::prelude::*;

    use super::*;
    use crate::quality::conforms;
    use crate::reference::data;
    use crate::reference::formats::{TQ1_0Layout, TQ2_0Layout};
    use crate::subject::Granularity;

    fn check_blocks<L: BlockScaled>() {
        let quantizer = TernaryBlocks::<L>::default();
        let restore = |weights: &[f32], shape| {
            let quantized = quantizer.quantize(weights, shape).unwrap();
            assert_eq!(quantizer.bytes(&quantized) as f32 * 8.0, quantizer.claim().bits() * weights.len() as f32);
            let mut restored = vec![0.0; weights.len()];
            quantizer.dequantize(&quantized, &mut restored);
            restored
        };
        let ternary: Vec<f32> = data::ternary(1, 4 * 512).into_iter().map(|weight| 0.25 * f32::from(weight)).collect();
        assert_eq!(restore(&ternary, [4, 512]), ternary);
        let normal = data::normal(2, 64 * 2560);
        conforms(&quantizer.claim(), &normal, &restore(&normal, [64, 2560]), [64, 2560]).unwrap();
        assert!(quantizer.quantize(&[0.0; 300], [1, 300]).is_err(), "300 columns are no whole blocks");
    }

    #[test]
    fn blocks_of_ternary_weights_keep_them_and_their_claim() {
        check_blocks::<TQ2_0Layout>();
        check_blocks::<TQ1_0Layout>();
    }

    /// Every kind of reference quantizer of weights to evenly spaced levels.
    fn uniforms() -> impl Iterator<Item = Uniform> {
        let kinds = [Granularity::Tensor, Granularity::Channel, Granularity::Group(32), Granularity::Group(7)];
        kinds.into_iter().flat_map(|granularity| {
            [2, 4, 8]
                .into_iter()
                .flat_map(move |bits| [true, false].map(|symmetric| Uniform { bits, symmetric, granularity }))
        })
    }

    /// Quantizes, restores, and holds the result to the claim.
    fn check<Q: WeightQuantizer>(quantizer: &Q, weights: &[f32], shape: [usize; 2]) -> usize {
        let quantized = quantizer.quantize(weights, shape).unwrap();
        let mut restored = vec![f32::NAN; weights.len()];
        quantizer.dequantize(&quantized, &mut restored);
        if let Err(reason) = conforms(&quantizer.claim(), weights, &restored, shape) {
            panic!("{}, {shape:?}: {reason}", quantizer.name());
        }
        quantizer.bytes(&quantized)
    }

    #[test]
    fn every_quantizer_keeps_its_claim_at_awkward_shapes() {
        for shape in [[0, 0], [0, 5], [5, 0], [1, 1], [1, 127], [3, 129], [7, 31], [64, 256]] {
            let [rows, columns] = shape;
            for weights in [data::normal(1, rows * columns), heavy(2, rows * columns), vec![-0.37; rows * columns]] {
                assert_eq!(check(&Absmean, &weights, shape), rows * columns.div_ceil(128) * 32 + 32);
                for uniform in uniforms() {
                    check(&uniform, &weights, shape);
                }
            }
        }
    }

    /// Normal values, cubed: a few are far greater than the rest.
    fn heavy(seed: u64, len: usize) -> Vec<f32> {
        data::normal(seed, len).into_iter().map(|weight| weight.powi(3)).collect()
    }

    #[test]
    fn names_are_short_and_fit_case_ids() {
        let names = uniforms().map(|uniform| uniform.name()).chain([Absmean.name(), Absmax.name()]).collect::<Vec<_>>();
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')));
        assert!(names.contains(&"int2-sym-tensor".to_owned()) && names.contains(&"int8-asym-group32".to_owned()));
        let distinct = names.iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(distinct.len(), names.len());
    }

    #[test]
    fn what_cannot_be_quantized_is_refused_with_the_reason() {
        let mut weights = [1.0; 6];
        let reason = |result: Result<I2S, Refusal>| result.unwrap_err().to_string();
        assert!(reason(Absmean.quantize(&weights, [2, 4])).contains("takes 8 values, but there are 6"));
        weights[4] = f32::NAN;
        assert_eq!(reason(Absmean.quantize(&weights, [2, 3])), "weight 4 is NaN: give finite weights");
        let great = vec![f32::MAX; 512];
        assert!(reason(Absmean.quantize(&great, [2, 256])).contains("the mean magnitude is inf"));

        let uniform = Uniform { bits: 3, symmetric: true, granularity: Granularity::Tensor };
        let refusal = uniform.quantize(&[1.0], [1, 1]).unwrap_err();
        assert_eq!(refusal.to_string(), "3 bits a weight: give 2, 4 or 8");
    }

    #[test]
    fn absmax_is_the_kernel() {
        let activations = data::normal(9, 100);
        let (mut found, mut expected) = ([0; 100], [1; 100]);
        assert_eq!(Absmax.quantize(&activations, &mut found), absmax::quantize(&activations, &mut expected));
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn absmean_keeps_its_claim_for_weights_of_any_size(
            weights in prop::collection::vec(-1_f32..1.0, 0..400),
            power in -150_i32..=120,
        ) {
            let weights = weights.iter().map(|&w| (f64::from(w) * 2f64.powi(power)) as f32).collect::<Vec<_>>();
            check(&Absmean, &weights, [1, weights.len()]);
            check(&Absmean, &weights, [weights.len(), 1]);
        }
    }
}
