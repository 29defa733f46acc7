//! A program that measures with a library call.

use super::program::{Program, SUITE};
use super::results::Results;

#[test]
fn a_program_gets_its_results_and_keeps_its_arguments() {
    let program = Program::new(SUITE);
    let output = program.run(&["640"]).ended(0);
    let lines: Vec<&str> = output.stdout.lines().collect();
    let expected = [
        "measuring up to 640",
        "suite/annotated@cpu: false items/s: true",
        "suite/sum[size=8]@cpu: true items/s: true",
        "suite/sum[size=640]@cpu: true items/s: true",
    ];
    assert_eq!(lines[..4], expected, "what the workers print before the suite is not among it");
    let record = lines[4].strip_prefix("record: ").expect("the last line");
    let record = Results::from_file(std::path::Path::new(record));
    assert_eq!(record.head["run"]["target"], "suite");
    assert_eq!(record.head["run"]["arguments"], serde_json::json!(["640"]));
    assert_eq!(record.head["configuration"]["time"]["origin"], "the program");
    for id in record.that("measured") {
        assert_eq!(record.launches(id), [0, 1, 2, 3, 4], "{id}");
    }
}

#[test]
fn a_second_run_has_workers_of_its_own() {
    let output = Program::new(SUITE).run(&["64", "--again"]).ended(0);
    let again: Vec<&str> = output.stdout.lines().filter(|line| line.starts_with("again: ")).collect();
    assert_eq!(again, ["again: suite/count[cases=3]@cpu: true"], "only what was added, and what the first run gave");
}

#[test]
fn a_case_that_fails_is_no_error_of_the_program() {
    let output = Program::new(SUITE).run(&["--fail", "128"]).ended(1);
    output.prints("suite/sum[size=128]@cpu: returned an error: as it was told").prints("suite/annotated@cpu: false");
}

#[test]
fn a_run_that_cannot_be_made_is_an_error_of_the_call() {
    let program = Program::new(SUITE);
    let output = program.command(["64"]).env("BITNET_BENCH_RUNNER", "no-such-runner").output().expect("it can be run");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("no-such-runner"), "{complaint}");
}
