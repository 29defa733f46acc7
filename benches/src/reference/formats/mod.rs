//! How ternary weights lie in memory.

mod error;
mod i2_s;

pub use error::FormatError;
pub use i2_s::I2S;
