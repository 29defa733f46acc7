//! The builder.

use bitnet_bench::Target;
use bitnet_bench::config::{self, Overrides, TrackingLevel};
use bitnet_bench::harness::HarnessError;
use bitnet_bench::registry::Definition;

use super::entrant::Entrant;
use super::plan::Plan;
use super::results::MemoryResults;
use super::trace::AllocationPattern;
use crate::reference::pool::HybridPool;
use crate::subject::MemoryPool;
use crate::suite::BenchmarkSuite;

/// Sizes of blocks, in bytes, unless others are given.
const SIZES: [usize; 8] = [16, 64, 1 << 10, 4 << 10, 64 << 10, 1 << 20, 16 << 20, 100 << 20];
/// Sizes of the blocks whose single requests are timed, unless others are given.
const LATENCY_SIZES: [usize; 4] = [64, 4 << 10, 1 << 20, 16 << 20];
/// Tokens of the forward passes, unless others are given: a step of generation, and a prompt.
const TOKENS: [usize; 2] = [1, 128];

/// The memory benchmarks of one pool or several: see the [module](super).
///
/// Each method gives a changed copy, so one builder can be the start of several. An empty list says nothing.
///
/// ```
/// use bitnet_benchmarks::reference::pool::HybridPool;
/// use bitnet_benchmarks::{AllocationPattern, MemoryBenchmarks};
///
/// fn my_pools() -> Vec<bitnet_bench::registry::Definition> {
///     MemoryBenchmarks::new().pool(HybridPool::new()).allocation_pattern(AllocationPattern::Lifo).definitions()
/// }
///
/// // `cargo bench` runs them.
/// bitnet_bench::register!(my_pools);
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct MemoryBenchmarks {
    entrants: Vec<Entrant>,
    patterns: Vec<AllocationPattern>,
    sizes: Option<Vec<usize>>,
    levels: Option<Vec<TrackingLevel>>,
    tokens: Option<Vec<usize>>,
    overrides: Overrides,
    requests: Option<u64>,
}

impl Default for MemoryBenchmarks {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryBenchmarks {
    /// The benchmarks of no pool yet: if none is added, of the reference.
    pub fn new() -> Self {
        let mut overrides = Overrides::default();
        // There are many cases, and what tells pools apart is larger than what a longer look would resolve.
        overrides.launches(8_u32).time("80ms").warmup("40ms").precision(0.03);
        Self {
            entrants: Vec::new(),
            patterns: Vec::new(),
            sizes: None,
            levels: None,
            tokens: None,
            overrides,
            requests: None,
        }
    }

    /// Adds a pool.
    pub fn pool(&self, pool: impl MemoryPool) -> Self {
        self.with(|benchmarks| benchmarks.entrants.push(Entrant::present(pool)))
    }

    /// Names a pool that is not there. Its cases are shown as skipped, with the reason.
    pub fn absent(&self, name: impl Into<String>, reason: impl Into<String>) -> Self {
        self.with(|benchmarks| benchmarks.entrants.push(Entrant::absent(name.into(), reason.into())))
    }

    /// Adds a pattern. Without any, it is those that the configuration gives (`memory.allocation_patterns`), else all.
    pub fn allocation_pattern(&self, pattern: impl Into<AllocationPattern>) -> Self {
        self.with(|benchmarks| benchmarks.patterns.push(pattern.into()))
    }

    /// The sizes of blocks, in bytes, 1 or more, instead of those that the configuration gives (`memory.allocation_sizes`), else
    /// 16 B to 100 MiB.
    pub fn block_sizes(&self, sizes: impl IntoIterator<Item = usize>) -> Self {
        self.with(|benchmarks| benchmarks.sizes = said(sizes.into_iter().filter(|&size| size > 0)))
    }

    /// The levels of tracking, instead of those that the configuration gives (`memory.tracking_levels`), else all.
    pub fn tracking_levels(&self, levels: impl IntoIterator<Item = TrackingLevel>) -> Self {
        self.with(|benchmarks| benchmarks.levels = said(levels))
    }

    /// Tokens of the forward passes, instead of 1 and 128.
    pub fn tokens(&self, tokens: impl IntoIterator<Item = usize>) -> Self {
        self.with(|benchmarks| benchmarks.tokens = said(tokens.into_iter().filter(|&tokens| tokens > 0)))
    }

    /// Requests that each case makes in each launch, instead of as many as its time allows: a case whose iteration
    /// makes many has as many fewer iterations, and one at least.
    pub fn iterations(&self, requests: u64) -> Self {
        self.with(|benchmarks| benchmarks.requests = Some(requests))
    }

    /// Other settings of the cases, such as `time`.
    pub fn settings(&self, change: impl FnOnce(&mut Overrides)) -> Self {
        self.with(|benchmarks| change(&mut benchmarks.overrides))
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    /// Measures, and stores the record. Blocks until it is done; see [`BenchmarkSuite`] for several suites in one run,
    /// and for settings of the run.
    ///
    /// # Errors
    /// If the run cannot be made. A case that fails is no error: it is in the results.
    pub fn run(&self) -> Result<MemoryResults, HarnessError> {
        let target = Target { name: "memory", package: env!("CARGO_PKG_NAME") };
        Ok(MemoryResults::new(BenchmarkSuite::new().target(target).include(self.clone()).run()?))
    }

    /// The benchmarks, for a harness to run: with [`register!`](bitnet_bench::register), `cargo bench` does.
    pub fn definitions(&self) -> Vec<Definition> {
        Plan {
            entrants: if self.entrants.is_empty() {
                vec![Entrant::present(HybridPool::new())]
            } else {
                self.entrants.clone()
            },
            patterns: self.patterns(),
            sizes: self.sizes(&SIZES),
            latency_sizes: self.sizes(&LATENCY_SIZES),
            levels: self.levels(),
            tokens: self.tokens.clone().unwrap_or_else(|| TOKENS.to_vec()),
            overrides: self.overrides.clone(),
            requests: self.requests,
        }
        .definitions()
    }

    fn sizes(&self, otherwise: &[usize]) -> Vec<usize> {
        self.sizes.clone().unwrap_or_else(|| config::suites().memory.allocation_sizes_or(otherwise))
    }

    fn levels(&self) -> Vec<TrackingLevel> {
        let all = [TrackingLevel::None, TrackingLevel::Basic, TrackingLevel::Detailed];
        self.levels.clone().unwrap_or_else(|| config::suites().memory.tracking_levels_or(&all))
    }

    fn patterns(&self) -> Vec<AllocationPattern> {
        match &config::suites().memory.allocation_patterns {
            _ if !self.patterns.is_empty() => self.patterns.clone(),
            Some(patterns) => patterns.iter().copied().map(Into::into).collect(),
            None => AllocationPattern::ALL.to_vec(),
        }
    }
}

/// What a list says; nothing, if it is empty.
fn said<T>(values: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    let values: Vec<T> = values.into_iter().collect();
    if values.is_empty() { None } else { Some(values) }
}
