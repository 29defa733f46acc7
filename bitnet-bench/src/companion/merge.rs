//! `merge RUN…`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::error::CommandError;
use super::place::Place;
use super::{Ended, runs};
use crate::harness::print;
use crate::record::{Named, Outcome, Record, Store, merge, write_atomically};
use crate::report::documents;

/// Joins the parts of a run that `cargo bench -- --shard K/N` has measured apart, on one machine or on many of a kind.
#[derive(Debug, Args)]
#[command(after_help = help())]
pub(super) struct Arguments {
    /// The parts: records, JSON lines that `--output-format json` printed, or runs of the store.
    #[arg(value_name = "RUN", required = true)]
    parts: Vec<String>,
    /// Write the merged record there as well.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep the merged run as a baseline.
    #[arg(long, value_name = "NAME")]
    save_baseline: Option<String>,
    /// Merge even if shards are missing or were interrupted; the merged run counts as interrupted.
    #[arg(long, conflicts_with = "save_baseline")]
    partial: bool,
}

fn help() -> String {
    format!(
        "\
{}

All parts must be there, of one split, of one commit, compiler and settings, and
measured on machines with one machine key. Bench targets are merged apart. The
merged run is kept in the store; merging the same parts again gives the same run.

Examples:
  cargo bitnet-bench merge parts/*.jsonl --save-baseline main
  cargo bitnet-bench merge shard-1.json shard-2.json -o whole.json

docs/sharding.md has recipes for Slurm, GitHub Actions, GitLab and Kubernetes.
Exit codes: 0 merged, 1 merged and a case has failed, 2 the parts do not fit.",
        runs::HELP
    )
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    if let Some(name) = &arguments.save_baseline {
        Store::check_name(name)?;
    }
    let mut parts = Vec::new();
    for name in &arguments.parts {
        parts.extend(named(name, &place.store)?);
    }
    let merged = merge(parts, arguments.partial).map_err(|error| CommandError::refused(error.to_string()))?;
    write(arguments, &merged)?;
    for record in &merged {
        let path = place.store.save(record)?;
        if let Some(name) = &arguments.save_baseline {
            place.store.save_baseline(name, record)?;
        }
        print(&account(record, &path))?;
    }
    let failed = |record: &Record| record.cases.iter().any(|case| matches!(case.outcome, Outcome::Failed { .. }));
    Ok(if merged.iter().any(failed) { Ended::CaseFailed } else { Ended::Well })
}

/// The runs that a name stands for, each with what it is to be called.
fn named(name: &str, store: &Store) -> Result<Vec<Named>, CommandError> {
    let path = Path::new(name);
    let records = match path.is_file() {
        true => documents::read(path)?,
        false => runs::named(name, store)?,
    };
    if records.is_empty() {
        return Err(CommandError::refused(format!("{name} holds no run: it is empty")));
    }
    let several = records.len() > 1;
    let call = |record: &Record| if several { format!("{name} ({})", record.run.id) } else { name.to_owned() };
    Ok(records.into_iter().map(|record| Named { name: call(&record), record }).collect())
}

/// Writes the merged record where it was asked for.
fn write(arguments: &Arguments, merged: &[Record]) -> Result<(), CommandError> {
    let Some(path) = &arguments.output else { return Ok(()) };
    let [record] = merged else {
        let targets: Vec<&str> = merged.iter().map(|record| record.run.target.as_str()).collect();
        return Err(CommandError::refused(format!(
            "--output takes one record, and these parts are of {} bench targets ({}): merge each by itself, or take \
             the merged runs from the store",
            targets.len(),
            targets.join(", ")
        )));
    };
    let content = serde_json::to_vec(record).map_err(std::io::Error::from);
    let written = content.and_then(|content| write_atomically(path, &content));
    written.map_err(|error| CommandError::refused(format!("{} cannot be written: {error}", path.display())))
}

/// What was joined, and how even the parts were.
fn account(record: &Record, path: &Path) -> String {
    let run = &record.run;
    let of = run.parts.first().map_or(0, |part| part.of);
    let seconds = |nanoseconds: f64| format!("{:.1} s", nanoseconds / 1e9);
    let durations = || run.parts.iter().map(|part| part.duration_ns);
    let longest = durations().fold(0.0, f64::max);
    let shortest = durations().fold(f64::INFINITY, f64::min);
    let plural = if record.cases.len() == 1 { "" } else { "s" };
    let whole = if run.interrupted { ", not whole" } else { "" };
    format!(
        "{}: {} of {of} shards, {} case{plural}{whole}\n  {} in all; the shortest part took {}, the longest {}\n  \
         run {}\n  record: {}\n",
        run.target,
        run.parts.len(),
        record.cases.len(),
        seconds(run.duration_ns),
        seconds(shortest),
        seconds(longest),
        run.id,
        path.display()
    )
}
