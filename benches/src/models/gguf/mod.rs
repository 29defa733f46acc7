//! GGUF: the header is read here, and candle dequantizes the blocks.
//!
//! candle reads headers too, but refuses a whole file for one tensor of a type that it does not know, such as those of
//! ternary models, and divides by an alignment of 0. Here an unknown type costs its own tensor only.

mod blocks;
mod cursor;
mod header;

pub(super) use blocks::Blocks;
pub(super) use header::read;
