//! Two records, from their JSON to verdicts.

use serde_json::{Value, json};

use super::*;
use crate::compare::BenchTarget;
use crate::compare::{CaseComparison, MetricComparison, Verdict};
use crate::host::Host;

/// A record of these cases.
fn record(cases: &[Value]) -> Record {
    let run = json!({
        "id": format!("run-{}", cases.len()), "target": "gemv", "package": null, "harness_version": "0.1.0",
        "started_at": "2026-11-23T00:00:00Z", "duration_ns": 1.0, "arguments": [], "shuffle_seed": 1,
        "in_process": false, "runner": [], "executable": "0", "interrupted": false, "resumed": false
    });
    // As a record of an older version has it, without profile and instruction sets.
    let toolchain = json!({ "rustc": "rustc", "target": "t", "opt_level": "3", "debug_assertions": false });
    let document = json!({
        "schema_version": 1, "run": run, "host": Host::describe(), "toolchain": toolchain, "git": { "unknown": "none" },
        "findings": [], "configuration": {}, "cases": cases
    });
    serde_json::from_value(document).expect("it is a record")
}

/// A case with that outcome.
fn case(id: &str, outcome: Value) -> Value {
    json!({
        "id": id, "group": "g", "name": "n", "point": [], "device": "cpu", "tags": [], "source": "f:1", "settings": {},
        "outcome": outcome
    })
}

/// A measured case of ten launches at that time, with that much of each metric.
fn measured(id: &str, time: f64, bytes: f64, metrics: &[(&str, &str, f64)], allocations: f64) -> Value {
    let profile = json!({ "known": {
        "allocations": allocations, "reallocations": 0.0, "frees": allocations, "bytes": 64.0 * allocations,
        "peak_bytes": 64.0, "retained_bytes": 0.0
    } });
    let counter =
        |name: &str, count: f64| json!({ "name": name, "kind": "hardware", "per_iteration": count, "running": null });
    let reported: Vec<Value> = metrics
        .iter()
        .map(|(name, unit, value)| json!({ "name": name, "unit": unit, "direction": "higher_is_better", "value": value }))
        .collect();
    let launches: Vec<Value> = (0..10)
        .map(|launch| {
            let factor = 1.0 + 0.001 * f64::from(launch * 7 % 10 - 5);
            json!({
                "launch": launch, "position": 0, "core": { "known": 1 }, "iterations": 10,
                "clock": { "name": "tsc", "reason": null, "frequency_hz": 1e9, "resolution_ns": 1.0, "overhead_ns": 1.0 },
                "samples_ns": [10.0 * time * factor, 10.0 * time * factor, 20.0 * time], "warmup_ns": 1.0,
                "warmed_up": true, "amounts": { "bytes": bytes / 2.0 }, "metrics": reported,
                "counters": { "known": { "counts": [
                    counter("instructions", 3.0 * time), counter("branch-misses", 1e-5 * time), counter("branches", time)
                ], "missing": [] } },
                "allocations": profile, "steal": 0.0, "involuntary_switches": 0
            })
        })
        .collect();
    let estimate = json!({ "value": time, "lower": time, "upper": time, "level": 0.95 });
    let outcome = json!({
        "time": { "median": estimate, "mean": estimate, "minimum": estimate, "scatter_within": 0.0, "scatter_between": 0.0 },
        "throughput": [{ "amount": "bytes", "per_iteration": bytes, "per_second": estimate }],
        "metrics": [], "counters": { "unknown": "see the launches" }, "allocations": profile,
        "shape": {
            "outliers": { "low_severe": 0, "low_mild": 0, "high_mild": 0, "high_severe": 0, "samples": 30 },
            "skewness": null, "autocorrelation": null, "multimodal_launches": null
        },
        "precise": true, "notes": [], "launches": launches
    });
    case(id, json!({ "measured": outcome }))
}

fn compare(new: &[Value], old: &[Value]) -> Comparison {
    Comparison::of(&record(new), &record(old), "main", &Terms::default()).expect("they can be compared")
}

fn metric<'a>(case: &'a CaseComparison, name: &str) -> &'a MetricComparison {
    case.all().find(|metric| metric.metric == name).unwrap_or_else(|| panic!("there is no {name} in {case:#?}"))
}

#[test]
fn every_metric_takes_part_with_its_direction() {
    let sqnr = |value| [("SQNR", "dB", value), ("score", "", 2.0)];
    let old = [measured("g/n@cpu", 100.0, 4096.0, &sqnr(20.0), 1.0)];
    let comparison = compare(&[measured("g/n@cpu", 110.0, 4096.0, &sqnr(19.0), 2.0), old[0].clone()][..1], &old);
    let case = &comparison.cases[0];
    let found: Vec<(&str, Verdict)> = case.all().map(|m| (m.metric.as_str(), m.verdict)).collect();
    use Verdict::{Regressed, Unchanged};
    let expected = [
        ("time", Regressed),
        ("bytes/s", Regressed),
        ("SQNR", Regressed),
        ("score", Unchanged),
        ("allocations", Regressed),
        ("allocated", Regressed),
        ("peak", Unchanged),
        ("instructions", Regressed),
    ];
    assert_eq!(found, expected, "neither `branches` nor a page fault in a thousand iterations");
    assert_eq!((case.time.old, metric(case, "peak").floor), (100.0 * 0.9995, 0.001));
}

#[test]
fn a_rate_follows_the_time_unless_its_amount_is_another() {
    let old = [measured("a@cpu", 100.0, 4096.0, &[], 1.0)];
    let same = compare(&[measured("a@cpu", 110.0, 4096.0, &[], 1.0)], &old);
    let rate = metric(&same.cases[0], "bytes/s");
    assert!(rate.follows_time && (rate.worse_by() - same.cases[0].time.worse_by()).abs() < 1e-9);
    assert!((rate.old - 4096.0 / 99.95 * 1e9).abs() < 1.0, "{}", rate.old);
    // Twice the bytes in a tenth more time is a better rate.
    let more = compare(&[measured("a@cpu", 110.0, 8192.0, &[], 1.0)], &old);
    let rate = metric(&more.cases[0], "bytes/s");
    assert_eq!((rate.follows_time, rate.verdict), (false, Verdict::Improved));
}

#[test]
fn what_cannot_be_compared_says_why() {
    let failed =
        json!({ "failed": { "failure": { "kind": "panicked", "message": "no" }, "launch": 0, "launches": [] } });
    let skipped = || json!({ "skipped": { "reason": "no GPU" } });
    let ok = |id: &str| measured(id, 100.0, 1.0, &[], 1.0);
    let mut cold = ok("cold");
    cold["settings"] = json!({ "cache": { "value": "cold", "origin": "attribute at f:1" } });
    let mut warm = ok("cold");
    warm["settings"] = json!({ "cache": { "value": "warm", "origin": "attribute at f:1" } });
    let mut empty = ok("empty");
    empty["outcome"]["measured"]["launches"] = json!([]);
    let old = [ok("gone"), ok("fails"), ok("skips"), case("never", skipped()), case("now", skipped()), warm, empty];
    let new = [
        ok("added"),
        case("fails", failed),
        case("skips", skipped()),
        case("never", skipped()),
        ok("now"),
        cold,
        ok("empty"),
    ];
    let comparison = compare(&new, &old);
    assert!(comparison.cases.is_empty());
    let mut found: Vec<(&str, &Absence)> =
        comparison.unmatched.iter().map(|case| (case.id.as_str(), &case.why)).collect();
    found.sort_by_key(|(id, _)| *id);
    let text = str::to_owned;
    assert_eq!(
        found,
        [
            ("added", &Absence::Added),
            ("cold", &Absence::NotComparable(text("`cache` differs: cold now, warm before"))),
            ("empty", &Absence::NotComparable(text("a side has no raw samples of it"))),
            ("fails", &Absence::Failed(text("panicked: no"))),
            ("gone", &Absence::Removed),
            ("never", &Absence::NeverMeasured(text("no GPU"))),
            ("now", &Absence::NotMeasuredBefore(text("no GPU"))),
            ("skips", &Absence::Skipped(text("no GPU"))),
        ]
    );
}

#[test]
fn a_baseline_without_raw_samples_is_refused() {
    let mut imported = measured("a", 100.0, 1.0, &[], 1.0);
    imported["outcome"]["measured"]["launches"] = json!([]);
    let (old, new) = (record(&[imported]), record(&[measured("a", 100.0, 1.0, &[], 1.0)]));
    let refused = Comparison::of(&new, &old, "main", &Terms::default()).expect_err("it is refused").to_string();
    assert!(refused.starts_with("`main` has no raw samples"), "{refused}");
    let refused = Comparison::of(&old, &new, "main", &Terms::default()).expect_err("it is refused").to_string();
    assert!(refused.starts_with("the new run has no raw samples"), "{refused}");
}

#[test]
fn what_only_one_side_measured_or_set_is_flagged_once() {
    let seeded = |id: &str, seed: &str, metrics: &[(&str, &str, f64)]| {
        let mut case = measured(id, 100.0, 1.0, metrics, 1.0);
        case["settings"] = json!({ "seed": { "value": seed, "origin": "attribute at f:1" } });
        case
    };
    let old = [seeded("a", "1", &[("SQNR", "dB", 1.0)]), seeded("b", "1", &[("score", "", 1.0)])];
    let new = [seeded("a", "2", &[("SQNR", "", 1.0)]), seeded("b", "2", &[("rank", "", 1.0)])];
    let flagged = compare(&new, &old).warnings;
    let expected = [
        "both are the same run",
        "`seed` differs: 2 now, 1 before (in 2 cases)",
        "`SQNR` is not compared: its unit or its direction is another (in 1 case)",
        "`rank` was not measured before (in 1 case)",
        "`score` is no longer measured (in 1 case)",
    ];
    assert_eq!(flagged, expected);
}

/// A calibration of long ago that gives the case `a` this floor.
fn calibrated(floor: f64) -> Calibration {
    let circumstances = json!({ "measured_at": 0, "kernel": null, "rustc": "rustc", "settings": {} });
    let entry = json!({
        "circumstances": circumstances, "executable": "", "launches": 60, "lock_step": floor, "stored": floor,
        "verdicts": 6, "false_alarms": 0, "detectable": 0.01
    });
    let target = record(&[]).run;
    let target = BenchTarget { package: target.package, name: target.target }.to_string();
    let all = json!({ "schema_version": 1, "machine_key": "", "targets": { target: { "a": entry } } });
    serde_json::from_value(all).expect("it is a calibration")
}

#[test]
fn a_calibration_says_what_the_floor_is() {
    let (old, new) = ([measured("a", 100.0, 1.0, &[], 1.0)], [measured("a", 104.0, 1.0, &[], 1.0)]);
    let verdict = |floor: Option<f64>| {
        let calibration = floor.map(calibrated);
        let terms = Terms { calibration: calibration.as_ref(), ..Terms::default() };
        let comparison = Comparison::of(&record(&new), &record(&old), "main", &terms).expect("they can be compared");
        let warned = comparison.warnings.iter().any(|warning| warning.contains("out of date"));
        assert_eq!(warned, floor.is_some(), "{:?}", comparison.warnings);
        (comparison.cases[0].time.verdict, comparison.cases[0].time.floor)
    };
    assert_eq!(verdict(None), (Verdict::Unchanged, 0.05));
    assert_eq!(verdict(Some(0.001)), (Verdict::Regressed, 0.03));
    assert_eq!(verdict(Some(0.08)), (Verdict::Unchanged, 0.08));
}

#[test]
fn a_document_gives_the_same_figures_as_a_record() {
    let record = record(&[
        measured("a", 100.0, 64.0, &[("SQNR", "dB", 1.0)], 1.0),
        case("b", json!({ "skipped": { "reason": "x" } })),
    ]);
    let path = std::env::temp_dir().join(format!("bitnet-bench-figures-{}.json", std::process::id()));
    std::fs::write(&path, serde_json::to_vec(&record).unwrap()).unwrap();
    let (one, other) = RunFigures::read_both(&path, &path).expect("it can be read");
    std::fs::remove_file(path).unwrap();
    assert_eq!(format!("{one:?}"), format!("{:?}", RunFigures::of(&record)));
    assert_eq!(one.cases.len(), other.cases.len());
}

/// A case that was measured, with something more in each launch.
fn with(mut case: Value, key: &str, value: Value) -> Value {
    let launches = case["outcome"]["measured"]["launches"].as_array_mut().expect("it was measured");
    for launch in launches {
        launch[key] = value.clone();
    }
    case
}

/// The verdict on a time, and what is said besides.
fn told(new: Value, old: Value) -> (Verdict, Vec<String>) {
    let (new, old) = (record(&[new]), record(&[old]));
    let comparison = Comparison::of(&new, &old, "main", &Terms::default()).expect("they can be compared");
    (comparison.cases[0].time.verdict, comparison.warnings)
}

#[test]
fn another_clock_of_the_core_explains_a_time_and_is_told() {
    let at = |time: f64, hertz: f64| with(measured("a", time, 1.0, &[], 1.0), "core_hz", json!({ "known": hertz }));
    let warns = |warnings: &[String], of: &str| warnings.iter().any(|warning| warning.contains(of));
    let (verdict, warnings) = told(at(110.0, 4e9), at(100.0, 4e9));
    assert!(verdict == Verdict::Regressed && !warns(&warnings, "GHz"), "{warnings:?}");
    let (verdict, warnings) = told(at(110.0, 3.64e9), at(100.0, 4e9));
    assert_eq!(verdict, Verdict::Inconclusive);
    assert!(warns(&warnings, "3.64 GHz now, 4.00 GHz before"), "{warnings:?}");
    let (verdict, warnings) = told(at(110.0, 3.64e9), measured("a", 100.0, 1.0, &[], 1.0));
    assert!(verdict == Verdict::Regressed && !warns(&warnings, "GHz"), "of an older record it is not known");
}

#[test]
fn with_another_number_of_outputs_alive_only_a_factor_of_two_is_a_change() {
    let holding = |held: u64, time: f64| with(measured("a", time, 1.0, &[], 1.0), "held", json!(held));
    assert_eq!(told(holding(8, 150.0), holding(8, 100.0)).0, Verdict::Regressed);
    assert_ne!(told(holding(64, 150.0), holding(8, 100.0)).0, Verdict::Regressed);
    assert_eq!(told(holding(64, 250.0), holding(8, 100.0)).0, Verdict::Regressed);
}
