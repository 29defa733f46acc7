//! Gates of `cargo bench -- --baseline`: what they fail on, and with which exit code.

use serde_json::json;

use super::program::{MISBEHAVING, Program, WELL_BEHAVED};
use super::stored::{baseline, edit, stretch};

/// A program with a baseline of two cases, in which one took next to no time.
fn program() -> Program {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&["kernels/pack", "--save-baseline", "main"]).ended(0);
    stretch(&baseline(&program, "main", "well_behaved"), "size=640", 1e-4);
    program
}

const AGAIN: [&str; 3] = ["kernels/pack", "--baseline", "main"];

#[test]
fn a_regression_fails_the_run_where_it_was_asked_for() {
    let program = program();
    program.measure(&AGAIN).ended(0).prints("slower");
    let output = program.measure(&[&AGAIN[..], &["--fail-on", "regression:50%"]].concat()).ended(3);
    let last: Vec<&str> = output.stdout.lines().rev().take(2).collect();
    assert_eq!(last[0], "gate: 1 violation");
    assert!(last[1].starts_with("critical: kernels/pack[size=640]@cpu: time is worse by"), "{last:?}");
    // A program's output stays whole.
    let words = [&AGAIN[..], &["--fail-on", "regression:50%", "--output-format", "json"]].concat();
    let output = program.measure(&words).ended(3).says("gate: 1 violation");
    assert!(output.stdout.lines().all(|line| line.starts_with('{')), "{}", output.stdout);
    program.measure(&[&AGAIN[..], &["--fail-on", "missing", "--fail-on", "failed"]].concat()).ended(0);
}

#[test]
fn a_case_is_missing_only_where_it_is_gone() {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&["--save-baseline", "main"]).ended(0);
    let gate = ["--baseline", "main", "--fail-on", "missing"];
    // What the filters leave out is not missing, and not even named.
    let output = program.measure(&[&["body"][..], &gate].concat()).ended(0);
    assert!(!output.stdout.contains("only in main"), "{}", output.stdout);
    edit(&baseline(&program, "main", "well_behaved"), |record| {
        let mut gone = record["cases"][0].clone();
        gone["id"] = json!("kernels/gone@cpu");
        record["cases"].as_array_mut().expect("there are cases").push(gone);
    });
    program.measure(&gate).ended(3).prints("major: kernels/gone@cpu: is in `main`, and was not measured");
    program.measure(&[&["body"][..], &gate].concat()).ended(0);
}

#[test]
fn a_failed_case_fails_the_gate_before_it_fails_the_run() {
    let program = Program::new(MISBEHAVING);
    let cases = ["--exact", "bad/panics@cpu", "good/prints_garbage@cpu"];
    program.measure(&[&cases[..], &["--save-baseline", "main"]].concat()).ended(1);
    program.measure(&[&cases[..], &["--baseline", "main"]].concat()).ended(1);
    let output = program.measure(&[&cases[..], &["--baseline", "main", "--fail-on", "failed"]].concat()).ended(3);
    output.prints("critical: bad/panics@cpu: failed: panicked");
}

#[test]
fn a_gate_needs_a_baseline_and_words_that_it_knows() {
    let program = program();
    program.measure(&["--fail-on", "regression"]).ended(2).says("name what to compare with, `--baseline NAME`");
    program.measure(&[&AGAIN[..], &["--fail-on", "regression:fast"]].concat()).ended(2).says("not `regression:fast`");
    program.write("bitnet-bench.toml", "[[gate.rule]]\ncases = \"kernels/pak*\"\nregression = \"3%\"\n");
    let output = program.measure(&AGAIN).ended(2).says("bitnet-bench.toml:1: no case is `kernels/pak*`");
    output.says("a gate that matches nothing guards nothing");
    // A rule about a case that the filter left out is no mistake.
    program.write("bitnet-bench.toml", "[[gate.rule]]\ncases = \"kernels/gemv*\"\nregression = \"3%\"\n");
    program.measure(&AGAIN).ended(0).prints("gate: passed");
    program.write("bitnet-bench.toml", "[gate]\nfail_on = [\"regresion\"]\n");
    program.measure(&AGAIN).ended(2).says("bitnet-bench.toml:2:12: `gate.fail_on` takes");
}

#[test]
fn another_machine_is_refused_before_anything_is_measured() {
    let program = program();
    edit(&baseline(&program, "main", "well_behaved"), |record| record["host"]["machine_key"] = json!("another"));
    let output = program.measure(&AGAIN).ended(2).says("the machine differs").says("--across-machines");
    assert!(output.stdout.is_empty(), "{}", output.stdout);
    program.measure(&[&AGAIN[..], &["--across-machines"]].concat()).ended(0).prints("the machine differs");
}
