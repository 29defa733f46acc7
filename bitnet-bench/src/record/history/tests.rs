//! The index over made-up documents, without a library's records: what is read is what is written here.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::*;
use crate::measure::Direction;

/// A store in a folder of its own, which is removed with it.
struct Made {
    store: Store,
    folder: PathBuf,
}

impl Made {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bitnet-bench-index-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("runs")).expect("a folder can be made");
        Self { store: Store::at(&folder), folder }
    }

    fn write(&self, id: &str, document: &Value) {
        fs::write(self.folder.join(format!("runs/{id}.json")), document.to_string()).expect("it can be written");
    }

    fn history(&self) -> (History, Synchronised) {
        let mut history = History::of(&self.store).expect("the index can be opened");
        let done = history.synchronise(&self.store).expect("it can be brought up to date");
        (history, done)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // A folder that cannot be removed is the system's to clean.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn document(id: &str, cases: &[Value]) -> Value {
    json!({
        "schema_version": 1,
        "run": {
            "id": id, "target": "t", "package": null, "harness_version": "0.1.0", "started_at": "2026-01-01T00:00:00Z",
            "duration_ns": 1.0, "arguments": [], "shuffle_seed": 1, "in_process": false, "runner": [],
            "executable": "e", "interrupted": true, "resumed": false,
        },
        "host": {"machine_key": "m", "cpu": {"unknown": "?"}},
        "toolchain": {"rustc": "r", "target": "x", "opt_level": "3", "debug_assertions": false},
        "git": {"known": {"commit": "c", "branch": null, "dirty": true}},
        "cases": cases,
    })
}

fn measured(id: &str, time: f64) -> Value {
    let open = json!({"value": time, "lower": null, "upper": null, "level": 0.95});
    let counts = json!([
        {"name": "instructions", "kind": "hardware", "per_iteration": 1234.0},
        {"name": "task-clock", "kind": "software", "per_iteration": 99.0},
        {"name": "branch-misses", "kind": "hardware", "per_iteration": 0.001},
    ]);
    json!({"id": id, "outcome": {"measured": {
        "time": {"median": open}, "throughput": [], "counters": {"known": {"counts": counts, "missing": []}},
        "metrics": [{"name": "SQNR", "unit": "dB", "direction": "higher_is_better", "estimate": open}],
        "allocations": {"known": {
            "allocations": 0.0, "reallocations": 0.0, "frees": 0.0, "bytes": 0.0, "peak_bytes": 0.0, "retained_bytes": 0.0,
        }},
        "launches": [{"anything": 1}, {}, {}],
    }}})
}

#[test]
fn a_run_comes_out_as_it_went_in() {
    let made = Made::new("whole");
    let skipped = json!({"id": "k/b@cpu", "outcome": {"skipped": {"reason": "no device"}}});
    let failed = json!({"id": "k/c@cpu", "outcome": {"failed": {"failure": {}, "launch": 1, "launches": []}}});
    made.write("one", &document("one", &[measured("k/a@cpu", 5.0), skipped, failed]));
    let (mut history, done) = made.history();
    assert_eq!((done.added, done.removed, done.passed_over.len()), (1, 0, 0));
    let run = history.runs(&Filter::default()).expect("it can be read").remove(0);
    assert_eq!((run.measured, run.failed, run.skipped, run.interrupted), (1, 1, 1, true));
    assert_eq!((run.commit.as_deref(), run.branch, run.dirty), (Some("c"), None, Some(true)));

    let selected = history.cases("k/a@cpu", &Filter::default()).expect("the case is there");
    let metrics: Vec<&str> = selected.cases.iter().map(|case| case.metric.as_str()).collect();
    assert_eq!(metrics, ["SQNR", "allocated", "allocations", "instructions", "peak", "time"]);
    assert_eq!((selected.cases[0].direction, selected.cases[0].unit.as_str()), (Direction::HigherIsBetter, "dB"));
    let time = selected.cases[5].figures[0];
    assert_eq!((time.estimate.value, time.launches), (5.0, 3));
    assert_eq!((time.estimate.lower, time.estimate.upper), (f64::NEG_INFINITY, f64::INFINITY));
}

#[test]
fn nothing_is_read_twice_and_a_carried_case_counts_once() {
    let made = Made::new("twice");
    let mut carried = measured("k/a@cpu", 5.0);
    carried["carried_from"] = "one".into();
    made.write("one", &document("one", &[measured("k/a@cpu", 5.0)]));
    made.write("two", &document("two", &[carried]));
    assert_eq!(made.history().1.added, 2);
    let (mut history, done) = made.history();
    assert_eq!((done.added, done.removed), (0, 0));
    let filter = Filter { metric: Some("time".to_owned()), ..Filter::default() };
    let selected = history.cases("*", &filter).expect("the case is there");
    assert_eq!((selected.runs.len(), selected.cases[0].figures.len()), (2, 1));
    let elsewhere = Filter { machine: Some("other".to_owned()), ..Filter::default() };
    assert!(history.runs(&elsewhere).expect("it can be read").is_empty());
}

#[test]
fn retention_keeps_the_latest_of_each_target() {
    let made = Made::new("retention");
    for id in ["a", "b", "c", "d"] {
        let mut document = document(id, &[]);
        document["run"]["target"] = if id == "a" { "rare" } else { "usual" }.into();
        made.write(id, &document);
    }
    let runs = made.history().0.runs(&Filter::default()).expect("it can be read");
    let protected = HashSet::from(["b".to_owned()]);
    let pruned = prune(&runs, &Keep::Since("2027".to_owned()), &protected);
    assert_eq!(pruned.removed, ["c"]);
    assert_eq!((pruned.latest, pruned.baselines), (vec!["a".to_owned(), "d".to_owned()], vec!["b".to_owned()]));
    assert_eq!(prune(&runs, &Keep::Newest(2), &HashSet::new()).removed, ["b"]);
    assert!(prune(&runs, &Keep::Since("2025".to_owned()), &HashSet::new()).removed.is_empty());
}
