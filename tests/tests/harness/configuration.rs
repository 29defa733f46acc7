//! Settings from file, environment and command line.

use std::fs;

use super::program::{MISBEHAVING, Program, QUICK, Running, WELL_BEHAVED};
use super::results::Results;

/// The lines of `--show-config` by key: the value and where it came from.
#[track_caller]
fn shown(program: &Program, arguments: &[&str], key: &str) -> (String, String) {
    let mut command = program.command([&["--bench", "--show-config"], arguments].concat());
    command.env("BITNET_BENCH_TIME", "2s").env("BITNET_BENCH_WARMUP", "");
    let output = Running::start(&mut command).finish().ended(0);
    let line = output.stdout.lines().find(|line| line.split_whitespace().next() == Some(key));
    let line = line.unwrap_or_else(|| panic!("`{key}` is not in\n{}", output.stdout));
    let (value, origin) = line.split_once('#').expect("a line has its origin");
    let value = value.split_once('=').expect("a line has its value").1;
    (value.trim().to_owned(), origin.trim().to_owned())
}

#[test]
fn each_value_has_its_origin() {
    let program = Program::new(WELL_BEHAVED);
    program
        .write("bitnet-bench.toml", "[measure]\nlaunches = 7\ntime = \"3s\"\nsamples = 50\n\n[run]\npin = \"off\"\n");
    let shown = |key| shown(&program, &["--samples", "60", "--in-process"], key);
    let origin = |(value, origin): (String, String), expected: [&str; 2]| {
        assert_eq!(value, expected[0]);
        assert!(origin.contains(expected[1]), "{value}: {origin}");
    };
    origin(shown("confidence"), ["0.95", "default"]);
    origin(shown("launches"), ["7", "bitnet-bench.toml:2"]);
    origin(shown("pin"), ["\"off\"", "bitnet-bench.toml:7"]);
    origin(shown("time"), ["\"2s\"", "BITNET_BENCH_TIME"]);
    origin(shown("samples"), ["60", "--samples"]);
    origin(shown("in_process"), ["\"on\"", "--in-process"]);
    origin(shown("warmup"), ["\"200ms\"", "default"]);
}

/// What is shown can be a file again.
#[test]
fn what_is_shown_can_be_read_back() {
    let program = Program::new(WELL_BEHAVED);
    let first = program.run(&["--bench", "--show-config", "--launches", "3"]).ended(0).stdout;
    program.write("again.toml", &first);
    let second = program.run(&["--bench", "--show-config", "--config", "again.toml"]).ended(0).stdout;
    let values = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split('#').next().unwrap_or_default().trim_end().to_owned()).collect()
    };
    assert_eq!(values(&first), values(&second));
}

#[test]
fn the_attribute_is_stronger_than_the_file_and_the_command_line_than_the_attribute() {
    let program = Program::new(WELL_BEHAVED);
    program.write("bitnet-bench.toml", "[measure]\nconfidence = 0.8\n");
    let level = |more: &[&str], id: &str| {
        let output = program.measure(&[&["own_settings", "body", "--output-format", "json"], more].concat()).ended(0);
        Results::from_lines(&output.stdout).measured(id)["time"]["median"]["level"].as_f64()
    };
    let (body, own) = ("well_behaved/body@cpu", "well_behaved/own_settings@cpu");
    assert_eq!((level(&[], body), level(&[], own)), (Some(0.8), Some(0.9)));
    assert_eq!(level(&["--confidence", "0.5"], own), Some(0.5));
}

/// `target/bitnet-bench`, wherever cargo's target folder is, and whatever folder the program runs in.
#[test]
fn the_store_is_in_the_target_folder_unless_it_was_said_where() {
    let program = Program::new(WELL_BEHAVED);
    program.write("cargo/CACHEDIR.TAG", "cargo marks its target folder with this");
    fs::create_dir_all(program.folder().join("cargo/release/deps")).expect("a folder can be made");
    let executable = program.folder().join("cargo/release/deps/well_behaved");
    fs::copy(WELL_BEHAVED, &executable).expect("the program can be copied");
    let run = |arguments: &[&str]| {
        let mut command = program.command_of(&executable, [&QUICK[..], &["body"], arguments].concat());
        Running::start(command.env_remove("BITNET_BENCH_HOME")).finish().ended(0);
    };
    run(&[]);
    assert_eq!(Results::only_in(&program.folder().join("cargo/bitnet-bench")).cases.len(), 1);
    run(&["--home", "else where"]);
    assert_eq!(Results::only_in(&program.folder().join("else where")).cases.len(), 1);
}

#[test]
fn iterations_and_samples_can_be_given() {
    let program = Program::new(WELL_BEHAVED);
    let words = ["future", "--output-format", "json", "--iterations", "120", "--samples", "6"];
    let results = Results::from_lines(&program.measure(&words).ended(0).stdout);
    for launch in results.measured("well_behaved/future@cpu")["launches"].as_array().expect("there are launches") {
        let samples = launch["samples_ns"].as_array().expect("there are samples").len() as u64;
        assert_eq!(samples * launch["iterations"].as_u64().expect("a count"), 120);
        assert!(samples <= 6);
    }
}

#[test]
fn one_process_can_measure_everything_and_says_so() {
    let program = Program::new(WELL_BEHAVED);
    let output = program.measure(&["--in-process"]).ended(0);
    output.prints("in one process").prints("15 measured, 4 skipped");
    let record = Results::only_in(&program.home());
    assert_eq!(record.head["run"]["in_process"], true);
    for id in record.that("measured") {
        assert_eq!(record.launches(id), [0]);
        assert!(record.measured(id)["notes"].to_string().contains("one launch"), "{id}");
    }
}

#[test]
fn a_failure_in_the_one_process_costs_one_case() {
    let program = Program::new(MISBEHAVING);
    let words = ["--in-process", "plain", "bad/panics@cpu", "returns_an_error", "gives_a_wrong"];
    program.measure(&words).ended(1).prints("4 measured, 3 failed");
}
