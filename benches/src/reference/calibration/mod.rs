//! Calibrators: the magnitude at which activations are clipped, found from samples of them.
//!
//! | calibrator | clips at | memory |
//! |---|---|---|
//! | [`MinMax`] | the greatest magnitude | one number |
//! | [`Percentile`] | the magnitude that so many percent do not exceed | 64 KiB |
//! | [`Mse`] | the magnitude with the least squared error after rounding to `i8` | 64 KiB |
//! | [`Entropy`] | the magnitude with the least loss of information, as TensorRT finds it | 16 KiB |
//!
//! All read each sample once and keep none. What they find depends neither on the order of the samples nor on how the
//! values are divided into samples. NaN and infinite activations are passed over: no scale can hold them.
//!
//! ```
//! use bitnet_benchmarks::reference::calibration::Percentile;
//! use bitnet_benchmarks::reference::data;
//! use bitnet_benchmarks::subject::Calibrator;
//!
//! let mut calibrator = Percentile::new(95.0);
//! for seed in 0..100 {
//!     calibrator.observe(&data::normal(seed, 2560));
//! }
//! // 95 % of normal values are within ±1.96.
//! assert!((calibrator.clip() - 1.96).abs() < 0.05);
//! ```

mod entropy;
mod histogram;
mod min_max;
mod mse;
mod percentile;
#[cfg(test)]
mod validation;

pub use entropy::Entropy;
pub use min_max::MinMax;
pub use mse::Mse;
pub use percentile::Percentile;
