//! What all suites have in common: they make benchmarks, which run on the one harness.

use bitnet_bench::config::{self, Config, Sources};
use bitnet_bench::harness::HarnessError;
use bitnet_bench::registry::{Definition, Selection};
use bitnet_bench::{Run, Suite, Target};

use crate::memory::MemoryBenchmarks;

/// A source of benchmarks: a builder such as [`QuantizationBenchmarks`](crate::QuantizationBenchmarks),
/// or a list.
pub trait Benchmarks {
    /// The benchmarks; the same in every process, in the same order.
    fn definitions(&self) -> Vec<Definition>;
}

impl Benchmarks for MemoryBenchmarks {
    fn definitions(&self) -> Vec<Definition> {
        self.definitions()
    }
}

impl Benchmarks for Vec<Definition> {
    fn definitions(&self) -> Vec<Definition> {
        self.clone()
    }
}

/// Several suites in one run, as a library call.
///
/// ```no_run
/// use bitnet_benchmarks::reference::quantizers::Absmean;
/// use bitnet_benchmarks::{BenchmarkSuite, QuantizationBenchmarks};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let quantization = QuantizationBenchmarks::new().quantizer(Absmean).tensor_sizes([[1024, 1024]]);
///     let run = BenchmarkSuite::new().setting("time", "100ms").include(quantization).run()?;
///     for case in run.cases() {
///         println!("{}: {:?}", case.id(), case.time());
///     }
///     Ok(())
/// }
/// ```
///
/// A run starts the program anew for each of its launches: see [`Suite`] for what that asks of `main`.
pub struct BenchmarkSuite {
    target: Target,
    settings: Vec<(String, String)>,
    suites: Vec<Box<dyn Benchmarks>>,
    selection: Selection,
    quiet: bool,
}

impl Default for BenchmarkSuite {
    fn default() -> Self {
        Self::new()
    }
}

impl BenchmarkSuite {
    /// A suite of nothing yet, whose record says that the target `suite` was measured.
    pub fn new() -> Self {
        Self {
            target: Target { name: "suite", package: env!("CARGO_PKG_NAME") },
            settings: Vec::new(),
            suites: Vec::new(),
            selection: Selection::default(),
            quiet: false,
        }
    }

    /// The target that the record names: [`bitnet_bench::target!()`](bitnet_bench::target).
    pub fn target(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    /// Adds a suite.
    pub fn include(mut self, benchmarks: impl Benchmarks + 'static) -> Self {
        self.suites.push(Box::new(benchmarks));
        self
    }

    /// A setting or option of the run, such as `time` or `launches`, as text. A configuration file and
    /// the environment come before it.
    pub fn setting(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.push((key.into(), value.into()));
        self
    }

    /// Measures only the cases that are selected.
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Shows no progress line.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Measures, and stores the record. Blocks until it is done.
    ///
    /// # Errors
    /// If the run cannot be made: a setting is wrong, a file cannot be written. A case that fails is no
    /// error: see [`CaseResult::failure`](bitnet_bench::CaseResult::failure).
    pub fn run(self) -> Result<Run, HarnessError> {
        let config = self.config()?;
        // The suites read the configuration for the points to measure at.
        config::install(&config);
        let definitions: Vec<_> = self.suites.iter().flat_map(|suite| suite.definitions()).collect();
        let suite = Suite::new(self.target, config).benchmarks(definitions).without_annotated().select(self.selection);
        if self.quiet { suite.quiet().run() } else { suite.run() }
    }

    fn config(&self) -> Result<Config, HarnessError> {
        let folder = std::env::current_dir().unwrap_or_default();
        let sources = Sources::new(folder).environment(std::env::vars_os());
        let settings = self.settings.iter();
        Ok(Config::load(settings.fold(sources, |sources, (key, value)| sources.program(key, value)))?)
    }
}

/// Registers a suite over a subject of one's own, so that `cargo bench` measures it beside the
/// annotated functions. It stands in a bench target, once for each subject:
///
/// ```
/// use bitnet_benchmarks::reference::quantizers::Absmean;
/// use bitnet_benchmarks::{QuantizationBenchmarks, suite_for};
///
/// // The summary is the suite's word on quality, size and speed; `bitnet_bench::main!()` does without.
/// bitnet_bench::main!(summary: bitnet_benchmarks::quantization::summary);
///
/// suite_for!(quantizer: Absmean);
/// ```
///
/// | form | subject |
/// |---|---|
/// | `suite_for!(quantizer: …)` | a [`WeightQuantizer`](crate::subject::WeightQuantizer) |
/// | `suite_for!(activation_quantizer: …)` | an [`ActivationQuantizer`](crate::subject::ActivationQuantizer) |
/// | `suite_for!(calibrator: …)` | a [`Calibrator`](crate::subject::Calibrator) |
/// | `suite_for!(matmul: …)` | a [`TernaryMatmul`](crate::subject::TernaryMatmul) |
/// | `suite_for!(pool: …)` | a [`MemoryPool`](crate::subject::MemoryPool) |
/// | `suite_for!(…)` | any [`Benchmarks`](crate::Benchmarks), such as a builder with points of its own |
///
/// The expression is evaluated in the harness and in each of its workers.
#[macro_export]
macro_rules! suite_for {
    (pool: $pool:expr $(,)?) => {
        $crate::suite_for!($crate::MemoryBenchmarks::new().pool($pool));
    };
    ($kind:ident: $subject:expr $(,)?) => {
        $crate::suite_for!($crate::QuantizationBenchmarks::new().$kind($subject));
    };
    ($suite:expr $(,)?) => {
        $crate::__private::register!(|| $crate::Benchmarks::definitions(&$suite));
    };
}
