//! The lines of Rust's own harness:
//!
//! ```text
//! test tests::bench_add ... bench:      37,174.25 ns/iter (+/- 7,527.50) = 55 MB/s
//! ```
//!
//! What stands behind `+/-` is the distance from the fastest sample to the slowest, and no interval.

use super::figures::{Figures, open};
use super::identity::Names;
use super::{Found, ImportError, Source, Tool};
use crate::escapes::unescape;
use crate::measure::{Failure, FailureKind};
use crate::record::model::Outcome;

const MEASURED: &str = "bench:";

/// Whether a text is one of libtest's: it has a line that tells of a benchmark.
pub(super) fn is_one(text: &str) -> bool {
    text.lines().any(|line| parts(line).is_some_and(|(_, result)| result.starts_with(MEASURED)))
}

/// Reads the benchmarks; what a test run or cargo prints between them is passed over.
pub(super) fn read(source: &Source, target: &str) -> Result<Found, ImportError> {
    let mut found = Found::default();
    for (at, line) in source.text()?.lines().enumerate() {
        let Some((name, result)) = parts(line) else { continue };
        let tool = Tool::Libtest.name();
        let outcome = if let Some(figures) = result.strip_prefix(MEASURED) {
            let read = figures_of(figures.trim()).ok_or_else(|| {
                source.wrong(&format!("line {}", at + 1), format!("`{figures}` is no `1,234.56 ns/iter (+/- 7.89)`"))
            });
            read?.outcome(tool)
        } else if result.starts_with("FAILED") {
            Outcome::Failed {
                failure: Failure::new(FailureKind::Died, "libtest says that it failed, and not why"),
                launch: 0,
                launches: Vec::new(),
            }
        } else if let Some(reason) = result.strip_prefix("ignored") {
            let reason = reason.trim_start_matches(',').trim();
            let reason = if reason.is_empty() { "it was ignored" } else { reason };
            Outcome::Skipped { reason: reason.to_owned() }
        } else {
            // `ok`: a test, which measures nothing.
            continue;
        };
        found.cases.push((names(name, target), outcome));
    }
    Ok(found)
}

/// The name and the result of a line `test NAME ... RESULT`.
fn parts(line: &str) -> Option<(&str, &str)> {
    let (name, result) = line.trim().strip_prefix("test ")?.rsplit_once(" ... ")?;
    let name = name.trim().trim_end_matches(" - should panic");
    (!name.is_empty()).then_some((name, result.trim()))
}

/// A path of Rust's is a benchmark in a module.
fn names(name: &str, target: &str) -> Names {
    match name.rsplit_once("::") {
        Some((module, name)) if !name.contains('@') => Names::new(&module.replace("::", "/"), name, &[], "cpu"),
        _ => Names::of_text(&unescape(name), target),
    }
}

/// `37,174.25 ns/iter (+/- 7,527.50) = 55 MB/s`, of which the last part may be missing.
fn figures_of(text: &str) -> Option<Figures> {
    let (value, rest) = text.split_once(" ns/iter (+/- ")?;
    let (spread, rest) = rest.split_once(')')?;
    let median = number(value)?;
    let spread = number(spread)?;
    let mut figures = Figures {
        median: Some(open(median)),
        notes: vec![format!("the samples lie up to {spread} ns apart")],
        ..Figures::default()
    };
    if let Some(rate) = rest.trim().strip_prefix('=') {
        // libtest rounds `bytes · 1000 ∕ ns` down to whole megabytes a second: the bytes are known as well as that.
        let megabytes = number(rate.trim().strip_suffix("MB/s")?.trim())?;
        figures.amounts.push(("bytes".to_owned(), (megabytes * median / 1e3).round()));
        figures.notes.push(format!("the bytes come from the {megabytes} MB/s that libtest rounded"));
    }
    Some(figures)
}

/// A number with commas between its digits.
fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let sound = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.'));
    sound.then(|| text.replace(',', "").parse().ok()).flatten()
}
