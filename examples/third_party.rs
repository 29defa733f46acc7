//! A crate's own quantizer in the suite, by a library call; and what happens to one that is wrong.
//!
//!     cargo run --release -p bitnet-bench-examples --bin third_party
//!
//! The adapters below are all that it takes: a name, a claim, there and back. The claim is checked in
//! `f64` outside the timing. `lost-signs` has a bug that was found in a published crate, whose 8-bit
//! values had no negatives: its case fails with the first weight that is wrong, and has no time.

use bitnet_benchmarks::QuantizationBenchmarks;
use bitnet_benchmarks::subject::{Claim, Refusal, WeightQuantizer};

/// The crate whose quantizer is measured. It knows nothing of benchmarks.
mod ternary_crate {
    /// Ternary weights, a byte each, and their scale.
    pub(crate) struct TernaryTensor {
        pub(crate) weights: Vec<i8>,
        pub(crate) scale: f32,
    }

    /// The absmean quantization of BitNet b1.58.
    pub(crate) fn quantize(weights: &[f32]) -> TernaryTensor {
        let scale = weights.iter().map(|weight| f64::from(weight.abs())).sum::<f64>() / weights.len().max(1) as f64;
        let ternary = |weight: &f32| (f64::from(*weight) / scale).round_ties_even().clamp(-1.0, 1.0) as i8;
        TernaryTensor { weights: weights.iter().map(ternary).collect(), scale: scale as f32 }
    }

    /// The same with a bug: negative weights pass through an unsigned type, where they become 0.
    pub(crate) fn quantize_wrongly(weights: &[f32]) -> TernaryTensor {
        let mut tensor = quantize(weights);
        for (ternary, weight) in tensor.weights.iter_mut().zip(weights) {
            *ternary = (weight / tensor.scale).round().clamp(-1.0, 1.0) as u8 as i8;
        }
        tensor
    }
}

/// The adapter: which function it is, under which name.
struct Adapter {
    name: &'static str,
    quantize: fn(&[f32]) -> ternary_crate::TernaryTensor,
}

impl WeightQuantizer for Adapter {
    type Quantized = ternary_crate::TernaryTensor;

    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn claim(&self) -> Claim {
        Claim::Absmean
    }

    fn quantize(&self, weights: &[f32], _shape: [usize; 2]) -> Result<Self::Quantized, Refusal> {
        Ok((self.quantize)(weights))
    }

    fn dequantize(&self, quantized: &Self::Quantized, weights: &mut [f32]) {
        for (weight, &ternary) in weights.iter_mut().zip(&quantized.weights) {
            *weight = f32::from(ternary) * quantized.scale;
        }
    }

    fn bytes(&self, quantized: &Self::Quantized) -> usize {
        quantized.weights.len() + 4
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let results = QuantizationBenchmarks::new()
        .quantizer(Adapter { name: "as-it-should-be", quantize: ternary_crate::quantize })
        .quantizer(Adapter { name: "lost-signs", quantize: ternary_crate::quantize_wrongly })
        .tensor_sizes([[512, 512]])
        .run()?;
    for result in results.iter() {
        match (&result.time, &result.failure) {
            (Some(time), _) => println!("{}: {:.1} µs", result.id, time.value / 1e3),
            (None, Some(failure)) => println!("{}: {failure}", result.id),
            (None, None) => println!("{}: not measured", result.id),
        }
    }
    Ok(())
}
