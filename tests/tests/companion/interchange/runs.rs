//! Runs to export: measured, and made from those.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::COMPANION;
use crate::program::{Output, Program, Running, WELL_BEHAVED};
use crate::results::files;

/// Ids that every format must carry or refuse: two of them differ in a blank alone, two in what a file system would
/// take for the same, two only behind two thousand characters.
pub(super) fn hostile_ids() -> Vec<String> {
    let long = "long ".repeat(400);
    let mut ids: Vec<String> = [
        "a b/c d[x=1 2]@cpu",
        "a b/c\u{a0}d[x=1 2]@cpu",
        "a b/c%20d[x=1 2]@cpu",
        "g/quote\"comma,'apostrophe'[x=</script>&amp;]@cpu",
        "g/../../etc/passwd[x=C:\\*?|]@cpu",
        "g/Größe 漢字 🦀@vulkan",
        "g/UPPER@cpu",
        "g/upper@cpu",
        "g/tab\there\u{1b}[31m@cpu",
        "g/${HOME} $(true) `x` {{y}} # z: - q@cpu",
    ]
    .map(str::to_owned)
    .into();
    ids.extend(["1", "2"].map(|end| format!("g/{long}{end}@cpu")));
    ids
}

/// The companion in the folder of a program.
pub(super) fn companion(program: &Program, arguments: &[&str]) -> Output {
    Running::start(&mut program.command_of(COMPANION.as_ref(), arguments)).finish()
}

/// A run that was measured, as its record.
pub(super) fn measured(program: &Program) -> Value {
    program.measure(&["kernels/pack", "body"]).ended(0);
    let file = files(&program.home().join("runs")).pop().expect("there is a run");
    serde_json::from_slice(&std::fs::read(file).expect("it can be read")).expect("a record is JSON")
}

/// A program with a run that has a hostile id each, one that failed, and one that was skipped; and the run's file.
pub(super) fn hostile() -> (Program, PathBuf, Value) {
    let program = Program::new(WELL_BEHAVED);
    let mut record = measured(&program);
    let is_measured = |case: &&Value| case["outcome"].get("measured").is_some();
    let mut sample = record["cases"].as_array().unwrap().iter().find(is_measured).expect("a case was measured").clone();
    steady(&mut sample);
    let mut cases = Vec::new();
    for (at, id) in hostile_ids().into_iter().enumerate() {
        let mut case = sample.clone();
        case["group"] = id.split('/').next().into();
        case["id"] = id.into();
        let factor = 1.0 + at as f64 / 10.0;
        scale(&mut case, factor);
        cases.push(case);
    }
    let metric = json!({
        "name": "sq\"nr", "unit": "dB, of course", "direction": "higher_is_better",
        "estimate": { "value": 5.625, "lower": null, "upper": null, "level": 0.95 },
    });
    cases[0]["outcome"]["measured"]["metrics"] = json!([metric]);
    for (id, outcome) in [
        (
            "g/failed@cpu",
            json!({ "failed": { "failure": { "kind": "panicked", "message": "no <b> & \u{7}", "output": "]]>" }, "launch": 0, "launches": [] } }),
        ),
        ("g/skipped@cpu", json!({ "skipped": { "reason": "no \"adapter\"" } })),
    ] {
        let mut case = sample.clone();
        case["group"] = "g".into();
        case["id"] = id.into();
        case["outcome"] = outcome;
        cases.push(case);
    }
    record["cases"] = cases.into();
    let file = program.write("hostile.json", record.to_string());
    (program, file, record)
}

/// Gives the launches samples that are a thousandth apart: what this machine did meanwhile is of no interest.
fn steady(case: &mut Value) {
    for (at, launch) in case["outcome"]["measured"]["launches"].as_array_mut().unwrap().iter_mut().enumerate() {
        let iterations = launch["iterations"].as_f64().expect("it has iterations");
        let sample = iterations * 100.0 * (1.0 + at as f64 / 1_000.0);
        launch["samples_ns"].as_array_mut().unwrap().iter_mut().for_each(|old| *old = sample.into());
    }
}

/// Makes a case so many times as slow.
pub(super) fn scale(case: &mut Value, factor: f64) {
    let Some(measured) = case["outcome"].get_mut("measured") else { return };
    let scaled = |value: &Value| value.as_f64().map_or(Value::Null, |value| (value * factor).into());
    for figure in ["median", "mean", "minimum"] {
        for part in ["value", "lower", "upper"] {
            measured["time"][figure][part] = scaled(&measured["time"][figure][part]);
        }
    }
    for launch in measured["launches"].as_array_mut().expect("it has launches") {
        for sample in launch["samples_ns"].as_array_mut().expect("a launch has samples") {
            *sample = scaled(sample);
        }
    }
}

/// The cases of a record that were measured: their ids and the figure at that place of `time`.
pub(super) fn times(record: &Value, figure: &str) -> Vec<(String, f64)> {
    let cases = record["cases"].as_array().expect("a record has cases");
    let time = |case: &Value| case["outcome"]["measured"]["time"][figure]["value"].as_f64();
    cases.iter().filter_map(|case| Some((case["id"].as_str()?.to_owned(), time(case)?))).collect()
}
