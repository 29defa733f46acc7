//! Records made by hand.

use std::collections::BTreeMap;

use serde_json::json;

use crate::host::{Host, Stated};
use crate::measure::{AllocationProfile, ClockDescription, Direction, Failure, FailureKind};
use crate::record::{
    AxisLabel, CaseRecord, LaunchRecord, Measured, MetricEstimate, Outcome, OutlierCounts, Record, RunInfo,
    SCHEMA_VERSION, Shape, Throughput, TimeEstimates, Toolchain,
};
use crate::stats::Estimate;

/// A value with an interval of so much to each side.
pub(super) fn estimate(value: f64, half: f64) -> Estimate {
    Estimate { value, lower: value * (1.0 - half), upper: value * (1.0 + half), level: 0.95 }
}

/// A record of these cases.
pub(super) fn record(cases: Vec<CaseRecord>) -> Record {
    Record {
        schema_version: SCHEMA_VERSION,
        run: RunInfo {
            id: "20261123T143000Z-quantization-1".to_owned(),
            target: "quantization".to_owned(),
            package: Some("bitnet-benchmarks".to_owned()),
            harness_version: "0.1.0".to_owned(),
            started_at: "2026-11-23T14:30:00Z".to_owned(),
            duration_ns: 41.2e9,
            arguments: Vec::new(),
            shuffle_seed: 7,
            in_process: false,
            runner: Vec::new(),
            executable: "5e884898da280471".to_owned(),
            interrupted: false,
            resumed: false,
            imported: None,
            shard: None,
            parts: Vec::new(),
            surroundings: None,
        },
        host: host(),
        toolchain: Toolchain {
            rustc: "rustc 1.95.0".to_owned(),
            target: "x86_64-unknown-linux-gnu".to_owned(),
            opt_level: "3".to_owned(),
            debug_assertions: false,
            profile: Some("release".to_owned()),
            instruction_sets: Vec::new(),
        },
        git: Stated::unknown("not a repository"),
        findings: Vec::new(),
        configuration: BTreeMap::new(),
        cases,
    }
}

fn host() -> Host {
    let unknown = || "not looked at".to_owned();
    Host {
        machine_key: "x86_64-5e884898da280471".to_owned(),
        cpu: Stated::Known("AMD EPYC 7B13".to_owned()),
        vendor: Stated::Unknown(unknown()),
        architecture: "x86_64".to_owned(),
        logical_cores: Stated::Known(2),
        physical_cores: Stated::Unknown(unknown()),
        smt: Stated::Unknown(unknown()),
        caches: Stated::Unknown(unknown()),
        memory_bytes: Stated::Known(8_200_000_000),
        os: "linux".to_owned(),
        distribution: Stated::Unknown(unknown()),
        kernel: Stated::Unknown(unknown()),
        hypervisor: Stated::Unknown(unknown()),
        features: Stated::Unknown(unknown()),
    }
}

/// A measured case in ten launches: `group/name`, its point, the median in ns.
pub(super) fn case(benchmark: &str, point: &[(&str, &str)], median_ns: f64) -> CaseRecord {
    with_outcome(benchmark, point, "cpu", Outcome::Measured(Box::new(measured(median_ns, 10))))
}

/// A case that failed in its third launch.
pub(super) fn failed(benchmark: &str, point: &[(&str, &str)], message: &str, output: &str) -> CaseRecord {
    let failure = Failure { output: output.to_owned(), ..Failure::new(FailureKind::Panicked, message) };
    let launches = (0..2).map(|at| launch(at, 1000.0)).collect();
    with_outcome(benchmark, point, "cpu", Outcome::Failed { failure, launch: 2, launches })
}

/// A case that was skipped.
pub(super) fn skipped(benchmark: &str, point: &[(&str, &str)], device: &str, reason: &str) -> CaseRecord {
    with_outcome(benchmark, point, device, Outcome::Skipped { reason: reason.to_owned() })
}

fn with_outcome(benchmark: &str, point: &[(&str, &str)], device: &str, outcome: Outcome) -> CaseRecord {
    let (group, name) = benchmark.split_once('/').unwrap();
    let values: Vec<String> = point.iter().map(|(axis, label)| format!("{axis}={label}")).collect();
    let values = if values.is_empty() { String::new() } else { format!("[{}]", values.join(",")) };
    CaseRecord {
        id: format!("{benchmark}{values}@{device}"),
        group: group.to_owned(),
        name: name.to_owned(),
        point: point
            .iter()
            .map(|(axis, label)| AxisLabel { axis: (*axis).to_owned(), label: (*label).to_owned() })
            .collect(),
        device: device.to_owned(),
        tags: Vec::new(),
        source: "benches/quantization.rs:12".to_owned(),
        settings: BTreeMap::new(),
        carried_from: None,
        outcome,
    }
}

pub(super) fn measured(median_ns: f64, launches: u32) -> Measured {
    Measured {
        time: TimeEstimates {
            median: estimate(median_ns, 0.004),
            mean: estimate(median_ns * 1.02, 0.006),
            minimum: estimate(median_ns * 0.98, 0.002),
            scatter_within: 0.013,
            scatter_between: 0.006,
        },
        throughput: Vec::new(),
        metrics: Vec::new(),
        counters: Stated::unknown("this machine has no counters that a program may read"),
        allocations: Stated::unknown("bitnet-bench's allocator is not installed"),
        shape: Shape {
            outliers: OutlierCounts {
                high_mild: 9,
                high_severe: 3,
                samples: 200 * u64::from(launches),
                ..OutlierCounts::default()
            },
            skewness: Some(0.31),
            autocorrelation: Some(0.02),
            multimodal_launches: Some(0.0),
        },
        precise: true,
        notes: Vec::new(),
        launches: (0..launches).map(|at| launch(at, median_ns)).collect(),
    }
}

pub(super) fn launch(launch: u32, median_ns: f64) -> LaunchRecord {
    LaunchRecord {
        launch,
        position: 0,
        core: Stated::Known(1),
        clock: ClockDescription {
            name: "tsc".to_owned(),
            reason: None,
            frequency_hz: 2.45e9,
            resolution_ns: 1.0,
            overhead_ns: 18.0,
        },
        iterations: 100,
        held: None,
        samples_ns: vec![median_ns * 100.0; 200],
        warmup_ns: 3e7,
        warmed_up: true,
        amounts: BTreeMap::new(),
        metrics: Vec::new(),
        counters: Stated::unknown("not asked for"),
        allocations: Stated::unknown("not asked for"),
        steal: Some(0.0),
        involuntary_switches: Some(2),
        core_hz: Stated::Known(3.5e9),
        wall_ns: None,
    }
}

/// What a test changes of a measured case.
pub(super) trait Change: Sized {
    fn with(self, change: impl FnOnce(&mut Measured)) -> Self;

    fn throughput(self, amount: &str, per_iteration: f64) -> Self {
        self.with(|measured| {
            let median = measured.time.median;
            let per_second = estimate(per_iteration / median.value * 1e9, 0.004);
            measured.throughput.push(Throughput { amount: amount.to_owned(), per_iteration, per_second });
        })
    }

    fn metric(self, name: &str, value: f64, unit: &str) -> Self {
        self.with(|measured| {
            measured.metrics.push(MetricEstimate {
                name: name.to_owned(),
                unit: unit.to_owned(),
                direction: Direction::HigherIsBetter,
                estimate: estimate(value, 0.0),
            });
        })
    }

    fn counted(self, instructions: f64, cycles: f64) -> Self {
        self.with(|measured| {
            let count = |name: &str, per_iteration: f64| {
                json!({ "name": name, "kind": "hardware", "per_iteration": per_iteration, "running": null })
            };
            let missing = json!({ "name": "cache-misses", "reason": "the processor has no such event" });
            let counts = [count("cycles", cycles), count("instructions", instructions)];
            measured.counters =
                Stated::Known(serde_json::from_value(json!({ "counts": counts, "missing": [missing] })).unwrap());
            measured.allocations = Stated::Known(AllocationProfile {
                allocations: 1.0,
                bytes: 65_536.0,
                peak_bytes: 65_536.0,
                ..AllocationProfile::default()
            });
        })
    }

    fn noted(self, half: f64, note: &str) -> Self {
        self.with(|measured| {
            measured.time.median = estimate(measured.time.median.value, half);
            measured.precise = half < 0.01;
            measured.notes.extend((!note.is_empty()).then(|| note.to_owned()));
        })
    }
}

impl Change for CaseRecord {
    fn with(mut self, change: impl FnOnce(&mut Measured)) -> Self {
        let Outcome::Measured(measured) = &mut self.outcome else { panic!("{} was not measured", self.id) };
        change(measured);
        self
    }
}
