//! Runs that are interrupted or killed: nothing that was measured is lost, and no worker is left.

use std::fs;
use std::time::{Duration, Instant};

use super::program::{MISBEHAVING, Program, Running, SLOW};
use super::results::{Results, files};

/// Four cases, each for 100 ms in each of five launches, and not less when that is precise already.
const SETTINGS: [&str; 11] = settings("500ms", "5");
/// Four cases, each for 600 ms in one launch.
const ONE_LAUNCH: [&str; 11] = settings("600ms", "1");

const fn settings(time: &'static str, launches: &'static str) -> [&'static str; 11] {
    let [format, json] = ["--output-format", "json"];
    ["--bench", "--time", time, "--launches", launches, "--warmup", "5ms", "--precision", "0.0001", format, json]
}

/// Whether a process runs. One that has ended, and that nobody has asked about yet, does not.
pub(crate) fn is_alive(process: u32) -> bool {
    if let Ok(state) = fs::read_to_string(format!("/proc/{process}/stat")) {
        // The state stands behind the name, which is in parentheses.
        return !state.rsplit(')').next().unwrap_or_default().trim_start().starts_with(['Z', 'X']);
    }
    let number = i32::try_from(process).expect("a process's number is an i32");
    // SAFETY: signal 0 asks whether there is such a process, and touches no memory.
    !cfg!(target_os = "linux") && unsafe { libc::kill(number, 0) } == 0
}

/// Waits for a process to end, a moment only: what is to end it has happened.
pub(crate) fn ends(process: u32) -> bool {
    let start = Instant::now();
    while is_alive(process) && start.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(2));
    }
    !is_alive(process)
}

fn signal(process: u32, signal: i32) {
    let process = i32::try_from(process).expect("a process's number is an i32");
    // SAFETY: the process is one that this test started; no memory is touched.
    assert_eq!(unsafe { libc::kill(process, signal) }, 0, "a signal can be sent");
}

/// Starts a program whose workers write down their numbers.
fn start(program: &Program, arguments: &[&str]) -> Running {
    let log = program.folder().join("workers");
    let script = format!("sh -c 'echo $$ >> {}; exec \"$@\"' worker", log.display());
    Running::start(&mut program.command([arguments, &["--runner", &script]].concat()))
}

/// The numbers of the workers so far.
fn workers(program: &Program) -> Vec<u32> {
    let log = fs::read_to_string(program.folder().join("workers")).unwrap_or_default();
    log.lines().map(|line| line.parse().expect("a process's number")).collect()
}

/// How many results are on disk.
fn results_on_disk(program: &Program) -> usize {
    let journals = files(&program.home().join("partial"));
    let lines = |path| fs::read_to_string(path).unwrap_or_default().matches('\n').count();
    // The first line says what is measured.
    journals.iter().map(lines).sum::<usize>().saturating_sub(1)
}

fn wait_for_results(run: &mut Running, program: &Program, count: usize) {
    run.wait_for("that many results on disk", || (results_on_disk(program) >= count).then_some(()));
}

#[test]
fn an_interrupted_run_keeps_what_it_measured_and_can_be_resumed() {
    let program = Program::new(SLOW);
    let mut run = start(&program, &SETTINGS);
    for count in [1, 3, 6] {
        wait_for_results(&mut run, &program, count);
    }
    signal(run.id(), libc::SIGINT);
    let output = run.finish().ended(130).says("--resume");
    assert!(workers(&program).iter().all(|&worker| !is_alive(worker)), "a worker is left");

    let first = Results::from_lines(&output.stdout);
    assert_eq!(first.head["run"]["interrupted"], true);
    assert_eq!(Results::only_in(&program.home()).head["run"]["interrupted"], true);
    assert_eq!(first.that("measured").len(), 4, "each was measured in the first launch");
    assert!(results_on_disk(&program) >= 6);

    // What cannot be gone on with is refused, and stays as it is.
    let refused = |arguments: &[&str], reason: &str| {
        let output = program.run(&[&SETTINGS, &["--resume"][..], arguments].concat()).ended(2).says(reason);
        assert_eq!(output.stdout, "");
        assert!(results_on_disk(&program) >= 6);
    };
    refused(&["part=1"], "the same filters");
    refused(&["--confidence", "0.9"], "the same settings");

    let output = program.run(&[&SETTINGS, &["--resume"][..]].concat()).ended(0);
    let whole = Results::from_lines(&output.stdout);
    assert_eq!((&whole.head["run"]["interrupted"], &whole.head["run"]["resumed"]), (&false.into(), &true.into()));
    assert_eq!(whole.head["run"]["shuffle_seed"], first.head["run"]["shuffle_seed"]);
    for id in whole.cases.keys() {
        assert_eq!(whole.launches(id), [0, 1, 2, 3, 4], "{id}");
        let before = &first.measured(id)["launches"][0];
        assert_eq!(before["samples_ns"], whole.measured(id)["launches"][0]["samples_ns"], "it is not measured again");
    }
    assert!(files(&program.home().join("partial")).is_empty(), "a finished run has no journal");
    program.run(&[&SETTINGS, &["--resume"][..]].concat()).ended(2).says("no interrupted run of `slow`");
}

#[test]
fn a_killed_run_leaves_no_worker_and_can_be_resumed() {
    let program = Program::new(SLOW);
    let mut run = start(&program, &SETTINGS);
    wait_for_results(&mut run, &program, 6);
    signal(run.id(), libc::SIGKILL);
    let output = run.finish();
    assert_eq!((output.code, output.stdout.as_str()), (None, ""));

    assert!(workers(&program).into_iter().all(ends), "a worker outlives the run");
    // The last line may have been cut short.
    let journal = files(&program.home().join("partial")).remove(0);
    let mut text = fs::read_to_string(&journal).expect("the journal can be read");
    text.push_str("{\"measured\":{\"case\":\"sl");
    fs::write(&journal, text).expect("the journal can be written");

    let output = program.run(&[&SETTINGS, &["--resume"][..]].concat()).ended(0);
    let whole = Results::from_lines(&output.stdout);
    assert!(whole.cases.keys().all(|id| whole.launches(id) == [0, 1, 2, 3, 4]), "every launch was made once");
}

/// Two that went on with one run would each write their half of its record.
#[test]
fn a_run_that_is_under_way_cannot_be_resumed() {
    let program = Program::new(SLOW);
    let mut run = start(&program, &ONE_LAUNCH);
    wait_for_results(&mut run, &program, 1);
    let output = program.run(&[&ONE_LAUNCH[..], &["--resume"]].concat()).ended(2);
    assert_eq!(output.stdout, "");
    run.finish().ended(0);
    assert_eq!(Results::only_in(&program.home()).head["run"]["resumed"], false);
}

#[test]
fn a_killed_worker_costs_one_case() {
    let program = Program::new(SLOW);
    let mut run = start(&program, &ONE_LAUNCH);
    // In the middle of the launch, and of a case.
    wait_for_results(&mut run, &program, 1);
    signal(workers(&program)[0], libc::SIGKILL);
    let output = run.finish().ended(1);
    let results = Results::from_lines(&output.stdout);
    let failed = results.that("failed");
    assert_eq!((failed.len(), results.that("measured").len()), (1, 3));
    let failure = &results.outcome(failed[0])["failed"]["failure"];
    assert!(failure["message"].as_str().is_some_and(|message| message.contains("SIGKILL")), "{failure}");
}

#[test]
fn testing_can_be_interrupted() {
    let program = Program::new(MISBEHAVING);
    let mut run = start(&program, &["loops_for_ever", "--timeout", "100s"]);
    run.wait_for("a worker", || workers(&program).first().copied());
    signal(run.id(), libc::SIGINT);
    run.finish().ended(130);
    assert!(workers(&program).into_iter().all(ends), "a worker is left");
}

/// A part of a run is no measure for later ones, least of all in place of a whole one.
#[test]
fn an_interrupted_run_replaces_no_baseline() {
    let program = Program::new(SLOW);
    program.measure(&["--save-baseline", "main"]).ended(0);
    let baseline = program.home().join("baselines/main/slow.json");
    let before = fs::read(&baseline).expect("the baseline is there");

    let mut run = start(&program, &[&ONE_LAUNCH[..], &["--save-baseline", "main"]].concat());
    wait_for_results(&mut run, &program, 1);
    signal(run.id(), libc::SIGINT);
    run.finish().ended(130);
    assert!(fs::read(&baseline).expect("the baseline is there") == before, "the baseline is another one");
}
