//! The reference BitNet: each step of a BitNet b1.58 linear layer as a subject that others can be measured against.
//!
//! | module | holds |
//! |---|---|
//! | [`kernels`] | quantization of weights and activations, and the ternary matrix–vector product |
//! | [`calibration`] | the magnitude to clip activations at, found from samples |
//! | [`formats`] | how ternary weights lie in memory |
pub mod pool;
