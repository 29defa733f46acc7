//! From what a tool tells of a benchmark to the figures of a case.

use std::collections::BTreeMap;

use crate::host::Stated;
use crate::measure::{ClockDescription, Direction, MetricValue};
use crate::record::analysis;
use crate::record::model::{LaunchRecord, Measured, MetricEstimate, Outcome, Shape, Throughput, TimeEstimates};
use crate::stats::{self, Estimate};

/// The level of intervals, where the tool names none.
const LEVEL: f64 = 0.95;

/// Raw samples.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    /// Iterations in each of them.
    pub(super) iterations: u64,
    /// Time of each of them, all its iterations, in nanoseconds.
    pub(super) times_ns: Vec<f64>,
}

/// What a tool tells of a benchmark: its own estimates, its samples, or both. Times are of one iteration, in
/// nanoseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    pub(super) median: Option<Estimate>,
    pub(super) mean: Option<Estimate>,
    pub(super) minimum: Option<f64>,
    pub(super) standard_deviation: Option<f64>,
    pub(super) samples: Option<Samples>,
    /// How much of what one iteration processes.
    pub(super) amounts: Vec<(String, f64)>,
    pub(super) metrics: Vec<MetricEstimate>,
    pub(super) notes: Vec<String>,
}

/// A figure of whose certainty nothing is told.
pub(super) fn open(value: f64) -> Estimate {
    Estimate { value, lower: 0.0, upper: f64::INFINITY, level: LEVEL }
}

/// A metric of whose certainty nothing is told.
pub(super) fn metric(name: &str, unit: &str, direction: Direction, value: f64) -> MetricEstimate {
    let estimate = Estimate { lower: f64::NEG_INFINITY, ..open(value) };
    MetricEstimate { name: name.to_owned(), unit: unit.to_owned(), direction, estimate }
}

impl Figures {
    /// The outcome of a benchmark that a tool has measured; skipped where it tells no time at all.
    pub(super) fn outcome(mut self, tool: &str) -> Outcome {
        let per_iteration = self.samples.as_ref().map(Samples::per_iteration).unwrap_or_default();
        let Some(time) = self.time(&per_iteration) else {
            return Outcome::Skipped { reason: format!("{tool}'s results hold no time for it") };
        };
        self.notes.push(match &self.samples {
            None => format!("imported from {tool}, without raw samples: nothing can be compared with it"),
            Some(_) => format!("imported from {tool}: all samples are of one process, whose layout they share"),
        });
        let throughput = self.amounts.iter().map(|(amount, per_iteration)| Throughput {
            amount: amount.clone(),
            per_iteration: *per_iteration,
            per_second: time.median.per_second_of(*per_iteration),
        });
        let not_told = || format!("{tool}'s results do not tell");
        Outcome::Measured(Box::new(Measured {
            throughput: throughput.collect(),
            counters: Stated::Unknown(not_told()),
            allocations: Stated::Unknown(not_told()),
            shape: if per_iteration.is_empty() { Shape::default() } else { analysis::shape(&[per_iteration]) },
            precise: false,
            time,
            launches: self.samples.take().map(|samples| self.launch(samples, tool)).into_iter().collect(),
            metrics: self.metrics,
            notes: self.notes,
        }))
    }

    fn time(&self, samples: &[f64]) -> Option<TimeEstimates> {
        let median = self.median.or_else(|| stats::within_launch(samples, LEVEL)).or(self.mean)?;
        let mean = self.mean.or_else(|| stats::mean(samples).map(open)).unwrap_or(open(median.value));
        let minimum = self.minimum.or_else(|| stats::minimum(samples));
        let told = self.standard_deviation.filter(|_| median.value > 0.0).map(|deviation| deviation / median.value);
        Some(TimeEstimates {
            median,
            mean,
            minimum: open(minimum.unwrap_or(median.value)),
            scatter_within: told.or_else(|| analysis::relative_scatter(samples)).unwrap_or(0.0),
            scatter_between: 0.0,
        })
    }

    /// The samples as those of one launch.
    fn launch(&self, samples: Samples, tool: &str) -> LaunchRecord {
        let not_told = || format!("{tool}'s results do not tell");
        let metrics = self.metrics.iter().map(|metric| MetricValue {
            name: metric.name.clone(),
            unit: metric.unit.clone(),
            direction: metric.direction,
            value: metric.estimate.value,
        });
        LaunchRecord {
            launch: 0,
            position: 0,
            core: Stated::Unknown(not_told()),
            clock: ClockDescription {
                name: "unknown".to_owned(),
                reason: Some(not_told()),
                frequency_hz: 0.0,
                resolution_ns: 0.0,
                overhead_ns: 0.0,
            },
            iterations: samples.iterations,
            held: None,
            samples_ns: samples.times_ns,
            warmup_ns: 0.0,
            warmed_up: false,
            amounts: BTreeMap::from_iter(self.amounts.iter().cloned()),
            metrics: metrics.collect(),
            counters: Stated::Unknown(not_told()),
            allocations: Stated::Unknown(not_told()),
            core_hz: Stated::Unknown(not_told()),
            wall_ns: None,
            steal: None,
            involuntary_switches: None,
        }
    }
}

impl Samples {
    fn per_iteration(&self) -> Vec<f64> {
        self.times_ns.iter().map(|time| time / self.iterations as f64).collect()
    }
}
