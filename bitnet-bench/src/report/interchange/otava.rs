//! A history for Apache Otava: a CSV file with a row for each run, and the configuration that tells Otava what its
//! columns are. `otava analyze TARGET` in that folder then looks for change points.
//!
//! ```text
//! time,commit,gemv/ternary[size=2560]@cpu,gemv/ternary[size=2560]@cpu · sqnr
//! 2026-11-23T14:30:00Z,6c0f…,70012.5,5.64
//! ```
//!
//! Otava cannot read an empty cell, so a figure that one of the runs lacks has no column.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Exported, File, Lost};
use crate::host::Stated;
use crate::measure::Direction;
use crate::record::Measured;
use crate::record::imports::github_action::SEPARATOR;
use crate::report::csv::{add_field, end_line};

/// The runs, which are of one machine and in the order of time, as a table for each bench target and one
/// configuration.
pub fn files(runs: &[Exported<'_>], lost: &mut Lost) -> Vec<File> {
    let mut targets = BTreeMap::<&str, Vec<&Exported<'_>>>::new();
    for run in runs {
        targets.entry(&run.record.run.target).or_default().push(run);
    }
    let (mut files, mut tests) = (Vec::new(), Map::new());
    for (target, mut runs) in targets {
        runs.sort_by(|one, other| one.record.run.started_at.cmp(&other.record.run.started_at));
        let table = Table::of(&runs, lost);
        let path = format!("{target}.csv");
        tests.insert(target.to_owned(), table.configuration(&path));
        files.push(File { content: table.render(&runs), path });
    }
    // JSON is YAML, and needs no thought about what an id may hold.
    let configuration = json!({ "tests": tests });
    files.push(File { path: "otava.yaml".to_owned(), content: format!("{configuration:#}\n") });
    files
}

/// A figure of a case, by its column's name.
type Row = BTreeMap<String, (f64, Direction)>;

/// What the runs have in common.
struct Table {
    rows: Vec<Row>,
    columns: Vec<String>,
}

impl Table {
    fn of(runs: &[&Exported<'_>], lost: &mut Lost) -> Self {
        let mut rows = Vec::new();
        for run in runs {
            let mut row = Row::new();
            for (case, measured) in run.measured(lost) {
                add_figures(&mut row, &case.id, measured);
            }
            rows.push(row);
        }
        let mut counts = BTreeMap::<&String, usize>::new();
        for column in rows.iter().flat_map(Row::keys) {
            *counts.entry(column).or_default() += 1;
        }
        let mut columns = Vec::new();
        for (column, count) in counts {
            if count == rows.len() {
                columns.push(column.clone());
            } else {
                lost.add("a figure that not every run has", column);
            }
        }
        Self { rows, columns }
    }

    fn render(&self, runs: &[&Exported<'_>]) -> String {
        let mut text = String::new();
        for name in ["time", "commit"].into_iter().chain(self.columns.iter().map(String::as_str)) {
            add_field(&mut text, name);
        }
        end_line(&mut text);
        for (run, row) in runs.iter().zip(&self.rows) {
            add_field(&mut text, &run.record.run.started_at);
            add_field(&mut text, &commit(run));
            for column in &self.columns {
                add_field(&mut text, &row[column].0.to_string());
            }
            end_line(&mut text);
        }
        text
    }

    fn configuration(&self, path: &str) -> Value {
        let mut metrics = Map::new();
        for column in &self.columns {
            let direction = match self.rows[0][column].1 {
                Direction::LowerIsBetter => -1,
                Direction::HigherIsBetter => 1,
            };
            metrics.insert(column.clone(), json!({ "column": column, "direction": direction, "scale": 1 }));
        }
        json!({ "type": "csv", "file": path, "time_column": "time", "attributes": ["commit"], "metrics": metrics })
    }
}

fn add_figures(row: &mut Row, id: &str, measured: &Measured) {
    let mut add = |name: String, value: f64, direction| {
        if value.is_finite() {
            row.insert(name, (value, direction));
        }
    };
    add(id.to_owned(), measured.time.median.value, Direction::LowerIsBetter);
    for metric in &measured.metrics {
        add(format!("{id}{SEPARATOR}{}", metric.name), metric.estimate.value, metric.direction);
    }
}

/// The commit, marked if the sources were others.
fn commit(run: &Exported<'_>) -> String {
    match &run.record.git {
        Stated::Known(git) => format!("{}{}", git.commit, if git.dirty { "-dirty" } else { "" }),
        Stated::Unknown(_) => "unknown".to_owned(),
    }
}
