//! Lesson 3: a production function, unchanged and still callable.
//!
//! ```text
//! cargo bench -p bitnet-bench-examples --bench production
//! ```

use bitnet_bench::bitnet_bench;

/// Scales a token's activations to 8 bits.
///
/// `inputs` makes the argument, outside the timing; `check` sees the result once before the timing
/// and once after it, and a wrong result fails the case.
#[bitnet_bench(
    sizes = [2_560, 6_912],
    inputs = |size, seed| activations(seed, size),
    check = |out, inputs| out.len() == inputs.len() && out.iter().any(|x| x.unsigned_abs() >= 127),
    bytes = |size| size * 5
)]
pub fn quantize(activations: &[f32]) -> Vec<i8> {
    let largest = activations.iter().fold(1e-5_f32, |most, x| most.max(x.abs()));
    activations.iter().map(|x| (x * 127.0 / largest).round() as i8).collect()
}

/// A function that returns `Result` fails its case with the error's message.
#[bitnet_bench(inputs = || "1.58".to_owned())]
pub fn bits_per_weight(text: &str) -> Result<f32, std::num::ParseFloatError> {
    text.parse()
}

/// A function that changes its argument gets a fresh one for each iteration.
#[bitnet_bench(sizes = [4_096], inputs = |size, seed| activations(seed, size))]
pub fn rectify(activations: &mut [f32]) {
    activations.iter_mut().for_each(|x| *x = x.max(0.0).powi(2));
}

fn activations(seed: u64, len: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..len).map(|_| next()).collect()
}

// What is benchmarked is still an ordinary function.
#[allow(dead_code, reason = "it shows that the functions can be called")]
fn still_callable() -> Vec<i8> {
    quantize(&[0.5, -1.0])
}

bitnet_bench::main!();
