//! Asking an executable what it has to measure.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::time::Duration;

use super::{Executable, LockStep, LockStepError, Side};
use crate::compare::BenchTarget;
use crate::harness::args::DESCRIBE;
use crate::harness::describing::Description;
use crate::harness::process::{NoReply, WorkerCommand, WorkerProcess};
use crate::harness::protocol::{PROTOCOL, unmarked};
use crate::measure::{Failure, FailureKind};
use crate::record::from_json;

/// How long an executable may take to tell its cases.
const PATIENCE: Duration = Duration::from_secs(10);

/// A case that could be measured.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its bench target.
    pub target: BenchTarget,
    /// Its id.
    pub id: String,
    /// Its settings as texts.
    pub settings: BTreeMap<String, String>,
    /// The compiler that built it.
    pub rustc: String,
}

/// The cases of a side that are chosen and not skipped.
///
/// # Errors
/// If an executable is no bench target.
pub fn cases_of(side: &Side, lock_step: &LockStep<'_>) -> Result<Vec<Case>, LockStepError> {
    let mut cases = Vec::new();
    for executable in &side.executables {
        let told = ask(executable, lock_step)?;
        let target = told.bench_target();
        let rustc = told.toolchain.rustc;
        let measurable = told.cases.into_iter().filter(|case| case.skipped.is_none());
        cases.extend(measurable.map(|case| Case {
            target: target.clone(),
            id: case.id,
            settings: case.settings.into_iter().collect(),
            rustc: rustc.clone(),
        }));
    }
    if cases.is_empty() {
        return Err(LockStepError::NothingInCommon(format!(
            "`{}` has no case that can be measured; do the filters match?",
            side.name
        )));
    }
    Ok(cases)
}

impl Description {
    /// The bench target that told it.
    pub(super) fn bench_target(&self) -> BenchTarget {
        BenchTarget { package: Some(self.package.clone()).filter(|name| !name.is_empty()), name: self.target.clone() }
    }
}

/// Asks an executable what it has to measure.
///
/// # Errors
/// If it is no bench target of bitnet-bench, or one that this program cannot measure.
pub(super) fn ask(executable: &Executable, lock_step: &LockStep<'_>) -> Result<Description, LockStepError> {
    let no_target = |reason: String| LockStepError::NoBenchTarget { path: executable.path.clone(), reason };
    let flags = [format!("--{DESCRIBE}"), "--bench".to_owned()];
    let arguments = flags.iter().chain(&lock_step.arguments);
    let command = WorkerCommand {
        words: words(executable, lock_step, arguments.map(Into::into)),
        variable: None,
        folder: executable.folder.clone(),
        nocapture: false,
    };
    let mut process = WorkerProcess::start(&command).map_err(|error| no_target(cannot_start(&error)))?;
    match process.hear(PATIENCE) {
        Ok(line) => read(executable, unmarked(&line).unwrap_or_default()),
        Err(NoReply::Interrupted) => Err(LockStepError::Interrupted),
        Err(NoReply::Failed(failure)) => Err(refusal(executable, failure)),
    }
}

/// The words that start an executable: the runner's, itself, and its arguments.
pub(super) fn words(
    executable: &Executable,
    lock_step: &LockStep<'_>,
    arguments: impl Iterator<Item = OsString>,
) -> Vec<OsString> {
    // A command's relative path would be looked for in the folder that it runs in, or in $PATH.
    let path = std::path::absolute(&executable.path).unwrap_or_else(|_| executable.path.clone());
    lock_step.options.runner.iter().map(Into::into).chain([path.into()]).chain(arguments).collect()
}

/// Reads a description; the protocol's version first, since the rest may read differently in another one.
fn read(executable: &Executable, json: &str) -> Result<Description, LockStepError> {
    let value: serde_json::Value = from_json(json).unwrap_or_default();
    let protocol = value.get("protocol").and_then(serde_json::Value::as_u64);
    let other = |reason: String| LockStepError::OtherVersion { path: executable.path.clone(), reason };
    match protocol {
        Some(spoken) if spoken == u64::from(PROTOCOL) => serde_json::from_value(value)
            .map_err(|error| other(format!("tells of its cases in a way that cannot be read: {error}"))),
        Some(spoken) => Err(other(format!(
            "was built with bitnet-bench {}, whose workers speak version {spoken} of the protocol, and this program \
             speaks version {PROTOCOL}: build both sides and `cargo bitnet-bench` with the same bitnet-bench",
            value.get("version").and_then(serde_json::Value::as_str).unwrap_or("of another version"),
        ))),
        None => Err(other("tells of its cases in a way that cannot be read".to_owned())),
    }
}

fn cannot_start(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "it cannot be executed; is it a program?".to_owned(),
        _ => format!("it cannot be started: {error}"),
    }
}

/// What an executable did that did not tell its cases.
fn refusal(executable: &Executable, failure: Failure) -> LockStepError {
    let path = executable.path.clone();
    let said = failure.output.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    if said.starts_with(&format!("error: there is no flag --{DESCRIBE}")) {
        let reason = "is a bench target of a bitnet-bench that cannot be measured in lock-step yet: choose a revision \
                      that was built with a newer one"
            .to_owned();
        return LockStepError::OtherVersion { path, reason };
    }
    let did = match failure.kind {
        FailureKind::TimedOut => {
            format!("it did not tell its cases within {}", humantime::format_duration(PATIENCE))
        }
        _ => format!("asked for its cases, it {}", failure.message),
    };
    let said = if said.is_empty() { String::new() } else { format!(", and said: {said}") };
    LockStepError::NoBenchTarget { path, reason: format!("{did}{said}") }
}
