//! The quantization suite: a builder over subjects and points, which makes benchmarks of them.
//!
//! | group | benchmark | subject |
//! |---|---|---|
//! | `weights` | `quantize`, `dequantize` | [`WeightQuantizer`] |
//! | `activations` | `quantize` | [`ActivationQuantizer`] |
//! | `calibration` | `calibrate` | [`Calibrator`] |
//! | `matmul` | `gemv`, `gemm` | [`TernaryMatmul`] |
//!
//! Every case is checked before it is timed and after: weights against their quantizer's claim and activations against
//! their definition, in `f64`; every exact sum of a product by a random combination of its rows, and those of the greatest
//! inputs one by one. It carries its quality as metrics beside its time.

mod activations;
mod calibration;
mod front;
mod inputs;
mod matmul;
mod model;
mod product;
mod results;
mod weights;

use std::sync::Arc;

use bitnet_bench::Target;
use bitnet_bench::config;
use bitnet_bench::harness::HarnessError;
use bitnet_bench::registry::Definition;

use crate::reference::data::Distribution;
use crate::reference::shapes::{BITNET_2B_4T, Layer};
use crate::subject::{ActivationQuantizer, Calibrator, TernaryMatmul, WeightQuantizer};
use crate::suite::{BenchmarkSuite, Benchmarks};

pub use front::{pareto, summary};
pub use inputs::Cache;
pub use model::ModelBenchmarks;
pub use results::{QuantizationResult, QuantizationResults};

/// The quantization suite over subjects of one's own.
///
/// ```no_run
/// use bitnet_benchmarks::QuantizationBenchmarks;
/// use bitnet_benchmarks::reference::quantizers::Uniform;
/// use bitnet_benchmarks::subject::Granularity;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     for bits in [2, 4, 8] {
///         let quantizer = Uniform { bits, symmetric: true, granularity: Granularity::Channel };
///         let results = QuantizationBenchmarks::new()
///             .quantizer(quantizer)
///             .tensor_sizes([[1024, 1024], [2048, 2048]])
///             .run()?;
///         for result in results.iter() {
///             println!("{}: {:?} GB/s, SQNR {:?} dB", result.id, result.gigabytes_per_second, result.sqnr);
///         }
///     }
///     Ok(())
/// }
/// ```
///
/// Each method gives a changed copy, so one builder can be the start of several. What is not said comes from the configuration's section `[quantization]`, then from the shapes of
/// BitNet b1.58 2B-4T.
#[derive(Clone, Default)]
pub struct QuantizationBenchmarks {
    makers: Vec<Maker>,
    points: Points,
}

/// Makes the benchmarks of one subject at the suite's points.
type Maker = Arc<dyn Fn(&Points) -> Vec<Definition> + Send + Sync>;

/// The points at which subjects are measured; what is empty was not said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Points {
    tensor_sizes: Vec<[usize; 2]>,
    distributions: Vec<Distribution>,
    samples: Vec<usize>,
    tokens: Vec<usize>,
    caches: Vec<Cache>,
}

impl QuantizationBenchmarks {
    /// A suite of no subjects yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a quantizer of weights.
    pub fn quantizer(&self, quantizer: impl WeightQuantizer) -> Self {
        self.with(weights::benchmarks(quantizer))
    }

    /// Adds a quantizer of activations.
    pub fn activation_quantizer(&self, quantizer: impl ActivationQuantizer) -> Self {
        self.with(activations::benchmarks(quantizer))
    }

    /// Adds a calibrator, in the state in which calibration begins.
    pub fn calibrator(&self, calibrator: impl Calibrator) -> Self {
        self.with(calibration::benchmarks(calibrator))
    }

    /// Adds a product of ternary weights.
    pub fn matmul(&self, matmul: impl TernaryMatmul) -> Self {
        self.with(matmul::benchmarks(matmul))
    }

    fn with(&self, maker: impl Fn(&Points) -> Vec<Definition> + Send + Sync + 'static) -> Self {
        let mut changed = self.clone();
        changed.makers.push(Arc::new(maker));
        changed
    }

    fn at(&self, change: impl FnOnce(&mut Points)) -> Self {
        let mut changed = self.clone();
        change(&mut changed.points);
        changed
    }

    /// Shapes `[N, K]` of the weights: N rows (outputs) by K columns (inputs). Activations are measured
    /// at each K.
    pub fn tensor_sizes(&self, sizes: impl IntoIterator<Item = [usize; 2]>) -> Self {
        self.at(|points| points.tensor_sizes = sizes.into_iter().collect())
    }

    /// How the weights are distributed; normal, if this is not said.
    pub fn distributions(&self, distributions: impl IntoIterator<Item = Distribution>) -> Self {
        self.at(|points| points.distributions = distributions.into_iter().collect())
    }

    /// Numbers of samples, of one token each, to calibrate from.
    pub fn calibration_samples(&self, samples: impl IntoIterator<Item = usize>) -> Self {
        self.at(|points| points.samples = samples.into_iter().collect())
    }

    /// Numbers of tokens to multiply at once: 1 and 128, if this is not said.
    pub fn tokens(&self, tokens: impl IntoIterator<Item = usize>) -> Self {
        self.at(|points| points.tokens = tokens.into_iter().collect())
    }

    /// Whether products for one token find their weights in the caches: both, if this is not said.
    pub fn caches(&self, caches: impl IntoIterator<Item = Cache>) -> Self {
        self.at(|points| points.caches = caches.into_iter().collect())
    }

    /// Measures, and stores the record. Blocks until it is done; see [`BenchmarkSuite`] for several
    /// suites in one run, and for settings.
    ///
    /// # Errors
    /// If the run cannot be made. A case that fails is no error: see [`QuantizationResult::failure`].
    pub fn run(&self) -> Result<QuantizationResults, HarnessError> {
        let target = Target { name: "quantization", package: env!("CARGO_PKG_NAME") };
        Ok(QuantizationResults::of(BenchmarkSuite::new().target(target).include(self.clone()).run()?))
    }
}

impl Benchmarks for QuantizationBenchmarks {
    fn definitions(&self) -> Vec<Definition> {
        self.makers.iter().flat_map(|make| make(&self.points)).collect()
    }
}

impl Points {
    fn tensor_sizes(&self) -> Vec<[usize; 2]> {
        said_or(&self.tensor_sizes, || {
            config::suites().quantization.tensor_sizes_or(&[BITNET_2B_4T.shape(Layer::KeyOrValue)])
        })
    }

    fn columns(&self) -> Vec<usize> {
        let mut columns = match self.tensor_sizes.is_empty() && config::suites().quantization.tensor_sizes.is_none() {
            true => vec![BITNET_2B_4T.hidden, BITNET_2B_4T.feed_forward],
            false => self.tensor_sizes().into_iter().map(|[_, columns]| columns).collect(),
        };
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    fn matmul_sizes(&self) -> Vec<[usize; 2]> {
        let own = [Layer::KeyOrValue, Layer::QueryOrOutput, Layer::Down].map(|layer| BITNET_2B_4T.shape(layer));
        said_or(&self.tensor_sizes, || config::suites().quantization.tensor_sizes_or(&own))
    }

    fn samples(&self) -> Vec<usize> {
        said_or(&self.samples, || config::suites().quantization.calibration_samples_or(&[128, 512, 2048]))
    }

    fn tokens(&self) -> Vec<usize> {
        said_or(&self.tokens, || vec![1, 128])
    }

    fn caches(&self) -> Vec<Cache> {
        said_or(&self.caches, || vec![Cache::Warm, Cache::Cold])
    }
}

/// What every benchmark of the suite is measured with, unless the command line says otherwise: there are more
/// than a hundred cases, and what tells their subjects apart is larger than what a longer look would resolve.
fn settle(definition: &mut Definition) {
    definition.settings().time("200ms").warmup("100ms").precision(0.03);
}

fn said_or<T: Clone>(said: &[T], otherwise: impl FnOnce() -> Vec<T>) -> Vec<T> {
    if said.is_empty() { otherwise() } else { said.to_vec() }
}
