//! Exports, read back by the tools that they are for.

use std::fs;

use serde_json::{Value, json};

use super::runs::{companion, hostile, hostile_ids, measured, scale, times};
use super::tools::{cargo_tool, data, run_in, script, there};
use crate::program::{Program, WELL_BEHAVED};

#[test]
fn cargo_benchcmp_reads_bencher_lines() {
    if !there() {
        return;
    }
    let (program, _, _) = hostile();
    let lines = companion(&program, &["export", "--format", "bencher", "hostile.json"]).ended(0);
    let lines = lines.says("throughput and metrics: `");
    program.write("lines.txt", &lines.stdout);
    let compared = cargo_tool(program.folder(), "cargo-benchcmp", &["benchcmp", "lines.txt", "lines.txt"]);
    let rows = compared.lines().filter(|line| line.contains("ns/iter") || line.contains("x 1.00")).count();
    assert!(rows >= hostile_ids().len(), "{compared}");
    assert!(lines.stdout.contains("test g/failed@cpu ... FAILED\ntest g/skipped@cpu ... ignored\n"));
}

/// github-action-benchmark's pattern for `tool: cargo` (`src/extract.ts`): a name, ` ... bench:`, figures of digits,
/// commas and points, a unit, and nothing behind the bracket.
#[test]
fn every_measured_line_is_as_the_github_action_wants_it() {
    let (program, _, record) = hostile();
    let lines = companion(&program, &["export", "--format", "bencher", "hostile.json"]).ended(0).stdout;
    let figure = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || ",.".contains(c));
    let mut found = Vec::new();
    for line in lines.lines().filter(|line| line.contains(" bench:")) {
        let (name, rest) = line.strip_prefix("test ").unwrap().split_once(" ... bench:").expect("it has both");
        let (value, rest) = rest.trim_start().split_once(" ns/iter (+/- ").expect("it has a unit");
        let spread = rest.strip_suffix(')').expect("nothing follows");
        assert!(figure(value) && figure(spread) && !name.contains(char::is_whitespace), "{line}");
        found.push(value.replace(',', "").parse::<f64>().expect("it is a number"));
    }
    let expected: Vec<f64> = times(&record, "median").into_iter().map(|(_, time)| time).collect();
    assert_eq!(found, expected, "to the last digit");
}

#[test]
fn critcmp_reads_criterion_s_folder() {
    if !there() {
        return;
    }
    let (program, _, record) = hostile();
    let mut slower = record.clone();
    slower["cases"].as_array_mut().unwrap().iter_mut().for_each(|case| scale(case, 2.0));
    program.write("slower.json", slower.to_string());
    for (file, name) in [("hostile.json", "before"), ("slower.json", "after")] {
        let words = ["export", "--format", "criterion", "--name", name, file, "-o", "target/criterion"];
        companion(&program, &words).ended(0).says("a case that was not measured: `g/failed@cpu`, `g/skipped@cpu`");
    }
    for (name, record) in [("before", &record), ("after", &slower)] {
        let exported = cargo_tool(program.folder(), "critcmp", &["--target-dir", "target", "--export", name]);
        let exported: Value = serde_json::from_str(&exported).expect("critcmp exports JSON");
        let expected = times(record, "mean");
        assert_eq!(exported["benchmarks"].as_object().expect("it has benchmarks").len(), expected.len());
        for (id, mean) in expected {
            let found = &exported["benchmarks"][&id]["criterion_estimates_v1"]["mean"]["point_estimate"];
            // critcmp reads numbers by serde_json's faster way, which may miss the last bit.
            let found = found.as_f64().expect("it is a number");
            assert!((found / mean - 1.0).abs() < 1e-15, "{id}: {found}, not {mean}");
        }
    }
    let compared = cargo_tool(program.folder(), "critcmp", &["--target-dir", "target", "before", "after"]);
    assert_eq!(compared.matches(" 2.00 ").count(), hostile_ids().len(), "{compared}");
}

#[test]
fn bencher_s_schema_holds() {
    if !there() {
        return;
    }
    let (program, _, record) = hostile();
    companion(&program, &["export", "--format", "bmf", "hostile.json", "-o", "bmf.json"]).ended(0);
    let validate = "import json, sys, jsonschema\n\
        schema, document = (json.load(open(path, encoding='utf-8')) for path in sys.argv[1:])\n\
        jsonschema.Draft7Validator.check_schema(schema)\n\
        jsonschema.Draft7Validator(schema).validate(document)\n\
        print(len(document))";
    let counted = script(program.folder(), validate, &[&data("bmf.schema.json"), "bmf.json"]);
    assert_eq!(counted.trim(), hostile_ids().len().to_string());
    let text = fs::read_to_string(program.folder().join("bmf.json")).expect("it is there");
    let bmf: Value = serde_json::from_str(&text).expect("it is JSON");
    let first = &bmf[&hostile_ids()[0]];
    assert_eq!(first["latency"]["value"].as_f64(), Some(times(&record, "median")[0].1));
    assert_eq!(first["sq\"nr (dB, of course)"], json!({ "value": 5.625 }));
}

#[test]
fn junitparser_reads_junit() {
    if !there() {
        return;
    }
    let (program, _, record) = hostile();
    let mut slower = record.clone();
    scale(&mut slower["cases"][6], 3.0);
    program.write("slower.json", slower.to_string());
    let words = ["export", "--format", "junit", "slower.json", "--compare", "hostile.json", "-o", "junit.xml"];
    companion(&program, &words).ended(0);
    let parse = "import sys, junitparser\n\
        for suite in junitparser.JUnitXml.fromfile(sys.argv[1]):\n\
        \x20   print(suite.tests, suite.failures, suite.errors, suite.skipped)\n\
        \x20   names = {(case.classname, case.name) for case in suite}\n\
        \x20   print(len(names))\n\
        \x20   for case in suite:\n\
        \x20       for result in case.result:\n\
        \x20           print(case.name, type(result).__name__, result.type, result.message, sep='|')";
    let parsed = script(program.folder(), parse, &["junit.xml"]);
    let lines: Vec<&str> = parsed.lines().collect();
    let tests = hostile_ids().len() + 2;
    assert_eq!(lines[0], format!("{tests} 1 1 1"));
    assert_eq!(lines[1], tests.to_string(), "no two cases have one name");
    assert!(
        lines.iter().any(|line| line.starts_with("UPPER@cpu|Failure|regression|time 3.00× slower, from ")),
        "{parsed}"
    );
    assert!(lines.contains(&"failed@cpu|Error|panicked|panicked: no <b> &  "), "{parsed}");
    assert!(lines.contains(&"skipped@cpu|Skipped|None|no \"adapter\""), "{parsed}");
}

#[test]
fn otava_finds_a_step_at_its_commit() {
    if !there() {
        return;
    }
    let program = Program::new(WELL_BEHAVED);
    let record = measured(&program);
    let (runs, step) = (24_u32, 14_u32);
    let mut words = vec!["export".to_owned(), "--format=otava".to_owned(), "-o".to_owned(), "history".to_owned()];
    // The newest first: a table is in the order of time, whatever was asked for.
    for at in (0..runs).rev() {
        let mut run = record.clone();
        let noise = 1.0 + f64::from(at * 7 % 5) / 1_000.0;
        let factor = noise * if at < step { 1.0 } else { 1.06 };
        run["cases"].as_array_mut().unwrap().iter_mut().for_each(|case| scale(case, factor));
        run["run"]["started_at"] = format!("2026-03-{:02}T10:00:00Z", at + 1).into();
        run["git"] = json!({ "known": { "commit": format!("c0ffee{at:02}"), "branch": null, "dirty": false } });
        words.push(program.write(&format!("{at}.json"), run.to_string()).display().to_string());
    }
    companion(&program, &words.iter().map(String::as_str).collect::<Vec<_>>()).ended(0);
    let found = run_in(
        &program.folder().join("history"),
        "otava",
        &["analyze", "--config-file", "otava.yaml", "--output", "json", "--since", "2026-01-01", "well_behaved"],
    );
    let found: Value = serde_json::from_str(&found[found.find('{').expect("it prints JSON")..]).expect("it is JSON");
    let points = found["well_behaved"].as_array().expect("it has change points");
    assert_eq!(points.len(), 1, "{found:#}");
    let cases = times(&record, "median");
    assert_eq!(points[0]["changes"].as_array().map(Vec::len), Some(cases.len()), "{found:#}");
    assert_eq!(points[0]["attributes"]["commit"], format!("c0ffee{step}"));
}

/// `customSmallerIsBetter` and `customBiggerIsBetter` want a list of objects with `name`, `unit` and `value`.
#[test]
fn the_github_action_s_files_come_back() {
    let (program, _, record) = hostile();
    companion(&program, &["export", "--format", "github-action", "hostile.json", "-o", "action"]).ended(0);
    let mut names = Vec::new();
    for file in ["smaller-is-better.json", "bigger-is-better.json"] {
        let text = fs::read_to_string(program.folder().join("action").join(file)).expect("it is there");
        for entry in serde_json::from_str::<Vec<Value>>(&text).expect("it is a list") {
            assert!(entry["name"].is_string() && entry["unit"].is_string() && entry["value"].is_number(), "{entry}");
            names.push(entry["name"].clone());
        }
    }
    assert!(names.contains(&"a b/c d[x=1 2]@cpu · sq\"nr".into()));
    let id = companion(&program, &["import", "action"]).ended(0).stdout;
    let path = program.home().join("runs").join(format!("{}.json", id.trim()));
    let back: Value = serde_json::from_slice(&fs::read(path).expect("it is there")).expect("it is JSON");
    let mut expected = times(&record, "median");
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(times(&back, "median"), expected, "to the last digit, under the same ids");
}

#[test]
fn cargo_criterion_s_messages_hold_the_samples_and_the_change() {
    let (program, _, record) = hostile();
    let mut slower = record.clone();
    scale(&mut slower["cases"][6], 3.0);
    program.write("slower.json", slower.to_string());
    let words = ["export", "--format", "cargo-criterion", "slower.json", "--compare", "hostile.json"];
    let lines = companion(&program, &words).ended(0).stdout;
    let messages: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
    let complete = |id: &str| messages.iter().find(|message| message["id"] == id).expect("it is there");
    let case = complete(&hostile_ids()[6]);
    assert_eq!(case["change"]["change"], "Regressed");
    let change = case["change"]["median"]["estimate"].as_f64().expect("it is a number");
    assert!((change - 2.0).abs() < 1e-9, "{change}");
    let launches = slower["cases"][6]["outcome"]["measured"]["launches"].as_array().expect("it has launches");
    let samples = launches.iter().flat_map(|launch| launch["samples_ns"].as_array().expect("it has samples"));
    assert!(samples.eq(case["measured_values"].as_array().expect("they are there")));
    let groups = messages.iter().filter(|message| message["reason"] == "group-complete");
    assert_eq!(
        groups.map(|group| group["benchmarks"].as_array().map_or(0, Vec::len)).sum::<usize>(),
        hostile_ids().len()
    );
}
