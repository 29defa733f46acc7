//! The results, typed.

use bitnet_bench::record::{CaseRecord, Measured, Outcome};
use bitnet_bench::{Amount, CaseResult, Run};

use super::percentiles::Percentiles;

/// The results of [`MemoryBenchmarks::run`](super::MemoryBenchmarks::run).
#[derive(Clone, Debug)]
pub struct MemoryResults {
    /// Requests served a second, each with its release: the geometric mean over the cases that count them. 0 if none does.
    pub throughput: f64,
    /// The cases that were measured.
    pub cases: Vec<MemoryCase>,
    /// The ids of the cases that failed, with the reasons: a pool that is wrong has no times.
    pub failures: Vec<(String, String)>,
    run: Run,
}

/// What was measured at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryCase {
    /// The case's id.
    pub id: String,
    /// The pool.
    pub pool: String,
    /// Time of one iteration, in nanoseconds.
    pub time_ns: f64,
    /// Requests served a second, where the case counts them.
    pub throughput: Option<f64>,
    /// Single requests, where the case times them.
    pub latency: Option<Percentiles>,
    /// Memory asked for over memory held, 0 to 1, where the pool knows.
    pub utilization: Option<f64>,
    /// Memory held that is free and scattered over memory held, 0 to 1: see
    /// [`PoolStatistics::external_fragmentation`](crate::subject::PoolStatistics::external_fragmentation).
    pub external_fragmentation: Option<f64>,
    /// Memory handed out that nobody asked for over memory handed out, 0 to 1.
    pub internal_fragmentation: Option<f64>,
}

impl MemoryResults {
    pub(super) fn new(run: Run) -> Self {
        let cases: Vec<MemoryCase> = run.record().cases.iter().filter_map(MemoryCase::new).collect();
        let failed = |case: CaseResult<'_>| case.failure().map(|failure| (case.id().to_owned(), failure.to_string()));
        let failures = run.cases().filter_map(failed).collect();
        Self { throughput: geometric_mean(cases.iter().filter_map(|case| case.throughput)), cases, failures, run }
    }

    /// Everything that is known of the run, with the cases that failed or were skipped.
    pub fn run(&self) -> &Run {
        &self.run
    }
}

impl MemoryCase {
    fn new(case: &CaseRecord) -> Option<Self> {
        let Outcome::Measured(measured) = &case.outcome else { return None };
        let pool = case.point.iter().find(|label| label.axis == "pool")?;
        let metric = |name| metric(measured, name);
        let share = |name| metric(name).map(|percent| percent / 100.0);
        let items = measured.throughput.iter().find(|throughput| throughput.amount == Amount::Items.name());
        Some(Self {
            id: case.id.clone(),
            pool: pool.label.clone(),
            time_ns: measured.time.median.value,
            throughput: items.map(|items| items.per_second.value),
            latency: (|| Some(Percentiles { p50: metric("p50")?, p99: metric("p99")?, p99_9: metric("p99.9")? }))(),
            utilization: share("utilization"),
            external_fragmentation: share("external"),
            internal_fragmentation: share("internal"),
        })
    }
}

fn metric(measured: &Measured, name: &str) -> Option<f64> {
    measured.metrics.iter().find(|metric| metric.name == name).map(|metric| metric.estimate.value)
}

fn geometric_mean(values: impl Iterator<Item = f64>) -> f64 {
    let logs: Vec<f64> = values.map(f64::ln).collect();
    if logs.is_empty() { 0.0 } else { (logs.iter().sum::<f64>() / logs.len() as f64).exp() }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn the_mean_of_rates_is_geometric() {
        assert_eq!(geometric_mean([2.0, 8.0].into_iter()).round(), 4.0);
        assert_eq!(geometric_mean(std::iter::empty()), 0.0);
    }
}
