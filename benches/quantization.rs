//! The quantization suite: the steps of a BitNet b1.58 linear layer, and the quality of what they give.
//!
//! ```text
//! cargo bench --bench quantization                               # everything, in about a minute
//! cargo bench --bench quantization -- gemv                       # one group or benchmark
//! cargo bench --bench quantization -- size=2560x6912             # one value of an axis
//! cargo bench --bench quantization -- --weights FILE model/      # the tensors of a real model
//! cargo bench --bench quantization --features peer-ggml -- gemv  # beside ggml's kernels
//! ```
//!
//! Most of it is what any crate gets for its own quantizer or kernel: the suite's builder over the
//! reference subjects, registered with `register!`. What is special to the reference stands in annotated
//! functions, which are also a tour of the attribute. Read on: [`choose_path`] is the smallest benchmark, and
//! each one after it shows something more.
//!
//! Every result is checked against `f64` or integer arithmetic outside the timing, and a wrong one fails its
//! case: a fast wrong answer has no time. Below the table, quality stands against size and speed.

use std::cell::RefCell;

use bitnet_bench::registry::Definition;
use bitnet_bench::{Bencher, Direction, Failure, bitnet_bench, bitnet_bench_group, config, register};
use bitnet_benchmarks::models::ModelError;
use bitnet_benchmarks::quantization::{Cache, summary};
use bitnet_benchmarks::reference::calibration::{Entropy, MinMax, Mse, Percentile};
use bitnet_benchmarks::reference::formats::{
    Base3, I2S, TL1, TL2, TQ1_0, TQ1_0Layout, TQ2_0, TQ2_0Layout, TernaryFormat,
};
use bitnet_benchmarks::reference::kernels::{Matmul, Path, Threads, absmax, absmean};
use bitnet_benchmarks::reference::quantizers::{Absmax, Absmean, TernaryBlocks, Uniform};
use bitnet_benchmarks::reference::shapes::{self, BITNET_2B_4T, Layer, Model};
use bitnet_benchmarks::reference::{Element, data, oracle};
use bitnet_benchmarks::subject::{Granularity, WeightQuantizer};
use bitnet_benchmarks::{Benchmarks, ModelBenchmarks, QuantizationBenchmarks, peers};
use half::{bf16, f16};

bitnet_bench::main! {
    flags: [("weights", "FILE", "Quantize the tensors of this model as well, safetensors or (with the feature gguf) GGUF; the filter `model/` leaves out the rest.")],
    summary: summary,
}

register!(quantizers);
register!(kernels);
register!(model);

/// Every quantizer and calibrator of the reference.
fn quantizers() -> Vec<Definition> {
    let mut suite = QuantizationBenchmarks::new().activation_quantizer(Absmax);
    if is_wanted(Absmean.claim().bits()) {
        suite = suite.quantizer(Absmean);
        suite =
            suite.quantizer(TernaryBlocks::<TQ2_0Layout>::default()).quantizer(TernaryBlocks::<TQ1_0Layout>::default());
        suite = peers::add_quantizers(&suite);
    }
    for quantizer in integers() {
        suite = suite.quantizer(quantizer);
    }
    let suite = suite.calibrator(MinMax::default()).calibrator(Percentile::new(99.9));
    suite.calibrator(Mse::default()).calibrator(Entropy::default()).definitions()
}

/// Integer quantizers: each bit-width, both kinds of levels, each granularity.
fn integers() -> Vec<Uniform> {
    let granularities = [Granularity::Tensor, Granularity::Channel, Granularity::Group(128)];
    let mut quantizers = Vec::new();
    for bits in [2_u32, 4, 8].into_iter().filter(|&bits| is_wanted(bits as f32)) {
        for symmetric in [true, false] {
            quantizers.extend(granularities.map(|granularity| Uniform { bits, symmetric, granularity }));
        }
    }
    quantizers
}

/// Whether the configuration asks for a bit-width; ternary weights are the 1.58 bits of their name.
fn is_wanted(bits: f32) -> bool {
    config::suites()
        .quantization
        .bit_widths_or(&[1.58, 2.0, 4.0, 8.0])
        .iter()
        .any(|wanted| (wanted - bits).abs() < 0.01)
}

/// The ternary products: every path at two layers of 2B-4T, the best path at a layer of every model, and on
/// two cores; with the peers that are built in.
fn kernels() -> Vec<Definition> {
    let layers = [Layer::KeyOrValue, Layer::Down].map(|layer| BITNET_2B_4T.shape(layer));
    let at_layers = || QuantizationBenchmarks::new().tensor_sizes(layers);
    let best = Path::detect();
    let mut suites = vec![
        at_layers().matmul(Matmul::on(best)),
        QuantizationBenchmarks::new().tensor_sizes(down_projections()).matmul(Matmul::on(best)),
    ];
    // Cold caches are filled for the best path and for the peers alone: that takes longer than the measuring.
    let warm = at_layers().caches([Cache::Warm]);
    if let Ok(threads) = Threads::new(2) {
        suites.push(warm.matmul(Matmul { path: best, threads }));
    }
    let slower = Path::available().into_iter().filter(|&path| path != best);
    // A scalar product of 128 tokens takes half a second: the smallest layer is enough to compare it at.
    suites.extend(slower.map(|path| warm.tensor_sizes([layers[0]]).matmul(Matmul::on(path))));
    suites.push(peers::add_matmuls(&at_layers()));
    suites.iter().flat_map(Benchmarks::definitions).collect()
}

/// The down projections of the models from 0.7B to 13B, less that of 2B-4T.
fn down_projections() -> Vec<[usize; 2]> {
    let models = shapes::MODELS.iter().filter(|model| **model != BITNET_2B_4T && model.hidden <= 5120);
    models.map(|model: &Model| model.shape(Layer::Down)).collect()
}

/// The tensors of the model that `--weights` names.
fn model() -> Result<Vec<Definition>, ModelError> {
    let Some(path) = config::flag_path("weights") else { return Ok(Vec::new()) };
    let group = Granularity::Group(128);
    let int = |bits| Uniform { bits, symmetric: true, granularity: group };
    let model = ModelBenchmarks::open(path)?.quantizer(Absmean);
    Ok(model.quantizer(int(2)).quantizer(int(4)).quantizer(int(8)).definitions())
}

/// A benchmark is a function with the attribute. This one takes nothing: its whole body is timed.
/// `check` sees a reference to the result.
#[bitnet_bench(check = |out| out.is_available(), time = "100ms")]
fn choose_path() -> Path {
    Path::detect()
}

/// A group gives its benchmarks the module's name, `elements/…`, and these options.
#[bitnet_bench_group(tags = [quantization], time = "200ms", warmup = "100ms", precision = 0.03)]
mod elements {
    use super::*;

    /// One token from `f32`, `f16` or `bf16` to `i8`.
    ///
    /// A production function stays as it is, and callable. `types` is an axis of a generic one. `sizes` is an
    /// axis, named `size` in the closures; `inputs` makes the arguments, outside the timing; `items` is what
    /// one call processes, from which the throughput follows.
    #[bitnet_bench(
        types = [f32, f16, bf16],
        sizes = [BITNET_2B_4T.feed_forward],
        inputs = |size, seed| narrowed::<T>(data::normal(seed, size)),
        check = |out, inputs| is_int8_of(out, inputs),
        items = |size| size
    )]
    fn absmax_int8<T: Narrow>(activations: &[T]) -> (Vec<i8>, f32) {
        let mut int8 = vec![0; activations.len()];
        let scale = absmax::quantize(activations, &mut int8);
        (int8, scale)
    }

    /// A tensor from `f32`, `f16` or `bf16` to ternary: the weights are read twice, and a byte is written for
    /// each.
    ///
    /// With a bencher, only the closure that `iter` is given is timed. The output is made once and used
    /// again, so that the system's page faults are not part of the subject.
    #[bitnet_bench(types = [f32, f16, bf16], sizes = [BITNET_2B_4T.shape(Layer::KeyOrValue)])]
    fn absmean_ternary<T: Narrow>(b: &mut Bencher, size: [usize; 2]) {
        let weights = narrowed::<T>(data::normal(b.seed(), count(size)));
        let ternary = RefCell::new(vec![0; weights.len()]);
        b.items(count(size)).bytes(count(size) * (2 * size_of::<T>() + 1)).iter_checked(
            || absmean::quantize(&weights, &mut ternary.borrow_mut()),
            |&gamma| is_ternary_of(gamma, &ternary.borrow(), &weights),
        );
    }

    fn is_int8_of<T: Narrow>((int8, scale): &(Vec<i8>, f32), activations: &[T]) -> bool {
        let activations: Vec<f32> = activations.iter().map(|x| x.widen()).collect();
        let exact = |&activation| oracle::int8(activation, f64::from(*scale));
        *scale == oracle::absmax_scale(&activations) as f32 && activations.iter().map(exact).eq(int8.iter().copied())
    }

    /// γ within 1e-6 of the exact one, and every weight as the formula has it.
    fn is_ternary_of<T: Narrow>(gamma: f32, ternary: &[i8], weights: &[T]) -> Result<(), Failure> {
        let weights: Vec<f32> = weights.iter().map(|weight| weight.widen()).collect();
        let exact = oracle::absmean_scale(&weights);
        ensure((f64::from(gamma) - exact).abs() <= 1e-6 * exact, "γ is not the mean magnitude")?;
        let expected = weights.iter().map(|&weight| oracle::ternary(weight, f64::from(gamma)));
        ensure(expected.eq(ternary.iter().copied()), "a weight is rounded wrongly")
    }

    /// A number type that inputs can be rounded to.
    trait Narrow: Element + std::fmt::Debug {
        fn narrow(value: f32) -> Self;
    }

    impl Narrow for f32 {
        fn narrow(value: f32) -> Self {
            value
        }
    }

    impl Narrow for f16 {
        fn narrow(value: f32) -> Self {
            Self::from_f32(value)
        }
    }

    impl Narrow for bf16 {
        fn narrow(value: f32) -> Self {
            Self::from_f32(value)
        }
    }

    fn narrowed<T: Narrow>(values: Vec<f32>) -> Vec<T> {
        values.into_iter().map(T::narrow).collect()
    }
}

/// How ternary weights lie in memory: from a byte each to a few bits, and back.
#[bitnet_bench_group(tags = [formats], time = "200ms", warmup = "100ms", precision = 0.03)]
mod formats {
    use super::*;

    /// What a benchmark finds out beside the time is a metric.
    #[bitnet_bench(types = [I2S, TL1, TL2, TQ1_0, TQ2_0, Base3], sizes = [BITNET_2B_4T.shape(Layer::KeyOrValue)])]
    fn pack<F: TernaryFormat>(b: &mut Bencher, size: [usize; 2]) -> Result<(), Failure> {
        let (ternary, packed) = packed::<F>(b, size)?;
        b.metric("bits/weight", packed.bits_per_weight(), "bit", Direction::LowerIsBetter);
        b.items(ternary.len()).bytes(ternary.len() + packed.as_bytes().len());
        let packed = RefCell::new(packed);
        b.iter_checked(
            || packed.borrow_mut().repack(&ternary, 1.0),
            |_| {
                let mut unpacked = vec![0; ternary.len()];
                packed.borrow().unpack_into(&mut unpacked).map_err(Failure::error)?;
                ensure(unpacked == ternary, "the weights are not those packed")
            },
        );
        Ok(())
    }

    /// The way back.
    #[bitnet_bench(types = [I2S, TL1, TL2, TQ1_0, TQ2_0, Base3], sizes = [BITNET_2B_4T.shape(Layer::KeyOrValue)])]
    fn unpack<F: TernaryFormat>(b: &mut Bencher, size: [usize; 2]) -> Result<(), Failure> {
        let (ternary, packed) = packed::<F>(b, size)?;
        let unpacked = RefCell::new(vec![0; ternary.len()]);
        b.items(ternary.len()).bytes(ternary.len() + packed.as_bytes().len()).iter_checked(
            || packed.unpack_into(&mut unpacked.borrow_mut()),
            |_| ensure(*unpacked.borrow() == ternary, "the weights are not those packed"),
        );
        Ok(())
    }

    /// Weights, and the matrix of them.
    fn packed<F: TernaryFormat>(b: &Bencher, size: [usize; 2]) -> Result<(Vec<i8>, F), Failure> {
        let ternary = data::ternary(b.seed(), count(size));
        let packed = F::pack(&ternary, size[0], size[1], 1.0).map_err(Failure::skip)?;
        Ok((ternary, packed))
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
