//! What a comparison takes of a case, from a record or straight from its document: a document is mostly raw samples and
//! reasons, of which only the samples' median is needed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::host::Stated;
use crate::measure::{AllocationProfile, CounterKind, Direction, Failure, MetricValue};
use crate::record::{CaseRecord, Configured, LaunchRecord, Measured, Outcome};
use crate::stats;

/// What is taken of a case.
#[derive(Deserialize)]
pub(super) struct TakenCase<'a> {
    pub(super) id: String,
    pub(super) settings: BTreeMap<String, Configured>,
    #[serde(default)]
    pub(super) carried_from: Option<String>,
    #[serde(borrow)]
    pub(super) outcome: TakenOutcome<'a>,
}

/// What is taken of an outcome.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TakenOutcome<'a> {
    #[serde(borrow)]
    Measured(TakenFigures<'a>),
    Failed {
        failure: Failure,
    },
    Skipped {
        reason: String,
    },
}

/// What is taken of a measured case.
#[derive(Deserialize)]
pub(super) struct TakenFigures<'a> {
    pub(super) time: TakenTime,
    #[serde(borrow)]
    pub(super) throughput: Vec<TakenThroughput<'a>>,
    pub(super) launches: Vec<TakenLaunch<'a>>,
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

/// What is taken of a throughput.
#[derive(Deserialize)]
pub(super) struct TakenThroughput<'a> {
    #[serde(borrow)]
    pub(super) amount: Cow<'a, str>,
    pub(super) per_iteration: f64,
}

/// What is taken of a launch.
#[derive(Deserialize)]
pub(super) struct TakenLaunch<'a> {
    pub(super) iterations: u64,
    #[serde(default)]
    pub(super) held: Option<u64>,
    /// The median of the samples, in nanoseconds; `None` if there are none.
    #[serde(rename = "samples_ns", deserialize_with = "median")]
    pub(super) median_ns: Option<f64>,
    #[serde(borrow)]
    pub(super) amounts: Amounts<'a>,
    pub(super) metrics: Vec<TakenMetric<'a>>,
    #[serde(deserialize_with = "known")]
    pub(super) counters: Option<TakenCounters<'a>>,
    #[serde(deserialize_with = "known")]
    pub(super) allocations: Option<AllocationProfile>,
    #[serde(default, deserialize_with = "known")]
    pub(super) core_hz: Option<f64>,
}

/// What an iteration processes, by names.
pub(super) struct Amounts<'a>(Vec<(Cow<'a, str>, f64)>);

/// What is taken of a metric that the benchmark reported.
#[derive(Deserialize)]
pub(super) struct TakenMetric<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) unit: Cow<'a, str>,
    pub(super) direction: Direction,
    pub(super) value: f64,
}

/// What is taken of counters.
#[derive(Deserialize)]
pub(super) struct TakenCounters<'a> {
    #[serde(borrow)]
    pub(super) counts: Vec<TakenCounter<'a>>,
}

/// What is taken of a counter.
#[derive(Deserialize)]
pub(super) struct TakenCounter<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    pub(super) kind: CounterKind,
    pub(super) per_iteration: f64,
}

impl Amounts<'_> {
    /// The amount of that name.
    pub(super) fn get(&self, name: &str) -> Option<f64> {
        self.0.iter().find(|(of, _)| of == name).map(|(_, amount)| *amount)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Amounts<'a> {
    fn deserialize<D: Deserializer<'de>>(document: D) -> Result<Self, D::Error> {
        document.deserialize_map(AmountsVisitor)
    }
}

struct AmountsVisitor;

impl<'de> Visitor<'de> for AmountsVisitor {
    type Value = Amounts<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("amounts by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        /// Serde borrows only what is a field.
        #[derive(Deserialize)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

        let mut amounts = Vec::new();
        while let Some((Name(name), amount)) = members.next_entry()? {
            amounts.push((name, amount));
        }
        Ok(Amounts(amounts))
    }
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

impl<'a> From<&'a CaseRecord> for TakenCase<'a> {
    fn from(case: &'a CaseRecord) -> Self {
        let outcome = match &case.outcome {
            Outcome::Measured(measured) => TakenOutcome::Measured((&**measured).into()),
            Outcome::Failed { failure, .. } => TakenOutcome::Failed { failure: failure.clone() },
            Outcome::Skipped { reason } => TakenOutcome::Skipped { reason: reason.clone() },
        };
        Self { id: case.id.clone(), settings: case.settings.clone(), carried_from: case.carried_from.clone(), outcome }
    }
}

impl<'a> From<&'a Measured> for TakenFigures<'a> {
    fn from(measured: &'a Measured) -> Self {
        let throughput = measured.throughput.iter().map(|throughput| TakenThroughput {
            amount: Cow::Borrowed(&throughput.amount),
            per_iteration: throughput.per_iteration,
        });
        Self {
            time: TakenTime { minimum: TakenEstimate { value: measured.time.minimum.value } },
            throughput: throughput.collect(),
            launches: measured.launches.iter().map(TakenLaunch::from).collect(),
        }
    }
}

impl<'a> From<&'a LaunchRecord> for TakenLaunch<'a> {
    fn from(launch: &'a LaunchRecord) -> Self {
        let counters = match &launch.counters {
            Stated::Known(counters) => Some(counters.counts.iter().map(|counter| TakenCounter {
                name: Cow::Borrowed(&counter.name),
                kind: counter.kind,
                per_iteration: counter.per_iteration,
            })),
            Stated::Unknown(_) => None,
        };
        Self {
            iterations: launch.iterations,
            held: launch.held,
            median_ns: stats::median(&launch.samples_ns),
            amounts: Amounts(launch.amounts.iter().map(|(name, amount)| (name.into(), *amount)).collect()),
            metrics: launch.metrics.iter().map(TakenMetric::from).collect(),
            counters: counters.map(|counts| TakenCounters { counts: counts.collect() }),
            allocations: launch.allocations.known().copied(),
            core_hz: launch.core_hz.known().copied(),
        }
    }
}

impl<'a> From<&'a MetricValue> for TakenMetric<'a> {
    fn from(metric: &'a MetricValue) -> Self {
        Self {
            name: Cow::Borrowed(&metric.name),
            unit: Cow::Borrowed(&metric.unit),
            direction: metric.direction,
            value: metric.value,
        }
    }
}
