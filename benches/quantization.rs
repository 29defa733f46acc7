//! The quantization suite: the steps of a BitNet b1.58 linear layer, at the layer shapes of
//! BitNet b1.58 2B-4T.
//!
//! ```text
//! cargo bench --package bitnet-benchmarks                        # everything
//! cargo bench --package bitnet-benchmarks -- gemv                # one group
//! cargo bench --package bitnet-benchmarks -- size=2560x6912      # one value of an axis
//! cargo bench --package bitnet-benchmarks -- --tag activations   # one tag
//! ```
//!
//! It is also a tour of the attribute. Read on: [`choose_path`] is the smallest benchmark, and each
//! one after it shows something more. Every result is checked against `reference::oracle`, outside
//! the timing, and a wrong one fails its case: a fast wrong answer has no time.

use std::cell::RefCell;
use std::sync::Arc;

use bitnet_bench::{Bencher, Direction, Failure, bitnet_bench, bitnet_bench_group};
use bitnet_benchmarks::reference::formats::I2S;
use bitnet_benchmarks::reference::kernels::gemv::{Path, gemv_with};
use bitnet_benchmarks::reference::kernels::{absmax, absmean};
use bitnet_benchmarks::reference::shapes::{BITNET_2B_4T, Layer};
use bitnet_benchmarks::reference::{data, oracle};

bitnet_bench::main!();

/// The shapes `[N, K]` of the layers that are measured; each is one value of the axis `size`.
const SHAPES: [[usize; 2]; 3] =
    [BITNET_2B_4T.shape(Layer::KeyOrValue), BITNET_2B_4T.shape(Layer::QueryOrOutput), BITNET_2B_4T.shape(Layer::Down)];

/// A benchmark is a function with the attribute. This one takes nothing: its whole body is timed.
/// `check` sees a reference to the result.
#[bitnet_bench(check = |out| out.is_available())]
fn choose_path() -> Path {
    Path::detect()
}

/// A group gives its benchmarks the module's name, `activations/…`, and these options.
#[bitnet_bench_group(tags = [activations])]
mod activations {
    use super::*;

    /// One token from `f32` to `i8`.
    ///
    /// A production function stays as it is, and callable. `sizes` is an axis, named `size` in the
    /// closures; `inputs` makes the arguments, outside the timing; `bytes` and `items` are what one
    /// call processes, from which the throughput follows.
    #[bitnet_bench(
        sizes = [BITNET_2B_4T.hidden, BITNET_2B_4T.feed_forward],
        inputs = |size, seed| data::normal(seed, size),
        check = |out, inputs| is_int8_of(out, inputs),
        bytes = |size| 5 * size,
        items = |size| size
    )]
    fn absmax_int8(activations: &[f32]) -> (Vec<i8>, f32) {
        let mut int8 = vec![0; activations.len()];
        let scale = absmax::quantize(activations, &mut int8);
        (int8, scale)
    }

    fn is_int8_of((int8, scale): &(Vec<i8>, f32), activations: &[f32]) -> bool {
        let exact = |&activation| oracle::int8(activation, f64::from(*scale));
        *scale == oracle::absmax_scale(activations) as f32 && activations.iter().map(exact).eq(int8.iter().copied())
    }
}

#[bitnet_bench_group(tags = [weights])]
mod weights {
    use super::*;

    /// A tensor from `f32` to ternary: the weights are read twice, and a byte is written for each.
    ///
    /// With a bencher, only the closure that `iter` is given is timed. The output is made once and
    /// used again, so that the system's page faults are not part of the subject. What a benchmark
    /// finds out beside the time is a metric.
    #[bitnet_bench(
        sizes = SHAPES,
        bytes = |size| 9 * count(size),
        items = |size| count(size)
    )]
    fn absmean_ternary(b: &mut Bencher, size: [usize; 2]) {
        let weights = data::normal(b.seed(), count(size));
        let gamma = oracle::absmean_scale(&weights);
        let ternary = RefCell::new(vec![0; weights.len()]);
        b.iter_checked(
            || absmean::quantize(&weights, &mut ternary.borrow_mut()),
            |&found| is_ternary_of(found, gamma, &ternary.borrow(), &weights),
        );
        let sqnr = signal_to_noise(&weights, gamma, &ternary.borrow());
        b.metric("SQNR", sqnr, "dB", Direction::HigherIsBetter);
    }

    /// Ternary weights from a byte each to the two bits of I2_S.
    ///
    /// What several cases need is made once in a launch: see [`Linear::cached`].
    #[bitnet_bench(sizes = SHAPES, items = |size| count(size))]
    fn i2_s_pack(b: &mut Bencher, size: [usize; 2]) {
        let layer = Linear::cached(b, size);
        let packed = RefCell::new(layer.matrix.clone());
        let bytes = layer.matrix.as_bytes().len();
        let bits = 8.0 * bytes as f64 / count(size) as f64;
        b.metric("bits/weight", bits, "bit", Direction::LowerIsBetter);
        b.bytes(layer.ternary.len() + bytes).iter_checked(
            || packed.borrow_mut().repack(&layer.ternary, layer.matrix.scale()),
            |_| ensure(*packed.borrow() == layer.matrix, "the bytes are not those of I2_S"),
        );
    }

    /// The way back.
    #[bitnet_bench(sizes = SHAPES, items = |size| count(size))]
    fn i2_s_unpack(b: &mut Bencher, size: [usize; 2]) {
        let layer = Linear::cached(b, size);
        let ternary = RefCell::new(vec![0; count(size)]);
        b.bytes(layer.ternary.len() + layer.matrix.as_bytes().len()).iter_checked(
            || layer.matrix.unpack_into(&mut ternary.borrow_mut()),
            |_| ensure(*ternary.borrow() == layer.ternary, "the weights are not those packed"),
        );
    }

    /// γ within 1e-6 of the exact one, and every hundredth weight as the formula has it.
    fn is_ternary_of(found: f32, gamma: f64, ternary: &[i8], weights: &[f32]) -> Result<(), Failure> {
        let exact = |&weight: &f32| oracle::ternary(weight, f64::from(found));
        let sample = weights.iter().map(exact).step_by(101);
        ensure((f64::from(found) - gamma).abs() <= 1e-6 * gamma, "γ is not the mean magnitude")?;
        ensure(sample.eq(ternary.iter().copied().step_by(101)), "a weight is rounded wrongly")
    }

    /// Signal to quantization noise in decibels: 10 · log₁₀(Σ w² / Σ (w − γ·W_q)²).
    fn signal_to_noise(weights: &[f32], gamma: f64, ternary: &[i8]) -> f64 {
        let sample = || weights.iter().zip(ternary).step_by(101);
        let signal: f64 = sample().map(|(&w, _)| f64::from(w).powi(2)).sum();
        let noise: f64 = sample().map(|(&w, &q)| (f64::from(w) - gamma * f64::from(q)).powi(2)).sum();
        10.0 * (signal / noise).log10()
    }
}

/// The exact product of ternary weights and 8-bit activations, for one token.
///
/// Any parameter can be an axis. The values of `path` are what this machine has; `skip_if` leaves
/// points out. The cases are the product of what remains, each with an id of its own, such as
/// `gemv[size=2560x6912,path=Avx512Vnni]@cpu`.
#[bitnet_bench(
    tags = [kernel],
    sizes = [SHAPES[0], SHAPES[1], SHAPES[2], BITNET_2B_4T.shape(Layer::GateOrUp)],
    path = Path::available(),
    skip_if = |size, path| path == Path::Scalar && size[0] > size[1],
    items = |size| count(size),
    flops = |size| 2 * count(size)
)]
fn gemv(b: &mut Bencher, size: [usize; 2], path: Path) {
    let layer = Linear::cached(b, size);
    let sums = RefCell::new(vec![0; size[0]]);
    b.bytes(layer.matrix.as_bytes().len() + size[1] + 4 * size[0]).iter_checked(
        || gemv_with(path, &layer.matrix, &layer.activations, &mut sums.borrow_mut()),
        |_| {
            let sums = sums.borrow();
            let exact = sums.iter().map(|&sum| i64::from(sum)).eq(layer.sums.iter().copied());
            ensure(exact, "a sum is not exact")
        },
    );
}

/// A ternary layer and one token, with what they must give.
struct Linear {
    ternary: Vec<i8>,
    matrix: I2S,
    activations: Vec<i8>,
    sums: Vec<i64>,
}

impl Linear {
    /// The layer of that shape, made once in a launch and shared by its cases. The matrix comes from
    /// the oracle, not from the code that is measured.
    fn cached(b: &Bencher, [rows, columns]: [usize; 2]) -> Arc<Self> {
        let seed = b.seed();
        b.cached(format!("linear {rows}x{columns} of seed {seed}"), || {
            let ternary = data::ternary(seed, rows * columns);
            let activations = data::int8(seed + 1, columns);
            let bytes = oracle::i2_s(&ternary, rows, columns, 1.0);
            let matrix = I2S::from_bytes(&bytes, rows, columns).expect("the oracle writes I2_S");
            let sums = oracle::gemv(&ternary, rows, &activations);
            Self { ternary, matrix, activations, sums }
        })
    }
}

/// Number of weights in a matrix.
fn count([rows, columns]: [usize; 2]) -> usize {
    rows * columns
}

/// Fails the case when the condition does not hold.
fn ensure(condition: bool, otherwise: &str) -> Result<(), Failure> {
    if condition { Ok(()) } else { Err(Failure::check(otherwise)) }
}
