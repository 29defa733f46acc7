//! Lesson 5: metrics of your own, and allocations.
//!
//! ```text
//! cargo bench -p bitnet-bench-examples --bench metrics
//! ```

use bitnet_bench::{Bencher, CountingAllocator, Direction, bitnet_bench};

/// With this allocator, the table shows how often one iteration allocates. The counting is done in
/// a pass of its own and costs the samples nothing.
#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator::system();

/// Speed is half of the truth about a quantizer. A metric has a unit and a direction, and is
/// compared between runs like the time.
#[bitnet_bench(bits = [2_u32, 4, 8])]
fn round_to_bits(b: &mut Bencher, bits: u32) {
    let weights: Vec<f32> = (0..4_096).map(|n| (n as f32 * 0.37).sin()).collect();
    let levels = (1_u32 << (bits - 1)) as f32;
    let quantize = |weights: &[f32]| -> Vec<f32> { weights.iter().map(|w| (w * levels).round() / levels).collect() };

    let error = weights.iter().zip(quantize(&weights)).map(|(w, q)| f64::from(w - q).powi(2)).sum::<f64>();
    let signal = weights.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>();
    b.metric("SQNR", 10.0 * (signal / error).log10(), "dB", Direction::HigherIsBetter)
        .metric("compression", 32.0 / f64::from(bits), "×", Direction::HigherIsBetter)
        .items(weights.len())
        .iter(|| quantize(&weights));
}

bitnet_bench::main!();
