//! `BenchmarkGroup`: benchmarks that share a name, settings and a throughput.

use std::panic::Location;
use std::time::Duration;

use super::bencher::Bencher;
use super::id::{Id, IntoBenchmarkId};
use super::manager::Criterion;
use super::measurement::Measurement;
use super::options::{PlotConfiguration, SamplingMode, Throughput};
use super::settings::{Said, checked};

/// A group of benchmarks; what it says holds for those that follow.
pub struct BenchmarkGroup<'a, M: Measurement> {
    criterion: &'a mut Criterion<M>,
    name: String,
    said: Said,
    throughput: Option<Throughput>,
}

impl<'a, M: Measurement> BenchmarkGroup<'a, M> {
    pub(super) fn new(criterion: &'a mut Criterion<M>, name: String) -> Self {
        Self { criterion, name, said: Said::default(), throughput: None }
    }

    /// See [`Criterion::sample_size`].
    pub fn sample_size(&mut self, n: usize) -> &mut Self {
        self.said.sample_size(n);
        self
    }

    /// See [`Criterion::warm_up_time`].
    pub fn warm_up_time(&mut self, dur: Duration) -> &mut Self {
        self.said.warm_up_time(dur);
        self
    }

    /// See [`Criterion::measurement_time`].
    pub fn measurement_time(&mut self, dur: Duration) -> &mut Self {
        self.said.measurement_time(dur);
        self
    }

    /// See [`Criterion::nresamples`].
    pub fn nresamples(&mut self, n: usize) -> &mut Self {
        checked::nresamples(n);
        self
    }

    /// See [`Criterion::noise_threshold`].
    pub fn noise_threshold(&mut self, threshold: f64) -> &mut Self {
        checked::noise_threshold(threshold);
        self
    }

    /// See [`Criterion::confidence_level`].
    pub fn confidence_level(&mut self, cl: f64) -> &mut Self {
        self.said.confidence_level(cl);
        self
    }

    /// See [`Criterion::significance_level`].
    pub fn significance_level(&mut self, sl: f64) -> &mut Self {
        checked::significance_level(sl);
        self
    }

    /// No effect: the reports are this harness' own.
    pub fn plot_config(&mut self, _: PlotConfiguration) -> &mut Self {
        self
    }

    /// What one iteration processes.
    pub fn throughput(&mut self, throughput: Throughput) -> &mut Self {
        self.throughput = Some(throughput);
        self
    }

    /// No effect: every sample has the same number of iterations.
    pub fn sampling_mode(&mut self, _: SamplingMode) -> &mut Self {
        self
    }

    /// A benchmark.
    #[track_caller]
    pub fn bench_function<ID: IntoBenchmarkId, F>(&mut self, id: ID, mut f: F) -> &mut Self
    where
        F: FnMut(&mut Bencher<'_, M>),
    {
        self.bench(id, Location::caller(), |bencher| f(bencher))
    }

    /// A benchmark at a parameter.
    #[track_caller]
    pub fn bench_with_input<ID: IntoBenchmarkId, F, I>(&mut self, id: ID, input: &I, mut f: F) -> &mut Self
    where
        F: FnMut(&mut Bencher<'_, M>, &I),
        I: ?Sized,
    {
        self.bench(id, Location::caller(), |bencher| f(bencher, input))
    }

    fn bench<ID: IntoBenchmarkId>(
        &mut self,
        id: ID,
        source: &'static Location<'static>,
        run: impl FnOnce(&mut Bencher<'_, M>),
    ) -> &mut Self {
        let id = Id { group: self.name.clone(), within: id.into_benchmark_id() };
        self.criterion.bench(id, source, self.said, self.throughput.clone(), run);
        self
    }

    /// Ends the group.
    pub fn finish(self) {}
}
