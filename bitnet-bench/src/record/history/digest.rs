//! What the index needs of a document. Samples are most of a document, and are read past.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::host::Stated;
use crate::measure::{AllocationProfile, COST_COUNTERS, CounterKind, Counters, Direction, LEAST_COUNT};
use crate::record::{Git, MetricEstimate, RunInfo, SCHEMA_VERSION, StoreError, Throughput, Toolchain};
use crate::stats::Estimate;

/// The part of a record that is indexed.
#[derive(Deserialize)]
pub(super) struct Digest {
    pub(super) run: RunInfo,
    pub(super) host: HostDigest,
    pub(super) toolchain: Toolchain,
    pub(super) git: Stated<Git>,
    pub(super) cases: Vec<CaseDigest>,
}

#[derive(Deserialize)]
pub(super) struct HostDigest {
    pub(super) machine_key: String,
    pub(super) cpu: Stated<String>,
}

#[derive(Deserialize)]
pub(super) struct CaseDigest {
    pub(super) id: String,
    /// The run that measured it, if that is another one, whose history already has the figures.
    #[serde(default)]
    carried_from: Option<String>,
    pub(super) outcome: OutcomeDigest,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OutcomeDigest {
    Measured(Box<MeasuredDigest>),
    Failed(IgnoredAny),
    Skipped(IgnoredAny),
}

#[derive(Deserialize)]
pub(super) struct MeasuredDigest {
    time: TimeDigest,
    throughput: Vec<Throughput>,
    metrics: Vec<MetricEstimate>,
    counters: Stated<Counters>,
    allocations: Stated<AllocationProfile>,
    launches: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct TimeDigest {
    median: Estimate,
}

/// One metric of a case in a run.
pub(super) struct Indexed {
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) direction: Direction,
    pub(super) value: f64,
    /// The ends of the interval, where they are known and finite.
    pub(super) lower: Option<f64>,
    pub(super) upper: Option<f64>,
    pub(super) level: Option<f64>,
    pub(super) launches: usize,
}

/// A document as it lies in the store.
pub(super) struct Document {
    pub(super) content: String,
    pub(super) digest: Digest,
}

/// When a file was changed, and how large it is: what does not differ was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileState {
    /// Nanoseconds since 1970.
    pub(super) modified: i64,
    pub(super) bytes: i64,
}

impl FileState {
    pub(super) fn of(metadata: &fs::Metadata) -> Self {
        let modified = metadata.modified().ok().and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let nanoseconds = modified.map_or(0, |since| since.as_nanos());
        Self {
            modified: i64::try_from(nanoseconds).unwrap_or(i64::MAX),
            bytes: i64::try_from(metadata.len()).unwrap_or(i64::MAX),
        }
    }
}

/// Reads the document of a run.
///
/// # Errors
/// If it cannot be read, is no record or that of another run than its name says, or was written by a newer version.
pub(super) fn read(path: &Path) -> Result<Document, StoreError> {
    let content = fs::read_to_string(path).map_err(|source| StoreError::Read { path: path.into(), source })?;
    let digest = of(&content, path)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    if digest.run.id != name {
        let reason = format!("it holds the run `{}`, and its name is that of another", digest.run.id);
        return Err(StoreError::Damaged { path: path.into(), reason });
    }
    Ok(Document { content, digest })
}

fn of(content: &str, path: &Path) -> Result<Digest, StoreError> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: u64,
    }
    let damaged = |error: serde_json::Error| StoreError::Damaged { path: path.into(), reason: error.to_string() };
    // The version stands first, but a JSON reader has to read all of it, so it is looked at only where it may explain.
    let digest = serde_json::from_str::<Digest>(content);
    let newest = u64::from(SCHEMA_VERSION);
    let begins = content.trim_start().starts_with(&format!("{{\"schema_version\":{SCHEMA_VERSION},"));
    if begins && digest.is_ok() {
        return digest.map_err(damaged);
    }
    match serde_json::from_str::<Version>(content).map_err(damaged)?.schema_version {
        found if found > newest => Err(StoreError::Newer { path: path.into(), found }),
        _ => digest.map_err(damaged),
    }
}

impl CaseDigest {
    /// The metrics that this run measured.
    pub(super) fn indexed(&self) -> Vec<Indexed> {
        match &self.outcome {
            OutcomeDigest::Measured(measured) if self.carried_from.is_none() => measured.indexed(),
            _ => Vec::new(),
        }
    }
}

impl MeasuredDigest {
    fn indexed(&self) -> Vec<Indexed> {
        let launches = self.launches.len();
        let estimated = |name: &str, unit: &str, direction, estimate: &Estimate| Indexed {
            name: name.to_owned(),
            unit: unit.to_owned(),
            direction,
            value: estimate.value,
            lower: Some(estimate.lower).filter(|end| end.is_finite()),
            upper: Some(estimate.upper).filter(|end| end.is_finite()),
            level: Some(estimate.level),
            launches,
        };
        let mut indexed = vec![estimated("time", "ns", Direction::LowerIsBetter, &self.time.median)];
        for throughput in &self.throughput {
            let name = format!("{}/s", throughput.amount);
            indexed.push(estimated(&name, &name, Direction::HigherIsBetter, &throughput.per_second));
        }
        for metric in &self.metrics {
            indexed.push(estimated(&metric.name, &metric.unit, metric.direction, &metric.estimate));
        }
        let counted = self.counted().into_iter().map(|(name, unit, value)| Indexed {
            name,
            unit: unit.to_owned(),
            direction: Direction::LowerIsBetter,
            value,
            lower: None,
            upper: None,
            level: None,
            launches,
        });
        indexed.extend(counted);
        indexed.retain(|figure| figure.value.is_finite());
        indexed
    }

    /// Allocations and counters: names, units, and figures of an iteration.
    fn counted(&self) -> Vec<(String, &'static str, f64)> {
        let mut counted = Vec::new();
        if let Some(profile) = self.allocations.known() {
            counted.push(("allocations".to_owned(), "", profile.allocations));
            counted.push(("allocated".to_owned(), "B", profile.bytes));
            counted.push(("peak".to_owned(), "B", profile.peak_bytes));
        }
        for counter in self.counters.known().map_or(&[][..], |counters| &counters.counts) {
            if COST_COUNTERS.contains(&counter.name.as_str()) && counter.per_iteration >= LEAST_COUNT {
                let name = match counter.kind {
                    CounterKind::Simulated => format!("simulated {}", counter.name),
                    _ => counter.name.clone(),
                };
                counted.push((name, "", counter.per_iteration));
            }
        }
        counted
    }
}

/// A hash of a text (FNV-1a, 64 bits): it tells documents apart, and guards nothing.
pub(super) fn fingerprint(text: &str) -> String {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, mix))
}
