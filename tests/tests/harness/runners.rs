//! Workers that are started through a command.

use super::program::{Program, QUICK, WELL_BEHAVED};
use super::results::{Results, files};

#[cfg(unix)]
#[test]
fn every_worker_is_started_through_the_runner() {
    let program = Program::new(WELL_BEHAVED);
    program.write("my runner.sh", "echo \"$1\" >> started\nshift\nexec \"$@\"\n");
    let words = ["body", "--runner", "sh './my runner.sh' 'two words'", "--output-format", "json"];
    let output = program.measure(&words).ended(0);
    let started = std::fs::read_to_string(program.folder().join("started")).expect("the runner ran");
    assert_eq!(started, "two words\n".repeat(5), "once for each launch");
    let results = Results::from_lines(&output.stdout);
    assert_eq!(results.head["run"]["runner"], serde_json::json!(["sh", "./my runner.sh", "two words"]));
    let core = &results.measured("well_behaved/body@cpu")["launches"][0]["core"]["unknown"];
    assert!(core.as_str().is_some_and(|reason| reason.contains("runner")), "{core}");
}

#[cfg(unix)]
#[test]
fn a_runner_can_change_the_environment_and_talk() {
    let program = Program::new(WELL_BEHAVED);
    let words = ["body", "--runner", "sh -c 'echo starting; echo {} >&2; exec env A=1 \"$@\"' sh"];
    program.measure(&words).ended(0).prints("1 measured").prints("through sh -c");
}

#[test]
fn a_runner_that_does_not_work_is_told() {
    for (runner, reason) in [
        ("no-such-runner --quiet", "no-such-runner --quiet"),
        #[cfg(unix)]
        ("false", "exit code 1"),
        #[cfg(unix)]
        ("sh -c 'echo no such host >&2; exit 3'", "no such host"),
    ] {
        let program = Program::new(WELL_BEHAVED);
        let output = program.measure(&["body", "--runner", runner]).ended(2);
        let output = output.says("error: no worker can be started").says(reason);
        assert_eq!(output.stdout, "");
    }
}

/// A run that could not begin is none to resume, and must not hide one that was interrupted.
#[test]
fn a_run_that_could_not_begin_leaves_nothing() {
    let program = Program::new(WELL_BEHAVED);
    program.measure(&["body", "--runner", "no-such-runner"]).ended(2);
    assert!(files(&program.home().join("partial")).is_empty());
    program.run(&[&QUICK[..], &["body", "--resume"]].concat()).ended(2).says("no interrupted run");
}
