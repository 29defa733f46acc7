//! Several runs beside one base: a row a case, a column a run.

use std::collections::{HashMap, HashSet};

use super::super::change::{size, tally};
use super::super::ink::{Palette, of_verdict as ink};
use super::super::text::{plain, shorten, width, wrap};
use super::figures::show;
use super::terminal::absences;
use super::{Compared, ComparisonOptions, chosen};
use crate::compare::{MetricComparison, Verdict};

/// What the marks behind the figures mean.
pub(super) const LEGEND: &str = "▲ worse  ▼ better  = unchanged  ? can't tell";

/// A row of a matrix: a metric of a case.
pub(super) struct Row<'a> {
    pub(super) case: &'a str,
    pub(super) metric: &'a str,
    /// The base's figure.
    pub(super) base: String,
    /// What each run has; `None` where it has nothing to compare.
    pub(super) cells: Vec<Option<&'a MetricComparison>>,
}

/// The rows: the time of each case that a run has in common with the base, and of the other metrics those that a run
/// changed, or that were asked for.
pub(super) fn rows<'a>(compared: &Compared<'a>, metrics: &[String]) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut places = HashMap::new();
    let changed = changed(compared);
    for (column, (_, comparison)) in compared.runs.iter().enumerate() {
        for case in &comparison.cases {
            for metric in chosen(case, metrics) {
                let key = (case.id.as_str(), metric.metric.as_str());
                if metrics.is_empty() && !std::ptr::eq(metric, &case.time) && !changed.contains(&key) {
                    continue;
                }
                let place = *places.entry(key).or_insert(rows.len());
                if place == rows.len() {
                    let cells = vec![None; compared.runs.len()];
                    rows.push(Row { case: &case.id, metric: &metric.metric, base: show(metric, metric.old), cells });
                }
                rows[place].cells[column] = Some(metric);
            }
        }
    }
    // A metric or a case that only a later run has stands last so far; its place is with its case.
    let mut first = HashMap::new();
    for (at, row) in rows.iter().enumerate() {
        first.entry(row.case).or_insert(at);
    }
    rows.sort_by_key(|row| first[row.case]);
    rows
}

/// The metrics of cases that a run changed.
fn changed<'a>(compared: &Compared<'a>) -> HashSet<(&'a str, &'a str)> {
    let cases = compared.runs.iter().flat_map(|(_, comparison)| &comparison.cases);
    let metrics = cases.flat_map(|case| case.judged().map(|metric| (case.id.as_str(), metric)));
    let changed = metrics.filter(|(_, metric)| matches!(metric.verdict, Verdict::Regressed | Verdict::Improved));
    changed.map(|(case, metric)| (case, metric.metric.as_str())).collect()
}

/// A cell: the change, and the mark of its verdict.
pub(super) fn cell(metric: Option<&MetricComparison>) -> String {
    let Some(metric) = metric else { return String::new() };
    let mark = match metric.verdict {
        Verdict::Regressed => "▲",
        Verdict::Improved => "▼",
        Verdict::Unchanged => "=",
        Verdict::Inconclusive => "?",
    };
    format!("{} {mark}", size(metric))
}

/// The matrix in a terminal.
pub(super) fn terminal(compared: &Compared<'_>, options: &ComparisonOptions<'_>) -> Vec<String> {
    let palette = Palette { color: options.color };
    let mut lines = heads(compared, options);
    let rows = rows(compared, options.metrics);
    if rows.is_empty() {
        return lines;
    }
    let base = rows.iter().map(|row| width(&row.base)).max().unwrap_or(0);
    let base = base.max(width(&shorten(base_name(compared), 12)));
    let columns: Vec<usize> = (0..compared.runs.len())
        .map(|column| {
            let cells = rows.iter().map(|row| width(&cell(row.cells[column]))).max().unwrap_or(0);
            cells.max(width(&title(compared, column)))
        })
        .collect();
    let figures = 2 + base + columns.iter().map(|column| column + 2).sum::<usize>();
    let room = options.width.saturating_sub(figures);
    // Where there is no room beside the figures, a case has a line of its own.
    let room = if room < 16 { 0 } else { room };
    let mut head = format!("{}  {:>base$}", " ".repeat(room), shorten(base_name(compared), base));
    for (column, width) in columns.iter().enumerate() {
        head.push_str(&format!("  {:>width$}", title(compared, column)));
    }
    lines.extend([String::new(), head]);
    let mut last = "";
    for row in &rows {
        let label = if row.case == last { format!("  {}", plain(row.metric)) } else { plain(row.case).into_owned() };
        if room == 0 && row.case != last {
            lines.push(shorten(&label, options.width).into_owned());
        }
        let label = if room == 0 { String::new() } else { shorten(&label, room).into_owned() };
        let mut line = format!("{label}{}  {}", " ".repeat(room - width(&label)), pad(&row.base, base));
        for (metric, width) in row.cells.iter().zip(&columns) {
            let text = pad(&cell(*metric), *width);
            line.push_str("  ");
            line.push_str(&metric.map_or(text.clone(), |metric| palette.paint(ink(metric.verdict), &text)));
        }
        lines.push(line);
        last = row.case;
    }
    lines.extend([String::new(), LEGEND.to_owned()]);
    lines
}

/// The tally of each run, and what should be known of it.
fn heads(compared: &Compared<'_>, options: &ComparisonOptions<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let target = compared.target.map_or(String::new(), |target| format!("{target}: "));
    for (at, (name, comparison)) in compared.runs.iter().enumerate() {
        let title = format!("{target}{} {name} compared with {}: {}", at + 1, comparison.baseline, tally(comparison));
        lines.extend(wrap(&title, options.width));
        for (why, cases) in absences(comparison, options.verbose) {
            let cases = if cases.len() == 1 { cases[0].to_owned() } else { format!("{} cases", cases.len()) };
            lines.extend(wrap(&format!("{why}: {cases}"), options.width - 2).iter().map(|line| format!("  {line}")));
        }
        for warning in &comparison.warnings {
            lines.extend(wrap(&format!("! {warning}"), options.width - 2).iter().map(|line| format!("  {line}")));
        }
    }
    lines
}

fn base_name<'a>(compared: &Compared<'a>) -> &'a str {
    compared.runs.first().map_or("", |(_, comparison)| comparison.baseline.as_str())
}

/// The title of a run's column.
pub(super) fn title(compared: &Compared<'_>, column: usize) -> String {
    let name = compared.runs.get(column).map_or("", |(name, _)| name);
    format!("{} {}", column + 1, shorten(&plain(name), 10))
}

/// A text with blanks before it.
fn pad(text: &str, room: usize) -> String {
    format!("{}{text}", " ".repeat(room.saturating_sub(width(text))))
}
