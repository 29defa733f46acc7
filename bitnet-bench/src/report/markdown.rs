//! A run as GitHub Markdown, for a job summary or a comment on a pull request.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use super::change;
use super::remarks::{self, Remark};
use super::text::plain;
use super::units::{Quantity, number, plus_minus, wall_time};
use crate::compare::{CaseComparison, Comparison};
use crate::host::Stated;
use crate::record::{CaseRecord, Measured, Outcome, Record};

/// Lines of the output of a case that failed.
const LINES_OF_OUTPUT: usize = 20;

/// The run as Markdown: a summary, what changed, a table for each group, what failed, was skipped
/// and should be known, and the machine.
pub fn render(record: &Record, comparison: Option<&Comparison>) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, record, comparison);
    page
}

fn write_page(page: &mut String, record: &Record, comparison: Option<&Comparison>) -> std::fmt::Result {
    let tally = remarks::tally(record);
    writeln!(page, "## bitnet-bench: {}\n", escape(&record.run.target))?;
    write!(page, "**{} measured, {} failed, {} skipped**", tally.measured, tally.failed, tally.skipped)?;
    write!(page, " in {}", wall_time(record.run.duration_ns))?;
    writeln!(page, "{}", if record.run.interrupted { ", interrupted" } else { "" })?;
    if let Some(comparison) = comparison {
        write_changes(page, comparison)?;
    }
    let shown: Vec<&CaseRecord> = remarks::measured(record).map(|(case, _)| case).collect();
    for group in shown.chunk_by(|one, next| one.group == next.group) {
        write_group(page, group, comparison)?;
    }
    write_failures(page, record)?;
    write_remarks(page, "Skipped", &remarks::skips(record), usize::MAX)?;
    let mut notes = remarks::notes(record);
    notes.extend(remarks::unknowns(record));
    write_remarks(page, "Notes", &notes, tally.measured)?;
    write_findings(page, record)?;
    write_machine(page, record)
}

fn write_changes(page: &mut String, comparison: &Comparison) -> std::fmt::Result {
    let baseline = code(&comparison.baseline);
    writeln!(page, "\nCompared with {baseline}: {}\n", change::tally(comparison))?;
    for warning in &comparison.warnings {
        writeln!(page, "- {}", prose(warning))?;
    }
    for case in change::changed(comparison) {
        writeln!(page, "- {} {} {}", code(&case.id), change::brief(case), change::interval(case))?;
    }
    if !comparison.only_in_baseline.is_empty() {
        writeln!(page, "- only in {baseline}: {}", codes(comparison.only_in_baseline.iter().map(String::as_str)))?;
    }
    Ok(())
}

fn write_group(page: &mut String, cases: &[&CaseRecord], comparison: Option<&Comparison>) -> std::fmt::Result {
    let group = &cases[0].group;
    let compared: HashMap<&str, &CaseComparison> =
        comparison.iter().flat_map(|comparison| &comparison.cases).map(|case| (case.id.as_str(), case)).collect();
    let metrics = metrics(cases);
    let mut titles: Vec<String> = ["case", "median", "±", "throughput"].map(str::to_owned).into();
    titles.extend(metrics.iter().map(|name| escape(name)));
    titles.extend(comparison.map(|comparison| format!("vs {}", escape(&comparison.baseline))));
    writeln!(page, "\n### {}\n", escape(group))?;
    writeln!(page, "| {} |", titles.join(" | "))?;
    writeln!(page, "|:--{}|", "|--:".repeat(titles.len() - 1))?;
    for case in cases {
        let Outcome::Measured(measured) = &case.outcome else { continue };
        let id = case.id.strip_prefix(group.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&case.id);
        let mut cells = vec![
            // In a table, and only there, a pipe ends the cell even within code.
            code(id).replace('|', "\\|"),
            Quantity::TIME.show(measured.time.median.value),
            plus_minus(&measured.time.median),
            throughput(measured),
        ];
        cells.extend(metrics.iter().map(|name| metric(measured, name)));
        if comparison.is_some() {
            cells.push(compared.get(case.id.as_str()).map_or_else(|| "new".to_owned(), |case| change::full(case)));
        }
        writeln!(page, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// The names of the metrics that benchmarks of these cases reported.
fn metrics<'a>(cases: &[&'a CaseRecord]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for case in cases {
        let Outcome::Measured(measured) = &case.outcome else { continue };
        for metric in &measured.metrics {
            if !names.contains(&metric.name.as_str()) {
                names.push(&metric.name);
            }
        }
    }
    names
}

fn metric(measured: &Measured, name: &str) -> String {
    let metric = measured.metrics.iter().find(|metric| metric.name == name);
    metric.map_or_else(String::new, |metric| format!("{} {}", number(metric.estimate.value), escape(&metric.unit)))
}

fn throughput(measured: &Measured) -> String {
    let rates = measured
        .throughput
        .iter()
        .map(|throughput| Quantity::per_second(&throughput.amount).show(throughput.per_second.value));
    rates.collect::<Vec<_>>().join(", ")
}

fn write_failures(page: &mut String, record: &Record) -> std::fmt::Result {
    let mut titled = false;
    for case in &record.cases {
        let Outcome::Failed { failure, launch, .. } = &case.outcome else { continue };
        if !std::mem::replace(&mut titled, true) {
            writeln!(page, "\n### Failed\n")?;
        }
        writeln!(page, "- {} in launch {}: {}", code(&case.id), launch + 1, prose(&failure.to_string()))?;
        let lines: Vec<Cow<'_, str>> = failure.output.lines().map(plain).collect();
        if !lines.is_empty() {
            let lines = &lines[lines.len().saturating_sub(LINES_OF_OUTPUT)..];
            let fence = "`".repeat(longest_run(lines).max(2) + 1);
            writeln!(page, "  {fence}text")?;
            for line in lines {
                writeln!(page, "  {}", line.trim_end())?;
            }
            writeln!(page, "  {fence}")?;
        }
    }
    Ok(())
}

/// A list of remarks, each with its cases unless it holds for all of them.
fn write_remarks(page: &mut String, title: &str, remarks: &[Remark<'_>], all: usize) -> std::fmt::Result {
    if !remarks.is_empty() {
        writeln!(page, "\n### {title}\n")?;
    }
    for remark in remarks {
        match remark.cases.len() {
            0 => writeln!(page, "- {}", prose(&remark.text))?,
            cases if cases == all => writeln!(page, "- {}", prose(&remark.text))?,
            _ => writeln!(page, "- {} ({})", prose(&remark.text), codes(remark.cases.iter().copied()))?,
        }
    }
    Ok(())
}

fn write_findings(page: &mut String, record: &Record) -> std::fmt::Result {
    if !record.findings.is_empty() {
        writeln!(page, "\n### What disturbs measurements on this machine\n")?;
    }
    for finding in &record.findings {
        let remedy = finding.remedy.as_ref().map_or_else(String::new, |remedy| format!(" → {}", code(remedy)));
        writeln!(page, "- {}{remedy}", prose(&finding.message))?;
    }
    Ok(())
}

fn write_machine(page: &mut String, record: &Record) -> std::fmt::Result {
    let mut pieces = vec![format!("bitnet-bench {}", record.run.harness_version), record.run.started_at.clone()];
    pieces.extend(record.host.cpu.known().cloned());
    pieces.push(record.host.machine_key.clone());
    pieces.push(record.toolchain.rustc.clone());
    pieces.push(record.toolchain.target.clone());
    if let Stated::Known(git) = &record.git {
        pieces.push(format!("commit {}{}", git.commit, if git.dirty { ", changed" } else { "" }));
    }
    let pieces: Vec<String> = pieces.iter().map(|piece| escape(piece)).collect();
    writeln!(page, "\n<sub>{}</sub>", pieces.join(" · "))
}

/// Text in which only what stands between backticks is markup: code.
fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let paired = pieces.len() % 2 == 1 && pieces.iter().skip(1).step_by(2).all(|piece| !piece.is_empty());
    if !paired {
        return escape(text);
    }
    let pieces = pieces.iter().enumerate().map(|(at, piece)| if at % 2 == 0 { escape(piece) } else { code(piece) });
    pieces.collect()
}

/// Text in which nothing is markup, on one line.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            // Between an `@` and a word, the entity keeps GitHub from calling somebody.
            '@' => escaped.push_str("&#64;"),
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '~' | '#' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text as code.
fn code(text: &str) -> String {
    let text = plain(text);
    let fence = "`".repeat(longest_run(&[&text]) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

fn codes<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(code).collect::<Vec<_>>().join(", ")
}

/// The length of the longest run of backticks.
fn longest_run(lines: &[impl AsRef<str>]) -> usize {
    let runs = lines.iter().flat_map(|line| line.as_ref().split(|c| c != '`').map(str::len));
    runs.max().unwrap_or(0)
}
