//! What a comparison takes of a case, from a record or straight from its document: a document is mostly raw samples and
//! reasons, of which only the samples' median is needed.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use crate::host::Stated;
use crate::measure::{AllocationProfile, Counter, Failure, MetricValue};
use crate::record::{CaseRecord, Configured, LaunchRecord, Measured, Outcome, Throughput};
use crate::stats;

/// What is taken of a case.
#[derive(Deserialize)]
pub(super) struct TakenCase {
    pub(super) id: String,
    pub(super) settings: BTreeMap<String, Configured>,
    #[serde(default)]
    pub(super) carried_from: Option<String>,
    pub(super) outcome: TakenOutcome,
}

/// What is taken of an outcome.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TakenOutcome {
    Measured(TakenFigures),
    Failed { failure: Failure },
    Skipped { reason: String },
}

/// What is taken of a measured case.
#[derive(Deserialize)]
pub(super) struct TakenFigures {
    pub(super) time: TakenTime,
    pub(super) throughput: Vec<Throughput>,
    pub(super) launches: Vec<TakenLaunch>,
}

/// What is taken of the estimates of the time.
#[derive(Deserialize)]
pub(super) struct TakenTime {
    pub(super) minimum: TakenEstimate,
}

/// What is taken of an estimate.
#[derive(Deserialize)]
pub(super) struct TakenEstimate {
    pub(super) value: f64,
}

/// What is taken of a launch.
#[derive(Deserialize)]
pub(super) struct TakenLaunch {
    pub(super) iterations: u64,
    #[serde(default)]
    pub(super) held: Option<u64>,
    /// The median of the samples, in nanoseconds; `None` if there are none.
    #[serde(rename = "samples_ns", deserialize_with = "median")]
    pub(super) median_ns: Option<f64>,
    pub(super) amounts: BTreeMap<String, f64>,
    pub(super) metrics: Vec<MetricValue>,
    #[serde(deserialize_with = "known")]
    pub(super) counters: Option<TakenCounters>,
    #[serde(deserialize_with = "known")]
    pub(super) allocations: Option<AllocationProfile>,
    #[serde(default, deserialize_with = "known")]
    pub(super) core_hz: Option<f64>,
}

/// What is taken of counters.
#[derive(Deserialize)]
pub(super) struct TakenCounters {
    pub(super) counts: Vec<Counter>,
}

fn median<'de, D: Deserializer<'de>>(samples: D) -> Result<Option<f64>, D::Error> {
    Ok(stats::median(&Vec::<f64>::deserialize(samples)?))
}

/// A value, or nothing in place of the reason for which there is none.
fn known<'de, T: Deserialize<'de>, D: Deserializer<'de>>(stated: D) -> Result<Option<T>, D::Error> {
    /// As [`Stated`].
    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Taken<T> {
        Known(T),
        Unknown(IgnoredAny),
    }
    Ok(match Taken::deserialize(stated)? {
        Taken::Known(value) => Some(value),
        Taken::Unknown(_) => None,
    })
}

impl From<&CaseRecord> for TakenCase {
    fn from(case: &CaseRecord) -> Self {
        let outcome = match &case.outcome {
            Outcome::Measured(measured) => TakenOutcome::Measured((&**measured).into()),
            Outcome::Failed { failure, .. } => TakenOutcome::Failed { failure: failure.clone() },
            Outcome::Skipped { reason } => TakenOutcome::Skipped { reason: reason.clone() },
        };
        Self { id: case.id.clone(), settings: case.settings.clone(), carried_from: case.carried_from.clone(), outcome }
    }
}

impl From<&Measured> for TakenFigures {
    fn from(measured: &Measured) -> Self {
        Self {
            time: TakenTime { minimum: TakenEstimate { value: measured.time.minimum.value } },
            throughput: measured.throughput.clone(),
            launches: measured.launches.iter().map(TakenLaunch::from).collect(),
        }
    }
}

impl From<&LaunchRecord> for TakenLaunch {
    fn from(launch: &LaunchRecord) -> Self {
        let counters = match &launch.counters {
            Stated::Known(counters) => Some(TakenCounters { counts: counters.counts.clone() }),
            Stated::Unknown(_) => None,
        };
        Self {
            iterations: launch.iterations,
            held: launch.held,
            median_ns: stats::median(&launch.samples_ns),
            amounts: launch.amounts.clone(),
            metrics: launch.metrics.clone(),
            counters,
            allocations: launch.allocations.known().copied(),
            core_hz: launch.core_hz.known().copied(),
        }
    }
}
