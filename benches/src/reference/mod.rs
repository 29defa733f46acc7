//! The reference BitNet: each step of a BitNet b1.58 linear layer as a subject that others can be measured against.
//!
//! | module | holds |
//! |---|---|
//! | [`kernels`] | quantization of weights and activations, and the ternary products |
//! | [`calibration`] | the magnitude to clip activations at, found from samples |
//! | [`formats`] | how ternary weights lie in memory |
//! | [`integer`] | weights in 2, 4 or 8 bits on evenly spaced levels |
//! | [`quantizers`] | the two of them as subjects of the suites |
//! | [`pool`] | a memory pool for blocks of all sizes |
//! | [`shapes`] | the layer shapes of real models |
//! | [`data`] | seeded test data |
//! | [`oracle`] | the same steps written straight from their formulas in `f64`, slow and independent |
//!
//! The formulas are those of *The Era of 1-bit LLMs* (arXiv 2402.17764, section 2) and of the *BitNet b1.58 2B4T
//! Technical Report* (arXiv 2504.12285, section 2); the kernels follow the ideas of *bitnet.cpp* (arXiv 2502.11880).

pub mod calibration;
pub mod data;
mod element;
pub mod formats;
pub mod integer;
pub mod kernels;
pub(crate) mod lines;
pub mod oracle;
pub mod pool;
mod prefetch;
pub mod quantizers;
pub mod shapes;
mod widths;

pub use element::Element;
