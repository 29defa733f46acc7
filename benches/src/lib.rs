//! The BitNet suites of `bitnet-bench`, and the subjects that they measure.
//!
//! A maintainer of a BitNet crate implements one of five small traits and has the whole suite for it:
//!
//! | the crate has | trait | suite |
//! |---|---|---|
//! | a quantizer of weights | [`WeightQuantizer`](subject::WeightQuantizer) | [`QuantizationBenchmarks`] |
//! | a quantizer of activations | [`ActivationQuantizer`](subject::ActivationQuantizer) | [`QuantizationBenchmarks`] |
//! | a calibrator | [`Calibrator`](subject::Calibrator) | [`QuantizationBenchmarks`] |
//! | a product of ternary weights | [`TernaryMatmul`](subject::TernaryMatmul) | [`QuantizationBenchmarks`] |
//! | a memory pool | [`MemoryPool`](subject::MemoryPool) | [`MemoryBenchmarks`] |
//!
//! [`suite_for!`] registers a suite for `cargo bench`; [`BenchmarkSuite`] runs several as a library call;
//! [`ModelBenchmarks`] quantizes the tensors of a real model. Every result is held to what its subject claims, outside
//! the timing, and one that does not keep it has no time.
//!
//! Beside those subjects stands the [`reference`](mod@reference) BitNet: a correct and fast version of each step of a
//! b1.58 linear layer, which multiplies ternary weights by 8-bit activations, small enough to read, together with the
//! slow `f64` definitions that every fast version is checked against. The bench targets of this package measure it at
//! the layer shapes of real models.
//!
//! ```
//! use bitnet_benchmarks::reference::{data, formats::I2S, kernels::{absmax, absmean, gemv}};
//!
//! let (rows, columns) = (4, 256);
//! let weights = data::normal(1, rows * columns);
//! let activations = data::normal(2, columns);
//!
//! let mut ternary = vec![0; weights.len()];
//! let gamma = absmean::quantize(&weights, &mut ternary);
//! let matrix = I2S::pack(&ternary, rows, columns, gamma)?;
//!
//! let mut tokens = vec![0; columns];
//! let scale = absmax::quantize(&activations, &mut tokens);
//!
//! let mut sums = vec![0; rows];
//! gemv::gemv(&matrix, &tokens, &mut sums)?;
//! let outputs: Vec<f32> = sums.iter().map(|&sum| sum as f32 * gamma / scale).collect();
//! assert!(outputs.iter().all(|output| output.is_finite()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod memory;
pub mod models;
pub mod peers;
pub mod quality;
pub mod quantization;
pub mod reference;
pub mod subject;
mod suite;

pub use memory::{AllocationPattern, MemoryBenchmarks};
pub use quantization::{ModelBenchmarks, QuantizationBenchmarks};
pub use suite::{BenchmarkSuite, Benchmarks};

/// What [`suite_for!`] stands on beside the public API. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use bitnet_bench::register;
}
