//! A run as a comparison sees it: of each metric of each case one figure a launch, and nothing of the raw samples, which
//! are most of a record. A document is read case by case, so that even a large one takes little memory.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Deserializer};

use super::conditions::Conditions;
use super::metrics;
use super::taken::{TakenCase, TakenOutcome};
use crate::host::Host;
use crate::measure::Direction;
use crate::record::{self, Configured, Record, RunInfo, StoreError, Toolchain};
use crate::stats;

/// What a comparison takes of a run.
#[derive(Clone, Debug)]
pub struct RunFigures {
    /// Under which conditions it was measured.
    pub conditions: Conditions,
    /// The cases, in the order of their ids.
    pub cases: Vec<CaseFigures>,
}

/// What a comparison takes of a case.
#[derive(Clone, Debug)]
pub struct CaseFigures {
    /// The case's id.
    pub id: String,
    /// What became of it.
    pub(super) outcome: Measurements,
    /// The settings that it has of its own.
    pub(super) settings: BTreeMap<String, Configured>,
    /// The run that measured it, if that was an earlier one.
    pub(super) carried_from: Option<String>,
}

/// What became of a case.
#[derive(Clone, Debug)]
pub(super) enum Measurements {
    /// Its metrics, the time first.
    Measured(Vec<MetricFigures>),
    /// Why it failed.
    Failed(String),
    /// Why it was skipped.
    Skipped(String),
}

/// A metric with one figure a launch.
#[derive(Clone, Debug)]
pub(super) struct MetricFigures {
    pub(super) name: Cow<'static, str>,
    pub(super) unit: Cow<'static, str>,
    pub(super) direction: Direction,
    pub(super) kind: Kind,
    pub(super) launches: Vec<f64>,
    /// Of a time, the clock of the core in each of these launches, in hertz; empty where it is not known of every one.
    pub(super) core_hz: Vec<f64>,
}

/// What a metric is, as far as judging it depends on that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// The time of an iteration, with the lower envelope (the launches' typical minimum), and how many iterations'
    /// inputs or outputs were alive at once, if there were any.
    Time { minimum: f64, held: Option<u64> },
    /// An amount in that time; the amount, where it was the same in every launch.
    Rate { amount: Option<f64> },
    /// Any other.
    Other,
}

/// The clock of the core on both sides, new and old, in hertz; `None` where it is not known.
pub(super) fn core_clocks(new: &[MetricFigures], old: &[MetricFigures]) -> Option<(f64, f64)> {
    let median = |metrics: &[MetricFigures]| stats::median(&metrics.first()?.core_hz);
    Some((median(new)?, median(old)?))
}

impl RunFigures {
    /// What a comparison takes of a record.
    pub fn of(record: &Record) -> Self {
        Self {
            conditions: Conditions::of(&record.run, &record.host, &record.toolchain, &record.configuration),
            cases: record.cases.iter().map(|case| CaseFigures::of(case.into())).collect(),
        }
    }

    /// Reads what a comparison takes of a record's document.
    ///
    /// # Errors
    /// As [`record::Store::read`].
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let mut cases = Vec::new();
        let head: Head = record::read_case_by_case(path, |case| cases.push(case))?;
        let conditions = Conditions::of(&head.run, &head.host, &head.toolchain, &head.configuration);
        Ok(Self { conditions, cases })
    }

    /// Reads two documents at once: of large ones, reading takes most of the time.
    ///
    /// # Errors
    /// As [`RunFigures::read`]; of two errors the first file's.
    pub fn read_both(one: &Path, other: &Path) -> Result<(Self, Self), StoreError> {
        std::thread::scope(|scope| {
            let other = scope.spawn(|| Self::read(other));
            let one = Self::read(one);
            let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok((one?, other?))
        })
    }

    /// Leaves only the cases of which that holds.
    pub fn retain(&mut self, holds: impl Fn(&str) -> bool) {
        self.cases.retain(|case| holds(&case.id));
    }

    /// Whether cases were measured, and of none there is a launch: then nothing tells how its figures scatter.
    pub(super) fn lacks_samples(&self) -> bool {
        let mut measured = self.cases.iter().filter_map(CaseFigures::metrics).peekable();
        measured.peek().is_some() && measured.all(|metrics| metrics.iter().all(|metric| metric.launches.is_empty()))
    }
}

impl CaseFigures {
    fn of(case: TakenCase<'_>) -> Self {
        let outcome = match case.outcome {
            TakenOutcome::Measured(measured) => Measurements::Measured(metrics::of(&measured)),
            TakenOutcome::Failed { failure } => Measurements::Failed(failure.to_string()),
            TakenOutcome::Skipped { reason } => Measurements::Skipped(reason),
        };
        Self { id: case.id, outcome, settings: case.settings, carried_from: case.carried_from }
    }

    pub(super) fn metrics(&self) -> Option<&[MetricFigures]> {
        match &self.outcome {
            Measurements::Measured(metrics) => Some(metrics),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for CaseFigures {
    /// From a case of a document.
    fn deserialize<D: Deserializer<'de>>(case: D) -> Result<Self, D::Error> {
        TakenCase::deserialize(case).map(Self::of)
    }
}

/// What is taken of a record's document besides its cases.
#[derive(Deserialize)]
struct Head {
    run: RunInfo,
    host: Host,
    toolchain: Toolchain,
    configuration: BTreeMap<String, Configured>,
    #[serde(rename = "cases")]
    _cases: [(); 0],
}
