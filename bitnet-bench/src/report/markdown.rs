//! A run as GitHub Markdown, for a job summary or a comment on a pull request.

use std::fmt::{self, Write};

use super::change;
use super::label;
use super::remarks::{self, Remark};
use super::text::plain;
use super::units::{Quantity, number, plus_minus, wall_time};
use crate::compare::Comparison;
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

fn write_page(page: &mut String, record: &Record, comparison: Option<&Comparison>) -> fmt::Result {
    let tally = remarks::tally(record);
    writeln!(page, "## bitnet-bench: {}\n", escape(&record.run.target))?;
    write!(page, "**{} measured, {} failed, {} skipped**", tally.measured, tally.failed, tally.skipped)?;
    if let carried @ 1.. = remarks::carried(record) {
        write!(page, " ({carried} carried over)")?;
    }
    write!(page, " in {}", wall_time(record.run.duration_ns))?;
    writeln!(page, "{}", if record.run.interrupted { ", interrupted" } else { "" })?;
    if let Some(comparison) = comparison {
        write_changes(page, comparison)?;
    }
    let shown = remarks::measured(record);
    for group in shown.chunk_by(|(one, _), (next, _)| one.group == next.group) {
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

fn write_changes(page: &mut String, comparison: &Comparison) -> fmt::Result {
    let baseline = code(&comparison.baseline);
    writeln!(page, "\nCompared with {baseline}: {}\n", change::tally(comparison))?;
    for warning in &comparison.warnings {
        writeln!(page, "- {}", prose(warning))?;
    }
    for case in change::changed(comparison) {
        writeln!(page, "- {} {} {}", code(&case.id), change::brief(&case.time), change::interval(&case.time))?;
    }
    let gone = change::removed(comparison);
    if !gone.is_empty() {
        writeln!(page, "- only in {baseline}: {}", codes(&gone))?;
    }
    Ok(())
}

fn write_group(page: &mut String, cases: &[(&CaseRecord, &Measured)], comparison: Option<&Comparison>) -> fmt::Result {
    let group = &cases[0].0.group;
    let compared = comparison.map(change::by_id);
    let mut figures = Vec::new();
    for (_, measured) in cases {
        figures.push(*measured);
    }
    let metrics = label::metrics(&figures);
    writeln!(page, "\n### {}\n", escape(group))?;
    page.push_str("| case | median | ± | throughput |");
    for name in &metrics {
        write!(page, " {} |", escape(name))?;
    }
    if let Some(comparison) = comparison {
        write!(page, " vs {} |", escape(&comparison.baseline))?;
    }
    let columns = 3 + metrics.len() + usize::from(comparison.is_some());
    writeln!(page, "\n|:--{}|", "|--:".repeat(columns))?;
    for (case, measured) in cases {
        let id = case.id.strip_prefix(group.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&case.id);
        // In a table, and only there, a pipe ends the cell even within code.
        let id = code(id).replace('|', "\\|");
        let median = Quantity::TIME.show(measured.time.median.value);
        write!(page, "| {id} | {median} | {} | {} |", plus_minus(&measured.time.median), throughput(measured))?;
        for name in &metrics {
            write!(page, " {} |", metric(measured, name))?;
        }
        if let Some(compared) = &compared {
            let change = compared.get(case.id.as_str()).map_or("new".to_owned(), |case| change::full(&case.time));
            write!(page, " {change} |")?;
        }
        page.push('\n');
    }
    Ok(())
}

fn metric(measured: &Measured, name: &str) -> String {
    let metric = measured.metrics.iter().find(|metric| metric.name == name);
    metric.map_or_else(String::new, |metric| format!("{} {}", number(metric.estimate.value), escape(&metric.unit)))
}

fn throughput(measured: &Measured) -> String {
    let mut rates = Vec::new();
    for throughput in &measured.throughput {
        rates.push(Quantity::per_second(&throughput.amount).show(throughput.per_second.value));
    }
    rates.join(", ")
}

fn write_failures(page: &mut String, record: &Record) -> fmt::Result {
    let mut titled = false;
    for case in &record.cases {
        let Outcome::Failed { failure, launch, .. } = &case.outcome else { continue };
        if !std::mem::replace(&mut titled, true) {
            writeln!(page, "\n### Failed\n")?;
        }
        writeln!(page, "- {} in launch {}: {}", code(&case.id), launch + 1, prose(&failure.to_string()))?;
        let lines: Vec<&str> = failure.output.lines().collect();
        if !lines.is_empty() {
            let mut output = String::new();
            for line in &lines[lines.len().saturating_sub(LINES_OF_OUTPUT)..] {
                writeln!(output, "  {}", plain(line).trim_end())?;
            }
            let fence = "`".repeat(longest_run(&output).max(2) + 1);
            writeln!(page, "  {fence}text\n{output}  {fence}")?;
        }
    }
    Ok(())
}

/// A list of remarks, each with its cases unless it holds for all of them.
fn write_remarks(page: &mut String, title: &str, remarks: &[Remark<'_>], all: usize) -> fmt::Result {
    if !remarks.is_empty() {
        writeln!(page, "\n### {title}\n")?;
    }
    for remark in remarks {
        match remark.cases.len() {
            0 => writeln!(page, "- {}", prose(&remark.text))?,
            cases if cases == all => writeln!(page, "- {}", prose(&remark.text))?,
            _ => writeln!(page, "- {} ({})", prose(&remark.text), codes(&remark.cases))?,
        }
    }
    Ok(())
}

fn write_findings(page: &mut String, record: &Record) -> fmt::Result {
    if !record.findings.is_empty() {
        writeln!(page, "\n### What disturbs measurements on this machine\n")?;
    }
    for finding in &record.findings {
        let remedy = finding.remedy.as_ref().map_or_else(String::new, |remedy| format!(" → {}", code(remedy)));
        writeln!(page, "- {}{remedy}", prose(&finding.message))?;
    }
    Ok(())
}

fn write_machine(page: &mut String, record: &Record) -> fmt::Result {
    let mut pieces = vec![format!("bitnet-bench {}", record.run.harness_version), record.run.started_at.clone()];
    if let Some(shard) = &record.run.shard {
        pieces.push(format!("shard {shard}"));
    }
    if let Some(part) = record.run.parts.first() {
        pieces.push(format!("merged from {} of {} shards", record.run.parts.len(), part.of));
    }
    pieces.extend(record.host.cpu.known().cloned());
    pieces.push(record.host.machine_key.clone());
    pieces.push(record.toolchain.rustc.clone());
    pieces.push(record.toolchain.target.clone());
    if let Stated::Known(git) = &record.git {
        pieces.push(format!("commit {}{}", git.commit, if git.dirty { ", changed" } else { "" }));
    }
    writeln!(page, "\n<sub>{}</sub>", escape(&pieces.join(" · ")))
}

/// Text in which only what stands between backticks is markup: code.
pub(super) fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let mut prose = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        let is_code = at % 2 == 1;
        // A backtick without its partner, or nothing between two, is no markup.
        if is_code && (piece.is_empty() || at + 1 == pieces.len()) {
            return escape(text);
        }
        prose.push_str(&if is_code { code(piece) } else { escape(piece) });
    }
    prose
}

/// Text in which nothing is markup, on one line.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            // Between an `@` and a word, the entity keeps GitHub from calling somebody.
            '@' => escaped.push_str("&#64;"),
            c => {
                if matches!(c, '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '~' | '#') {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
        }
    }
    escaped
}

/// Text as code.
pub(super) fn code(text: &str) -> String {
    let text = plain(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

fn codes(names: &[impl AsRef<str>]) -> String {
    let mut codes = Vec::new();
    for name in names {
        codes.push(code(name.as_ref()));
    }
    codes.join(", ")
}

/// The length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for byte in text.bytes() {
        run = if byte == b'`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
