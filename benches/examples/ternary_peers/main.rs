//! The reference's ternary products beside those of other libraries, at the shapes of BitNet b1.58 2B-4T.
//!
//! ```text
//! cargo run --release -p bitnet-benchmarks --features peer-ggml --example ternary_peers [-- ROUNDS]
//! RAYON_NUM_THREADS=1 cargo run --release -p bitnet-benchmarks --features peer-ggml,peer-candle --example ternary_peers
//! ```
//!
//! The subjects take short turns, in another order in each round, so that what disturbs the machine disturbs all of
//! them. *Warm* reads the same matrix again and again, *cold* goes through so many copies that no cache holds them. A
//! loop that only reads the weights shows what the memory allows. Every subject's sums are compared with the oracle's
//! before it is timed; a wrong one ends the program with an error.

use std::error::Error;

use bitnet_benchmarks::peers::ggml::Ggml;
use bitnet_benchmarks::reference::kernels::{Matmul, Path, Threads};

use layer::Layer;
use turn::compare;

mod layer;
mod read;
mod turn;

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args().nth(1).map_or(Ok(60), |rounds| rounds.parse())?;
    for shape in [[2560, 6912], [6912, 2560], [640, 2560]] {
        one_token(shape, rounds)?;
    }
    one_token_cold([2560, 6912], rounds)?;
    for shape in [[2560, 6912], [6912, 2560]] {
        many_tokens(shape, 128, rounds.div_ceil(3))?;
    }
    Ok(())
}

fn one_token(shape: [usize; 2], rounds: usize) -> Result<(), Box<dyn Error>> {
    let layer = Layer::new(shape, 1);
    let mut turns = Vec::new();
    for path in Path::available().into_iter().rev().filter(|&path| path != Path::Scalar) {
        turns.push(layer.warm(Matmul::on(path))?);
    }
    turns.push(layer.warm(Matmul { path: Path::detect(), threads: Threads::new(2)? })?);
    turns.push(layer.warm(Ggml::Tq2_0)?);
    turns.push(layer.warm(Ggml::Tq1_0)?);
    #[cfg(feature = "peer-candle")]
    turns.push(layer.warm(bitnet_benchmarks::peers::candle::Candle::Q2K)?);
    turns.extend(read::turns(&layer, 1)?);
    compare(&format!("one token, warm, {layer}"), turns, rounds);
    Ok(())
}

fn one_token_cold(shape: [usize; 2], rounds: usize) -> Result<(), Box<dyn Error>> {
    /// No last-level cache holds so many bytes.
    const COLD: usize = 704 << 20;

    let layer = Layer::new(shape, 1);
    let copies = COLD.div_ceil(shape[0] * shape[1] / 4);
    let mut turns = vec![
        layer.cold(Matmul::on(Path::detect()), copies)?,
        layer.cold(Ggml::Tq2_0, copies)?,
        layer.cold(Ggml::Tq1_0, copies)?,
    ];
    turns.extend(read::turns(&layer, copies)?);
    compare(&format!("one token, cold, {layer}"), turns, rounds);
    Ok(())
}

fn many_tokens(shape: [usize; 2], tokens: usize, rounds: usize) -> Result<(), Box<dyn Error>> {
    let layer = Layer::new(shape, tokens);
    let mut turns = Vec::new();
    for path in Path::available().into_iter().rev().filter(|&path| path != Path::Scalar) {
        turns.push(layer.warm(Matmul::on(path))?);
    }
    turns.push(layer.warm(Matmul { path: Path::detect(), threads: Threads::new(2)? })?);
    turns.push(layer.warm(Ggml::Tq2_0)?);
    #[cfg(feature = "peer-candle")]
    turns.push(layer.warm(bitnet_benchmarks::peers::candle::Candle::Q2K)?);
    compare(&format!("{tokens} tokens, {layer}"), turns, rounds);
    Ok(())
}
