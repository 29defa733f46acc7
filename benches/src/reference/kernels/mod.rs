//! The steps of a BitNet b1.58 linear layer that take time.
//!
//! A layer with weights `W` (N rows, K columns) and one token `x` (K values) is
//! `y = (W_q · x_q) · γ / s`, where [`absmean`] gives `W_q` and `γ`, [`absmax`] gives `x_q` and `s`, and [`gemv`] the
//! exact integer product `W_q · x_q` (arXiv 2402.17764, section 2; arXiv 2310.11453, section 2.1). [`gemm`] gives that
//! product for many tokens at once; [`dequantize`] is the way back.
//!
//! Products run on a [`Path`] and on [`Threads`] of the caller's choice; every choice gives the same sums.
//! [`Matmul`] is such a choice as a subject of the suites.

pub mod absmax;
pub mod absmean;
#[cfg(test)]
mod bandwidth;
pub mod dequantize;
mod error;
pub mod gemm;
pub mod gemv;
mod matmul;
mod path;
mod threads;

pub use error::MatmulError;
#[cfg(any(feature = "peer-ggml", feature = "peer-candle"))]
pub(crate) use matmul::tokens;
pub use matmul::{Matmul, Tokens};
pub use path::Path;
pub use threads::Threads;
