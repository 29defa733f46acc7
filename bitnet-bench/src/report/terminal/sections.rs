//! What stands below the table: changes, failures, skips, notes, findings, and the summary.

use super::super::change;
use super::super::ink::{Ink, of_verdict as ink};
use super::super::remarks::{Remark, carried, skips as skipped, unknowns as unknown};
use super::super::text::{list, plain, shorten, width, wrap};
use super::super::units::{UNKNOWN, wall_time};
use super::Page;
use crate::compare::Comparison;
use crate::host::Severity;
use crate::record::Outcome;

/// Lines of a list of names, and of the output of a case that failed, and changes that are listed,
/// unless all is asked for.
const LINES_OF_NAMES: usize = 2;
const LINES_OF_OUTPUT: usize = 8;
const MOST_CHANGES: usize = 20;

/// What changed against the baseline, the worst first.
pub(super) fn changes(page: &Page<'_>) -> Vec<String> {
    let Some(comparison) = page.comparison else { return Vec::new() };
    let title = format!("Compared with {}: {}", comparison.baseline, change::tally(comparison));
    let mut lines = indented(page, 0, Ink::Bold, &title);
    for warning in &comparison.warnings {
        lines.extend(indented(page, 1, Ink::Yellow, warning));
    }
    let changed = change::changed(comparison);
    let (mut first, mut second) = (0, 0);
    for case in &changed {
        first = first.max(width(&change::brief(&case.time)));
        second = second.max(width(&change::interval(&case.time)));
    }
    let most = if page.verbose { usize::MAX } else { MOST_CHANGES };
    for case in changed.iter().take(most) {
        let (size, interval) = (change::brief(&case.time), change::interval(&case.time));
        let (before, between) = (" ".repeat(first - width(&size)), " ".repeat(second - width(&interval)));
        let size = page.palette.paint(ink(case.time.verdict), &size);
        let interval = page.palette.paint(Ink::Dim, &interval);
        let room = page.width.saturating_sub(6 + first + second);
        lines.push(format!("  {before}{size}  {between}{interval}  {}", shorten(&plain(&case.id), room)));
    }
    if changed.len() > most {
        lines.push(page.palette.paint(Ink::Dim, &format!("  and {} more", changed.len() - most)));
    }
    lines.extend(other_metrics(page, comparison));
    if let Some((text, cases)) = change::inconclusive(comparison) {
        lines.extend(remark(page, &text, &cases));
    }
    let gone = change::removed(comparison);
    if !gone.is_empty() {
        lines.extend(remark(page, &format!("only in {}", comparison.baseline), &gone));
    }
    lines
}

/// The other metrics that changed, under their cases.
fn other_metrics(page: &Page<'_>, comparison: &Comparison) -> Vec<String> {
    let Some(tally) = change::tally_of_others(comparison) else { return Vec::new() };
    let mut lines = indented(page, 1, Ink::Plain, &tally);
    let most = if page.verbose { usize::MAX } else { MOST_CHANGES };
    let changed = comparison.cases.iter().map(|case| (case, change::changed_others(case)));
    for (case, metrics) in changed.filter(|(_, metrics)| !metrics.is_empty()).take(most) {
        lines.push(format!("    {}", shorten(&plain(&case.id), page.width - 4)));
        for metric in metrics {
            let text = format!("{} {} {}", metric.metric, change::brief(metric), change::interval(metric));
            lines.extend(indented(page, 3, ink(metric.verdict), &text));
        }
    }
    lines
}

/// The cases that failed, each with its reason and the last of its output.
pub(super) fn failures(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for case in &page.record.cases {
        let Outcome::Failed { failure, launch, launches } = &case.outcome else { continue };
        lines.push(format!("  {}", page.palette.paint(Ink::Red, &shorten(&plain(&case.id), page.width - 2))));
        lines.extend(indented(page, 2, Ink::Plain, &failure.to_string()));
        if !launches.is_empty() {
            let before =
                if launches.len() == 1 { "1 launch was".into() } else { format!("{} launches were", launches.len()) };
            lines.extend(indented(page, 2, Ink::Dim, &format!("in launch {}; {before} measured before", launch + 1)));
        }
        let output: Vec<&str> = failure.output.lines().collect();
        let skipped = if page.verbose { 0 } else { output.len().saturating_sub(LINES_OF_OUTPUT) };
        for line in &output[skipped..] {
            let line = plain(line);
            let line = format!("│ {}", shorten(line.trim_end(), page.width - 6));
            lines.push(format!("    {}", page.palette.paint(Ink::Dim, line.trim_end())));
        }
    }
    titled(page, "Failed", lines)
}

/// The cases that were skipped, by reason.
pub(super) fn skips(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for skip in skipped(page.record) {
        lines.extend(remark(page, &skip.text, &skip.cases));
    }
    titled(page, "Skipped", lines)
}

/// What to know of the figures.
pub(super) fn notes(page: &Page<'_>) -> Vec<String> {
    let lines = about(page, &page.notes);
    titled(page, if page.marked.is_empty() { "Notes" } else { "Notes (marked ! above)" }, lines)
}

/// What on the machine disturbs measurements, and what helps; the lesser findings only if all is
/// asked for.
pub(super) fn findings(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut lesser = Vec::new();
    for severity in [Severity::Warning, Severity::Note] {
        for finding in &page.record.findings {
            if finding.severity != severity {
                continue;
            }
            if severity == Severity::Note && !page.verbose {
                lesser.push(finding.probe.as_str());
                continue;
            }
            lines.extend(indented(page, 1, Ink::Plain, &finding.message));
            if let Some(remedy) = &finding.remedy {
                lines.extend(indented(page, 2, Ink::Dim, &format!("→ {remedy}")));
            }
        }
    }
    if !lines.is_empty() && !lesser.is_empty() {
        lines.extend(indented(page, 1, Ink::Dim, &format!("and of less weight: {}", lesser.join(", "))));
    }
    titled(page, "What disturbs measurements here", lines)
}

/// Which figures there are not; and why, for those who ask: it is the same in every run.
pub(super) fn unknowns(page: &Page<'_>) -> Vec<String> {
    let unknown = unknown(page.record);
    if page.verbose || unknown.is_empty() {
        return titled(page, "Not known", about(page, &unknown));
    }
    let mut what: Vec<&str> = Vec::new();
    for remark in &unknown {
        let figures = remark.text.split(':').next().unwrap_or_default();
        let figures = if figures.contains("instructions") { "no hardware counters" } else { figures };
        if !what.contains(&figures) {
            what.push(figures);
        }
    }
    indented(page, 0, Ink::Dim, &format!("{} (`--verbose` says why)", what.join(", ")))
}

/// How the run ended.
pub(super) fn summary(page: &Page<'_>, record_path: Option<&str>) -> Vec<String> {
    let tally = page.tally;
    let carried = match carried(page.record) {
        0 => String::new(),
        cases => format!(" ({cases} carried over)"),
    };
    let mut counted = vec![(Ink::Bold, format!("{} measured{carried}", tally.measured))];
    if tally.failed > 0 {
        counted.push((Ink::Red, format!("{} failed", tally.failed)));
    }
    if tally.skipped > 0 {
        counted.push((Ink::Plain, format!("{} skipped", tally.skipped)));
    }
    let took = match wall_time(page.record.run.duration_ns) {
        unknown if unknown == UNKNOWN => String::new(),
        time => format!(" in {time}"),
    };
    let interrupted = if page.record.run.interrupted { ", interrupted" } else { "" };
    let (mut summary, mut taken) = (String::new(), took.len() + interrupted.len());
    for (at, (ink, text)) in counted.iter().enumerate() {
        let separator = if at == 0 { "" } else { ", " };
        taken += separator.len() + text.len();
        summary.push_str(separator);
        summary.push_str(&page.palette.paint(*ink, text));
    }
    summary.push_str(&took);
    summary.push_str(&page.palette.paint(Ink::Yellow, interrupted));
    match record_path.map(|path| format!("record: {}", plain(path))) {
        None => vec![summary],
        Some(path) if taken + 3 + width(&path) <= page.width => vec![format!("{summary} · {path}")],
        Some(path) => vec![summary, path],
    }
}

/// Remarks with the cases they hold for, unless those are all that were measured.
fn about(page: &Page<'_>, remarks: &[Remark<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for Remark { text, cases } in remarks {
        let all = cases.len() == page.tally.measured;
        lines.extend(match all && cases.len() > 1 {
            true => indented(page, 1, Ink::Plain, &format!("{text} (every case)")),
            false if all => indented(page, 1, Ink::Plain, text),
            false => remark(page, text, cases),
        });
    }
    lines
}

fn remark(page: &Page<'_>, text: &str, cases: &[&str]) -> Vec<String> {
    let mut lines = indented(page, 1, Ink::Plain, text);
    let most = if page.verbose { usize::MAX } else { LINES_OF_NAMES };
    for line in list(cases, page.width - 4, most) {
        lines.push(format!("    {}", page.palette.paint(Ink::Dim, &line)));
    }
    lines
}

/// A wrapped text, so many steps from the left.
fn indented(page: &Page<'_>, steps: usize, ink: Ink, text: &str) -> Vec<String> {
    let indent = "  ".repeat(steps);
    let mut lines = wrap(text, page.width - indent.len());
    for line in &mut lines {
        *line = format!("{indent}{}", page.palette.paint(ink, line));
    }
    lines
}

fn titled(page: &Page<'_>, title: &str, mut lines: Vec<String>) -> Vec<String> {
    if !lines.is_empty() {
        lines.insert(0, page.palette.paint(Ink::Bold, title));
    }
    lines
}
