//! Runs, and the figures of cases over them.

use std::collections::HashMap;

use super::database::{Database, Row, Value};
use super::error::HistoryError;
use crate::config::suggest;
use crate::glob::matches;
use crate::measure::Direction;
use crate::stats::Estimate;

/// Which runs are meant. What is `None` may be anything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The machine key.
    pub machine: Option<String>,
    /// The branch that was checked out.
    pub branch: Option<String>,
    /// The bench target.
    pub target: Option<String>,
    /// The earliest start, RFC 3339 in UTC, or the beginning of it.
    pub since: Option<String>,
    /// The metric, for the figures of cases.
    pub metric: Option<String>,
}

/// A run, as the index has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RunEntry {
    #[serde(skip)]
    number: i64,
    /// Its id, which is the name of its document.
    pub id: String,
    /// The bench target.
    pub target: String,
    /// The package.
    pub package: Option<String>,
    /// Start, RFC 3339, UTC.
    pub started_at: String,
    /// The machine key.
    pub machine_key: String,
    /// The name of the processor.
    pub processor: Option<String>,
    /// The commit, where there was a repository.
    pub commit: Option<String>,
    /// The branch, unless the head was detached.
    pub branch: Option<String>,
    /// Whether tracked files differed from the commit.
    pub dirty: Option<bool>,
    /// The compiler.
    pub toolchain: String,
    /// The version of bitnet-bench that measured.
    pub harness: String,
    /// A hash of the executable.
    pub executable: String,
    /// Whether the run was interrupted.
    pub interrupted: bool,
    /// How many cases were measured.
    pub measured: u64,
    /// How many failed.
    pub failed: u64,
    /// How many were skipped.
    pub skipped: u64,
}

/// One figure of a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The run, by its place in [`Selected::runs`].
    pub run: usize,
    /// The figure; without an interval where the metric has none.
    pub estimate: Estimate,
    /// How many launches it is from.
    pub launches: u64,
}

/// One metric of one case over time.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseHistory {
    /// The case.
    pub case: String,
    /// The metric.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The figures, in the order of the runs.
    pub figures: Vec<Figure>,
}

/// The figures of some cases over some runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    /// The runs, the oldest first.
    pub runs: Vec<RunEntry>,
    /// The cases in the order of their ids, of each the metrics in the order of their names.
    pub cases: Vec<CaseHistory>,
    /// How many cases the pattern names, whether or not a run that is meant has them.
    pub named: usize,
}

const COLUMNS: &str = "number, id, target, package, started_at, machine_key, processor, commit_hash, branch, dirty, \
    toolchain, harness, executable, interrupted, measured, failed, skipped";

/// A value that may be absent is compared with itself then. The casts tell PostgreSQL the type.
const CONDITIONS: &str = "\
    (CAST($1 AS TEXT) IS NULL OR machine_key = $1) AND (CAST($2 AS TEXT) IS NULL OR branch = $2) \
    AND (CAST($3 AS TEXT) IS NULL OR target = $3) AND (CAST($4 AS TEXT) IS NULL OR started_at >= $4)";

/// How many cases are asked for in one statement.
const CASES: usize = 500;

pub(super) fn runs(database: &mut dyn Database, filter: &Filter) -> Result<Vec<RunEntry>, HistoryError> {
    let statement = format!("SELECT {COLUMNS} FROM runs WHERE {CONDITIONS} ORDER BY started_at, id");
    let values = [&filter.machine, &filter.branch, &filter.target, &filter.since];
    let rows = database.query(&statement, &values.map(|value| Value::MaybeText(value.as_deref())))?;
    Ok(rows.into_iter().map(run).collect())
}

fn run(mut row: Row) -> RunEntry {
    let count = |count: i64| u64::try_from(count).unwrap_or(0);
    RunEntry {
        number: row.integer(0),
        id: row.text(1),
        target: row.text(2),
        package: row.maybe_text(3),
        started_at: row.text(4),
        machine_key: row.text(5),
        processor: row.maybe_text(6),
        commit: row.maybe_text(7),
        branch: row.maybe_text(8),
        dirty: row.maybe_boolean(9),
        toolchain: row.text(10),
        harness: row.text(11),
        executable: row.text(12),
        interrupted: row.maybe_boolean(13).unwrap_or(false),
        measured: count(row.integer(14)),
        failed: count(row.integer(15)),
        skipped: count(row.integer(16)),
    }
}

pub(super) fn cases(database: &mut dyn Database, pattern: &str, filter: &Filter) -> Result<Selected, HistoryError> {
    let named = named(database, pattern)?;
    let metrics = metrics(database, filter.metric.as_deref())?;
    let runs = runs(database, filter)?;
    let places: HashMap<i64, usize> = runs.iter().enumerate().map(|(place, run)| (run.number, place)).collect();
    let mut cases = Vec::new();
    for some in named.chunks(CASES) {
        let mut figures = figures(database, some, &places)?;
        for (number, case) in some {
            for (metric, (name, unit, direction)) in &metrics {
                let Some(mut figures) = figures.remove(&(*number, *metric)) else { continue };
                figures.sort_by_key(|figure| figure.run);
                let (metric, unit, case) = (name.clone(), unit.clone(), case.clone());
                cases.push(CaseHistory { case, metric, unit, direction: *direction, figures });
            }
        }
    }
    Ok(Selected { runs, cases, named: named.len() })
}

/// The figures of some cases, by the numbers of case and metric.
type Found = HashMap<(i64, i64), Vec<Figure>>;

fn figures(
    database: &mut dyn Database,
    cases: &[(i64, String)],
    runs: &HashMap<i64, usize>,
) -> Result<Found, HistoryError> {
    let places: Vec<String> = (1..=cases.len()).map(|place| format!("${place}")).collect();
    let statement = format!(
        "SELECT case_number, metric_number, run_number, value, lower_end, upper_end, level, launches \
         FROM figures WHERE case_number IN ({})",
        places.join(", ")
    );
    let values: Vec<Value<'_>> = cases.iter().map(|(number, _)| Value::Integer(*number)).collect();
    let mut found = Found::new();
    for row in database.query(&statement, &values)? {
        let Some(run) = runs.get(&row.integer(2)) else { continue };
        let estimate = Estimate {
            value: row.maybe_real(3).unwrap_or(f64::NAN),
            lower: row.maybe_real(4).unwrap_or(f64::NEG_INFINITY),
            upper: row.maybe_real(5).unwrap_or(f64::INFINITY),
            level: row.maybe_real(6).unwrap_or(0.0),
        };
        let figure = Figure { run: *run, estimate, launches: u64::try_from(row.integer(7)).unwrap_or(0) };
        found.entry((row.integer(0), row.integer(1))).or_default().push(figure);
    }
    Ok(found)
}

/// The cases that a pattern names: their numbers and ids.
fn named(database: &mut dyn Database, pattern: &str) -> Result<Vec<(i64, String)>, HistoryError> {
    let rows = database.query("SELECT number, id FROM cases ORDER BY id", &[])?;
    let all: Vec<(i64, String)> = rows.into_iter().map(|mut row| (row.integer(0), row.text(1))).collect();
    let found: Vec<_> = all.iter().filter(|(_, id)| matches(pattern, id)).cloned().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let near = suggest(pattern, all.iter().map(|(_, id)| id.as_str()));
    let part = all.iter().find(|(_, id)| id.contains(pattern));
    let hint = match (near, part, all.len()) {
        (_, _, 0) => "there are no runs yet; `cargo bench` makes one".to_owned(),
        (_, Some((_, id)), _) => format!("it is a part of `{id}`: write `*{pattern}*`"),
        (Some(near), ..) => format!("did you mean `{near}`?"),
        (None, None, many) => format!("there are {many} cases, such as `{}`", all[0].1),
    };
    Err(HistoryError::NoCase(format!("no case in the history is `{pattern}`; {hint}")))
}

type Metric = (String, String, Direction);

fn metrics(database: &mut dyn Database, name: Option<&str>) -> Result<Vec<(i64, Metric)>, HistoryError> {
    let statement = "SELECT number, name, unit, direction FROM metrics ORDER BY name, unit, direction";
    let mut all = Vec::new();
    for mut row in database.query(statement, &[])? {
        let direction = match row.text(3).as_str() {
            "higher_is_better" => Direction::HigherIsBetter,
            _ => Direction::LowerIsBetter,
        };
        all.push((row.integer(0), (row.text(1), row.text(2), direction)));
    }
    let Some(name) = name else { return Ok(all) };
    let (found, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, metric)| metric.0 == name);
    if found.is_empty() && !others.is_empty() {
        let mut names: Vec<String> = others.into_iter().map(|(_, metric)| metric.0).collect();
        names.dedup();
        let names = names.join(", ");
        return Err(HistoryError::NoCase(format!(
            "no case in the history has the metric `{name}` (there are: {names})"
        )));
    }
    Ok(found)
}
