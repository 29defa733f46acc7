//! The data model of a run: what is written to disk, and what every comparison and report reads.
//!
//! Times are nanoseconds, sizes bytes. What could not be had is `null` with the reason beside it,
//! never zero.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::parts::{Part, Shard};
use super::surroundings::Surroundings;
use crate::host::{Finding, Host, Stated};
use crate::measure::{AllocationProfile, Batching, ClockDescription, Counters, Direction, Failure, MetricValue};
use crate::stats::Estimate;

/// The version of this model. A reader refuses a record of a newer one.
pub const SCHEMA_VERSION: u32 = 1;

/// One run: all chosen cases over all launches.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Record {
    /// The version of the model that the document is written in.
    pub schema_version: u32,
    /// What ran, when, and how it ended.
    pub run: RunInfo,
    /// The machine.
    pub host: Host,
    /// The compiler and how the executable was built.
    pub toolchain: Toolchain,
    /// The state of the sources; absent with a reason where there is no repository.
    pub git: Stated<Git>,
    /// What on the machine disturbs measurements, found before the run.
    pub findings: Vec<Finding>,
    /// The settings and options of the run as texts, each with its origin.
    pub configuration: BTreeMap<String, Configured>,
    /// Every chosen case, in the order of their ids.
    pub cases: Vec<CaseRecord>,
}

/// What ran, when, and how it ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunInfo {
    /// The run's id: its start as `20261123T143000Z`, the target's name and a number that keeps
    /// it unique.
    pub id: String,
    /// The bench target (or program) that ran.
    pub target: String,
    /// The package that the target belongs to, where cargo told.
    pub package: Option<String>,
    /// The version of bitnet-bench that measured.
    pub harness_version: String,
    /// Start, RFC 3339, UTC.
    pub started_at: String,
    /// Wall time of the whole run.
    pub duration_ns: f64,
    /// The arguments it was started with.
    pub arguments: Vec<String>,
    /// Seed of the order in which each launch measured its cases.
    pub shuffle_seed: u64,
    /// Whether one process measured everything (`--in-process`).
    pub in_process: bool,
    /// The command that workers were started through; empty without one.
    pub runner: Vec<String>,
    /// A hash of the executable's content.
    pub executable: String,
    /// Whether the run was interrupted before all was measured.
    pub interrupted: bool,
    /// Whether the run went on where an interrupted one had stopped.
    pub resumed: bool,
    /// The tool that measured instead, where it was another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Imported>,
    /// Which part of a split run this is (`--shard`).
    #[serde(default)]
    pub shard: Option<Shard>,
    /// The parts that a merged run was joined from; empty for any other run.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// What else the figures depend on.
    #[serde(default)]
    pub surroundings: Option<Surroundings>,
}

/// Another tool's results that became a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Imported {
    /// The tool, such as `criterion`.
    pub tool: String,
    /// The file or folder that it had written.
    pub source: String,
}

/// The compiler and how the executable was built.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Toolchain {
    /// The compiler's version line, as `rustc --version` prints it.
    pub rustc: String,
    /// The target triple.
    pub target: String,
    /// `opt-level` of bitnet-bench, which the whole build usually shares.
    pub opt_level: String,
    /// Whether debug assertions are on.
    pub debug_assertions: bool,
    /// The folder of cargo's profile, which is `release` for `cargo bench` as well; `None` where it is not known.
    #[serde(default)]
    pub profile: Option<String>,
    /// The instruction sets that the compiler may use everywhere, such as `avx2` under `-C target-cpu=native`, of those
    /// that matter to BitNet kernels. What a kernel asks the processor for at run time is not among them.
    #[serde(default)]
    pub instruction_sets: Vec<String>,
}

/// The state of the sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Git {
    /// The full commit hash.
    pub commit: String,
    /// The branch, unless the head is detached.
    pub branch: Option<String>,
    /// Whether tracked files differ from the commit.
    pub dirty: bool,
}

/// The text of a setting or option, and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Configured {
    /// The value as text.
    pub value: String,
    /// Where it came from, such as `default`, `bitnet-bench.toml` or `--time`.
    pub origin: String,
}

/// One case of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CaseRecord {
    /// `group/name[axis=value,…]@device`.
    pub id: String,
    /// The group.
    pub group: String,
    /// The benchmark's name.
    pub name: String,
    /// The axes and the labels of their values at this case's point, in the axes' order.
    pub point: Vec<AxisLabel>,
    /// The device.
    pub device: String,
    /// Tags of the benchmark.
    pub tags: Vec<String>,
    /// Where the benchmark is defined, `file:line`.
    pub source: String,
    /// Those settings of this case that differ from the run's, with their origins.
    pub settings: BTreeMap<String, Configured>,
    /// The run that measured it, where that is not this one: nothing that the figures depend on had changed since, and
    /// they were carried over (`--incremental`).
    #[serde(default)]
    pub carried_from: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// The label of an axis' value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AxisLabel {
    /// The axis.
    pub axis: String,
    /// The value's label.
    pub label: String,
}

/// What became of a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Outcome {
    /// It was measured.
    Measured(Box<Measured>),
    /// It failed; what was measured in earlier launches is kept.
    Failed {
        /// Why.
        failure: Failure,
        /// The launch in which it failed, from 0.
        launch: u32,
        /// The launches before.
        launches: Vec<LaunchRecord>,
    },
    /// It was not measured, for a reason that is no failure: the device is missing, it is marked
    /// `ignore`, or the run was interrupted before its turn.
    Skipped {
        /// Why.
        reason: String,
    },
}

/// The figures of a measured case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Measured {
    /// Time of one iteration.
    pub time: TimeEstimates,
    /// Throughput, one for each amount that the case declares.
    pub throughput: Vec<Throughput>,
    /// Metrics that the benchmark itself reported.
    pub metrics: Vec<MetricEstimate>,
    /// Counters, each per iteration, as medians over the launches; or why there are none.
    pub counters: Stated<Counters>,
    /// Allocations of one iteration; or why they are not known.
    pub allocations: Stated<AllocationProfile>,
    /// The shape of the samples' distribution.
    pub shape: Shape,
    /// Whether the interval of the median is as narrow as `precision` asked.
    pub precise: bool,
    /// What a reader of the figures should know.
    pub notes: Vec<String>,
    /// The launches with their raw samples.
    pub launches: Vec<LaunchRecord>,
}

/// Estimates of the time of one iteration, in nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TimeEstimates {
    /// From the medians of the launches: the figure to quote.
    pub median: Estimate,
    /// From the means of the launches.
    pub mean: Estimate,
    /// From the minima of the launches: the lower envelope.
    pub minimum: Estimate,
    /// Standard deviation of the samples within a launch, relative to the median; the median over
    /// the launches.
    pub scatter_within: f64,
    /// Standard deviation of the launches' medians, relative to the estimate.
    pub scatter_between: f64,
}

/// How much is processed in a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Throughput {
    /// What is processed: `bytes`, `items`, `flops` or `tokens`.
    pub amount: String,
    /// How much of it one iteration processes (in all threads together).
    pub per_iteration: f64,
    /// How much of it is processed in a second.
    pub per_second: Estimate,
}

/// A metric that the benchmark itself reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetricEstimate {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The mean over the launches with its interval.
    pub estimate: Estimate,
}

/// What the samples' distribution looks like.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shape {
    /// Outliers over all launches.
    pub outliers: OutlierCounts,
    /// Skewness of the samples, the median over the launches; `None` when there are too few.
    pub skewness: Option<f64>,
    /// Lag-1 autocorrelation of the samples, the median over the launches.
    pub autocorrelation: Option<f64>,
    /// The share of launches in which the samples have more than one mode (dip test, p < 0.01) and
    /// their middle half is wider than 2 %.
    pub multimodal_launches: Option<f64>,
}

/// How many samples lie outside Tukey's fences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutlierCounts {
    /// Below the outer fence (first quartile − 3 interquartile ranges).
    pub low_severe: u64,
    /// Between the lower fences.
    pub low_mild: u64,
    /// Between the upper fences.
    pub high_mild: u64,
    /// Above the outer fence.
    pub high_severe: u64,
    /// How many samples there are in all.
    pub samples: u64,
}

/// What one launch measured of a case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LaunchRecord {
    /// The launch, from 0.
    pub launch: u32,
    /// The case's place in the launch's order, from 0.
    pub position: u32,
    /// The core that it was pinned to; or why it was not.
    pub core: Stated<usize>,
    /// The clock that it was timed with.
    pub clock: ClockDescription,
    /// Iterations in each sample.
    pub iterations: u64,
    /// Iterations whose inputs or outputs were alive at once, since they were made before the clock was started or
    /// dropped after it was stopped; none where there were none to keep.
    #[serde(default)]
    pub held: Option<u64>,
    /// Time of each sample (all its iterations), clock overhead subtracted.
    pub samples_ns: Vec<f64>,
    /// Wall time that the warm-up took.
    pub warmup_ns: f64,
    /// Whether the warm-up settled: the medians of successive windows agreed.
    pub warmed_up: bool,
    /// How much one iteration of one thread processes, by amount.
    pub amounts: BTreeMap<String, f64>,
    /// What the benchmark reported.
    pub metrics: Vec<MetricValue>,
    /// Counters, per iteration; or why there are none.
    pub counters: Stated<Counters>,
    /// Allocations of one iteration; or why they are not known.
    pub allocations: Stated<AllocationProfile>,
    /// Share of the processor's time that the hypervisor took while the case was measured.
    pub steal: Option<f64>,
    /// Context switches that the subject did not ask for, while it was measured.
    pub involuntary_switches: Option<u64>,
    /// The clock of the core that it ran on while the samples were taken, in hertz; or why it is not known.
    #[serde(default = "not_measured")]
    pub core_hz: Stated<f64>,
    /// Wall time that the case took in the launch, the making of its inputs included.
    #[serde(default)]
    pub wall_ns: Option<f64>,
}

impl LaunchRecord {
    /// How its iterations were batched.
    pub fn batching(&self) -> Batching {
        Batching { iterations: self.iterations, at_once: self.held.unwrap_or(1) }
    }
}

/// In documents of older versions.
fn not_measured() -> Stated<f64> {
    Stated::unknown("the harness of that run did not measure it")
}
