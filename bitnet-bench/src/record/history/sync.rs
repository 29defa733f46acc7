//! Brings an index up to what is in the store.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use super::database::{Database, Value, transact};
use super::digest::{self, Document, FileState};
use super::error::HistoryError;
use super::index::{self, Numbers};
use crate::record::{Store, StoreError};

/// So many runs are added before other processes may write.
const AT_ONCE: usize = 50;

/// What was done to an index.
#[derive(Debug, Default)]
pub struct Synchronised {
    /// How many runs were added, or read again because their document had changed.
    pub added: usize,
    /// How many were taken out because their document is gone.
    pub removed: usize,
    /// The documents that were passed over, each with the reason.
    pub passed_over: Vec<StoreError>,
}

/// A document, and the run's number if the index has it in another state.
struct Todo {
    path: PathBuf,
    state: FileState,
    known: Option<i64>,
}

/// Reads what is new or has changed, and forgets what is gone.
pub(super) fn update(database: &mut dyn Database, store: &Store) -> Result<Synchronised, HistoryError> {
    let files = files(store)?;
    let (mut done, mut numbers) = (Synchronised::default(), Numbers::default());
    let (todo, gone) = differences(database, &files)?;
    let mut is_behind = !todo.is_empty() || !gone.is_empty();
    while is_behind {
        is_behind = transact(database, |database| some(database, &mut numbers, &files, &mut done))?;
    }
    Ok(done)
}

/// Forgets what is gone and reads some of what is not indexed; says whether there is more.
fn some(
    database: &mut dyn Database,
    numbers: &mut Numbers,
    files: &[(PathBuf, FileState)],
    done: &mut Synchronised,
) -> Result<bool, HistoryError> {
    // Looked at again, since another process may have been faster.
    let (mut todo, gone) = differences(database, files)?;
    for number in gone {
        index::remove(database, number)?;
        done.removed += 1;
    }
    todo.retain(|todo| !is_passed_over(done, todo));
    let rest = todo.split_off(todo.len().min(AT_ONCE));
    for todo in todo {
        add(database, numbers, todo, done)?;
    }
    Ok(!rest.is_empty())
}

fn is_passed_over(done: &Synchronised, todo: &Todo) -> bool {
    done.passed_over.iter().any(|error| match error {
        StoreError::Read { path, .. } | StoreError::Damaged { path, .. } | StoreError::Newer { path, .. } => {
            *path == todo.path
        }
        _ => false,
    })
}

fn add(
    database: &mut dyn Database,
    numbers: &mut Numbers,
    todo: Todo,
    done: &mut Synchronised,
) -> Result<(), HistoryError> {
    if let Some(number) = todo.known {
        index::remove(database, number)?;
    }
    match digest::read(&todo.path) {
        Ok(document) => {
            index::add(database, numbers, &document, todo.state)?;
            done.added += 1;
        }
        // A document that went away since is named as well: it would be asked for again and again.
        Err(error) => done.passed_over.push(error),
    }
    Ok(())
}

/// Whether a file was removed since the folder was read.
fn is_gone(error: &StoreError) -> bool {
    matches!(error, StoreError::Read { source, .. } if source.kind() == io::ErrorKind::NotFound)
}

/// Empties the index and fills it again, as one change.
pub(super) fn anew(database: &mut dyn Database, store: &Store) -> Result<Synchronised, HistoryError> {
    let files = files(store)?;
    transact(database, |database| {
        database.batch("DELETE FROM figures; DELETE FROM runs; DELETE FROM cases; DELETE FROM metrics")?;
        let (mut numbers, mut done) = (Numbers::default(), Synchronised::default());
        for (path, state) in files {
            add(database, &mut numbers, Todo { path, state, known: None }, &mut done)?;
        }
        Ok(done)
    })
}

/// Adds the runs that a team's database lacks, with their documents.
pub(super) fn push(database: &mut dyn Database, store: &Store) -> Result<Synchronised, HistoryError> {
    let mut done = Synchronised::default();
    let mut numbers = Numbers::default();
    for (path, state) in files(store)? {
        let document = match digest::read(&path) {
            Ok(document) => document,
            Err(error) if is_gone(&error) => continue,
            Err(error) => {
                done.passed_over.push(error);
                continue;
            }
        };
        transact(database, |database| push_one(database, &mut numbers, &document, (path, state), &mut done))?;
    }
    Ok(done)
}

fn push_one(
    database: &mut dyn Database,
    numbers: &mut Numbers,
    document: &Document,
    (path, state): (PathBuf, FileState),
    done: &mut Synchronised,
) -> Result<(), HistoryError> {
    let id = Value::Text(&document.digest.run.id);
    let known = database.query("SELECT fingerprint FROM runs WHERE id = $1", &[id])?.pop();
    match known.map(|mut row| row.text(0)) {
        Some(fingerprint) if fingerprint == digest::fingerprint(&document.content) => {}
        Some(_) => {
            let reason = format!("{} has a run of this id with another content", database.name());
            done.passed_over.push(StoreError::Damaged { path, reason });
        }
        None => {
            let number = index::add(database, numbers, document, state)?;
            // The text goes in as text, and becomes a document there.
            let statement = match database.dialect().document {
                "TEXT" => "INSERT INTO documents (run_number, body) VALUES ($1, $2)",
                _ => "INSERT INTO documents (run_number, body) VALUES ($1, CAST(CAST($2 AS TEXT) AS JSON))",
            };
            database.execute(statement, &[Value::Integer(number), Value::Text(&document.content)])?;
            done.added += 1;
        }
    }
    Ok(())
}

/// The documents that the index lacks or has in another state, and the numbers of the runs whose document is gone.
fn differences(
    database: &mut dyn Database,
    files: &[(PathBuf, FileState)],
) -> Result<(Vec<Todo>, Vec<i64>), HistoryError> {
    let rows = database.query("SELECT number, id, file_modified, file_bytes FROM runs", &[])?;
    let mut indexed: HashMap<String, (i64, FileState)> = HashMap::with_capacity(rows.len());
    for mut row in rows {
        let state = FileState { modified: row.integer(2), bytes: row.integer(3) };
        indexed.insert(row.text(1), (row.integer(0), state));
    }
    let mut todo = Vec::new();
    for (path, state) in files {
        let id = path.file_stem().unwrap_or_default().to_string_lossy();
        match indexed.remove(id.as_ref()) {
            Some((_, known)) if known == *state => {}
            other => todo.push(Todo { path: path.clone(), state: *state, known: other.map(|(number, _)| number) }),
        }
    }
    Ok((todo, indexed.into_values().map(|(number, _)| number).collect()))
}

/// The documents of a store and their states, in the order of their names.
fn files(store: &Store) -> Result<Vec<(PathBuf, FileState)>, HistoryError> {
    let folder = store.home().join("runs");
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|source| HistoryError::File { path: folder, source })?,
    };
    let mut files = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|end| end == "json")
            && let Ok(metadata) = fs::metadata(&path)
        {
            files.push((path, FileState::of(&metadata)));
        }
    }
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(files)
}
