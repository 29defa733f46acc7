//! The traits that a BitNet crate implements to have its own code measured by the suites.
//!
//! | trait | a subject that | suite |
//! |---|---|---|
//! | [`WeightQuantizer`] | brings a weight matrix from `f32` to fewer bits | `QuantizationBenchmarks` |
//! | [`ActivationQuantizer`] | brings a token's activations from `f32` to `i8` | `QuantizationBenchmarks` |
//! | [`Calibrator`] | finds the range of activations from samples | `QuantizationBenchmarks` |
//! | [`TernaryMatmul`] | multiplies ternary weights by 8-bit activations | `QuantizationBenchmarks` |
//! | [`MemoryPool`] | hands out blocks of memory | `MemoryBenchmarks` |
//!
//! Each is small: a name, the work, and what the subject claims of its results, which is what the
//! suites hold it to. A result that does not keep the claim fails its case, and has no time.
//!

mod activation_quantizer;
mod calibrator;
mod memory_pool;
mod refusal;
mod ternary_matmul;
mod weight_quantizer;

pub use activation_quantizer::ActivationQuantizer;
pub use calibrator::Calibrator;
pub use memory_pool::{MemoryPool, PoolStatistics};
pub use refusal::Refusal;
pub use ternary_matmul::TernaryMatmul;
pub use weight_quantizer::{Claim, Granularity, WeightQuantizer};
