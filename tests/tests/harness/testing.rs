//! What `cargo test --benches` and tools that know libtest get.

use super::program::{Program, WELL_BEHAVED};
use super::results::files;

#[test]
fn cargo_test_runs_each_case_once() {
    for arguments in [&[][..], &["--test"], &["--test", "--bench"]] {
        let program = Program::new(WELL_BEHAVED);
        let output = program.run(arguments).ended(0);
        let lines: Vec<&str> = output.stdout.lines().filter(|line| line.starts_with("test ")).collect();
        assert!(output.stdout.starts_with("\nrunning 19 tests\n"), "{}", output.stdout);
        assert_eq!(lines.iter().filter(|line| line.ends_with(" ... ok")).count(), 15, "{}", output.stdout);
        assert_eq!(lines.iter().filter(|line| line.contains(" ... ignored")).count(), 4);
        assert!(
            lines.iter().any(|line| line.contains("gemv[size=8x64,bits=1.58]@npu") && line.contains("npu` (known"))
        );
        assert!(output.stdout.contains("test result: ok. 15 passed; 0 failed; 4 ignored; 0 measured; 0 filtered out"));
        assert!(files(&program.home()).is_empty(), "nothing is measured, and nothing kept");
    }
}

#[test]
fn an_ignored_case_says_why_as_libtest_does() {
    let output = Program::new(WELL_BEHAVED).run(&["--test", "well_behaved/ignored"]).ended(0);
    output.prints("test well_behaved/ignored@cpu ... ignored, takes a week\n");
}

#[test]
fn ignored_cases_run_when_they_are_asked_for() {
    let output = Program::new(WELL_BEHAVED).run(&["--ignored"]).ended(0);
    let output = output.prints("running 1 test\n").prints("test well_behaved/ignored@cpu ... ok");
    output.prints("1 passed; 0 failed; 0 ignored");
    Program::new(WELL_BEHAVED).run(&["--include-ignored"]).ended(0).prints("16 passed; 0 failed; 3 ignored");
}

#[test]
fn one_case_can_be_run_alone() {
    let output = Program::new(WELL_BEHAVED).run(&["--exact", "kernels/pack[size=64]@cpu", "--nocapture"]).ended(0);
    output.prints("running 1 test\ntest kernels/pack[size=64]@cpu ... ok\n");
}

#[test]
fn flags_of_libtest_are_accepted() {
    let words =
        ["--test", "body", "--test-threads=1", "--format=pretty", "-q", "--show-output", "-Z", "unstable-options"];
    Program::new(WELL_BEHAVED).run(&words).ended(0).prints("1 passed");
    Program::new(WELL_BEHAVED).run(&["--test", "body", "--color", "never"]).ended(0).prints("1 passed");
}

#[test]
fn help_is_grouped_and_has_examples() {
    let output = Program::new(WELL_BEHAVED).run(&["--help"]).ended(0);
    for part in ["Which cases:", "How to measure:", "How to run:", "Results:", "Instead of measuring:", "Examples:"] {
        assert!(output.stdout.contains(part), "`{part}` is not in\n{}", output.stdout);
    }
    let widest = output.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "a line has {widest:?} characters");
}
