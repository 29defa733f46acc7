//! `Criterion`: the configuration of a group's targets, and what they name their benchmarks to.

use std::panic::Location;
use std::path::Path;
use std::time::Duration;

use super::bencher::Bencher;
use super::group::BenchmarkGroup;
use super::id::{BenchmarkId, Id};
use super::measurement::{Measurement, WallTime};
use super::options::{PlottingBackend, Throughput};
use super::pass::{self, Benchmark};
use super::profiler::Profiler;
use super::settings::{Said, checked};

/// What a target function is handed.
///
/// Methods without a meaning on this harness are accepted, so that a file need not change; each says so.
pub struct Criterion<M: Measurement = WallTime> {
    pub(super) said: Said,
    pub(super) measurement: M,
}

impl Default for Criterion {
    fn default() -> Self {
        Self { said: Said::default(), measurement: WallTime }
    }
}

impl<M: Measurement> Criterion<M> {
    /// Takes something else of each batch as well; see [`Measurement`].
    pub fn with_measurement<M2: Measurement>(self, m: M2) -> Criterion<M2> {
        Criterion { said: self.said, measurement: m }
    }

    /// No effect: see [`Profiler`].
    #[must_use]
    pub fn with_profiler<P: Profiler + 'static>(self, _: P) -> Self {
        self
    }

    /// No effect: the reports are this harness' own.
    #[must_use]
    pub fn plotting_backend(self, _: PlottingBackend) -> Self {
        self
    }

    /// Samples in a launch, at most.
    ///
    /// # Panics
    /// If there are fewer than 10, as criterion does.
    #[must_use]
    pub fn sample_size(mut self, n: usize) -> Self {
        self.said.sample_size(n);
        self
    }

    /// Time to warm up, over all launches, at most.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub fn warm_up_time(mut self, dur: Duration) -> Self {
        self.said.warm_up_time(dur);
        self
    }

    /// Time to measure, over all launches, at most.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub fn measurement_time(mut self, dur: Duration) -> Self {
        self.said.measurement_time(dur);
        self
    }

    /// No effect: intervals come from the launches, not from a bootstrap.
    ///
    /// # Panics
    /// If it is zero.
    #[must_use]
    pub fn nresamples(self, n: usize) -> Self {
        checked::nresamples(n);
        self
    }

    /// No effect: a comparison's floor is what the case's own noise is.
    ///
    /// # Panics
    /// If it is negative.
    #[must_use]
    pub fn noise_threshold(self, threshold: f64) -> Self {
        checked::noise_threshold(threshold);
        self
    }

    /// Confidence level of the intervals, from 0.5 to 0.9999.
    ///
    /// # Panics
    /// If it does not lie between 0 and 1.
    #[must_use]
    pub fn confidence_level(mut self, cl: f64) -> Self {
        self.said.confidence_level(cl);
        self
    }

    /// No effect: a comparison bounds the false alarms of all cases together.
    ///
    /// # Panics
    /// If it does not lie between 0 and 1.
    #[must_use]
    pub fn significance_level(self, sl: f64) -> Self {
        checked::significance_level(sl);
        self
    }

    /// No effect: the reports are this harness' own.
    #[must_use]
    pub fn with_plots(self) -> Self {
        self
    }

    /// No effect: the reports are this harness' own.
    #[must_use]
    pub fn without_plots(self) -> Self {
        self
    }

    /// No effect: `--save-baseline` does it. Under criterion's macros it has none either.
    #[must_use]
    pub fn save_baseline(self, _: String) -> Self {
        self
    }

    /// No effect: `--baseline` does it. Under criterion's macros it has none either.
    #[must_use]
    pub fn retain_baseline(self, _: String, _: bool) -> Self {
        self
    }

    /// No effect: filters stand on the command line. Under criterion's macros it has none either.
    #[must_use]
    pub fn with_filter<S: Into<String>>(self, _: S) -> Self {
        self
    }

    /// No effect: `--color` does it.
    #[must_use]
    pub fn with_output_color(self, _: bool) -> Self {
        self
    }

    /// No effect: `BITNET_BENCH_HOME` says where records are.
    #[must_use]
    #[doc(hidden)]
    pub fn output_directory(self, _: &Path) -> Self {
        self
    }

    /// No effect: see [`Profiler`].
    #[must_use]
    #[doc(hidden)]
    pub fn profile_time(self, _: Option<Duration>) -> Self {
        self
    }

    /// No effect: the harness reads the arguments, and they win over what is set here.
    #[must_use]
    pub fn configure_from_args(self) -> Self {
        self
    }

    /// No effect: the harness shows the results.
    #[doc(hidden)]
    pub fn final_summary(&self) {}

    /// A group of benchmarks.
    ///
    /// # Panics
    /// If it has no name.
    pub fn benchmark_group<S: Into<String>>(&mut self, group_name: S) -> BenchmarkGroup<'_, M> {
        let name = group_name.into();
        assert!(!name.is_empty(), "Group name must not be empty.");
        BenchmarkGroup::new(self, name)
    }

    /// A benchmark with settings and a throughput of its group.
    pub(super) fn bench(
        &self,
        id: Id,
        source: &'static Location<'static>,
        said: Said,
        throughput: Option<Throughput>,
        run: impl FnOnce(&mut Bencher<'_, M>),
    ) {
        pass::benchmark(Benchmark { id, source, said: said.over(self.said), throughput }, &self.measurement, run);
    }
}

impl<M: Measurement + 'static> Criterion<M> {
    /// A benchmark without a group.
    #[track_caller]
    pub fn bench_function<F>(&mut self, id: &str, f: F) -> &mut Self
    where
        F: FnMut(&mut Bencher<'_, M>),
    {
        self.benchmark_group(id).bench_function(BenchmarkId::of_its_group(), f);
        self
    }

    /// A benchmark without a group, at a parameter.
    ///
    /// # Panics
    /// If the id has no function.
    #[track_caller]
    pub fn bench_with_input<F, I>(&mut self, id: BenchmarkId, input: &I, f: F) -> &mut Self
    where
        F: FnMut(&mut Bencher<'_, M>, &I),
    {
        let BenchmarkId { function, parameter } = id;
        let group = function.expect(
            "Cannot use BenchmarkId::from_parameter with Criterion::bench_with_input. \
             Consider using a BenchmarkGroup or BenchmarkId::new instead.",
        );
        self.benchmark_group(group).bench_with_input(BenchmarkId { function: None, parameter }, input, f);
        self
    }
}
