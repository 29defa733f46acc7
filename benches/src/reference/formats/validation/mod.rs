//! Checks of the formats against their definitions, against bytes worked out by hand, and against ggml.

mod block_scales;
mod by_hand;
mod every_byte;
mod every_format;
#[cfg(feature = "peer-ggml")]
mod ggml;
