//! Records of runs that never were, made through the library's model: what a history is tested with.

use bitnet_bench::host::Host;
use bitnet_bench::record::{Record, SCHEMA_VERSION};
use serde_json::{Value, json};

/// A run to be made up.
#[derive(Clone, Debug)]
pub struct Synthetic {
    /// The run's id.
    pub id: String,
    /// The bench target.
    pub target: String,
    /// Start, RFC 3339, UTC.
    pub started_at: String,
    /// The machine key.
    pub machine_key: String,
    /// The commit, and whether tracked files differed from it.
    pub commit: Option<(String, bool)>,
    /// Ids of cases and the medians of their times in nanoseconds.
    pub cases: Vec<(String, f64)>,
    /// Samples of each of ten launches.
    pub samples: usize,
}

impl Synthetic {
    /// A run of these cases on this machine, without a repository.
    pub fn new(id: &str, started_at: &str, cases: &[(&str, f64)]) -> Self {
        Self {
            id: id.to_owned(),
            target: "kernels".to_owned(),
            started_at: started_at.to_owned(),
            machine_key: Host::describe().machine_key,
            commit: None,
            cases: cases.iter().map(|(id, time)| ((*id).to_owned(), *time)).collect(),
            samples: 2,
        }
    }

    /// Its record.
    ///
    /// # Panics
    /// If the model of records does not read what is made up here.
    pub fn record(&self) -> Record {
        let git = match &self.commit {
            Some((commit, dirty)) => json!({"known": {"commit": commit, "branch": "main", "dirty": dirty}}),
            None => json!({"unknown": "no repository"}),
        };
        let mut host = serde_json::to_value(Host::describe()).expect("a host is JSON");
        host["machine_key"] = self.machine_key.clone().into();
        let record = json!({
            "schema_version": SCHEMA_VERSION,
            "run": {
                "id": self.id, "target": self.target, "package": null, "harness_version": "0.1.0",
                "started_at": self.started_at, "duration_ns": 1e9, "arguments": [], "shuffle_seed": 1,
                "in_process": false, "runner": [], "executable": "5e884898da280471", "interrupted": false,
                "resumed": false,
            },
            "host": host,
            "toolchain": {
                "rustc": "rustc 1.95.0", "target": "x86_64-unknown-linux-gnu", "opt_level": "3",
                "debug_assertions": false,
            },
            "git": git, "findings": [], "configuration": {},
            "cases": self.cases.iter().map(|(id, time)| case(id, *time, self.samples)).collect::<Vec<_>>(),
        });
        serde_json::from_value(record).expect("it is a record")
    }
}

fn case(id: &str, time: f64, samples: usize) -> Value {
    let estimate = |value: f64| json!({"value": value, "lower": value * 0.99, "upper": value * 1.01, "level": 0.95});
    let launches: Vec<Value> = (0..10).map(|launch| launch_of(launch, time, samples)).collect();
    json!({
        "id": id, "group": "kernels", "name": id, "point": [], "device": "cpu", "tags": [], "source": "k.rs:1",
        "settings": {},
        "outcome": {"measured": {
            "time": {
                "median": estimate(time), "mean": estimate(time), "minimum": estimate(time * 0.98),
                "scatter_within": 0.01, "scatter_between": 0.01,
            },
            "throughput": [{"amount": "bytes", "per_iteration": 1000.0, "per_second": estimate(1e12 / time)}],
            "metrics": [{"name": "SQNR", "unit": "dB", "direction": "higher_is_better", "estimate": estimate(23.5)}],
            "counters": {"unknown": "no PMU"}, "allocations": {"unknown": "not counted"},
            "shape": {
                "outliers": {"low_severe": 0, "low_mild": 0, "high_mild": 0, "high_severe": 0, "samples": 0},
                "skewness": null, "autocorrelation": null, "multimodal_launches": null,
            },
            "precise": true, "notes": [], "launches": launches,
        }},
    })
}

fn launch_of(launch: usize, time: f64, samples: usize) -> Value {
    let samples: Vec<f64> = (0..samples).map(|at| 100.0 * time * (1.0 + 0.001 * at as f64)).collect();
    json!({
        "launch": launch, "position": 0, "core": {"unknown": "not pinned"},
        "clock": {"name": "os", "reason": "made up", "frequency_hz": 1e9, "resolution_ns": 1.0, "overhead_ns": 20.0},
        "iterations": 100, "samples_ns": samples, "warmup_ns": 1e6, "warmed_up": true, "amounts": {"bytes": 1000.0},
        "metrics": [], "counters": {"unknown": "no PMU"}, "allocations": {"unknown": "not counted"}, "steal": null,
        "involuntary_switches": null,
    })
}
