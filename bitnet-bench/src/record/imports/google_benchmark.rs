//! google/benchmark's JSON: `--benchmark_format=json`, or `--benchmark_out`.
//!
//! Each repetition is one sample, and `real_time` its time of one iteration. Where the file has the tool's own
//! aggregates, those are the figures. Counters become metrics.

use std::collections::HashMap;

use super::document::Node;
use super::figures::{Figures, Samples, metric, open};
use super::identity::{Names, in_utc};
use super::{Found, ImportError, Machine, Source, Tool};
use crate::host::{Cache, CacheKind, Finding, Severity};
use crate::measure::{Direction, Failure, FailureKind};
use crate::record::model::{MetricEstimate, Outcome};

/// The members of a benchmark that are no counters.
const KNOWN: [&str; 20] = [
    "aggregate_name",
    "aggregate_unit",
    "big_o",
    "cpu_coefficient",
    "cpu_time",
    "error_message",
    "error_occurred",
    "family_index",
    "iterations",
    "label",
    "name",
    "per_family_instance_index",
    "real_coefficient",
    "real_time",
    "repetition_index",
    "repetitions",
    "rms",
    "run_name",
    "run_type",
    "threads",
];

/// Reads the benchmarks and what the file tells of the machine.
pub(super) fn read(source: &Source, target: &str) -> Result<Found, ImportError> {
    let documents = source.documents()?;
    let Some(document) = documents.nodes().next() else { return Ok(Found::default()) };
    let mut found = Found::default();
    if let Some(context) = document.get("context") {
        read_context(&context, &mut found)?;
    }
    let mut benchmarks = Vec::<Benchmark>::new();
    let mut places = HashMap::<String, usize>::new();
    for row in document.need("benchmarks")?.items()? {
        let name = row.optional_text("run_name")?.map_or_else(|| row.need("name")?.text(), Ok)?;
        if row.get("big_o").is_some() || row.get("rms").is_some() {
            found.passed_over.push(format!("the complexity of `{name}`, which is no time"));
            continue;
        }
        let place = *places.entry(name.to_owned()).or_insert(benchmarks.len());
        if place == benchmarks.len() {
            benchmarks.push(Benchmark { name: name.to_owned(), ..Benchmark::default() });
        }
        benchmarks[place].add(&row)?;
    }
    for benchmark in benchmarks {
        found.cases.push((Names::of_text(&benchmark.name, target), benchmark.outcome()));
    }
    Ok(found)
}

/// The rows of one benchmark.
#[derive(Default)]
struct Benchmark {
    name: String,
    figures: Figures,
    /// Times of one iteration, one for each repetition.
    repetitions: Vec<f64>,
    /// Counters, of each repetition.
    counters: Vec<(String, Vec<f64>)>,
    failure: Option<String>,
    skipped: Option<String>,
}

impl Benchmark {
    fn add(&mut self, row: &Node<'_>) -> Result<(), ImportError> {
        if row.get("error_occurred").is_some_and(|error| error.value == true) {
            let message = row.optional_text("error_message")?.unwrap_or("google/benchmark says that it failed");
            self.failure = Some(message.to_owned());
            return Ok(());
        }
        if row.get("skipped").is_some_and(|skipped| skipped.value == true) {
            self.skipped = Some(row.optional_text("skip_message")?.unwrap_or("it was skipped").to_owned());
            return Ok(());
        }
        match row.optional_text("aggregate_name")? {
            Some(aggregate) => self.add_aggregate(aggregate, row),
            None => self.add_repetition(row),
        }
    }

    fn add_aggregate(&mut self, aggregate: &str, row: &Node<'_>) -> Result<(), ImportError> {
        let time = |key: &str| nanoseconds(row, key);
        match aggregate {
            "median" => self.figures.median = Some(open(time("real_time")?)),
            "mean" => self.figures.mean = Some(open(time("real_time")?)),
            "min" => self.figures.minimum = Some(time("real_time")?),
            "stddev" => self.figures.standard_deviation = Some(time("real_time")?),
            // A share, which says what `stddev` says.
            "cv" => {}
            // A statistic of the user's own.
            other => self.figures.metrics.push(metric(other, "ns", Direction::LowerIsBetter, time("real_time")?)),
        }
        if aggregate == "median" {
            self.figures.metrics.push(metric("cpu_time", "ns", Direction::LowerIsBetter, time("cpu_time")?));
            for (name, value) in counters(row)? {
                self.figures.metrics.push(counter(&name, value));
            }
        }
        Ok(())
    }

    fn add_repetition(&mut self, row: &Node<'_>) -> Result<(), ImportError> {
        self.repetitions.push(nanoseconds(row, "real_time")?);
        let cpu = ("cpu_time".to_owned(), nanoseconds(row, "cpu_time")?);
        for (name, value) in std::iter::once(cpu).chain(counters(row)?) {
            match self.counters.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => self.counters.push((name, vec![value])),
            }
        }
        if let Some(label) = row.optional_text("label")?
            && self.repetitions.len() == 1
        {
            self.figures.notes.push(format!("label: {label}"));
        }
        Ok(())
    }

    fn outcome(mut self) -> Outcome {
        if let Some(message) = self.failure {
            let failure = Failure::new(FailureKind::ReturnedError, message);
            return Outcome::Failed { failure, launch: 0, launches: Vec::new() };
        }
        if let Some(reason) = self.skipped {
            return Outcome::Skipped { reason };
        }
        for (name, values) in &self.counters {
            let known = self.figures.metrics.iter().any(|metric| metric.name == *name);
            if let (false, Some(value)) = (known, crate::stats::median(values)) {
                self.figures.metrics.push(counter(name, value));
            }
        }
        if self.figures.metrics.iter().any(|metric| is_guessed(&metric.name)) {
            let note = "which way the counters are better is not told: a rate is taken as better when it is higher";
            self.figures.notes.push(format!("{note}, all else when it is lower"));
        }
        if !self.repetitions.is_empty() {
            self.figures.samples = Some(Samples { iterations: 1, times_ns: self.repetitions });
        }
        self.figures.outcome(Tool::GoogleBenchmark.name())
    }
}

/// A time in nanoseconds.
fn nanoseconds(row: &Node<'_>, key: &str) -> Result<f64, ImportError> {
    let unit = row.optional_text("time_unit")?.unwrap_or("ns");
    let time = row.need(key)?.amount()?;
    match unit {
        "ns" => Ok(time),
        "us" => Ok(time * 1e3),
        "ms" => Ok(time * 1e6),
        "s" => Ok(time * 1e9),
        other => Err(row.wrong(format!("`time_unit` is `{other}`, which is none of ns, us, ms and s"))),
    }
}

/// The user's counters.
fn counters(row: &Node<'_>) -> Result<Vec<(String, f64)>, ImportError> {
    let members = row.value.as_object().ok_or_else(|| row.wrong("it is no object".to_owned()))?;
    let others = members.iter().filter(|(name, _)| !KNOWN.contains(&name.as_str()) && *name != "time_unit");
    Ok(others.filter_map(|(name, value)| Some((name.clone(), value.as_f64()?))).collect())
}

fn counter(name: &str, value: f64) -> MetricEstimate {
    match name {
        "cpu_time" => metric(name, "ns", Direction::LowerIsBetter, value),
        "bytes_per_second" => metric(name, "B/s", Direction::HigherIsBetter, value),
        rate if rate.ends_with("_per_second") => metric(name, "1/s", Direction::HigherIsBetter, value),
        _ => metric(name, "", Direction::LowerIsBetter, value),
    }
}

fn is_guessed(name: &str) -> bool {
    name != "cpu_time" && !name.ends_with("_per_second")
}

fn read_context(context: &Node<'_>, found: &mut Found) -> Result<(), ImportError> {
    found.started_at = context.optional_text("date")?.and_then(in_utc);
    let cores = context.get("num_cpus").and_then(|cores| cores.value.as_u64());
    let host = context.optional_text("host_name")?;
    let caches = context.get("caches").map(|caches| caches.items()).transpose()?.unwrap_or_default();
    found.machine = Machine {
        cpu: None,
        logical_cores: cores.and_then(|cores| cores.try_into().ok()),
        identity: host.map(|host| format!("{host}, {cores:?} cores")),
        caches: caches.iter().map(cache).collect(),
    };
    let mut warn = |probe: &str, message: &str| {
        let (probe, message) = (probe.to_owned(), message.to_owned());
        found.findings.push(Finding { probe, severity: Severity::Warning, message, remedy: None });
    };
    if context.get("cpu_scaling_enabled").is_some_and(|enabled| enabled.value == true) {
        warn("governor", "the processor's clock rate was free to change (google/benchmark's `cpu_scaling_enabled`)");
    }
    if context.get("library_build_type").is_some_and(|kind| kind.value == "debug") {
        warn("build", "google/benchmark itself was a debug build, which may affect the times");
    }
    Ok(())
}

/// `None` where the file does not tell all of it.
fn cache(node: &Node<'_>) -> Option<Cache> {
    let kind = match node.get("type")?.text().ok()? {
        "Data" => CacheKind::Data,
        "Instruction" => CacheKind::Instruction,
        "Unified" => CacheKind::Unified,
        _ => return None,
    };
    let level = node.get("level")?.value.as_u64()?.try_into().ok()?;
    Some(Cache { level, kind, bytes: node.get("size")?.value.as_u64()? })
}
