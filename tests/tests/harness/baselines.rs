//! Runs that are kept under a name, and compared with.

use super::program::{Program, SLOW, WELL_BEHAVED};
use super::results::{Results, files};

#[test]
fn a_run_can_be_kept_and_compared_with() {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&["kernels/pack", "body", "--save-baseline", "main"]).ended(0);
    let kept = files(&program.home().join("baselines/main"));
    assert_eq!(kept, [program.home().join("baselines/main/well_behaved.json")]);
    assert_eq!(Results::from_file(&kept[0]).that("measured").len(), 3);

    let output = program.measure(&["kernels/pack", "future", "--baseline", "main"]).ended(0);
    let output = output.prints("Compared with main");
    assert!(!output.stdout.contains("only in main"), "the filters left `body` out\n{}", output.stdout);
    assert!(output.stdout.contains("2 ") || output.stdout.contains("unchanged"), "{}", output.stdout);

    let output = program.measure(&["kernels/pack", "--baseline", "main", "--output-format", "csv"]).ended(0);
    let verdicts = ["improved", "regressed", "unchanged", "inconclusive"];
    for row in output.stdout.lines().skip(1) {
        assert!(verdicts.iter().any(|verdict| row.contains(&format!(",{verdict},"))), "{row}");
    }
    let output = program.measure(&["kernels/pack", "--baseline", "main", "--output-format", "markdown"]).ended(0);
    output.prints("main");
}

#[test]
fn a_baseline_is_replaced_and_kept_by_target() {
    let program = Program::new(WELL_BEHAVED);
    for filter in ["body", "future"] {
        program.measure(&[filter, "--save-baseline", "main"]).ended(0);
    }
    let kept = program.home().join("baselines/main/well_behaved.json");
    assert_eq!(Results::from_file(&kept).that("measured"), ["well_behaved/future@cpu"]);

    // Another target shares the store, and has no such baseline.
    let other = Program::new(SLOW);
    let mut command = other.command(["--bench", "--baseline", "main"]);
    let output = command.env("BITNET_BENCH_HOME", program.home()).output().expect("it can be run");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert!(complaint.contains("no baseline `main` of `slow`"), "{complaint}");
}

#[test]
fn a_run_can_be_compared_with_the_baseline_that_it_replaces() {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&["body", "--save-baseline", "main"]).ended(0);
    let before = Results::from_file(&program.home().join("baselines/main/well_behaved.json"));
    let output = program.measure(&["body", "--baseline", "main", "--save-baseline", "main"]).ended(0);
    output.prints("Compared with main");
    let after = Results::from_file(&program.home().join("baselines/main/well_behaved.json"));
    assert_ne!(before.head["run"]["id"], after.head["run"]["id"]);
}
