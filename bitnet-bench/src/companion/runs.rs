//! What a command's RUN names: a file, a baseline, a run's id or the beginning of one, `latest`, or standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::CommandError;
use crate::compare::RunFigures;
use crate::record::{Record, Store};
use crate::report::json_lines;

/// What the help says of a RUN.
pub(super) const HELP: &str = "\
A RUN is the name of a baseline, a run's id or the beginning of one, a record's
file, `latest`, `latest~1` for the same target's run before that, `latest~2` …,
or `-` for what `cargo bench -- --output-format json` prints, on standard input.";

/// The records that a name stands for, one for each bench target, in the order of the targets.
///
/// # Errors
/// If there is none, or it cannot be read.
pub(super) fn named(name: &str, store: &Store) -> Result<Vec<Record>, CommandError> {
    match find(name, store)? {
        Found::Files(files) => Ok(files.iter().map(|file| Store::read(file)).collect::<Result<_, _>>()?),
        Found::Lines(records) => Ok(records),
    }
}

/// As [`named`], with no more of the records than a comparison takes.
///
/// # Errors
/// If there is none, or it cannot be read.
pub(super) fn figures(name: &str, store: &Store) -> Result<Vec<RunFigures>, CommandError> {
    match find(name, store)? {
        Found::Files(files) => Ok(files.iter().map(|file| RunFigures::read(file)).collect::<Result<_, _>>()?),
        Found::Lines(records) => Ok(records.iter().map(RunFigures::of).collect()),
    }
}

/// What a name stands for.
enum Found {
    /// Records' files.
    Files(Vec<PathBuf>),
    /// Records, from lines.
    Lines(Vec<Record>),
}

fn find(name: &str, store: &Store) -> Result<Found, CommandError> {
    if name == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return lines("standard input", &text);
    }
    let path = Path::new(name);
    if path.is_file() {
        let is_lines = path.extension().is_some_and(|end| end == "jsonl");
        return if is_lines {
            lines(name, &std::fs::read_to_string(path)?)
        } else {
            Ok(Found::Files(vec![path.into()]))
        };
    }
    if path.is_dir() && store.baseline_files(name).is_empty() {
        return Err(CommandError::refused(format!("`{name}` is a folder; a RUN is a file, a baseline or a run's id")));
    }
    let of_baseline = store.baseline_files(name);
    if !of_baseline.is_empty() {
        return Ok(Found::Files(of_baseline));
    }
    match name.split_once('~') {
        _ if name == "latest" => latest(0, store),
        Some(("latest", back)) if !back.is_empty() && back.bytes().all(|byte| byte.is_ascii_digit()) => {
            latest(back.parse().unwrap_or(usize::MAX), store)
        }
        _ => by_id(name, store),
    }
}

fn lines(name: &str, text: &str) -> Result<Found, CommandError> {
    let records = json_lines::read(text).map_err(|error| CommandError::refused(format!("{name}: {error}")))?;
    if records.is_empty() {
        return Err(CommandError::refused(format!("{name}: there is no run in it")));
    }
    Ok(Found::Lines(records))
}

/// The last run, or the one so many before it of the same bench target.
fn latest(back: usize, store: &Store) -> Result<Found, CommandError> {
    let runs = store.run_files();
    let target = |file: &PathBuf| target(&id(file));
    let of_target: Vec<&PathBuf> = match runs.last() {
        Some(last) => runs.iter().filter(|file| target(file) == target(last)).collect(),
        None => Vec::new(),
    };
    match of_target.len().checked_sub(1).and_then(|last| last.checked_sub(back)) {
        Some(place) => Ok(Found::Files(vec![of_target[place].clone()])),
        None => Err(CommandError::refused(format!(
            "there is no run so far back: {} has {} of the last run's target; `cargo bench` makes one",
            store.home().display(),
            of_target.len()
        ))),
    }
}

fn by_id(name: &str, store: &Store) -> Result<Found, CommandError> {
    let runs = store.run_files();
    let found: Vec<&PathBuf> = runs.iter().filter(|file| !name.is_empty() && id(file).starts_with(name)).collect();
    match found[..] {
        [file] => Ok(Found::Files(vec![file.clone()])),
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

fn id(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The bench target in a run's id, which is when it started, the target, and the process in hexadecimal digits, with a
/// number behind those if the process made several runs.
fn target(id: &str) -> String {
    let rest = id.split_once('-').map_or(id, |(_, rest)| rest);
    let (name, last) = rest.rsplit_once('-').unwrap_or((rest, ""));
    match name.rsplit_once('-') {
        Some((name, process)) if is_number(last, 10) && is_number(process, 16) => name.to_owned(),
        _ => name.to_owned(),
    }
}

fn is_number(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_digit(radix))
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn an_id_tells_its_target() {
        assert_eq!(target("20261123T143000Z-gemv-1f3"), "gemv");
        assert_eq!(target("20261123T143000Z-gemv-1f3-2"), "gemv");
        assert_eq!(target("20261123T143000Z-of-several-words-1f3"), "of-several-words");
    }
}
