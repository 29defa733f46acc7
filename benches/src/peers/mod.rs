//! Other implementations of the same work, as subjects beside the reference. Each stands behind a feature, because each
//! has needs of its own to be built.
//!
//! | module | feature | what |
//! |---|---|---|
//! | `ggml` | `peer-ggml` | the TQ2_0 and TQ1_0 kernels of llama.cpp |
//! | `candle` | `peer-candle` | Q2K and `f32` matrices of candle |

use crate::QuantizationBenchmarks;

#[cfg(feature = "peer-candle")]
pub mod candle;
#[cfg(feature = "peer-ggml")]
pub mod ggml;
#[cfg(all(test, any(feature = "peer-ggml", feature = "peer-candle")))]
mod validation;

/// Adds the ternary products of the peers that are built in.
pub fn add_matmuls(suite: &QuantizationBenchmarks) -> QuantizationBenchmarks {
    let suite = suite.clone();
    #[cfg(feature = "peer-ggml")]
    let suite = suite.matmul(ggml::Ggml::Tq2_0).matmul(ggml::Ggml::Tq1_0);
    #[cfg(feature = "peer-candle")]
    let suite = suite.matmul(candle::Candle::Q2K).matmul(candle::Candle::F32);
    suite
}

/// Adds the quantizers of weights of the peers that are built in.
pub fn add_quantizers(suite: &QuantizationBenchmarks) -> QuantizationBenchmarks {
    let suite = suite.clone();
    #[cfg(feature = "peer-ggml")]
    let suite = suite.quantizer(ggml::Ggml::Tq2_0).quantizer(ggml::Ggml::Tq1_0);
    suite
}

/// Weights or activations in a block of ggml's K formats, which candle shares.
#[cfg(any(feature = "peer-ggml", feature = "peer-candle"))]
const BLOCK: usize = 256;

/// The most columns whose sums are below 2²⁴ in magnitude, up to where `f32` holds every integer.
#[cfg(any(feature = "peer-ggml", feature = "peer-candle"))]
const MAX_COLUMNS: usize = (1 << 24) / 128;

/// Refuses columns that are no whole blocks, none, or so many that sums in `f32` are not exact.
#[cfg(any(feature = "peer-ggml", feature = "peer-candle"))]
fn check(columns: usize, block: usize) -> Result<(), crate::subject::Refusal> {
    use crate::subject::Refusal;
    if columns == 0 || !columns.is_multiple_of(block) {
        return Err(Refusal::new(format!("{columns} columns are not whole blocks of {block}")));
    }
    if columns > MAX_COLUMNS {
        return Err(Refusal::new(format!(
            "sums over {columns} columns, more than {MAX_COLUMNS}, are not exact in f32"
        )));
    }
    Ok(())
}
