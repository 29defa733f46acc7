//! Runs that measure only what may have changed. What may have changed is never carried over.

use std::fs;

use serde_json::Value;

use super::program::{Output, Program, QUICK, Running, WELL_BEHAVED};
use super::results::{Results, call_precise, files};

/// The form of the results, and the cases that most of these tests measure: three.
const CHOSEN: [&str; 4] = ["--output-format", "json", "kernels/pack", "allocates"];

fn measure(program: &Program, arguments: &[&str]) -> Results {
    Results::from_lines(&measuring(program, arguments).stdout)
}

fn measuring(program: &Program, arguments: &[&str]) -> Output {
    let output = program.measure(&[&CHOSEN, arguments].concat()).ended(0);
    call_precise(&program.home());
    output
}

fn id(results: &Results) -> &str {
    results.head["run"]["id"].as_str().expect("a run has an id")
}

/// The cases that were carried over, each with the run that they are from.
fn carried(results: &Results) -> Vec<(&str, &str)> {
    let from = |(id, case): (&'_ String, &'_ Value)| case["carried_from"].as_str().map(|_| id.clone());
    let ids: Vec<String> = results.cases.iter().filter_map(from).collect();
    let of = |id: &String| {
        let (id, case) = results.cases.get_key_value(id).expect("it is there");
        (id.as_str(), case["carried_from"].as_str().expect("it was"))
    };
    ids.iter().map(of).collect()
}

#[test]
fn what_did_not_change_is_carried_over_with_its_figures() {
    let program = Program::new(WELL_BEHAVED);
    let nothing_yet = measuring(&program, &["--incremental"]).says("no whole run of `well_behaved` yet");
    let first = Results::from_lines(&nothing_yet.stdout);
    assert_eq!((first.that("measured").len(), carried(&first).len()), (3, 0));

    let output = measuring(&program, &["--incremental"]).says("3 carried over, nothing to measure");
    let second = Results::from_lines(&output.stdout);
    let all: Vec<_> = first.cases.keys().map(|case| (case.as_str(), id(&first))).collect();
    assert_eq!(carried(&second), all);
    for case in first.cases.keys() {
        let launches = |results: &Results| results.measured(case)["launches"].clone();
        assert!(launches(&first) == launches(&second), "{case}");
    }

    // What is carried on stays the first run's, even when that run is gone.
    fs::remove_file(program.home().join(format!("runs/{}.json", id(&first)))).expect("the run can be removed");
    let third = measure(&program, &["--incremental"]);
    assert_eq!(carried(&third), all);
    let named = measure(&program, &["--incremental-since", id(&second)]);
    assert_eq!(carried(&named), all);

    let page = program.measure(&["kernels/pack", "allocates", "--incremental"]).ended(0);
    page.prints("3 measured (3 carried over)").prints(&format!("carried over from the run {}", id(&first)));
}

#[test]
fn what_the_earlier_run_does_not_tell_is_measured() {
    let program = Program::new(WELL_BEHAVED);
    let first = measure(&program, &[]);
    // A case that is new, beside those that are not.
    let output =
        measuring(&program, &["fallible", "--incremental"]).says("3 carried over; measured: 1 not in that run");
    let second = Results::from_lines(&output.stdout);
    assert_eq!(carried(&second).len(), 3);
    assert_eq!(second.launches("well_behaved/fallible@cpu").len(), 5);

    // What failed, was skipped, or was not precise then.
    let path = program.home().join(format!("runs/{}.json", id(&first)));
    let mut record: Value = serde_json::from_str(&fs::read_to_string(&path).expect("it is there")).expect("JSON");
    record["cases"][0]["outcome"]["measured"]["precise"] = false.into();
    record["cases"][1]["outcome"] = serde_json::json!({ "skipped": { "reason": "no time" } });
    fs::write(&path, record.to_string()).expect("it can be written");
    let output = measuring(&program, &["--incremental-since", id(&first)]);
    let third = Results::from_lines(&output.stdout);
    assert_eq!(carried(&third).len(), 1, "{}", output.stderr);
    output.says("1 imprecise then, 1 skipped then");
}

/// The run that is carried over from has every case, even if a later one had only some.
#[test]
fn a_later_run_of_few_cases_is_not_in_the_way() {
    let program = Program::new(WELL_BEHAVED);
    let first = measure(&program, &[]);
    program.measure(&["fallible"]).ended(0);
    assert_eq!(carried(&measure(&program, &["--incremental"])).len(), 3);
    // Nor is one that cannot be read.
    program.write("home/runs/29991231T235959Z-well_behaved-1.json", "no JSON");
    let again = measure(&program, &["--incremental"]);
    assert!(carried(&again).iter().all(|(_, run)| *run == id(&first)));
}

/// Measures anew after a change, all of it.
#[track_caller]
fn measures_all(program: &Program, arguments: &[&str], variables: &[(&str, &str)], why: &str) {
    let words = [&QUICK[..], &CHOSEN, &["--incremental"], arguments].concat();
    let output = Running::start(program.command(words).envs(variables.iter().copied())).finish().ended(0);
    let results = Results::from_lines(&output.stdout);
    assert_eq!(carried(&results), [], "{arguments:?} {variables:?}");
    output.says(why);
}

#[test]
fn whatever_changes_is_measured_anew() {
    let program = Program::new(WELL_BEHAVED);
    let first = measure(&program, &[]);
    let since = ["--incremental-since", id(&first)];
    let with = |words: &[&'static str]| [&since[..], words].concat();
    for (words, why) in [
        (&["--confidence", "0.9"][..], "another `confidence`"),
        (&["--time", "21ms"], "another `time`"),
        (&["--seed", "7"], "another `seed`"),
        (&["--counters", "off"], "`run.counters` is another"),
        (&["--pin", "off"], "`run.pin` is another"),
        (&["--runner", "env"], "a runner may start workers"),
        (&["--in-process"], "`run.in_process` is another"),
    ] {
        measures_all(&program, &with(words), &[], why);
    }
    for variable in ["RAYON_NUM_THREADS", "LD_LIBRARY_PATH", "MALLOC_ARENA_MAX"] {
        measures_all(&program, &since, &[(variable, "3")], "an environment variable changed");
    }
    let suites = program.write("suites.toml", "[quantization]\ntensor_sizes = [[64, 64]]\n");
    let suites = suites.display().to_string();
    measures_all(&program, &[&since[..], &["--config", &suites]].concat(), &[], "`quantization.tensor_sizes`");
    // What says nothing to a subject.
    let words = [&QUICK[..], &CHOSEN, &["--color", "never"], &since].concat();
    let mut command = program.command(words);
    let output = Running::start(command.env("SHLVL", "7").env("SLURM_JOB_ID", "12")).finish().ended(0);
    assert_eq!(carried(&Results::from_lines(&output.stdout)).len(), 3, "{}", output.stderr);
}

/// A copy of the program to which one byte is added, as a debugger's section would: it does the same, and is another.
#[test]
fn another_executable_is_measured_anew() {
    let program = Program::new(WELL_BEHAVED);
    let copy = program.folder().join("bench");
    fs::copy(WELL_BEHAVED, &copy).expect("it can be copied");
    let words = [&QUICK[..], &CHOSEN].concat();
    Running::start(&mut program.command_of(&copy, &words)).finish().ended(0);
    call_precise(&program.home());
    let words = [&words[..], &["--incremental"]].concat();
    let same = Running::start(&mut program.command_of(&copy, &words)).finish().ended(0);
    assert_eq!(carried(&Results::from_lines(&same.stdout)).len(), 3, "{}", same.stderr);

    let mut bytes = fs::read(&copy).expect("it can be read");
    bytes.push(0);
    fs::write(&copy, bytes).expect("it can be written");
    let other = Running::start(&mut program.command_of(&copy, &words)).finish().ended(0);
    let other = other.says("the executable is another");
    assert_eq!(carried(&Results::from_lines(&other.stdout)), []);
}

/// Records in which something else was so: the run cannot be made on another machine here.
#[test]
fn what_was_measured_elsewhere_is_measured_anew() {
    let program = Program::new(WELL_BEHAVED);
    let first = measure(&program, &[]);
    let path = program.home().join(format!("runs/{}.json", id(&first)));
    let text = fs::read_to_string(&path).expect("it is there");
    type Change = fn(&mut Value);
    let changes: [(Change, &str); 8] = [
        (|record| record["host"]["machine_key"] = "x86_64-0".into(), "the machine is another"),
        (|record| record["host"]["kernel"]["known"] = "2.6.32".into(), "the kernel is another"),
        (|record| record["host"]["logical_cores"]["known"] = 96.into(), "the number of cores is another"),
        (|record| record["run"]["surroundings"]["folder"] = "/elsewhere".into(), "the folder that it runs in"),
        (|record| record["run"]["surroundings"] = Value::Null, "did not write down what its figures depend on"),
        (
            |record| record["run"]["surroundings"]["libraries"] = serde_json::json!({ "unknown": "no time" }),
            "the shared libraries cannot be compared (no time)",
        ),
        (
            |record| record["run"]["surroundings"]["libraries"]["known"]["/lib/gone.so"] = "0".into(),
            "the shared libraries cannot be compared (/lib/gone.so",
        ),
        (|record| record["run"]["executable"] = "unknown: it is gone".into(), "the executable is another"),
    ];
    for (change, why) in changes {
        let mut record: Value = serde_json::from_str(&text).expect("JSON");
        change(&mut record);
        fs::write(&path, record.to_string()).expect("it can be written");
        measures_all(&program, &["--incremental-since", id(&first)], &[], why);
    }
    // Each library that was loaded then counts.
    let record: Value = serde_json::from_str(&text).expect("JSON");
    let libraries = record["run"]["surroundings"]["libraries"]["known"].as_object().expect("they are known");
    assert!(cfg!(target_env = "musl") || libraries.keys().any(|library| library.contains("libc.so")), "{libraries:?}");
    for library in libraries.keys() {
        let mut record = record.clone();
        record["run"]["surroundings"]["libraries"]["known"][library] = "0".into();
        fs::write(&path, record.to_string()).expect("it can be written");
        let why = format!("the shared library {library} is another");
        measures_all(&program, &["--incremental-since", id(&first)], &[], &why);
    }
}

#[test]
fn a_run_that_is_not_there_is_refused() {
    let program = Program::new(WELL_BEHAVED);
    let since = |run: &str| program.measure(&["--incremental-since", run]).ended(2);
    since("2025").says("--incremental-since 2025: it is no file, no baseline of `well_behaved`");
    since("latest").says("there is no run of `well_behaved` yet");
    program.write("garbage.json", "garbage");
    since("garbage.json").says("garbage.json is not a record");
    assert!(files(&program.home().join("runs")).is_empty());
}
