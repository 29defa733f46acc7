//! Files of runs: a record as the store keeps it, or the JSON lines that `--output-format json` prints.

use std::fs;
use std::path::{Path, PathBuf};

use super::json_lines::{self, LinesError};
use crate::record::{Record, Store, StoreError};

/// Why a file of runs cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It cannot be read, or is no record.
    #[error(transparent)]
    Record(#[from] StoreError),
    /// Its lines are not those of runs.
    #[error("{}: {source}", path.display())]
    Lines {
        /// The file.
        path: PathBuf,
        /// What is wrong with them.
        source: LinesError,
    },
}

/// Reads the runs of a file: one from a record, as many as there are from JSON lines.
///
/// # Errors
/// If it cannot be read, is neither of the two, or was written by a newer version.
pub fn read(path: &Path) -> Result<Vec<Record>, DocumentError> {
    let text = fs::read(path).map_err(|source| StoreError::Read { path: path.into(), source })?;
    let text = String::from_utf8_lossy(&text);
    // A record has no `type`; every line of a run begins with it.
    if text.trim_start().starts_with("{\"type\":") {
        return json_lines::read(&text).map_err(|source| DocumentError::Lines { path: path.into(), source });
    }
    Ok(vec![Store::read(path)?])
}
