//! `history prune`.

use std::collections::HashSet;
use std::fs;
use std::io;

use clap::{ArgGroup, Args};

use super::chosen::{start, warn};
use crate::companion::Ended;
use crate::companion::error::CommandError;
use crate::companion::place::Place;
use crate::harness::print;
use crate::record::history::{Filter, History, Keep, Retention, prune};
use crate::record::{Store, StoreError};

/// Removes old runs. Baselines, journals and the latest run of each bench target always stay.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("rule").required(true))]
pub(super) struct Arguments {
    /// Keep the newest N runs of each bench target.
    #[arg(long, value_name = "N", group = "rule")]
    keep: Option<usize>,
    /// Remove what is older than this, such as 90d, or than a date.
    #[arg(long, value_name = "AGE", group = "rule")]
    older_than: Option<String>,
    /// Keep also the runs that baselines are copies of.
    #[arg(long)]
    keep_baselines: bool,
    /// Say what would be removed, and remove nothing.
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Remove it; without this, what would be removed is said and the command refused.
    #[arg(long)]
    yes: bool,
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let keep = match (&arguments.older_than, arguments.keep) {
        (Some(age), _) => Keep::Since(start(age)?),
        (None, count) => Keep::Newest(count.unwrap_or(1)),
    };
    let mut history = History::of(&place.store)?;
    warn(&history.synchronise(&place.store)?);
    let protected = if arguments.keep_baselines { kept_as_baselines(&place.store)? } else { HashSet::new() };
    let retention = prune(&history.runs(&Filter::default())?, &keep, &protected);
    print(&told(&retention, arguments.yes))?;
    if retention.removed.is_empty() || arguments.dry_run {
        return Ok(Ended::Well);
    }
    if !arguments.yes {
        return Err(CommandError::refused("nothing was removed; `--yes` removes it"));
    }
    for id in &retention.removed {
        let path = place.store.home().join("runs").join(format!("{id}.json"));
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(StoreError::Write { path, source }.into());
            }
            _ => {}
        }
    }
    history.synchronise(&place.store)?;
    Ok(Ended::Well)
}

/// The ids of the runs that the store's baselines are copies of.
fn kept_as_baselines(store: &Store) -> Result<HashSet<String>, CommandError> {
    let mut ids = HashSet::new();
    let folders = fs::read_dir(store.home().join("baselines")).into_iter().flatten().flatten();
    for folder in folders {
        for file in store.baseline_files(&folder.file_name().to_string_lossy()) {
            // One that cannot be read may be a copy of anything, so nothing is removed.
            ids.insert(Store::read(&file)?.run.id);
        }
    }
    Ok(ids)
}

fn told(retention: &Retention, yes: bool) -> String {
    let mut text = String::new();
    let verb = if yes { "removed" } else { "to be removed" };
    for (ids, what) in [
        (&retention.latest, "stays, the latest of its target"),
        (&retention.baselines, "stays, kept as a baseline"),
        (&retention.removed, verb),
    ] {
        for id in ids {
            text.push_str(&format!("{id}  {what}\n"));
        }
    }
    let count = retention.removed.len();
    text.push_str(&format!("{count} run{} {verb}\n", if count == 1 { "" } else { "s" }));
    text
}
