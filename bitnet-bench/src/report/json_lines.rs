//! A run as JSON lines, so that the outputs of several bench targets can be concatenated and still
//! be told apart.
//!
//! ```text
//! {"type":"run","schema_version":1,"run":{"id":"20261123T143000Z-gemv-1",…},"host":{…},…}
//! {"type":"case","run":"20261123T143000Z-gemv-1","id":"gemv/ternary[size=2560]@cpu",…}
//! {"type":"end","run":"20261123T143000Z-gemv-1","measured":12,"failed":1,"skipped":3}
//! ```
//!
//! The `run` line is the record without its cases, each `case` line is one of them, and the `end`
//! line says that none is missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::remarks;
use crate::host::{Finding, Host, Stated};
use crate::record::{Configured, Git, Record, RunInfo, SCHEMA_VERSION, Toolchain, from_json};

/// Why JSON lines could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LinesError {
    /// A line is not one of the three kinds.
    #[error("line {line} is not a line of a run: {source}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A line is an object of another type, or of none.
    #[error("line {line} is not a line of a run: its `type` is none of `run`, `case` and `end`")]
    Unknown {
        /// The line, from 1.
        line: usize,
    },
    /// The run was written by a newer bitnet-bench.
    #[error("line {line}: the run has schema version {found}; this bitnet-bench reads up to {SCHEMA_VERSION}")]
    Newer {
        /// The line, from 1.
        line: usize,
        /// Its version.
        found: u64,
    },
    /// A line belongs to a run of which there was no `run` line, or whose `end` line was before.
    #[error("line {line} belongs to the run `{run}`, which has not begun or has ended")]
    Stray {
        /// The line, from 1.
        line: usize,
        /// The run's id.
        run: String,
    },
    /// A run has no `end` line, or that line counts other cases than there are: lines are missing.
    #[error("the run `{run}` is not whole: lines are missing")]
    Incomplete {
        /// The run's id.
        run: String,
    },
}

/// A record without its cases.
#[derive(Serialize)]
struct Head<'a> {
    schema_version: u32,
    run: &'a RunInfo,
    host: &'a Host,
    toolchain: &'a Toolchain,
    git: &'a Stated<Git>,
    findings: &'a [Finding],
    configuration: &'a BTreeMap<String, Configured>,
}

/// The run as JSON lines, each with its line feed.
///
/// # Errors
/// If a value of the record cannot be written as JSON.
pub fn render(record: &Record) -> Result<String, serde_json::Error> {
    let Record { schema_version, run, host, toolchain, git, findings, configuration, cases } = record;
    let head = Head { schema_version: *schema_version, run, host, toolchain, git, findings, configuration };
    let id = serde_json::to_string(&run.id)?;
    let mut text = String::new();
    add(&mut text, "\"type\":\"run\"", &serde_json::to_string(&head)?);
    for case in cases {
        add(&mut text, &format!("\"type\":\"case\",\"run\":{id}"), &serde_json::to_string(case)?);
    }
    let tally = serde_json::to_string(&remarks::tally(record))?;
    add(&mut text, &format!("\"type\":\"end\",\"run\":{id}"), &tally);
    Ok(text)
}

/// Adds a line: an object with further members in front of its own.
fn add(text: &mut String, members: &str, object: &str) {
    text.push('{');
    text.push_str(members);
    text.push(',');
    text.push_str(object.trim_start_matches('{'));
    text.push('\n');
}

/// What a line is, before it is read as that.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: Option<String>,
    schema_version: Option<u64>,
    /// The run's head in a `run` line, its id in the others.
    run: Option<Belongs>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Belongs {
    To(String),
    Head { id: String },
}

/// Reads what [`render`] wrote, of one run or of several, in the order in which they end; empty
/// lines are passed over.
///
/// # Errors
/// If a line is malformed or of a newer version, belongs to no run, or a run is not whole.
pub fn read(text: &str) -> Result<Vec<Record>, LinesError> {
    let (mut open, mut whole) = (BTreeMap::<String, Record>::new(), Vec::new());
    for (at, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let line = at + 1;
        let malformed = |source| LinesError::Malformed { line, source };
        let stray = |run: &str| LinesError::Stray { line, run: run.to_owned() };
        let Line { kind, schema_version, run } = from_json(text).map_err(malformed)?;
        let run = run.map_or_else(String::new, |run| match run {
            Belongs::To(id) | Belongs::Head { id } => id,
        });
        match kind.as_deref() {
            Some("run") => {
                let found = schema_version.unwrap_or(0);
                if found > u64::from(SCHEMA_VERSION) {
                    return Err(LinesError::Newer { line, found });
                }
                let without_cases = text.trim_start().trim_start_matches('{');
                let record = from_json(&format!("{{\"cases\":[],{without_cases}")).map_err(malformed)?;
                open.insert(run, record);
            }
            Some("case") => {
                let record = open.get_mut(&run).ok_or_else(|| stray(&run))?;
                record.cases.push(from_json(text).map_err(malformed)?);
            }
            Some("end") => {
                let record = open.remove(&run).ok_or_else(|| stray(&run))?;
                let tally: remarks::Tally = from_json(text).map_err(malformed)?;
                if remarks::tally(&record) != tally {
                    return Err(LinesError::Incomplete { run });
                }
                whole.push(record);
            }
            _ => return Err(LinesError::Unknown { line }),
        }
    }
    match open.into_keys().next() {
        Some(run) => Err(LinesError::Incomplete { run }),
        None => Ok(whole),
    }
}
