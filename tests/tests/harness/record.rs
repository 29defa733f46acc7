//! What a record holds.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use super::program::{Program, QUICK, Running, WELL_BEHAVED};
use super::results::{Results, files};

/// One run of everything, which the tests share: its record, and the JSON lines that it printed.
static RUN: LazyLock<(Results, Results)> = LazyLock::new(|| {
    let program = Program::new(WELL_BEHAVED);
    let output = program.measure(&["--output-format", "json", "--shuffle-seed", "7"]).ended(0);
    (Results::only_in(&program.home()), Results::from_lines(&output.stdout))
});

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|number| number.as_f64().expect("a number")).collect()
}

/// The launches of a case.
fn launches<'a>(results: &'a Results, id: &str) -> &'a Vec<Value> {
    results.measured(id)["launches"].as_array().expect("there are launches")
}

#[test]
fn the_lines_and_the_file_say_the_same() {
    let (record, lines) = &*RUN;
    for key in ["schema_version", "run", "host", "toolchain", "git", "findings", "configuration"] {
        assert_eq!(record.head[key], lines.head[key], "{key}");
    }
    for (id, case) in &record.cases {
        assert_eq!(case["outcome"], lines.cases[id]["outcome"], "{id}");
    }
    assert_eq!(record.cases.len(), lines.cases.len());
}

#[test]
fn every_launch_of_every_case_has_its_raw_samples() {
    let (record, _) = &*RUN;
    assert_eq!(record.that("measured").len(), 15);
    for id in record.that("measured") {
        assert_eq!(record.launches(id), [0, 1, 2, 3, 4], "{id}");
        for launch in launches(record, id) {
            let samples = numbers(&launch["samples_ns"]);
            assert!(!samples.is_empty() && samples.iter().all(|&sample| sample > 0.0), "{id}: {samples:?}");
            assert!(launch["iterations"].as_u64() >= Some(1), "{id}");
            assert!(launch["clock"]["name"].is_string(), "{id}");
            assert!(stated(&launch["core"]) && stated(&launch["counters"]) && stated(&launch["allocations"]), "{id}");
        }
    }
}

/// Whether there is a value, or else a reason.
fn stated(value: &Value) -> bool {
    value.get("known").is_some() || value["unknown"].as_str().is_some_and(|reason| !reason.is_empty())
}

#[test]
fn every_estimate_lies_in_its_interval() {
    let (record, _) = &*RUN;
    for id in record.that("measured") {
        let level = if id.contains("own_settings") { 0.9 } else { 0.95 };
        for which in ["median", "mean", "minimum"] {
            let estimate = &record.measured(id)["time"][which];
            let [value, lower, upper] =
                ["value", "lower", "upper"].map(|part| estimate[part].as_f64().expect("a number"));
            assert!(0.0 < lower && lower <= value && value <= upper, "{id}: {which} is {estimate}");
            assert_eq!(estimate["level"], level, "{id}");
        }
    }
}

/// What is known of the run, independent of the framework.
#[test]
fn the_run_says_what_ran_and_how() {
    let (record, _) = &*RUN;
    let run = &record.head["run"];
    assert_eq!((&run["target"], &run["package"]), (&"well_behaved".into(), &"bitnet-bench-tests".into()));
    assert_eq!(
        (&run["in_process"], &run["interrupted"], &run["resumed"]),
        (&false.into(), &false.into(), &false.into())
    );
    assert_eq!(run["shuffle_seed"], 7);
    assert!(run["arguments"].as_array().is_some_and(|arguments| arguments.contains(&"--shuffle-seed".into())));
    assert!(record.head["toolchain"]["rustc"].as_str().is_some_and(|rustc| rustc.starts_with("rustc 1.")));
    assert!(record.head["host"]["machine_key"].as_str().is_some_and(|key| !key.is_empty()));
    let configured = |key: &str| {
        let configured = &record.head["configuration"][key];
        [&configured["value"], &configured["origin"]].map(|text| text.as_str().expect("a text").to_owned())
    };
    assert_eq!(configured("launches"), ["5", "--launches"]);
    assert_eq!(configured("confidence"), ["0.95", "default"]);
}

#[test]
fn a_case_says_what_it_is() {
    let (record, _) = &*RUN;
    let case = &record.cases["kernels/gemv[size=64x64,bits=1.58]@cpu"];
    assert_eq!((&case["group"], &case["name"], &case["device"]), (&"kernels".into(), &"gemv".into(), &"cpu".into()));
    let axes =
        [("size", "64x64"), ("bits", "1.58")].map(|(axis, label)| serde_json::json!({"axis": axis, "label": label}));
    assert_eq!(case["point"], Value::from(axes.to_vec()));
    assert_eq!(case["tags"], serde_json::json!(["kernel"]));
    assert!(case["source"].as_str().is_some_and(|source| source.contains("well_behaved.rs:")), "{}", case["source"]);
    let own = &record.cases["well_behaved/own_settings@cpu"]["settings"];
    assert_eq!(own["samples"]["value"], "7");
    assert!(own["samples"]["origin"].as_str().is_some_and(|origin| origin.contains("well_behaved.rs:")), "{own}");
    let ignored = &record.outcome("well_behaved/ignored@cpu")["skipped"]["reason"];
    assert!(ignored.as_str().is_some_and(|reason| reason.contains("takes a week")), "{ignored}");
}

#[test]
fn a_case_carries_more_than_its_time() {
    let (record, _) = &*RUN;
    let throughput = |id: &str| {
        let throughput = &record.measured(id)["throughput"][0];
        let amount = throughput["amount"].as_str().expect("a name").to_owned();
        (amount, throughput["per_iteration"].as_f64(), throughput["per_second"]["value"].as_f64() > Some(0.0))
    };
    assert_eq!(throughput("kernels/gemv[size=8x64,bits=2.0]@cpu"), ("items".to_owned(), Some(512.0), true));
    assert_eq!(throughput("kernels/pack[size=640]@cpu"), ("bytes".to_owned(), Some(640.0), true));
    assert_eq!(throughput("well_behaved/metrics@cpu"), ("tokens".to_owned(), Some(3.0), true));

    let allocations = &record.measured("well_behaved/allocates@cpu")["allocations"]["known"];
    assert_eq!((allocations["allocations"].as_f64(), allocations["bytes"].as_f64()), (Some(1.0), Some(64.0)));
    let none = &record.measured("well_behaved/body@cpu")["allocations"]["known"];
    assert_eq!(none["allocations"].as_f64(), Some(0.0), "counting allocates nothing itself: {none}");

    let metrics = record.measured("well_behaved/metrics@cpu")["metrics"].as_array().expect("there are metrics");
    let of = |name: &str| metrics.iter().find(|metric| metric["name"] == name).expect("the metric");
    assert_eq!((of("SQNR")["estimate"]["value"].as_f64(), &of("SQNR")["unit"]), (Some(6.5), &"dB".into()));
    assert_eq!(of("SQNR")["direction"], "higher_is_better");
}

/// Settings that hardly suffice are told.
#[test]
fn figures_that_are_not_to_be_trusted_have_a_note() {
    let program = Program::new(WELL_BEHAVED);
    let words = ["--bench", "body", "--time", "1ms", "--warmup", "0s", "--launches", "1", "--output-format", "json"];
    let results = Results::from_lines(&program.run(&words).ended(0).stdout);
    let notes = results.measured("well_behaved/body@cpu")["notes"].to_string();
    assert!(notes.contains("one launch"), "{notes}");
}

#[test]
fn runs_at_once_can_share_a_store() {
    let program = Program::new(WELL_BEHAVED);
    let words = [&QUICK[..], &["kernels"]].concat();
    let runs = [(); 3].map(|()| Running::start(&mut program.command(&words)));
    for run in runs {
        run.finish().ended(0);
    }
    assert_eq!(files(&program.home().join("runs")).len(), 3);
}

/// The cases in the order in which a launch measured them.
fn order(results: &Results, launch: usize) -> Vec<&str> {
    let mut order: Vec<_> = results
        .that("measured")
        .into_iter()
        .map(|id| (launches(results, id)[launch]["position"].as_u64().expect("a position"), id))
        .collect();
    order.sort();
    assert!(order.iter().map(|(position, _)| *position).eq(0..order.len() as u64), "{order:?}");
    order.into_iter().map(|(_, id)| id).collect()
}

#[test]
fn each_launch_has_an_order_of_its_own_which_the_seed_repeats() {
    let (first, _) = &*RUN;
    let orders: BTreeSet<_> = (0..5).map(|launch| order(first, launch)).collect();
    assert_eq!(orders.len(), 5, "fifteen cases have 10¹² orders");

    let again = |seed: &str| {
        let words = ["--output-format", "json", "--shuffle-seed", seed];
        Results::from_lines(&Program::new(WELL_BEHAVED).measure(&words).ended(0).stdout)
    };
    assert_eq!(order(&again("7"), 3), order(first, 3));
    assert_ne!(order(&again("8"), 3), order(first, 3));
}

#[test]
fn without_a_seed_each_run_draws_one_and_records_it() {
    let program = Program::new(WELL_BEHAVED);
    let seed = || {
        let output = program.measure(&["body", "--output-format", "json"]).ended(0);
        Results::from_lines(&output.stdout).head["run"]["shuffle_seed"].as_u64().expect("a seed")
    };
    assert_ne!(seed(), seed());
}
