//! criterion's folder: each benchmark has one of its own, somewhere below, and in it a folder for each baseline.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::document::Node;
use super::figures::{Figures, Samples};
use super::identity::Names;
use super::source::{Source, text};
use super::{Found, ImportError, Tool};
use crate::record::model::Outcome;
use crate::stats::Estimate;

/// Deeper than any id of criterion leads.
const DEPTH: usize = 16;

/// Reads the benchmarks that have that baseline.
pub(super) fn read(source: &Source, baseline: &str, target: &str) -> Result<Found, ImportError> {
    if source.text().is_ok() {
        return Err(source.wrong("", "it is a file; criterion's results are the folder `target/criterion`".to_owned()));
    }
    let (mut folders, mut others) = (Vec::new(), Vec::new());
    find(source.path(), DEPTH, baseline, &mut folders, &mut others)?;
    if folders.is_empty() && !others.is_empty() {
        others.sort();
        others.dedup();
        let problem = format!("no benchmark in it has the baseline `{baseline}`; there is: {}", others.join(", "));
        return Err(source.wrong("", problem));
    }
    let mut found = Found::default();
    let mut written = None;
    for folder in folders {
        written = written.max(fs::metadata(folder.join("estimates.json")).and_then(|about| about.modified()).ok());
        found.cases.push(benchmark(&folder, target)?);
    }
    found.started_at = written.map(|at| humantime::format_rfc3339_seconds(at).to_string());
    Ok(found)
}

/// The folders of the baseline below this one, and the names of other baselines. Links are not followed.
fn find(
    folder: &Path,
    depth: usize,
    baseline: &str,
    found: &mut Vec<PathBuf>,
    others: &mut Vec<String>,
) -> Result<(), ImportError> {
    let failed = |source| ImportError::Read { path: folder.into(), source };
    let mut below = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            below.push(entry.path());
        }
    }
    below.sort();
    for path in below {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !path.join("benchmark.json").is_file() {
            if depth > 0 {
                find(&path, depth - 1, baseline, found, others)?;
            }
        } else if name == baseline {
            found.push(path);
        } else {
            others.push(name);
        }
    }
    Ok(())
}

fn benchmark(folder: &Path, target: &str) -> Result<(Names, Outcome), ImportError> {
    let [about, estimates, sample] = ["benchmark.json", "estimates.json", "sample.json"].map(|name| folder.join(name));
    let mut notes = Vec::new();
    let samples = match sample.is_file() {
        true => Some(samples(&Node::root(&sample, &json(&sample)?), &mut notes)?),
        false => None,
    };
    let (about_json, estimates_json) = (json(&about)?, json(&estimates)?);
    let (about, estimates) = (Node::root(&about, &about_json), Node::root(&estimates, &estimates_json));
    let figures = Figures {
        median: Some(estimate(&estimates.need("median")?)?),
        mean: Some(estimate(&estimates.need("mean")?)?),
        standard_deviation: Some(estimate(&estimates.need("std_dev")?)?.value),
        samples,
        amounts: about.get("throughput").map_or(Ok(Vec::new()), |throughput| amounts(&throughput))?,
        notes,
        ..Figures::default()
    };
    Ok((names(&about, target)?, figures.outcome(Tool::Criterion.name())))
}

fn json(path: &Path) -> Result<Value, ImportError> {
    serde_json::from_str(&text(path)?).map_err(|source| ImportError::NoJson {
        path: path.into(),
        line: source.line(),
        source,
    })
}

/// criterion's `full_id` is one of ours if we have exported it; else its parts become the parts of ours.
fn names(about: &Node<'_>, target: &str) -> Result<Names, ImportError> {
    if let Some(ours) = about.optional_text("full_id")?.and_then(Names::of_id) {
        return Ok(ours);
    }
    let group = about.need("group_id")?.text()?;
    let (function, value) = (about.optional_text("function_id")?, about.optional_text("value_str")?);
    let point: Vec<(&str, &str)> = value.iter().map(|value| ("parameter", *value)).collect();
    Ok(match function {
        Some(function) => Names::new(group, function, &point, "cpu"),
        None => Names::new(target, group, &point, "cpu"),
    })
}

fn estimate(node: &Node<'_>) -> Result<Estimate, ImportError> {
    let interval = node.need("confidence_interval")?;
    let (lower, upper) = (interval.need("lower_bound")?.number()?, interval.need("upper_bound")?.number()?);
    Ok(Estimate {
        value: node.need("point_estimate")?.amount()?,
        lower,
        // What an export of ours writes for an end that the data do not bound.
        upper: if upper == f64::MAX { f64::INFINITY } else { upper },
        level: interval.need("confidence_level")?.number()?,
    })
}

/// The samples. Where each has iterations of its own, as criterion's linear sampling has it, they become times of one
/// iteration.
fn samples(node: &Node<'_>, notes: &mut Vec<String>) -> Result<Samples, ImportError> {
    let (iterations, times) = (node.need("iters")?, node.need("times")?);
    let (counts, mut times_ns) = (iterations.amounts()?, times.amounts()?);
    if counts.len() != times_ns.len() {
        let problem = format!("there are {} of them, and {} `iters`", times_ns.len(), counts.len());
        return Err(times.wrong(problem));
    }
    if counts.iter().any(|count| *count < 1.0 || count.fract() != 0.0) {
        return Err(iterations.wrong("an entry is no whole number from 1 on".to_owned()));
    }
    let Some(&first) = counts.first() else { return Err(times.wrong("there are none".to_owned())) };
    if counts.iter().all(|count| *count == first) {
        return Ok(Samples { iterations: first as u64, times_ns });
    }
    for (time, count) in times_ns.iter_mut().zip(counts) {
        *time /= count;
    }
    notes.push("each sample had its own number of iterations; they are kept as times of one".to_owned());
    Ok(Samples { iterations: 1, times_ns })
}

/// criterion's `{"Bytes":4096}` and the like.
fn amounts(throughput: &Node<'_>) -> Result<Vec<(String, f64)>, ImportError> {
    let mut amounts = Vec::new();
    for (kind, name, scale) in [
        ("Bytes", "bytes", 1.0),
        ("BytesDecimal", "bytes", 1.0),
        ("Bits", "bytes", 1.0 / 8.0),
        ("Elements", "items", 1.0),
    ] {
        if let Some(amount) = throughput.get(kind) {
            amounts.push((name.to_owned(), amount.amount()? * scale));
        }
    }
    if let Some(both) = throughput.get("ElementsAndBytes") {
        amounts.push(("items".to_owned(), both.need("elements")?.amount()?));
        amounts.push(("bytes".to_owned(), both.need("bytes")?.amount()?));
    }
    Ok(amounts)
}
