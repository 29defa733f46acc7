//! Runs into the index, and out of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::database::{Database, Value, places};
use super::digest::{Digest, Document, FileState, OutcomeDigest, fingerprint};
use super::error::HistoryError;
use crate::measure::Direction;

/// How many rows go into one statement: below 32,766 values, the least limit of the two databases.
const ROWS: usize = 500;

/// What the numbers of cases and metrics stand for, kept from run to run.
#[derive(Default)]
pub(super) struct Numbers {
    cases: HashMap<String, i64>,
    metrics: HashMap<(String, String, &'static str), i64>,
}

/// A direction as it is stored.
pub(super) fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::LowerIsBetter => "lower_is_better",
        Direction::HigherIsBetter => "higher_is_better",
    }
}

/// Adds a run; one of its id must not be there. Gives back its number.
pub(super) fn add(
    database: &mut dyn Database,
    numbers: &mut Numbers,
    document: &Document,
    state: FileState,
) -> Result<i64, HistoryError> {
    let digest = &document.digest;
    let number = add_run(database, digest, &fingerprint(&document.content), state)?;
    numbers.learn(database, digest)?;
    let mut rows = Vec::new();
    for case in &digest.cases {
        for figure in case.indexed() {
            let metric = (figure.name.clone(), figure.unit.clone(), word(figure.direction));
            let (Some(case), Some(metric)) = (numbers.cases.get(&case.id), numbers.metrics.get(&metric)) else {
                continue;
            };
            rows.push([
                Value::Integer(*case),
                Value::Integer(*metric),
                Value::Integer(number),
                Value::Real(figure.value),
                Value::MaybeReal(figure.lower),
                Value::MaybeReal(figure.upper),
                Value::MaybeReal(figure.level),
                Value::Integer(figure.launches as i64),
            ]);
        }
    }
    // A benchmark may report a metric under a name that another has: the first is kept.
    let columns = "case_number, metric_number, run_number, value, lower_end, upper_end, level, launches";
    for rows in rows.chunks(ROWS) {
        let places = places(rows.len(), 8);
        let statement = format!("INSERT INTO figures ({columns}) VALUES {places} ON CONFLICT DO NOTHING");
        database.execute(&statement, rows.as_flattened())?;
    }
    Ok(number)
}

fn add_run(
    database: &mut dyn Database,
    digest: &Digest,
    fingerprint: &str,
    state: FileState,
) -> Result<i64, HistoryError> {
    let Digest { run, host, toolchain, git, cases } = digest;
    let git = git.known();
    let count =
        |of: fn(&OutcomeDigest) -> bool| Value::Integer(cases.iter().filter(|case| of(&case.outcome)).count() as i64);
    let values = [
        Value::Text(&run.id),
        Value::Text(&run.target),
        Value::MaybeText(run.package.as_deref()),
        Value::Text(&run.started_at),
        Value::Text(&host.machine_key),
        Value::MaybeText(host.cpu.known().map(String::as_str)),
        Value::MaybeText(git.map(|git| git.commit.as_str())),
        Value::MaybeText(git.and_then(|git| git.branch.as_deref())),
        Value::MaybeBoolean(git.map(|git| git.dirty)),
        Value::Text(&toolchain.rustc),
        Value::Text(&run.harness_version),
        Value::Text(&run.executable),
        Value::Boolean(run.interrupted),
        count(|outcome| matches!(outcome, OutcomeDigest::Measured(_))),
        count(|outcome| matches!(outcome, OutcomeDigest::Failed(_))),
        count(|outcome| matches!(outcome, OutcomeDigest::Skipped(_))),
        Value::Text(fingerprint),
        Value::Integer(state.modified),
        Value::Integer(state.bytes),
    ];
    let columns = "id, target, package, started_at, machine_key, processor, commit_hash, branch, dirty, toolchain, \
        harness, executable, interrupted, measured, failed, skipped, fingerprint, file_modified, file_bytes";
    let statement = format!("INSERT INTO runs ({columns}) VALUES {} RETURNING number", places(1, values.len()));
    Ok(database.query(&statement, &values)?.first().map_or(0, |row| row.integer(0)))
}

/// Takes a run out.
pub(super) fn remove(database: &mut dyn Database, number: i64) -> Result<(), HistoryError> {
    database.execute("DELETE FROM runs WHERE number = $1", &[Value::Integer(number)])
}

impl Numbers {
    /// Sees to it that the cases and metrics of a run have numbers.
    fn learn(&mut self, database: &mut dyn Database, digest: &Digest) -> Result<(), HistoryError> {
        let new: Vec<&str> =
            digest.cases.iter().map(|case| case.id.as_str()).filter(|id| !self.cases.contains_key(*id)).collect();
        if !new.is_empty() {
            for ids in new.chunks(ROWS) {
                let values: Vec<Value<'_>> = ids.iter().map(|id| Value::Text(id)).collect();
                let places = places(ids.len(), 1);
                database.execute(&format!("INSERT INTO cases (id) VALUES {places} ON CONFLICT DO NOTHING"), &values)?;
            }
            let rows = database.query("SELECT number, id FROM cases", &[])?;
            self.cases = rows.into_iter().map(|mut row| (row.text(1), row.integer(0))).collect();
        }
        let metrics = digest.cases.iter().flat_map(|case| case.indexed());
        for metric in metrics.map(|figure| (figure.name, figure.unit, word(figure.direction))) {
            if let Entry::Vacant(place) = self.metrics.entry(metric) {
                let number = number_of_metric(database, place.key())?;
                place.insert(number);
            }
        }
        Ok(())
    }
}

fn number_of_metric(
    database: &mut dyn Database,
    (name, unit, direction): &(String, String, &'static str),
) -> Result<i64, HistoryError> {
    let values = [Value::Text(name), Value::Text(unit), Value::Text(direction)];
    let insert = "INSERT INTO metrics (name, unit, direction) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    database.execute(insert, &values)?;
    let select = "SELECT number FROM metrics WHERE name = $1 AND unit = $2 AND direction = $3";
    Ok(database.query(select, &values)?.first().map_or(0, |row| row.integer(0)))
}
