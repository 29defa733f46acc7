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

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::remarks;
use crate::host::{Finding, Host, Stated};
use crate::record::{CaseRecord, Configured, Git, Record, RunInfo, SCHEMA_VERSION, Toolchain};

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
    /// The run was written by a newer bitnet-bench.
    #[error("line {line}: the run has schema version {found}; this bitnet-bench reads up to {SCHEMA_VERSION}")]
    Newer {
        /// The line, from 1.
        line: usize,
        /// Its version.
        found: u32,
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

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Run(Box<Head<'a>>),
    Case {
        run: Cow<'a, str>,
        #[serde(flatten)]
        case: Box<Cow<'a, CaseRecord>>,
    },
    End {
        run: Cow<'a, str>,
        #[serde(flatten)]
        tally: remarks::Tally,
    },
}

/// A record without its cases.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    schema_version: u32,
    run: Cow<'a, RunInfo>,
    host: Cow<'a, Host>,
    toolchain: Cow<'a, Toolchain>,
    git: Cow<'a, Stated<Git>>,
    findings: Cow<'a, [Finding]>,
    configuration: Cow<'a, BTreeMap<String, Configured>>,
}

impl Head<'_> {
    fn into_record(self) -> Record {
        Record {
            schema_version: self.schema_version,
            run: self.run.into_owned(),
            host: self.host.into_owned(),
            toolchain: self.toolchain.into_owned(),
            git: self.git.into_owned(),
            findings: self.findings.into_owned(),
            configuration: self.configuration.into_owned(),
            cases: Vec::new(),
        }
    }
}

/// The run as JSON lines, each with its line feed.
///
/// # Errors
/// If a value of the record cannot be written as JSON.
pub fn render(record: &Record) -> Result<String, serde_json::Error> {
    let Record { schema_version, run, host, toolchain, git, findings, configuration, cases } = record;
    let head = Head {
        schema_version: *schema_version,
        run: Cow::Borrowed(run),
        host: Cow::Borrowed(host),
        toolchain: Cow::Borrowed(toolchain),
        git: Cow::Borrowed(git),
        findings: Cow::Borrowed(findings),
        configuration: Cow::Borrowed(configuration),
    };
    let id = || Cow::Borrowed(run.id.as_str());
    let cases = cases.iter().map(|case| Line::Case { run: id(), case: Box::new(Cow::Borrowed(case)) });
    let end = Line::End { run: id(), tally: remarks::tally(record) };
    let mut text = String::new();
    for line in [Line::Run(Box::new(head))].into_iter().chain(cases).chain([end]) {
        text.push_str(&serde_json::to_string(&line)?);
        text.push('\n');
    }
    Ok(text)
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
        let stray = |run: &str| LinesError::Stray { line, run: run.to_owned() };
        match serde_json::from_str(text).map_err(|source| LinesError::Malformed { line, source })? {
            Line::Run(head) if head.schema_version > SCHEMA_VERSION => {
                return Err(LinesError::Newer { line, found: head.schema_version });
            }
            Line::Run(head) => {
                let record = head.into_record();
                open.insert(record.run.id.clone(), record);
            }
            Line::Case { run, case } => {
                open.get_mut(&*run).ok_or_else(|| stray(&run))?.cases.push(case.into_owned());
            }
            Line::End { run, tally } => {
                let record = open.remove(&*run).ok_or_else(|| stray(&run))?;
                if remarks::tally(&record) != tally {
                    return Err(LinesError::Incomplete { run: run.into_owned() });
                }
                whole.push(record);
            }
        }
    }
    match open.into_keys().next() {
        Some(run) => Err(LinesError::Incomplete { run }),
        None => Ok(whole),
    }
}
