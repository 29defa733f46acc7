//! Several runs of one program: what a worker of a later run gets from the earlier ones.
//!
//! A worker is the program started anew, so it comes by every earlier [`Suite::run`](super::Suite::run)
//! before that which it belongs to. There it must not serve: it gets what its parent got, read from the
//! store, and goes on as its parent did.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Tells a program, whose arguments are its own, that it was started as a worker; holds the runs that
/// were made before the one that it belongs to.
pub(super) const VARIABLE: &str = "_BITNET_BENCH_WORKER";

/// A run that is over: where its record is, or why it could not be made.
pub(super) type Over = Result<PathBuf, String>;

static OVER: Mutex<Vec<Over>> = Mutex::new(Vec::new());

/// What a call is to do.
pub(super) enum Part {
    /// Make the run.
    Parent,
    /// Serve the parent.
    Worker,
    /// Give back what the parent got.
    Passing(Over),
}

/// The part of the call that is made now, in this process.
pub(super) fn part() -> Part {
    let Some(told) = std::env::var_os(VARIABLE) else { return Part::Parent };
    let runs: Vec<Over> = serde_json::from_str(&told.to_string_lossy()).unwrap_or_default();
    let mut over = OVER.lock().unwrap_or_else(PoisonError::into_inner);
    match runs.into_iter().nth(over.len()) {
        Some(run) => {
            over.push(run.clone());
            Part::Passing(run)
        }
        None => Part::Worker,
    }
}

/// What the workers of the next run are told.
///
/// # Errors
/// If the path of a record is not Unicode.
pub(super) fn told() -> serde_json::Result<String> {
    serde_json::to_string(&*OVER.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Remembers how a run ended.
pub(super) fn remember(run: Result<&Path, String>) {
    OVER.lock().unwrap_or_else(PoisonError::into_inner).push(run.map(Path::to_owned));
}
