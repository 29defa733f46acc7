//! criterion's public API on this harness: a bench file that was written for criterion 0.8 is measured
//! in launches, shuffled, isolated and compared as any other.
//!
//! The package `bitnet-bench-criterion` exports this module as its root, so that a file needs no change
//! but that of the dependency's name:
//!
//! ```toml
//! [dev-dependencies]
//! criterion = { package = "bitnet-bench-criterion", version = "0.1" }
//! ```
//!
//! ```no_run
//! use bitnet_bench::criterion::{BenchmarkId, Criterion, Throughput};
//! use bitnet_bench::{criterion_group, criterion_main};
//!
//! fn sums(c: &mut Criterion) {
//!     let mut group = c.benchmark_group("sum");
//!     for size in [1_000_u64, 10_000] {
//!         let numbers: Vec<u64> = (0..size).collect();
//!         group.throughput(Throughput::Elements(size));
//!         group.bench_with_input(BenchmarkId::new("plain", size), &numbers, |b, numbers| {
//!             b.iter(|| numbers.iter().sum::<u64>());
//!         });
//!     }
//!     group.finish();
//! }
//!
//! criterion_group!(benches, sums);
//! criterion_main!(benches);
//! ```
//!
//! # How a program that measures as it goes is measured in launches
//!
//! criterion runs the target functions of a group once and measures each benchmark where it comes by it.
//! This harness must know every case before it measures the first, and measures each in several
//! processes. So a target runs
//!
//! - once to *list*: every `bench_function` notes its id, its settings and its throughput, and its closure
//!   is not called;
//! - once for each case and launch, in a worker, to *serve*: every closure is passed over but that of the
//!   wanted case.
//!
//! What stands beside the closures, the set-up, therefore runs once for each case and launch, as though
//! the case stood alone in its program. Keep what takes long in a `LazyLock`, which a worker fills once.
//! A target must list the same ids in every process.
//!
//! # What becomes of the settings
//!
//! | criterion | here |
//! |---|---|
//! | `sample_size` | `samples` (in a launch, at most) |
//! | `measurement_time` | `time` (over all launches, at most) |
//! | `warm_up_time` | `warmup` (over all launches, at most) |
//! | `confidence_level` | `confidence` |
//!
//! They count as an attribute's do: the command line and the environment win. What is not set is this
//! harness' default, not criterion's. `noise_threshold` and `significance_level` belong to the comparison,
//! where each case's own noise takes their place; what concerns plots, resampling and criterion's own
//! files is accepted and has no effect.

pub mod async_executor;
mod asynchronous;
mod bencher;
mod define;
mod formatter;
mod group;
mod id;
mod lending;
mod macros;
mod manager;
pub mod measurement;
mod options;
mod pass;
pub mod profiler;
mod program;
mod settings;

pub use self::asynchronous::AsyncBencher;
pub use self::bencher::Bencher;
pub use self::group::BenchmarkGroup;
pub use self::id::{BenchmarkId, IntoBenchmarkId};
pub use self::manager::Criterion;
pub use self::options::{AxisScale, Baseline, BatchSize, PlotConfiguration, PlottingBackend, SamplingMode, Throughput};
pub use crate::{criterion_group, criterion_main};

/// What the macros stand on. Not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use super::define::define;
    pub use super::pass::target;
    pub use super::program::run;
}

/// Keeps the compiler from seeing through a value.
///
/// criterion deprecates it for [`std::hint::black_box`], which it is.
pub fn black_box<T>(dummy: T) -> T {
    std::hint::black_box(dummy)
}
