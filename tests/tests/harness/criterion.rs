//! A bench file in criterion's way: what it names is listed, chosen, measured and isolated as any other.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::program::{CRITERION_STYLE, Output, Program, QUICK, Running};
use super::results::{Results, files};

/// The program with something in its environment.
fn with(variables: &[&str], arguments: &[&str]) -> Output {
    let program = Program::new(CRITERION_STYLE);
    let mut command = program.command(arguments);
    Running::start(command.envs(variables.iter().map(|variable| (variable, "1")))).finish()
}

/// What the program notes while it runs, and how often.
fn notes(program: &Program, arguments: &[&str]) -> BTreeMap<String, usize> {
    let path: PathBuf = program.folder().join("notes");
    let mut command = program.command(arguments);
    Running::start(command.env("CRITERION_STYLE_NOTES", &path)).finish().ended(0);
    let mut counts = BTreeMap::new();
    let text = std::fs::read_to_string(&path).expect("something was noted");
    text.lines().for_each(|line| *counts.entry(line.to_owned()).or_default() += 1);
    counts
}

#[test]
fn every_kind_of_id_is_listed_beside_the_attribute_s() {
    let output = Program::new(CRITERION_STYLE).run(&["--list", "--bench"]).ended(0);
    let ids: Vec<&str> = output.stdout.lines().filter(|line| line.ends_with("@cpu")).collect();
    for id in [
        "criterion/fib 20@cpu",
        "criterion/pow[parameter=3]@cpu",
        "criterion/sum[parameter=100]@cpu",
        "batches/custom@cpu",
        "criterion_style/annotated@cpu",
    ] {
        assert!(ids.contains(&id), "{id} is not in {ids:?}");
    }
    assert!(!output.stdout.contains("set-up may print"), "a list is for programs too: {}", output.stdout);
    output.says("set-up may print");
}

#[test]
fn listing_runs_the_set_up_once_and_no_benchmark() {
    let noted = notes(&Program::new(CRITERION_STYLE), &["--list", "--format", "terse"]);
    assert_eq!(noted, [("set-up of grouped".to_owned(), 1), ("set-up of plain".to_owned(), 1)].into());
}

#[test]
fn a_case_runs_its_own_target_and_closure_alone() {
    let noted = notes(&Program::new(CRITERION_STYLE), &["--test", "--exact", "criterion/fib 20@cpu"]);
    // The parent and the worker list; then the case's target is run once more.
    let times = [("fib 20", 1), ("set-up of grouped", 2), ("set-up of plain", 3)];
    assert_eq!(noted, times.map(|(what, count)| (what.to_owned(), count)).into());
}

#[test]
fn each_launch_calls_a_benchmark_s_closure_once() {
    let program = Program::new(CRITERION_STYLE);
    let noted = notes(&program, &[&QUICK, &["fib 20"][..]].concat());
    let launches = Results::only_in(&program.home()).launches("criterion/fib 20@cpu");
    assert_eq!((noted["fib 20"], launches.len()), (5, 5));
}

#[test]
fn every_way_to_iterate_is_measured() {
    let output = Program::new(CRITERION_STYLE).measure(&["--output-format", "json"]).ended(0);
    let results = Results::from_lines(&output.stdout);
    assert_eq!(results.that("measured").len(), 16);
    for (id, case) in &results.cases {
        let time = case["outcome"]["measured"]["time"]["median"]["value"].as_f64();
        assert!(time.is_some_and(|time| time > 0.0), "{id} took {time:?}");
    }
    let amounts = &results.measured("criterion/sum[parameter=100]@cpu")["launches"][4]["amounts"];
    assert_eq!((amounts["items"].as_f64(), amounts["bytes"].as_f64()), (Some(100.0), Some(800.0)));
    let source = results.cases["criterion/fib 20@cpu"]["source"].as_str().unwrap_or_default();
    let (line, text) = (source.rsplit_once(':'), include_str!("../../src/bin/criterion_style.rs"));
    let line: usize = line.and_then(|(_, line)| line.parse().ok()).expect("a source has a line");
    assert!(text.lines().nth(line - 1).is_some_and(|line| line.contains("bench_function(\"fib 20\"")), "{source}");
}

#[test]
fn another_measurement_becomes_a_metric() {
    let program = Program::new(CRITERION_STYLE);
    program.measure(&["threes"]).ended(0);
    let results = Results::only_in(&program.home());
    let metric = &results.measured("criterion/threes@cpu")["metrics"][0];
    assert_eq!((metric["name"].as_str(), metric["unit"].as_str()), (Some("measurement"), Some("ns")), "{metric}");
    assert_eq!(metric["estimate"]["value"].as_f64(), Some(3.0), "each iteration counts three: {metric}");
}

#[test]
fn what_the_configuration_says_holds_unless_the_group_or_the_command_line_says_otherwise() {
    let program = Program::new(CRITERION_STYLE);
    program.run(&["--bench", "--launches", "5", "--time", "20ms", "configured"]).ended(0);
    let results = Results::only_in(&program.home());
    let said = |id: &str, key: &str| results.cases[id]["settings"][key]["value"].as_str().map(str::to_owned);
    let (by_group, by_itself) = ("configured/by its group@cpu", "configured/by itself@cpu");
    assert_eq!(said(by_group, "samples").as_deref(), Some("20"));
    assert_eq!(said(by_itself, "samples").as_deref(), Some("11"), "the group's own setting wins");
    for id in [by_group, by_itself] {
        assert_eq!(said(id, "confidence").as_deref(), Some("0.99"));
        assert_eq!(said(id, "warmup").as_deref(), Some("3ms"));
        assert_eq!(said(id, "time"), None, "the command line wins");
        let samples = results.measured(id)["launches"][0]["samples_ns"].as_array().map_or(0, Vec::len);
        assert!((1..=20).contains(&samples), "{samples} samples");
    }
}

#[test]
fn what_goes_wrong_in_a_benchmark_costs_that_benchmark() {
    let output = with(&["CRITERION_STYLE_PANICS"], &[&QUICK, &["unsound", "--output-format", "json"][..]].concat());
    let results = Results::from_lines(&output.ended(1).stdout);
    assert_eq!(results.that("measured"), ["unsound/after@cpu", "unsound/before@cpu"]);
    let failure = |name: &str| results.outcome(&format!("unsound/{name}@cpu"))["failed"]["failure"].to_string();
    assert!(failure("panics").contains("as it should"), "{}", failure("panics"));
    assert!(failure("aborts").contains("died"), "{}", failure("aborts"));
    assert!(failure("times nothing").contains("nothing was timed"), "{}", failure("times nothing"));
    assert!(failure("times twice").contains("more than one"), "{}", failure("times twice"));
}

#[test]
fn set_up_that_panics_fails_and_takes_nothing_with_it() {
    let output = with(&["CRITERION_STYLE_SET_UP_PANICS"], &["--test"]).ended(1);
    let output = output.prints("test unsound/before@cpu ... ok").prints("test criterion/fib 20@cpu ... ok");
    let output = output.prints("test criterion/set-up of unsound@cpu ... FAILED").prints("the file is not there");
    assert!(!output.stdout.contains("unsound/after"), "what comes after is not known: {}", output.stdout);
}

#[test]
fn an_id_that_is_there_twice_is_refused_with_its_place() {
    let output = with(&["CRITERION_STYLE_TWICE"], &["--bench"]).ended(2);
    let output = output.says("criterion_style.rs:").says("`unsound/twice` is benchmarked twice");
    assert_eq!(output.stdout, "", "nothing is measured");
}

#[test]
fn an_id_that_changes_from_process_to_process_fails_alone() {
    let output = with(&["CRITERION_STYLE_CHANGES"], &["--test", "unsound"]).ended(1);
    output.prints("must list the same values in every process").prints("2 passed; 1 failed");
}

#[test]
fn testing_keeps_nothing_and_filters_choose() {
    let program = Program::new(CRITERION_STYLE);
    program.run(&["--test", "sum", "parameter=1000"]).ended(0).prints("running 1 test\ntest criterion/sum[");
    assert!(files(&program.home()).is_empty(), "nothing is measured, and nothing kept");
    program.measure(&["--regex", "^batches/(custom|future)@"]).ended(0).prints("2 measured");
}
