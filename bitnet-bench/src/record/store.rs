//! The store: runs, baselines and journals as files under one folder.
//!
//! ```text
//! target/bitnet-bench/
//!   runs/ID.json                 a run, immutable
//!   baselines/NAME/TARGET.json   the run of a bench target that is kept under a name
//!   partial/ID.jsonl             the journal of a run that is under way, or was interrupted
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::atomic;
use super::json::from_json;
use super::model::{Record, SCHEMA_VERSION};
use super::version;
use crate::config::suggest;

/// Runs, baselines and journals under one folder.
#[derive(Clone, Debug)]
pub struct Store {
    home: PathBuf,
}

/// What went wrong with a file of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no record.
    #[error("{} is not a record of bitnet-bench: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A record was written by a newer version.
    #[error(
        "{} has schema version {found}, and this bitnet-bench reads up to {SCHEMA_VERSION}: update bitnet-bench, or measure anew",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// There is no baseline of that name.
    #[error("{message}")]
    NoBaseline {
        /// What was asked for, and what there is.
        message: String,
    },
    /// A baseline's name cannot be used.
    #[error(
        "`{name}` cannot name a baseline: use letters, digits, `-`, `_` and `.`, and begin with none of `-` and `.`"
    )]
    BadName {
        /// The name.
        name: String,
    },
}

impl Store {
    /// The store in that folder, which is made when it is first written to.
    pub fn at(home: impl Into<PathBuf>) -> Self {
        Self { home: home.into() }
    }

    /// Where the store is unless it was said: `bitnet-bench` in cargo's target folder.
    ///
    /// Cargo marks that folder with `CACHEDIR.TAG`, unless it was there before, and the folder of a profile in it with
    /// `.cargo-lock`; the executable lies in both. An executable that was moved elsewhere keeps its store in the current
    /// folder's `target`.
    pub fn default_home() -> PathBuf {
        let executable = std::env::current_exe().unwrap_or_default();
        let marked =
            |name: &'static str| executable.ancestors().skip(1).find(move |folder| folder.join(name).is_file());
        let target = marked("CACHEDIR.TAG").or_else(|| marked(".cargo-lock")?.parent());
        target.map_or_else(|| PathBuf::from("target"), Path::to_path_buf).join("bitnet-bench")
    }

    /// The folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Where the journals of unfinished runs are.
    pub fn partial(&self) -> PathBuf {
        self.home.join("partial")
    }

    /// Writes a run, and gives back where.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, record: &Record) -> Result<PathBuf, StoreError> {
        self.write(self.home.join("runs").join(format!("{}.json", record.run.id)), record)
    }

    /// Keeps a run as the baseline of that name, in place of the one before.
    ///
    /// # Errors
    /// If the name cannot be used, or the file cannot be written.
    pub fn save_baseline(&self, name: &str, record: &Record) -> Result<PathBuf, StoreError> {
        self.write(self.baseline_path(name, &record.run.target)?, record)
    }

    /// Reads the baseline of that name for a bench target.
    ///
    /// # Errors
    /// If there is none, with the names that there are; or as [`Store::read`].
    pub fn baseline(&self, name: &str, target: &str) -> Result<Record, StoreError> {
        Self::read(&self.baseline_file(name, target)?)
    }

    /// The file of the baseline of that name for a bench target.
    ///
    /// # Errors
    /// If there is none, with the names that there are.
    pub fn baseline_file(&self, name: &str, target: &str) -> Result<PathBuf, StoreError> {
        let path = self.baseline_path(name, target)?;
        match path.is_file() {
            true => Ok(path),
            false => Err(StoreError::NoBaseline { message: self.no_baseline(name, target) }),
        }
    }

    /// Reads a record.
    ///
    /// # Errors
    /// If the file cannot be read, is no record, or was written by a newer version.
    pub fn read(path: &Path) -> Result<Record, StoreError> {
        read_document(path)
    }

    /// Sees to it that a baseline can have that name.
    ///
    /// # Errors
    /// If it cannot.
    pub fn check_name(name: &str) -> Result<(), StoreError> {
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || !name.chars().all(sound) || name.starts_with(['.', '-']) {
            return Err(StoreError::BadName { name: name.to_owned() });
        }
        Ok(())
    }

    fn baseline_path(&self, name: &str, target: &str) -> Result<PathBuf, StoreError> {
        Self::check_name(name)?;
        Ok(self.home.join("baselines").join(name).join(format!("{target}.json")))
    }

    fn no_baseline(&self, name: &str, target: &str) -> String {
        let names = self.baselines(target);
        if names.is_empty() {
            return format!("there is no baseline `{name}` of `{target}`; `--save-baseline {name}` makes one");
        }
        let meant = suggest(name, names.iter().map(String::as_str));
        let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
        format!("there is no baseline `{name}` of `{target}` (there are: {}){meant}", names.join(", "))
    }

    /// The names under which a bench target has a baseline.
    pub fn baselines(&self, target: &str) -> Vec<String> {
        let folders = fs::read_dir(self.home.join("baselines")).into_iter().flatten().flatten();
        let file = format!("{target}.json");
        let mut names: Vec<String> = folders
            .filter(|folder| folder.path().join(&file).is_file())
            .filter_map(|folder| folder.file_name().into_string().ok())
            .collect();
        names.sort();
        names
    }

    /// The files of a baseline, one for each bench target, in the order of the targets.
    pub fn baseline_files(&self, name: &str) -> Vec<PathBuf> {
        match Self::check_name(name) {
            Ok(()) => documents(&self.home.join("baselines").join(name)),
            Err(_) => Vec::new(),
        }
    }

    /// The files of all runs, the oldest first.
    pub fn run_files(&self) -> Vec<PathBuf> {
        documents(&self.home.join("runs"))
    }

    fn write(&self, path: PathBuf, record: &Record) -> Result<PathBuf, StoreError> {
        let failed = |path: &Path, source| StoreError::Write { path: path.into(), source };
        let content = serde_json::to_vec(record).map_err(|error| failed(&path, error.into()))?;
        atomic::write(&path, &content).map_err(|source| failed(&path, source))?;
        Ok(path)
    }
}

fn read_document(path: &Path) -> Result<Record, StoreError> {
    let content = fs::read_to_string(path).map_err(|source| StoreError::Read { path: path.into(), source })?;
    let damaged = |error: serde_json::Error| StoreError::Damaged { path: path.into(), reason: error.to_string() };
    match version::of(&content).map_err(damaged)? {
        None => Err(StoreError::Damaged { path: path.into(), reason: "it has no `schema_version`".to_owned() }),
        Some(found) if found > u64::from(SCHEMA_VERSION) => Err(StoreError::Newer { path: path.into(), found }),
        Some(_) => from_json(&content).map_err(damaged),
    }
}

/// The documents in a folder, in the order of their names.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let mut documents: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    documents.sort();
    documents
}
