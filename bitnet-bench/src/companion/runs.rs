//! What a command's RUN names: a file, a baseline, a run's id or the beginning of one, or `latest`.

use std::path::Path;

use super::error::CommandError;
use crate::record::{Record, Store};

/// What the help says of a RUN.
pub(super) const HELP: &str =
    "A RUN is the name of a baseline, a run's id or the beginning of one, a record's file, or `latest`.";

/// The records that a name stands for, one for each bench target, in the order of the targets.
///
/// # Errors
/// If there is none, or it cannot be read.
pub(super) fn named(name: &str, store: &Store) -> Result<Vec<Record>, CommandError> {
    let path = Path::new(name);
    if path.is_file() {
        return Ok(vec![Store::read(path)?]);
    }
    let of_baseline = store.baseline_files(name);
    if !of_baseline.is_empty() {
        return Ok(of_baseline.iter().map(|file| Store::read(file)).collect::<Result<_, _>>()?);
    }
    let runs = store.run_files();
    let id = |file: &Path| file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let found: Vec<_> = match name {
        "latest" => runs.last().into_iter().collect(),
        _ => runs.iter().filter(|file| id(file).starts_with(name)).collect(),
    };
    match found[..] {
        [file] => Ok(vec![Store::read(file)?]),
        [] => Err(CommandError::refused(format!(
            "there is no run `{name}` in {}: it is no file, no baseline, and no run's id begins so",
            store.home().display()
        ))),
        _ => Err(CommandError::refused(format!(
            "`{name}` is the beginning of {} runs: {}, …; write more of it",
            found.len(),
            id(found[0])
        ))),
    }
}
