//! What parent and worker say to each other: one JSON document a line.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::measure::{Batching, Failure, Mode};
use crate::record::{LaunchRecord, from_json};

/// The version of what is said. Parent and worker of one run are one executable; the two sides of a
/// comparison need not be, and this number says whether they understand each other.
pub(super) const PROTOCOL: u32 = 1;

/// What the parent asks of a worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Request {
    /// Who the worker is; the first request.
    Begin {
        /// The launch that this worker is, from 0.
        launch: u32,
        /// Cores to pin to, the worker's own first; empty leaves it unpinned.
        cores: Vec<usize>,
        /// Why it is left unpinned.
        unpinned: Option<String>,
        /// Bytes that the worker may hold, at most.
        memory_limit: Option<u64>,
        /// Whether counters are read.
        counters: bool,
        /// The configuration file, which axes may read.
        config: Option<PathBuf>,
        /// The flags of the bench target's own.
        flags: Vec<(String, String)>,
    },
    /// Run a case.
    Run {
        /// The case's id.
        case: String,
        /// What for.
        turn: Turn,
        /// Its settings as texts.
        settings: Vec<(String, String)>,
    },
    /// Take so many samples of the case that is run at the parent's pace.
    Turn {
        /// How many.
        samples: u32,
    },
    /// Take no further ones, and answer with what was measured.
    Finish,
    /// Say which shared libraries are loaded.
    Libraries,
}

/// A case's turn in a launch.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Turn {
    /// What the case is run for.
    pub(super) mode: Mode,
    /// Its place in the launch's order.
    pub(super) position: u32,
    /// How iterations are batched, if an earlier launch has settled that.
    pub(super) batching: Option<Batching>,
    /// Whether the parent says when samples are taken.
    #[serde(default)]
    pub(super) paced: bool,
}

/// What a worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reply {
    /// The worker is up.
    Ready {
        /// The version of bitnet-bench that it was built with.
        version: String,
    },
    /// The case is warm, or its turn is over.
    Turn {
        /// How iterations are batched.
        batching: Batching,
        /// The samples that the turn took, in nanoseconds; none when the case has just become warm.
        samples_ns: Vec<f64>,
        /// The time of the turn, with what was done beside the iterations, in nanoseconds.
        total_ns: f64,
    },
    /// The case was tested.
    Tested,
    /// The case was measured.
    Measured(Box<LaunchRecord>),
    /// The case failed.
    Failed(Failure),
    /// The shared libraries that are loaded, or why that is not known.
    Libraries(Result<Vec<String>, String>),
}

/// Begins every line of a worker. What a subject prints itself reaches the parent only where its
/// output could not be kept apart, and is told from an answer by this mark.
const MARK: &str = "\u{1}bitnet-bench:";

/// What a worker writes to standard error before each case: output before it is of the cases before.
pub(super) const NEXT_CASE: &str = "\u{1}bitnet-bench: next case";

/// A marked line, which begins anew whatever was printed before it.
///
/// # Errors
/// If the value cannot be written as JSON.
pub(super) fn marked(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(format!("\n{MARK}{}\n", serde_json::to_string(value)?))
}

/// The JSON of a marked line.
pub(super) fn unmarked(line: &str) -> Option<&str> {
    line.strip_prefix(MARK)
}

impl Reply {
    /// The reply as a line.
    pub(super) fn to_line(&self) -> serde_json::Result<String> {
        marked(self)
    }

    /// Whether a line is a reply.
    pub(super) fn is_line(line: &str) -> bool {
        unmarked(line).is_some()
    }

    /// Reads a reply.
    ///
    /// # Errors
    /// If the line is none.
    pub(super) fn from_line(line: &str) -> serde_json::Result<Self> {
        from_json(unmarked(line).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::FailureKind;

    #[test]
    fn replies_are_told_from_what_a_subject_prints() {
        let reply = Reply::Failed(Failure::new(FailureKind::Panicked, "line one\nline two"));
        let line = format!("garbage without an end{}", reply.to_line().expect("a reply can be written"));
        let replies: Vec<_> = line.lines().filter_map(|line| Reply::from_line(line).ok()).collect();
        assert!(matches!(&replies[..], [Reply::Failed(failure)] if failure.message.contains("two")));
        assert!(Reply::from_line("{\"tested\":null}").is_err());
    }
}
