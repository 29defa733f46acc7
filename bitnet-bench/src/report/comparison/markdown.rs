//! Comparisons as GitHub Markdown, within what GitHub takes.

use super::super::change::{brief, full, interval, tally, tally_of_others};
use super::super::markdown::{code, escape, prose};
use super::figures::show;
use super::gate::said;
use super::terminal::{absences, gravest};
use super::{Compared, chosen, matrix};
use crate::compare::gate::GateOutcome;
use crate::compare::{CaseComparison, Comparison, MetricComparison, Verdict};
use crate::config::SettingValue;
use crate::order::order;

/// The bytes that a comment on GitHub may have. A step's summary may have sixteen times as many.
pub const COMMENT_BYTES: usize = 65_536;

/// Comparisons as Markdown of at most so many bytes. Where that is not enough, rows are left out, which is said: the
/// unchanged ones first, then those of which nothing can be told, then those not compared, the smallest changes last.
pub fn markdown(compared: &[Compared<'_>], gate: Option<&GateOutcome>, metrics: &[String], most: usize) -> String {
    let mut blocks = Vec::new();
    for target in compared {
        match &target.runs[..] {
            [(name, comparison)] => blocks.extend(of_one(target.target, name, comparison, metrics)),
            _ => blocks.extend(of_several(target, metrics)),
        }
    }
    blocks.extend(gate.map(of_gate));
    fit(blocks, most)
}

/// A part of the page, whose rows may be left out.
struct Block {
    head: String,
    rows: Vec<String>,
    tail: &'static str,
    /// What its rows are, for the remark that some are left out.
    what: &'static str,
    /// What is left out first has the highest.
    rank: u8,
}

/// The remark that rows are left out takes less than this.
const REMARK: usize = 120;

/// The blocks as a page of at most so many bytes, as long as their heads fit.
fn fit(blocks: Vec<Block>, most: usize) -> String {
    let fixed: usize = blocks.iter().map(|block| block.head.len() + block.tail.len() + REMARK).sum();
    let mut room = most.saturating_sub(fixed);
    let mut kept = vec![0; blocks.len()];
    for at in order(blocks.len(), &|one, other| blocks[one].rank.cmp(&blocks[other].rank)) {
        for row in &blocks[at].rows {
            let Some(left) = room.checked_sub(row.len()) else {
                room = 0;
                break;
            };
            room = left;
            kept[at] += 1;
        }
    }
    let mut page = String::new();
    for (block, kept) in blocks.iter().zip(kept) {
        page.push_str(&block.head);
        block.rows[..kept].iter().for_each(|row| page.push_str(row));
        page.push_str(block.tail);
        if kept < block.rows.len() {
            page.push_str(&format!(
                "\n*{} {} left out: the page would be too large.*\n",
                block.rows.len() - kept,
                block.what
            ));
        }
    }
    page
}

fn of_one(target: Option<&str>, name: &str, comparison: &Comparison, metrics: &[String]) -> Vec<Block> {
    let mut head = format!("## {}\n\n", escape(target.map_or("Comparison", |target| target)));
    let (name, baseline) = (code(name), code(&comparison.baseline));
    head += &format!("{name} compared with {baseline}: **{}**\n", tally(comparison));
    head += &tally_of_others(comparison).map_or(String::new(), |others| format!("\n{others}\n"));
    let warnings: Vec<String> = comparison.warnings.iter().map(|warning| format!("- {}\n", prose(warning))).collect();
    let head = if warnings.is_empty() { head } else { format!("{head}\n") };
    let mut blocks = vec![Block { head, rows: warnings, tail: "", what: "remarks", rank: 0 }];
    let sections = [
        ("Regressed", "regressed rows", Verdict::Regressed, 1),
        ("Improved", "improved rows", Verdict::Improved, 2),
        ("Can't tell", "rows of which nothing can be told", Verdict::Inconclusive, 4),
        ("Unchanged", "unchanged rows", Verdict::Unchanged, 5),
    ];
    for (title, what, verdict, rank) in sections {
        let rows = rows(comparison, metrics, verdict);
        if rows.is_empty() {
            continue;
        }
        let table = "| case | metric | change | interval | before | after |\n|:--|:--|--:|--:|--:|--:|\n";
        let (head, tail) = match verdict {
            Verdict::Unchanged => (format!("\n<details><summary>{title}</summary>\n\n{table}"), "\n</details>\n"),
            _ => (format!("\n### {title}\n\n{table}"), ""),
        };
        blocks.push(Block { head, rows, tail, what, rank });
    }
    let mut absent = Vec::new();
    for (why, cases) in absences(comparison, false) {
        absent.extend(cases.into_iter().map(|case| format!("- {}: {}\n", code(case), prose(&why))));
    }
    if !absent.is_empty() {
        let head = "\n### Not compared\n\n".to_owned();
        blocks.push(Block { head, rows: absent, tail: "", what: "cases that were not compared", rank: 3 });
    }
    blocks
}

/// The rows of the cases of which the worst has this verdict, the worst first.
fn rows(comparison: &Comparison, metrics: &[String], verdict: Verdict) -> Vec<String> {
    let mut cases: Vec<(&CaseComparison, Vec<&MetricComparison>)> = Vec::new();
    for case in &comparison.cases {
        let chosen = chosen(case, metrics);
        if gravest(&chosen) == Some(verdict) {
            cases.push((case, chosen));
        }
    }
    let worst = |at: usize| cases[at].1.iter().map(|metric| metric.worse_by()).fold(f64::NEG_INFINITY, f64::max);
    let mut rows = Vec::new();
    for at in order(cases.len(), &|one, other| worst(other).total_cmp(&worst(one))) {
        let (case, metrics_of_case) = &cases[at];
        for metric in metrics_of_case {
            let changed = matches!(metric.verdict, Verdict::Regressed | Verdict::Improved);
            if changed || !metrics.is_empty() || std::ptr::eq(*metric, &case.time) {
                rows.push(row(&case.id, metric));
            }
        }
    }
    rows
}

fn row(id: &str, metric: &MetricComparison) -> String {
    let change = if metric.verdict == Verdict::Inconclusive { full(metric) } else { brief(metric) };
    let (before, after) = (show(metric, metric.old), show(metric, metric.new));
    let cells = [&metric.metric, &change, &interval(metric), &before, &after].map(|cell| escape(cell));
    format!("| {} | {} |\n", cell_of(id), cells.join(" | "))
}

/// An id as code in a table, where a pipe ends a cell even within code.
fn cell_of(id: &str) -> String {
    code(id).replace('|', "\\|")
}

fn of_several(compared: &Compared<'_>, metrics: &[String]) -> Vec<Block> {
    let mut head = format!("## {}\n\n", escape(compared.target.map_or("Comparison", |target| target)));
    let mut columns = String::from("| case | metric | base |");
    for (at, (name, comparison)) in compared.runs.iter().enumerate() {
        let baseline = code(&comparison.baseline);
        head += &format!("- {}: {} compared with {baseline}: **{}**\n", at + 1, code(name), tally(comparison));
        head.extend(comparison.warnings.iter().map(|warning| format!("  - {}\n", prose(warning))));
        columns += &format!(" {} |", escape(&matrix::title(compared, at)));
    }
    head += &format!("\n{columns}\n|:--|:--|{}\n", "--:|".repeat(compared.runs.len() + 1));
    let (mut changed, mut unchanged) = (Vec::new(), Vec::new());
    for row in matrix::rows(compared, metrics) {
        let cells: Vec<String> = row.cells.iter().map(|metric| escape(&matrix::cell(*metric))).collect();
        let of_change = |metric: &MetricComparison| matches!(metric.verdict, Verdict::Regressed | Verdict::Improved);
        let line =
            format!("| {} | {} | {} | {} |\n", cell_of(row.case), escape(row.metric), row.base, cells.join(" | "));
        let has_changed = row.cells.iter().flatten().any(|metric| of_change(metric));
        if has_changed { changed.push(line) } else { unchanged.push(line) }
    }
    let legend = "\n▲ worse, ▼ better, = unchanged, ? can't tell\n";
    vec![
        Block { head, rows: changed, tail: "", what: "rows with a change", rank: 1 },
        Block { head: String::new(), rows: unchanged, tail: legend, what: "rows without a change", rank: 5 },
    ]
}

fn of_gate(outcome: &GateOutcome) -> Block {
    let end = match outcome.violations.len() {
        0 => "passed".to_owned(),
        1 => "1 violation".to_owned(),
        count => format!("{count} violations"),
    };
    let mut rows = Vec::new();
    for violation in &outcome.violations {
        rows.push(format!("- **{}** {}\n", violation.severity.show(), escape(&said(violation))));
    }
    for excused in &outcome.excused {
        let reason = escape(&excused.reason);
        rows.push(format!("- excused until {}: {} ({reason})\n", excused.until, escape(&said(&excused.violation))));
    }
    Block { head: format!("\n### Gate: {end}\n\n"), rows, tail: "", what: "findings", rank: 0 }
}
