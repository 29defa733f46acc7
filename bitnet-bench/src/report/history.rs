//! What the history has: runs, and the figures of a case over them.

use serde_json::{Value, json};

use super::csv::{add_field, end_line};
use super::text::{plain, shorten, width};
use super::units::{Quantity, UNKNOWN, number, plus_minus};
use crate::record::history::{CaseHistory, RunEntry, Selected};
use crate::stats::Estimate;

/// The widest line.
const WIDTH: usize = 80;
/// How much of a commit's hash is shown.
const COMMIT: usize = 10;

/// A figure in a metric's unit, as a person reads it.
pub fn figure(value: f64, metric: &str, unit: &str) -> String {
    let amount = metric.strip_suffix("/s").filter(|_| metric == unit);
    match (unit, amount) {
        ("ns", _) => Quantity::TIME.show(value),
        ("B", _) => Quantity::BYTES.show(value),
        (_, Some(amount)) => Quantity::per_second(amount).show(value),
        ("", _) => number(value),
        (unit, _) => format!("{} {unit}", number(value)),
    }
}

/// The beginning of a commit's hash.
pub fn short_commit(commit: &str) -> &str {
    commit.get(..COMMIT).unwrap_or(commit)
}

/// A time of the index, `2026-11-23T14:30:00Z`, without what a person does not need.
pub fn short_time(started_at: &str) -> String {
    started_at.get(..16).unwrap_or(started_at).replace('T', " ")
}

/// The figures of cases as tables for a terminal, the newest runs at the end.
pub fn show(selected: &Selected) -> String {
    let mut text = String::new();
    for case in &selected.cases {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&heading(case));
        text.push_str("started           commit       branch        machine     figure           ±\n");
        for found in &case.figures {
            let run = &selected.runs[found.run];
            let figure = figure(found.estimate.value, &case.metric, &case.unit);
            let interval = interval(&found.estimate);
            let (commit, branch, machine) = (commit(run), branch(run), machine(run));
            let started = pad(&short_time(&run.started_at), 16);
            let line = format!("{started}  {commit}  {branch}  {machine}  {}  {interval}", pad(&figure, 14));
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    if selected.runs.iter().any(|run| run.dirty == Some(true)) && !selected.cases.is_empty() {
        text.push_str("\n* tracked files differed from the commit\n");
    }
    text
}

fn heading(case: &CaseHistory) -> String {
    let metric = plain(&case.metric);
    let room = WIDTH.saturating_sub(width(&metric) + 3).max(20);
    format!("{} · {metric}\n", shorten(&plain(&case.case), room))
}

/// The runs as a table for a terminal, the newest at the end.
pub fn list(runs: &[RunEntry]) -> String {
    let mut text = "started           target              commit       branch       cases\n".to_owned();
    for run in runs {
        let target = pad(&shorten(&plain(&run.target), 18), 18);
        let started = pad(&short_time(&run.started_at), 16);
        let mut cases = run.measured.to_string();
        for (count, word) in [(run.failed, "failed"), (run.skipped, "skipped")] {
            if count > 0 {
                cases.push_str(&format!(", {count} {word}"));
            }
        }
        if run.interrupted {
            cases.push_str(", cut short");
        }
        text.push_str(&format!("{started}  {target}  {}  {}  {cases}\n", commit(run), branch(run)));
    }
    text
}

fn commit(run: &RunEntry) -> String {
    let commit = run.commit.as_deref().map_or(UNKNOWN.to_owned(), |commit| plain(short_commit(commit)).into_owned());
    pad(&if run.dirty == Some(true) { format!("{commit}*") } else { commit }, COMMIT + 1)
}

fn branch(run: &RunEntry) -> String {
    pad(&shorten(&plain(run.branch.as_deref().unwrap_or(UNKNOWN)), 12), 12)
}

/// The end of the machine key, which tells machines of one architecture apart.
fn machine(run: &RunEntry) -> String {
    let key = run.machine_key.rsplit('-').next().unwrap_or_default();
    pad(&shorten(&plain(key), 10), 10)
}

fn interval(estimate: &Estimate) -> String {
    if estimate.is_bounded() { plus_minus(estimate) } else { UNKNOWN.to_owned() }
}

fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The figures of cases as CSV (RFC 4180), unscaled.
pub fn show_csv(selected: &Selected) -> String {
    let mut text = String::new();
    let names = [
        "case",
        "metric",
        "unit",
        "run",
        "target",
        "started_at",
        "machine_key",
        "commit",
        "branch",
        "dirty",
        "value",
        "lower",
        "upper",
        "level",
        "launches",
    ];
    names.iter().for_each(|name| add_field(&mut text, name));
    end_line(&mut text);
    for case in &selected.cases {
        for figure in &case.figures {
            let run = &selected.runs[figure.run];
            let Estimate { value, lower, upper, level } = figure.estimate;
            let known = |figure: f64| if figure.is_finite() { figure.to_string() } else { String::new() };
            let level = if level > 0.0 { level.to_string() } else { String::new() };
            let fields = [
                case.case.clone(),
                case.metric.clone(),
                case.unit.clone(),
                run.id.clone(),
                run.target.clone(),
                run.started_at.clone(),
                run.machine_key.clone(),
                run.commit.clone().unwrap_or_default(),
                run.branch.clone().unwrap_or_default(),
                run.dirty.map_or(String::new(), |dirty| dirty.to_string()),
                known(value),
                known(lower),
                known(upper),
                level,
                figure.launches.to_string(),
            ];
            fields.iter().for_each(|field| add_field(&mut text, field));
            end_line(&mut text);
        }
    }
    text
}

/// The figures of cases as JSON: a list of cases, each with its figures.
pub fn show_json(selected: &Selected) -> String {
    let cases = selected.cases.iter().map(|case| {
        let figures: Vec<Value> = case
            .figures
            .iter()
            .map(|figure| {
                let run = &selected.runs[figure.run];
                let level = Some(figure.estimate.level).filter(|level| *level > 0.0);
                json!({
                    "run": run.id, "target": run.target, "started_at": run.started_at, "machine_key": run.machine_key,
                    "commit": run.commit, "branch": run.branch, "dirty": run.dirty, "value": figure.estimate.value,
                    "lower": figure.estimate.lower, "upper": figure.estimate.upper, "level": level,
                    "launches": figure.launches,
                })
            })
            .collect();
        json!({
            "case": case.case, "metric": case.metric, "unit": case.unit, "direction": case.direction,
            "figures": figures,
        })
    });
    format!("{:#}\n", Value::Array(cases.collect()))
}
