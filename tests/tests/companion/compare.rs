//! `compare`: runs that were stored, and what may not be compared.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::COMPANION;
use super::program::{Output, Program, Running, WELL_BEHAVED};
use super::stored::{baseline, edit, stretch};

const CASES: [&str; 3] = ["kernels/pack", "metrics", "body"];

/// A run, which the tests take copies of: `main` as it was measured.
static MEASURED: LazyLock<Program> = LazyLock::new(|| {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&[&CASES[..], &["--save-baseline", "main"]].concat()).ended(0);
    program
});

/// A store of its own with `main` and `slow`, which is the same run with `kernels/pack` twice as slow.
fn program() -> Program {
    let program = Program::new(WELL_BEHAVED);
    for name in ["main", "slow"] {
        let to = baseline(&program, name, "well_behaved");
        fs::create_dir_all(to.parent().expect("it is in a folder")).expect("the folder can be made");
        fs::copy(baseline(&MEASURED, "main", "well_behaved"), &to).expect("the document can be copied");
    }
    let slow = baseline(&program, "slow", "well_behaved");
    stretch(&slow, "kernels/pack", 2.0);
    edit(&slow, |record| record["run"]["id"] = json!("20990101T000000Z-well_behaved-1"));
    program
}

fn compare(program: &Program, arguments: &[&str]) -> Output {
    let words = ["bitnet-bench", "compare"].iter().chain(arguments).copied();
    Running::start(&mut program.command_of(COMPANION.as_ref(), words)).finish()
}

#[test]
fn a_change_is_found_and_shown_with_its_metrics() {
    let program = program();
    let output = compare(&program, &["main", "slow"]).ended(0).prints("slow compared with main: 2 regressed");
    let output = output.prints("2.00× slower").prints("Regressed\n  kernels/pack");
    assert!(output.stdout.lines().all(|line| line.chars().count() <= 80), "{}", output.stdout);
    compare(&program, &["slow", "main"]).ended(0).prints("2 improved").prints("2.00× faster");
    compare(&program, &["main", "main"]).ended(0).prints("both are the same run");
    let output = compare(&program, &["main", "slow", "--filter", "body", "--verbose"]).ended(0).prints("floor 5.0 %");
    assert!(!output.stdout.contains("kernels"), "{}", output.stdout);
    compare(&program, &["main", "slow", "--metric", "tokens/s", "--metric", "bytes/s"]).ended(0).prints("bytes/s");
}

#[test]
fn quality_is_a_metric_like_any_other() {
    let program = program();
    edit(&baseline(&program, "slow", "well_behaved"), |record| {
        for case in record["cases"].as_array_mut().expect("there are cases") {
            for launch in case["outcome"]["measured"]["launches"].as_array_mut().expect("there are launches") {
                for metric in launch["metrics"].as_array_mut().expect("there are metrics") {
                    let worse = if metric["name"] == "SQNR" { 6.0 } else { 1.58 };
                    metric["value"] = json!(worse);
                }
            }
        }
    });
    let output = compare(&program, &["main", "slow"]).ended(0).prints("−0.5000 dB worse");
    assert!(!output.stdout.contains("bits/weight"), "what did not change is not shown\n{}", output.stdout);
}

#[test]
fn the_forms_are_for_their_readers() {
    let program = program();
    let output = compare(&program, &["main", "slow", "--output-format", "json"]).ended(0);
    let document: Value = serde_json::from_str(&output.stdout).expect("it is one document");
    assert_eq!((&document["type"], &document["schema_version"]), (&json!("comparison"), &json!(1)));
    let run = &document["targets"][0]["runs"][0];
    assert_eq!((&run["run"], &run["comparison"]["baseline"]), (&json!("slow"), &json!("main")));
    let page = compare(&program, &["main", "slow", "--output-format", "markdown"]).ended(0).prints("### Regressed");
    assert!(page.stdout.len() < 65_536);
    let words = ["main", "slow", "--output-format", "markdown", "--max-bytes", "900"];
    assert!(compare(&program, &words).ended(0).prints("left out").stdout.len() <= 900);
}

#[test]
fn several_runs_are_a_matrix() {
    let program = program();
    let output = compare(&program, &["main", "slow", "main"]).ended(0).prints("1 slow").prints("2 main");
    output.prints("2.00× ▲").prints("▲ worse");
}

#[test]
fn runs_are_named_in_many_ways() {
    let program = program();
    let runs = program.home().join("runs");
    fs::create_dir_all(&runs).expect("the folder can be made");
    for (name, id) in [("main", "20260101T000000Z-well_behaved-1a"), ("slow", "20260102T000000Z-well_behaved-1b")] {
        let to = runs.join(format!("{id}.json"));
        fs::copy(baseline(&program, name, "well_behaved"), to).expect("the document can be copied");
    }
    for words in [["latest~1", "latest"], ["20260101", "20260102"], ["main", "latest"]] {
        compare(&program, &words).ended(0).prints("2 regressed");
    }
    let file = baseline(&program, "slow", "well_behaved").display().to_string();
    compare(&program, &["main", &file]).ended(0).prints("2 regressed");
    compare(&program, &["latest~2", "main"]).ended(2).says("there is no run so far back");
    compare(&program, &["2026", "main"]).ended(2).says("is the beginning of 2 runs");
    compare(&program, &["mian", "main"]).ended(2).says("there is no run `mian`");
    compare(&program, &["main"]).ended(2).says("<NEW>");
}

#[test]
fn lines_on_standard_input_are_a_run() {
    let program = program();
    let lines = MEASURED.measure(&["body", "--output-format", "json"]).ended(0).stdout;
    let mut command: Command = program.command_of(COMPANION.as_ref(), ["compare", "main", "-", "--filter", "body"]);
    let mut child = command.stdin(Stdio::piped()).spawn().expect("it can be started");
    let mut input = child.stdin.take().expect("it has an input");
    std::io::Write::write_all(&mut input, lines.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && stdout.contains("- compared with main: 1 "), "{stdout}");
}

#[test]
fn what_may_not_be_compared_is_refused() {
    let program = program();
    let slow = baseline(&program, "slow", "well_behaved");
    edit(&slow, |record| record["host"]["machine_key"] = json!("another"));
    compare(&program, &["main", "slow"]).ended(2).says("the machine differs").says("--across-machines");
    compare(&program, &["main", "slow", "--across-machines"]).ended(0).prints("! the machine differs");

    edit(&slow, |record| {
        record["toolchain"]["opt_level"] = json!("3");
        record["toolchain"]["debug_assertions"] = json!(false);
    });
    let main = baseline(&program, "main", "well_behaved");
    edit(&main, |record| record["toolchain"]["opt_level"] = json!("0"));
    compare(&program, &["main", "slow", "--across-machines"]).ended(2).says("measured by a debug build");
    edit(&main, |record| {
        for case in record["cases"].as_array_mut().expect("there are cases") {
            case["outcome"]["measured"]["launches"] = json!([]);
        }
    });
    compare(&program, &["main", "main"]).ended(2).says("`main` has no raw samples");
    fs::write(&slow, "{\"schema_version\": 1, \"run\": ").expect("it can be written");
    compare(&program, &["main", "slow"]).ended(2).says("is not a record of bitnet-bench");
    fs::write(&slow, "{\"schema_version\": 99, \"run\": ").expect("it can be written");
    compare(&program, &["main", "slow"]).ended(2).says("schema version 99");
}

#[test]
fn a_filter_or_a_metric_that_is_not_there_is_refused() {
    let program = program();
    compare(&program, &["main", "slow", "--filter", "gemv"]).ended(2).says("no case is as `--filter gemv` says");
    compare(&program, &["main", "slow", "--metric", "SQRN"]).ended(2).says("did you mean `SQNR`?");
}

#[test]
fn a_gate_decides_the_exit_code() {
    let program = program();
    let output = compare(&program, &["main", "slow", "--fail-on", "regression"]).ended(3);
    let last: Vec<&str> = output.stdout.lines().rev().take(3).collect();
    assert_eq!(last[0], "gate: 2 violations");
    assert!(last[1].starts_with("critical: kernels/pack") && last[1].contains("time is worse by 100.0 %"), "{last:?}");
    compare(&program, &["main", "slow", "--fail-on", "regression:150%"]).ended(0).prints("gate: passed");
    compare(&program, &["main", "slow", "--fail-on", "regresion"]).ended(2).says("not `regresion`");
    compare(&program, &["slow", "main", "--fail-on", "missing,failed,regression"]).ended(0);

    program.write("bitnet-bench.toml", "[[gate.rule]]\ncases = \"kernels/*\"\nregression = \"50%\"\n");
    compare(&program, &["main", "slow"]).ended(3).prints("(the gate is at 50.0 %)");
    compare(&program, &["main", "slow", "--fail-on", "none"]).ended(0);
    let allow = "[gate]\nfail_on = [\"regression\"]\n[[gate.allow]]\ncases = \"kernels/*\"\nreason = \"known\"\n";
    program.write("bitnet-bench.toml", format!("{allow}until = \"2999-12-31\"\n"));
    compare(&program, &["main", "slow"]).ended(0).prints("excused until 2999-12-31: kernels/pack");
    program.write("bitnet-bench.toml", format!("{allow}until = \"2001-12-31\"\n"));
    compare(&program, &["main", "slow"]).ended(3).says("was excused until 2001-12-31").prints("excused no longer");
    program.write("bitnet-bench.toml", "[[gate.rule]]\ncases = \"kernel/*\"\nregression = \"on\"\n");
    compare(&program, &["main", "slow"]).ended(2).says("bitnet-bench.toml:1: no case is `kernel/*`; did you mean");
    // A filter hides cases, and does not make a rule about them a mistake.
    program.write("bitnet-bench.toml", "[[gate.rule]]\ncases = \"kernels/*\"\nregression = \"on\"\n");
    compare(&program, &["main", "slow", "--filter", "body"]).ended(0).prints("gate: passed");
}
