//! The document of a comparison in lock-step: what was measured, and what came out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::looks::Looks;
use super::model::Comparison;
use crate::host::Host;
use crate::measure::Direction;
use crate::record::{Store, StoreError, Toolchain, write_atomically};

/// The version of the document.
pub const DIFF_SCHEMA_VERSION: u32 = 1;

/// A comparison in lock-step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DiffRecord {
    /// The version that the document is written in.
    pub schema_version: u32,
    /// Its id: its start, and a number that keeps it unique.
    pub id: String,
    /// Start, RFC 3339, UTC.
    pub started_at: String,
    /// Wall time of all of it.
    pub duration_ns: f64,
    /// The version of bitnet-bench that compared.
    pub harness_version: String,
    /// Whether the user stopped it before every verdict was decided.
    pub interrupted: bool,
    /// The machine.
    pub host: Host,
    /// Seed of the orders: of cases in a launch, and of the sides in each pair of turns.
    pub seed: u64,
    /// The launches after which the figures were looked at.
    pub looks: Looks,
    /// The old side.
    pub old: DiffSide,
    /// The new side.
    pub new: DiffSide,
    /// The cases that both sides measured, with their pairs.
    pub cases: Vec<DiffCase>,
    /// What came out.
    pub comparison: Comparison,
}

/// One side.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DiffSide {
    /// What it is called.
    pub name: String,
    /// Its bench targets.
    pub executables: Vec<DiffExecutable>,
}

/// The executable of a bench target.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DiffExecutable {
    /// Where it is.
    pub path: PathBuf,
    /// The bench target.
    pub target: String,
    /// The package.
    pub package: String,
    /// A hash of its content.
    pub hash: String,
    /// The version of bitnet-bench that it was built with.
    pub version: String,
    /// How it was built.
    pub toolchain: Toolchain,
}

/// A case with the pairs of launches that measured it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DiffCase {
    /// Its id.
    pub id: String,
    /// The bench target.
    pub target: String,
    /// The package.
    pub package: String,
    /// Its settings as texts, those of the new side.
    pub settings: BTreeMap<String, String>,
    /// Time that it took, in nanoseconds, with its share of starting the workers.
    pub spent_ns: f64,
    /// The pairs, in the order in which they were made.
    pub pairs: Vec<DiffPair>,
}

/// What a pair of launches measured of a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DiffPair {
    /// The launch, from 0.
    pub launch: u32,
    /// Iterations in each sample.
    pub iterations: u64,
    /// Time of an iteration on the old side, in nanoseconds.
    pub old_ns: f64,
    /// Time of an iteration on the new side: the old side's times the ratio of the turns.
    pub new_ns: f64,
    /// Each pair of turns: times of an iteration on the old and the new side, in nanoseconds.
    pub turns: Vec<(f64, f64)>,
    /// Metrics that both sides have.
    pub metrics: Vec<MetricPair>,
}

/// A metric on both sides of a pair.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MetricPair {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// On the old side.
    pub old: f64,
    /// On the new side.
    pub new: f64,
}

impl DiffRecord {
    /// Writes the document into a store, and gives back where.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, store: &Store) -> Result<PathBuf, StoreError> {
        let path = store.home().join("diffs").join(format!("{}.json", self.id));
        let written = serde_json::to_vec(self).map_err(Into::into).and_then(|json| write_atomically(&path, &json));
        written.map_err(|source| StoreError::Write { path: path.clone(), source })?;
        Ok(path)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// If the file cannot be read, is no such document, or was written by a newer version.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let text = std::fs::read_to_string(path).map_err(|source| StoreError::Read { path: path.into(), source })?;
        let damaged = |reason: String| StoreError::Damaged { path: path.into(), reason };
        let document: serde_json::Value = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        match document.get("schema_version").and_then(serde_json::Value::as_u64) {
            None => Err(damaged("it has no `schema_version`".to_owned())),
            Some(found) if found > u64::from(DIFF_SCHEMA_VERSION) => {
                Err(StoreError::Newer { path: path.into(), found })
            }
            Some(_) => serde_json::from_value(document).map_err(|error| damaged(error.to_string())),
        }
    }
}
