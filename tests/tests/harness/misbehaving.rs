//! Benchmarks that misbehave cost only themselves.

use std::sync::LazyLock;

use super::program::{MISBEHAVING, Output, Program};
use super::results::Results;

/// One run of everything, which the tests share: what it printed, and what is in its record.
static RUN: LazyLock<(Output, Results)> = LazyLock::new(|| {
    let program = Program::new(MISBEHAVING);
    let output = program.measure(&["--output-format", "json", "--memory-limit", "512MiB"]);
    let record = Results::only_in(&program.home());
    (output, record)
});

/// Each bad benchmark, the kind of its failure, and what the reason must say.
const BAD: &[(&str, &str, &str)] = &[
    ("panics@cpu", "panicked", "on purpose: 42"),
    ("panics_with_a_number@cpu", "panicked", ""),
    ("aborts@cpu", "died", "SIGABRT"),
    ("exits@cpu", "died", "exit code 0"),
    ("loops_for_ever@cpu", "timed_out", "timeout of 1s"),
    #[cfg(unix)]
    ("segfaults@cpu", "died", "SIGSEGV"),
    #[cfg(unix)]
    ("kills_its_group@cpu", "died", "SIGKILL"),
    #[cfg(unix)]
    ("closes_everything@cpu", "died", ""),
    #[cfg(unix)]
    ("stops@cpu", "timed_out", "timeout of 1s"),
    ("panics_before_it_is_timed@cpu", "panicked", "no inputs today"),
    #[cfg(target_os = "linux")]
    ("exhausts_memory@cpu", "died", "memory allocation of"),
    ("has_an_absurd_size@cpu", "panicked", "capacity overflow"),
    ("overflows_its_stack@cpu", "died", "overflowed its stack"),
    ("returns_an_error@cpu", "returned_error", "no such weight"),
    ("gives_a_wrong_result@cpu", "check_failed", "*out == 4"),
    ("leaves_its_team[threads=2]@cpu", "panicked", "the first thread leaves"),
    ("times_nothing@cpu", "misused", "`iter`"),
    ("times_twice@cpu", "misused", "more than one"),
];

#[test]
fn ten_are_measured_and_each_of_the_others_says_why_not() {
    let (output, record) = &*RUN;
    assert_eq!(output.code, Some(1), "{}", output.stderr);
    let lines = Results::from_lines(&output.stdout);
    for results in [&lines, record] {
        for (name, kind, part) in BAD {
            let failure = &results.outcome(&format!("bad/{name}"))["failed"]["failure"];
            assert_eq!(failure["kind"], *kind, "{name}: {failure}");
            let text = format!("{}\n{}", failure["message"], failure["output"]);
            assert!(text.contains(part) && !failure["message"].to_string().is_empty(), "{name}: {text}");
        }
        assert_eq!(results.that("failed").len(), BAD.len(), "{:?}", results.that("failed"));
        let measured = results.that("measured");
        assert!(measured.iter().all(|id| id.starts_with("good/")), "{measured:?}");
        assert_eq!(measured.len(), if cfg!(unix) { 10 } else { 9 });
        for id in measured {
            assert_eq!(results.launches(id), [0, 1, 2, 3, 4], "{id}: bad neighbours cost it nothing");
        }
    }
}

#[test]
fn the_last_words_of_a_worker_are_kept() {
    let failure = &RUN.1.outcome("bad/aborts@cpu")["failed"]["failure"];
    assert!(failure["output"].as_str().is_some_and(|output| output.contains("last words")), "{failure}");
}

/// Half a line that one case leaves behind is no part of what another one said last.
#[test]
fn last_words_are_those_of_the_case_itself() {
    for seed in ["1", "2", "3", "4"] {
        let program = Program::new(MISBEHAVING);
        let words = ["--exact", "good/prints_garbage@cpu", "bad/aborts@cpu", "--shuffle-seed", seed];
        program.measure(&words).ended(1);
        let record = Results::only_in(&program.home());
        let failure = &record.outcome("bad/aborts@cpu")["failed"]["failure"];
        assert_eq!(failure["output"], "last words", "with seed {seed}");
    }
}

#[test]
fn what_subjects_print_does_not_mix_with_what_the_program_prints() {
    let (output, _) = &*RUN;
    Results::from_lines(&output.stdout);
    assert!(!output.stdout.contains("garbage g") && !output.stdout.contains("forged\\"), "{}", output.stdout);
    assert_eq!(output.stderr, "");
}

#[test]
fn what_subjects_print_is_passed_on_if_that_is_asked_for() {
    let program = Program::new(MISBEHAVING);
    let output = program.run(&["--exact", "good/prints_garbage@cpu", "--nocapture"]).ended(0);
    let output = output.prints("test good/prints_garbage@cpu ... ok").says("half a line of garbage");
    assert!(!output.stdout.contains("half a line"), "{}", output.stdout);
}

#[test]
fn the_table_names_each_failure() {
    let program = Program::new(MISBEHAVING);
    let output = program.measure(&["plain", "panics@cpu", "exits", "returns_an_error"]).ended(1);
    let output = output.prints("on purpose: 42").prints("ended its process with exit code 0").prints("no such weight");
    output.prints("4 measured, 3 failed");
}

#[test]
fn testing_runs_the_others_all_the_same() {
    let program = Program::new(MISBEHAVING);
    let output = program.run(&["--test", "--memory-limit", "512MiB"]).ended(1);
    let lines =
        |end: &str| output.stdout.lines().filter(|line| line.starts_with("test ") && line.ends_with(end)).count();
    assert_eq!(lines(" ... FAILED"), BAD.len(), "{}", output.stdout);
    assert_eq!(lines(" ... ok"), if cfg!(unix) { 10 } else { 9 });
    for part in ["---- bad/panics@cpu ----", "on purpose: 42", "test result: FAILED.", "no such weight"] {
        assert!(output.stdout.contains(part), "`{part}` is not in\n{}", output.stdout);
    }
}

/// A process that a subject starts would disturb what is measured after it.
#[cfg(unix)]
#[test]
fn what_a_subject_starts_ends_with_its_worker() {
    let (_, record) = &*RUN;
    let launches = &record.measured("good/leaves_a_process@cpu")["launches"];
    for launch in launches.as_array().expect("there are launches") {
        let process = launch["metrics"][0]["value"].as_f64().expect("the metric is the process's id");
        assert!(super::interruption::ends(process as u32), "process {process} is still there");
    }
}
