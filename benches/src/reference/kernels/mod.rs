//! The steps of a BitNet b1.58 linear layer that take time.
//!
//! A layer with weights `W` (N rows, K columns) and one token `x` (K values) is
//! `y = (W_q · x_q) · γ / s`, where [`absmean`] gives `W_q` and `γ`, [`absmax`] gives `x_q` and `s`, and [`gemv`] the
//! exact integer product `W_q · x_q` (arXiv 2402.17764, section 2; arXiv 2310.11453, section 2.1). [`dequantize`] is
//! the way back.

pub mod absmax;
pub mod absmean;
#[cfg(test)]
mod bandwidth;
pub mod dequantize;
pub mod gemv;
