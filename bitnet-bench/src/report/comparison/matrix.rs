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

/// The matrix in a terminal; of more runs than there is room for, several.
pub(super) fn terminal(compared: &Compared<'_>, options: &ComparisonOptions<'_>) -> Vec<String> {
    let mut lines = heads(compared, options);
    let rows = rows(compared, options.metrics);
    if rows.is_empty() {
        return lines;
    }
    let base = rows.iter().map(|row| width(&row.base)).max().unwrap_or(0);
    let table = Table { base: base.max(width(&shorten(base_name(compared), 12))), compared, rows: &rows, options };
    let mut columns: Vec<(usize, usize)> = Vec::new();
    for column in 0..compared.runs.len() {
        let cells = rows.iter().map(|row| width(&cell(row.cells[column]))).max().unwrap_or(0);
        let next = (column, cells.max(width(&title(compared, column))));
        if table.figures(&columns) + 2 + next.1 > options.width && !columns.is_empty() {
            lines.extend(table.lines(&columns));
            columns.clear();
        }
        columns.push(next);
    }
    lines.extend(table.lines(&columns));
    lines.extend([String::new(), LEGEND.to_owned()]);
    lines
}

struct Table<'a> {
    compared: &'a Compared<'a>,
    rows: &'a [Row<'a>],
    options: &'a ComparisonOptions<'a>,
    /// The room of the base's figures.
    base: usize,
}

impl Table<'_> {
    /// What the figures of these columns take of a line.
    fn figures(&self, columns: &[(usize, usize)]) -> usize {
        2 + self.base + columns.iter().map(|(_, room)| room + 2).sum::<usize>()
    }

    /// The table of these columns, each with its room.
    fn lines(&self, columns: &[(usize, usize)]) -> Vec<String> {
        let palette = Palette { color: self.options.color };
        let room = self.options.width.saturating_sub(self.figures(columns));
        // Where there is no room beside the figures, a case has a line of its own.
        let room = if room < 16 { 0 } else { room };
        let base = shorten(base_name(self.compared), self.base);
        let mut head = format!("{}  {}", " ".repeat(room), pad(&base, self.base));
        for (column, width) in columns {
            head.push_str(&format!("  {}", pad(&title(self.compared, *column), *width)));
        }
        let mut lines = vec![String::new(), head];
        let mut last = "";
        for row in self.rows {
            let label = match row.case == last {
                true => format!("  {}", plain(row.metric)),
                false => plain(row.case).into_owned(),
            };
            if room == 0 && row.case != last {
                lines.push(shorten(&label, self.options.width).into_owned());
            }
            let label = if room == 0 { String::new() } else { shorten(&label, room).into_owned() };
            let mut line = format!("{label}{}  {}", " ".repeat(room - width(&label)), pad(&row.base, self.base));
            for (column, width) in columns {
                let text = pad(&cell(row.cells[*column]), *width);
                line.push_str("  ");
                match row.cells[*column] {
                    Some(metric) => line.push_str(&palette.paint(ink(metric.verdict), &text)),
                    None => line.push_str(&text),
                }
            }
            lines.push(line);
            last = row.case;
        }
        lines
    }
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
