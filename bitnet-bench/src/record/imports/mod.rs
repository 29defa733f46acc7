//! Other tools' results as records, so that people can move over, and results of other languages sit in the same
//! report.
//!
//! | file | reads |
//! |---|---|
//! | `criterion` | the folder `target/criterion` |
//! | `libtest` | the lines of `cargo bench` with Rust's own harness |
//! | `google_benchmark` | `--benchmark_format=json` |
//! | `llama_bench` | `llama-bench -o json` and `-o jsonl` |
//! | `github_action` | the custom formats of github-action-benchmark |
//!
//! A tool's own estimates are kept to the last digit. Raw samples are kept where the format has them, as those of one
//! launch: what a tool repeats, it repeats within one process. Where it has none, there are no launches, and so
//! nothing that a comparison could be made from.

mod criterion;
mod document;
mod error;
mod figures;
pub(crate) mod github_action;
mod google_benchmark;
mod identity;
mod libtest;
mod llama_bench;
mod source;

use std::path::Path;

pub use error::ImportError;
use identity::Names;
pub use source::{STDIN, Source};

use super::model::{CaseRecord, Imported, Outcome, Record, RunInfo, SCHEMA_VERSION, Toolchain};
use crate::host::{Finding, Host, Stated};

/// A tool whose results can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// criterion.
    Criterion,
    /// Rust's own harness.
    Libtest,
    /// google/benchmark.
    GoogleBenchmark,
    /// llama.cpp's llama-bench.
    LlamaBench,
    /// github-action-benchmark.
    GithubAction,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Criterion, Self::Libtest, Self::GoogleBenchmark, Self::LlamaBench, Self::GithubAction];

    /// Its name, in records and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Criterion => "criterion",
            Self::Libtest => "libtest",
            Self::GoogleBenchmark => "google-benchmark",
            Self::LlamaBench => "llama-bench",
            Self::GithubAction => "github-action",
        }
    }
}

/// What to import, and as what.
#[derive(Clone, Debug)]
pub struct Request {
    /// The tool; `None` to tell it from the results.
    pub from: Option<Tool>,
    /// The bench target that the record is to be of; `None` for the tool's name.
    pub target: Option<String>,
    /// Of criterion's folder: which baseline. `new` is the last run.
    pub baseline: String,
    /// Whether it was measured on this machine, which no tool's results tell for certain.
    pub this_machine: bool,
}

/// What was read.
#[derive(Debug)]
pub struct Import {
    /// The record.
    pub record: Record,
    /// What of the results a record has no place for.
    pub passed_over: Vec<String>,
}

/// What a reader found.
#[derive(Debug, Default)]
struct Found {
    /// RFC 3339; `None` if the results do not tell.
    started_at: Option<String>,
    /// What they tell of the machine.
    machine: Machine,
    findings: Vec<Finding>,
    cases: Vec<(Names, Outcome)>,
    passed_over: Vec<String>,
}

/// What results tell of the machine that they were measured on.
#[derive(Debug, Default)]
struct Machine {
    cpu: Option<String>,
    logical_cores: Option<usize>,
    caches: Option<Vec<crate::host::Cache>>,
    /// Whatever tells machines apart, as far as the results tell.
    identity: Option<String>,
}

/// Reads another tool's results.
///
/// # Errors
/// If they cannot be read, are not of that tool, or hold no benchmark: what is wrong, and where.
pub fn import(path: &Path, request: &Request) -> Result<Import, ImportError> {
    let source = Source::open(path)?;
    let tool = request.from.map_or_else(|| source.tool(), Ok)?;
    let target = request.target.clone().unwrap_or_else(|| tool.name().to_owned());
    let found = match tool {
        Tool::Criterion => criterion::read(&source, &request.baseline, &target)?,
        Tool::Libtest => libtest::read(&source, &target)?,
        Tool::GoogleBenchmark => google_benchmark::read(&source, &target)?,
        Tool::LlamaBench => llama_bench::read(&source, &target)?,
        Tool::GithubAction => github_action::read(&source, &target)?,
    };
    if found.cases.is_empty() {
        return Err(source.wrong("", format!("there is no benchmark of {} in it", tool.name())));
    }
    Ok(found.into_import(tool, target, &source, request.this_machine))
}

impl Found {
    fn into_import(self, tool: Tool, target: String, source: &Source, this_machine: bool) -> Import {
        let unknown = format!("{}'s results do not tell", tool.name());
        let started_at = self.started_at.unwrap_or_else(|| source.written_at());
        let cases = cases(self.cases, source);
        let id = identity::run_id(&started_at, &target, &cases);
        let host = if this_machine { Host::describe() } else { self.machine.host(&unknown, &id) };
        let samples = cases.iter().filter_map(|case| match &case.outcome {
            Outcome::Measured(measured) => Some(measured.launches.iter().flat_map(|launch| &launch.samples_ns)),
            _ => None,
        });
        let run = RunInfo {
            id,
            target,
            package: None,
            harness_version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at,
            duration_ns: samples.flatten().sum(),
            arguments: Vec::new(),
            shuffle_seed: 0,
            in_process: true,
            runner: Vec::new(),
            executable: format!("unknown: {unknown}"),
            interrupted: false,
            resumed: false,
            shard: None,
            parts: Vec::new(),
            surroundings: None,
            imported: Some(Imported { tool: tool.name().to_owned(), source: source.shown() }),
        };
        let said = || format!("unknown: {unknown}");
        let toolchain = Toolchain {
            rustc: said(),
            target: said(),
            opt_level: said(),
            debug_assertions: false,
            profile: None,
            instruction_sets: Vec::new(),
        };
        let record = Record {
            schema_version: SCHEMA_VERSION,
            run,
            host,
            toolchain,
            git: Stated::Unknown(unknown),
            findings: self.findings,
            configuration: std::collections::BTreeMap::new(),
            cases,
        };
        Import { record, passed_over: self.passed_over }
    }
}

impl Machine {
    /// A machine of which the tool tells nothing has a key that no other has.
    fn host(self, unknown: &str, run: &str) -> Host {
        let known = |value: Option<String>| value.map_or_else(|| Stated::unknown(unknown), Stated::Known);
        Host {
            machine_key: format!("imported-{:016x}", identity::hash(self.identity.as_deref().unwrap_or(run))),
            cpu: known(self.cpu),
            vendor: Stated::unknown(unknown),
            architecture: "unknown".to_owned(),
            logical_cores: self.logical_cores.map_or_else(|| Stated::unknown(unknown), Stated::Known),
            physical_cores: Stated::unknown(unknown),
            smt: Stated::unknown(unknown),
            caches: self.caches.map_or_else(|| Stated::unknown(unknown), Stated::Known),
            memory_bytes: Stated::unknown(unknown),
            os: "unknown".to_owned(),
            distribution: Stated::unknown(unknown),
            kernel: Stated::unknown(unknown),
            hypervisor: Stated::unknown(unknown),
            features: Stated::unknown(unknown),
        }
    }
}

/// The cases in the order of their ids. Of benchmarks with one name, all but the first get a number.
fn cases(found: Vec<(Names, Outcome)>, source: &Source) -> Vec<CaseRecord> {
    let mut seen = std::collections::HashMap::<String, usize>::new();
    let mut cases = Vec::new();
    for (mut names, outcome) in found {
        let times = seen.entry(names.id.clone()).or_default();
        *times += 1;
        if *times > 1 {
            names.number(*times);
        }
        cases.push(names.case(&source.shown(), outcome));
    }
    cases.sort_by(|one, other| one.id.cmp(&other.id));
    cases
}
