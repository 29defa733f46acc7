//! Earlier runs of a bench target: the one that a flag names, and those of the store.

use std::path::{Path, PathBuf};

use super::HarnessError;
use crate::record::{Record, Store, StoreError};
use crate::report::documents;

/// The run of a target that a flag names: by a file, a baseline, the beginning of a run's id, or `latest`.
///
/// # Errors
/// If there is none, there are several, or it cannot be read.
pub(super) fn named(flag: &str, name: &str, target: &str, store: &Store) -> Result<Record, HarnessError> {
    let refuse = |why: String| Err(HarnessError::NoRun(format!("--{flag} {name}: {why}")));
    if Path::new(name).is_file() {
        let found = documents::read(Path::new(name))?.into_iter().filter(|record| record.run.target == target);
        return match &mut found.collect::<Vec<_>>()[..] {
            [] => refuse(format!("the file has no run of the bench target `{target}`")),
            [only] => Ok(only.clone()),
            several => refuse(format!("the file has {} runs of `{target}`, and one is meant", several.len())),
        };
    }
    match store.baseline(name, target) {
        Err(StoreError::NoBaseline { .. } | StoreError::BadName { .. }) => {}
        found => return Ok(found?),
    }
    if name == "latest" {
        return newest(store, target)
            .find(is_whole)
            .map_or_else(|| refuse(format!("there is no run of `{target}` yet")), Ok);
    }
    let begins = |file: &&PathBuf| file.file_name().is_some_and(|file| file.to_string_lossy().starts_with(name));
    match store.run_files().iter().filter(begins).collect::<Vec<_>>()[..] {
        [] => refuse(format!("it is no file, no baseline of `{target}`, and no run's id begins so")),
        [file] => match Store::read(file)? {
            record if record.run.target == target => Ok(record),
            other => refuse(format!("that is a run of `{}`, not of `{target}`", other.run.target)),
        },
        ref several => refuse(format!("{} runs' ids begin so; write more of it", several.len())),
    }
}

/// The runs of a target in the store, the newest first, each read when its turn comes. What cannot be read is passed
/// over.
pub(super) fn newest(store: &Store, target: &str) -> impl Iterator<Item = Record> {
    // An id is the time, the target and what keeps it unique: no other target's files need to be read.
    let part = format!("-{target}-");
    let of_target = move |file: &PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().contains(&part));
    let files: Vec<PathBuf> = store.run_files().into_iter().filter(of_target).collect();
    let target = target.to_owned();
    let read = files.into_iter().rev().filter_map(|file| Store::read(&file).ok());
    read.filter(move |record| record.run.target == target)
}

/// Whether a run measured all that it was to measure.
pub(super) fn is_whole(record: &Record) -> bool {
    !record.run.interrupted
}
