//! All runs in one file, one record a line, and back.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::error::HistoryError;
use crate::record::{Record, SCHEMA_VERSION, Store, write_atomically};

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many runs were added.
    pub added: usize,
    /// How many were there already, with the same content.
    pub known: usize,
}

/// Writes every run of a store, the oldest first, and gives back how many there are.
///
/// # Errors
/// If a document cannot be read or is no record, or the archive cannot be written.
pub fn export(store: &Store, to: &mut dyn Write) -> Result<usize, HistoryError> {
    let files = store.run_files();
    for file in &files {
        let record = Store::read(file)?;
        let failed = |source: io::Error| HistoryError::File { path: file.clone(), source };
        serde_json::to_writer(&mut *to, &record).map_err(|error| failed(error.into()))?;
        to.write_all(b"\n").map_err(failed)?;
    }
    Ok(files.len())
}

/// Adds the runs of an archive to a store. Those that are there already stay as they are, so that importing twice is importing
/// once.
///
/// # Errors
/// If a line is no record, or a run of its id is there with another content: then nothing is imported. Or if the store
/// cannot be written.
pub fn import(store: &Store, archive: &Path) -> Result<Imported, HistoryError> {
    let mut imported = Imported::default();
    // Everything is looked at before anything is written.
    each_line(archive, |line| {
        imported.known += usize::from(is_known(store, line)?);
        Ok(())
    })?;
    each_line(archive, |line| {
        let (path, record) = document(store, line)?;
        if !path.exists() {
            let content = serde_json::to_vec(&record).map_err(|error| error.to_string())?;
            write_atomically(&path, &content).map_err(|error| format!("{}: {error}", path.display()))?;
            imported.added += 1;
        }
        Ok(())
    })?;
    Ok(imported)
}

fn each_line(archive: &Path, mut work: impl FnMut(&str) -> Result<(), String>) -> Result<(), HistoryError> {
    let file = |source: io::Error| HistoryError::File { path: archive.into(), source };
    let reader = BufReader::new(File::open(archive).map_err(file)?);
    for (at, line) in reader.lines().enumerate() {
        let line = line.map_err(file)?;
        if !line.trim().is_empty() {
            work(&line).map_err(|reason| {
                let reason = format!("line {}: {reason}", at + 1);
                HistoryError::Archive { archive: archive.display().to_string(), reason }
            })?;
        }
    }
    Ok(())
}

/// Whether the store has a line's run, with the same content.
fn is_known(store: &Store, line: &str) -> Result<bool, String> {
    let (path, record) = document(store, line)?;
    let there = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        there => there.map_err(|error| format!("{}: {error}", path.display()))?,
    };
    let there: Option<Value> =
        serde_json::from_str::<Record>(&there).ok().and_then(|there| serde_json::to_value(there).ok());
    if there == serde_json::to_value(&record).ok() {
        return Ok(true);
    }
    Err(format!("{} has the run `{}` with another content", store.home().display(), record.run.id))
}

/// The record of a line, and where it belongs.
fn document(store: &Store, line: &str) -> Result<(PathBuf, Record), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("this is not JSON: {error}"))?;
    match value.get("schema_version").and_then(Value::as_u64) {
        None => return Err("this is not a record of bitnet-bench: it has no `schema_version`".to_owned()),
        Some(found) if found > u64::from(SCHEMA_VERSION) => {
            return Err(format!(
                "the record has schema version {found}; this bitnet-bench reads up to {SCHEMA_VERSION}"
            ));
        }
        Some(_) => {}
    }
    let record: Record =
        serde_json::from_value(value).map_err(|error| format!("this is not a record of bitnet-bench: {error}"))?;
    let id = &record.run.id;
    // The id becomes a file's name, and is to stay in its folder.
    let is_name = |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':');
    if id.is_empty() || id.starts_with('.') || !id.chars().all(is_name) {
        return Err(format!("`{}` cannot be a run's id", id.escape_default()));
    }
    Ok((store.home().join("runs").join(format!("{id}.json")), record))
}
