//! How ternary weights lie in memory.
//!
//! | format | bits a weight | K | scale | from |
//! |---|---|---|---|---|
//! | [`I2S`] | 2 | any, filled up to 128 | one `f32` | bitnet.cpp, for x86 |
//! | [`TL1`] | 2 | any, filled up to 4 | one `f32` | bitnet.cpp, for ARM; here row by row |
//! | [`TL2`] | 1.67 | any, filled up to 4 | one `f32` | bitnet.cpp, for x86; here row by row |
//! | [`TQ1_0`] | 1.6875 | a multiple of 256 | an `f16` for 256 weights | ggml |
//! | [`TQ2_0`] | 2.0625 | a multiple of 256 | an `f16` for 256 weights | ggml |
//! | [`Base3`] | 1.6 | any, filled up to 5 | one `f32` | the densest in whole bytes: log₂ 3 is 1.585 |
//!
//! Each is a [`Packed`] matrix in a [`Layout`] of its own; [`TernaryFormat`] is what they all can do, for suites that
//! sweep them.

mod base3;
mod block_scale;
mod error;
mod i2_s;
mod layout;
mod packed;
mod storage;
mod ternary;
mod ternary_format;
mod tl1;
mod tl2;
mod tq1_0;
mod tq2_0;
#[cfg(test)]
mod validation;

pub use base3::{Base3, Base3Layout};
pub use error::FormatError;
pub use i2_s::{I2S, I2SLayout};
pub use layout::{BlockScaled, Layout, Scales};
pub use packed::Packed;
pub use ternary_format::TernaryFormat;
pub use tl1::{TL1, TL1Layout};
pub use tl2::{TL2, TL2Layout};
pub use tq1_0::{TQ1_0, TQ1_0Layout};
pub use tq2_0::{TQ2_0, TQ2_0Layout};
