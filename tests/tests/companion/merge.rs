//! `merge`: the parts of a run become the run, and nothing else does.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::COMPANION;
use super::program::{Output, Program, QUICK, Running, WELL_BEHAVED};
use super::results::{Results, files};

/// Measures a part, and writes it down as another machine would send it: as JSON lines, or as a record.
fn part(program: &Program, number: usize, of: usize, arguments: &[&str]) -> PathBuf {
    let shard = format!("{number}/{of}");
    let words = [&QUICK[..], &["--shard", &shard, "--output-format", "json"], arguments].concat();
    let lines = program.run(&words).ended(0).stdout;
    program.write(&format!("part-{number}.jsonl"), lines)
}

fn companion(program: &Program, arguments: &[&str]) -> Output {
    Running::start(&mut program.command_of(COMPANION.as_ref(), arguments)).finish()
}

fn merge(program: &Program, parts: &[PathBuf], arguments: &[&str]) -> Output {
    let parts: Vec<String> = parts.iter().map(|part| part.display().to_string()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    companion(program, &[&["bitnet-bench", "merge"], &parts[..], arguments].concat())
}

/// Three parts of three cases, and a store of their own to merge them in.
fn three() -> (Program, Vec<PathBuf>) {
    let program = Program::new(WELL_BEHAVED);
    let parts = (1..=3).map(|number| part(&program, number, 3, &["kernels/pack", "body"])).collect();
    fs::remove_dir_all(program.home()).expect("the store can be removed");
    (program, parts)
}

#[test]
fn eight_shards_are_the_whole_run() {
    let program = Program::new(WELL_BEHAVED);
    let whole = Results::from_lines(&program.measure(&["--output-format", "json"]).ended(0).stdout);
    let parts: Vec<PathBuf> = (1..=8).map(|number| part(&program, number, 8, &[])).collect();
    // Their order does not matter.
    let shuffled: Vec<PathBuf> = [3, 0, 7, 1, 6, 2, 5, 4].map(|at| parts[at].clone()).into();
    let output = merge(&program, &shuffled, &["-o", "whole.json", "--save-baseline", "main"]).ended(0);
    output.prints("well_behaved: 8 of 8 shards");

    let merged = Results::from_file(&program.folder().join("whole.json"));
    let ids = |results: &Results| -> Vec<String> {
        let cases = results.head["cases"].as_array();
        cases.map_or_else(Vec::new, |cases| cases.iter().map(|case| case["id"].as_str().unwrap().to_owned()).collect())
    };
    let run = files(&program.home().join("runs")).into_iter().map(|file| Results::from_file(&file));
    let unsharded = run.into_iter().find(|run| run.head["run"]["id"] == whole.head["run"]["id"]).expect("it is kept");
    assert_eq!(ids(&merged), ids(&unsharded), "the same cases in the same order");
    for outcome in ["measured", "failed", "skipped"] {
        assert_eq!(merged.that(outcome), whole.that(outcome));
    }
    let schema: Value = serde_json::from_str(include_str!("../../../docs/schema/record-1.json")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let errors: Vec<String> = schema.iter_errors(&merged.head).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // Each case is that of its part.
    let mut duration = 0.0;
    for path in &parts {
        let part = Results::from_lines(&fs::read_to_string(path).expect("it can be read"));
        duration += part.head["run"]["duration_ns"].as_f64().expect("a number");
        for id in part.cases.keys() {
            assert_eq!(part.outcome(id), merged.outcome(id), "{id}");
        }
    }
    let run = &merged.head["run"];
    assert!((run["duration_ns"].as_f64().expect("a number") / duration - 1.0).abs() < 1e-9);
    assert_eq!(run["parts"].as_array().map(Vec::len), Some(8));
    assert_eq!((&run["interrupted"], &run["shard"]), (&false.into(), &Value::Null));
    assert!(!run["arguments"].to_string().contains("shard"), "{run}");
    let starts = run["parts"].as_array().unwrap().iter().map(|part| part["started_at"].as_str().unwrap());
    assert_eq!(run["started_at"].as_str(), starts.min());
    assert!(program.home().join("baselines/main/well_behaved.json").is_file());

    // A run like any other: it is compared with, and named.
    program.measure(&["kernels/pack", "--baseline", "main"]).ended(0).prints("Compared with main");
}

#[test]
fn the_same_parts_are_the_same_run() {
    let (program, parts) = three();
    merge(&program, &parts, &["-o", "one.json"]).ended(0);
    let reversed: Vec<PathBuf> = parts.iter().rev().cloned().collect();
    merge(&program, &reversed, &["-o", "two.json"]).ended(0);
    let read = |name: &str| fs::read(program.folder().join(name)).expect("it can be read");
    assert!(read("one.json") == read("two.json"));
    assert_eq!(files(&program.home().join("runs")).len(), 1);
    // All in one file, as `cat` makes it; and as records in a store, by their ids.
    let all: String = parts.iter().map(|part| fs::read_to_string(part).expect("it can be read")).collect();
    let all = program.write("all.jsonl", all);
    merge(&program, &[all], &["-o", "three.json"]).ended(0);
    assert!(read("one.json") == read("three.json"));
}

#[test]
fn parts_are_found_in_the_store() {
    let program = Program::new(WELL_BEHAVED);
    for number in 1..=2 {
        part(&program, number, 2, &["kernels/pack"]);
    }
    let runs = files(&program.home().join("runs"));
    let ids: Vec<&str> = runs.iter().filter_map(|run| run.file_stem()?.to_str()).collect();
    companion(&program, &["merge", ids[0], ids[1]]).ended(0).prints("2 of 2 shards, 2 cases");
    companion(&program, &["merge", "2025"]).ended(2).says("there is no run `2025`");
    let merged =
        files(&program.home().join("runs")).into_iter().find(|run| run.display().to_string().contains("merged"));
    merge(&program, &[merged.expect("it was kept")], &[]).ended(2).says("is merged already: name its parts");
}

#[test]
fn what_is_missing_is_named() {
    let (program, parts) = three();
    let output = merge(&program, &parts[1..2], &[]).ended(2);
    assert!(files(&program.home().join("runs")).is_empty());
    output.says("`well_behaved` lacks the shards 1, 3 of 3").says("--partial");
    merge(&program, &parts[..2], &["--partial", "-o", "part.json"])
        .ended(0)
        .prints("2 of 3 shards, 2 cases, not whole");
    let partial = Results::from_file(&program.folder().join("part.json"));
    assert_eq!(partial.head["run"]["interrupted"], true);
    merge(&program, &parts[..2], &["--partial", "--save-baseline", "main"]).ended(2);
    merge(&program, &[parts[0].clone(), parts[0].clone()], &["--partial"]).ended(2).says("shard 1 is there twice");
}

/// What the second part says otherwise is named, with both values.
#[test]
fn parts_of_different_runs_are_refused() {
    let (program, parts) = three();
    let lines = fs::read_to_string(&parts[1]).expect("it can be read");
    let (head, rest) = lines.split_once('\n').expect("there are lines");
    type Change = fn(&mut Value);
    let changes: [(Change, &[&str]); 11] = [
        (|head| head["run"]["harness_version"] = "9.9.9".into(), &["the version of bitnet-bench differs", "9.9.9 in"]),
        (|head| head["toolchain"]["rustc"] = "rustc 1.0.0".into(), &["the compiler differs", "rustc 1.0.0 in"]),
        (|head| head["toolchain"]["target"] = "wasm".into(), &["the target triple differs"]),
        (|head| head["host"]["machine_key"] = "arm64-7".into(), &["the machine key differs", "arm64-7 in"]),
        (
            |head| head["git"] = json!({ "known": { "commit": "c0ffee", "branch": null, "dirty": true } }),
            &["the commit differs", "c0ffee, changed in"],
        ),
        (|head| head["configuration"]["time"]["value"] = "9s".into(), &["`time` differs", "9s in"]),
        (|head| head["configuration"]["run.pin"]["value"] = "off".into(), &["`run.pin` differs"]),
        (|head| head["run"]["surroundings"]["flags"]["known"] = "0".into(), &["own flags and their files differs"]),
        (|head| head["run"]["shard"]["split"] = "0".into(), &["are of different splits into 3"]),
        (|head| head["run"]["interrupted"] = true.into(), &["was interrupted: `--resume` goes on with shard 2"]),
        (|head| head["run"]["shard"] = Value::Null, &["is no part of a split run"]),
    ];
    for (change, words) in changes {
        let mut head: Value = serde_json::from_str(head).expect("JSON");
        change(&mut head);
        // The reader knows a line by its first member.
        let head = head.to_string();
        let head = format!("{{\"type\":\"run\",{}", head[1..].replace(",\"type\":\"run\"", ""));
        let changed = program.write("changed.jsonl", format!("{head}\n{rest}"));
        let mut output = merge(&program, &[parts[0].clone(), changed, parts[2].clone()], &[]).ended(2);
        assert_eq!(output.stdout, "");
        for word in words {
            output = output.says(word);
        }
        output.says("changed.jsonl");
    }
    assert!(files(&program.home().join("runs")).is_empty());
}

#[test]
fn what_may_differ_is_kept() {
    let (program, parts) = three();
    let text = fs::read_to_string(&parts[1]).expect("it can be read");
    let (head, rest) = text.split_once('\n').expect("there are lines");
    let mut head: Value = serde_json::from_str(head).expect("JSON");
    head["host"]["kernel"] = json!({ "known": "2.6.32" });
    head["run"]["executable"] = "0123".into();
    head["run"]["surroundings"]["environment"] = "0".into();
    head["configuration"]["run.home"]["value"] = "\"/scratch\"".into();
    let head = head.to_string();
    let head = format!("{{\"type\":\"run\",{}", head[1..].replace(",\"type\":\"run\"", ""));
    let other = program.write("other.jsonl", format!("{head}\n{rest}"));
    merge(&program, &[parts[0].clone(), other, parts[2].clone()], &["-o", "whole.json"]).ended(0);
    let run = Results::from_file(&program.folder().join("whole.json")).head["run"].clone();
    let parts = run["parts"].as_array().expect("there are parts");
    assert_eq!(parts[1]["host"]["kernel"]["known"], "2.6.32");
    assert_eq!((&parts[0]["host"], &parts[2]["host"]), (&Value::Null, &Value::Null));
    assert_eq!(parts[1]["executable"], "0123");
    assert!(run["executable"].as_str().is_some_and(|text| text.starts_with("unknown")), "{run}");
    // What is not known of all is known of none: nothing is carried over from this run.
    assert!(run["surroundings"].is_null());
}

#[test]
fn cases_that_two_parts_have_are_named() {
    let (program, parts) = three();
    let text = |at: usize| fs::read_to_string(&parts[at]).expect("it can be read");
    let (one, other) = (text(0), text(1));
    // The cases of the first part under the head of the second.
    let id = |lines: &str| Results::from_lines(lines).head["run"]["id"].as_str().expect("an id").to_owned();
    let (first, second) = (id(&one), id(&other));
    let head = other.lines().next().expect("a head");
    let rest: Vec<&str> = one.lines().skip(1).collect();
    let doubled = format!("{head}\n{}\n", rest.join("\n").replace(&first, &second));
    let doubled = program.write("doubled.jsonl", doubled);
    let output = merge(&program, &[parts[0].clone(), doubled, parts[2].clone()], &[]).ended(2);
    output.says("doubled.jsonl have the case `");
}

#[test]
fn bench_targets_are_merged_apart() {
    let (program, parts) = three();
    let renamed: Vec<PathBuf> = parts
        .iter()
        .map(|part| {
            let text = fs::read_to_string(part).expect("it can be read");
            let name = part.file_name().expect("it has a name").to_string_lossy().into_owned();
            let text = text.replace("\"target\":\"well_behaved\"", "\"target\":\"another\"");
            program.write(&format!("another/{name}"), text)
        })
        .collect();
    let all = [renamed.clone(), parts].concat();
    let output = merge(&program, &all, &["--save-baseline", "main"]).ended(0);
    output.prints("another: 3 of 3 shards").prints("well_behaved: 3 of 3 shards");
    assert_eq!(files(&program.home().join("baselines/main")).len(), 2);
    merge(&program, &all, &["-o", "one.json"]).ended(2).says("2 bench targets (another, well_behaved)");
    merge(&program, &all[1..], &[]).ended(2).says("`another` lacks the shard 1 of 3");
}

#[test]
fn files_that_hold_no_part_are_refused() {
    let (program, parts) = three();
    for (content, why) in [
        ("", "is not a record"),
        ("garbage", "is not a record"),
        ("{\"schema_version\":4000000000}", "update bitnet-bench"),
        ("{\"type\":\"end\",\"run\":\"x\"}", "has not begun"),
    ] {
        let bad = program.write("bad.jsonl", content);
        merge(&program, &[parts[0].clone(), bad], &[]).ended(2).says("bad.jsonl").says(why);
    }
    // A copy that was cut short.
    let text = fs::read_to_string(&parts[1]).expect("it can be read");
    let cut = program.write("cut.jsonl", text.lines().next().expect("a head"));
    merge(&program, &[parts[0].clone(), cut, parts[2].clone()], &[]).ended(2).says("cut.jsonl").says("not whole");
    merge(&program, &parts, &["-o", "part-1.jsonl/whole.json"]).ended(2).says("cannot be written");
    companion(&program, &["merge"]).ended(2);
    companion(&program, &["merge", "--help"]).ended(0).prints("docs/sharding.md");
}
