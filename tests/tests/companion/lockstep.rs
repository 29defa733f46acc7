//! `diff --bin` and `calibrate`: executables measured in turn, and told from what is none.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::COMPANION;
use super::program::{Output, Program, Running};

const KERNELS: &str = env!("CARGO_BIN_EXE_kernels");
/// Its bench target, in the calibration.
const KERNELS_TARGET: &str = "bitnet-bench-tests/kernels";
const SIDES: &str = env!("CARGO_BIN_EXE_sides");

/// A copy of an executable with a file beside it that it reads.
fn copy(program: &Program, executable: &str, folder: &str, beside: (&str, &str)) -> String {
    let path = program.write(&format!("{folder}/{}", beside.0), beside.1).with_file_name("executable");
    fs::copy(executable, &path).expect("the executable can be copied");
    path.display().to_string()
}

/// The two sides of `kernels`, of which the new one does so many per cent more work.
fn kernels(program: &Program, slower_by: &str) -> [String; 2] {
    [("old", "0"), ("new", slower_by)].map(|(folder, by)| copy(program, KERNELS, folder, ("slower-by", by)))
}

fn run(program: &Program, arguments: &[&str]) -> Output {
    Running::start(&mut program.command_of(Path::new(COMPANION), arguments)).finish()
}

fn diff(program: &Program, [old, new]: &[String; 2], arguments: &[&str]) -> Output {
    run(program, &[&["diff", "--bin", old, new], arguments].concat())
}

/// The documents in a folder of the store.
fn documents(program: &Program, folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(program.home().join(folder)).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// The only comparison in the store.
#[track_caller]
fn stored(program: &Program) -> Value {
    let documents = documents(program, "diffs");
    assert_eq!(documents.len(), 1, "{documents:?}");
    serde_json::from_slice(&fs::read(&documents[0]).expect("it can be read")).expect("it is JSON")
}

/// The compared cases by their ids.
fn cases(record: &Value) -> BTreeMap<&str, &Value> {
    let cases = record["comparison"]["cases"].as_array().expect("there are cases");
    cases.iter().map(|case| (case["id"].as_str().expect("an id"), case)).collect()
}

fn ratio(case: &Value) -> f64 {
    case["time"]["change"]["ratio"]["value"].as_f64().expect("a ratio")
}

#[test]
fn a_copy_of_an_executable_is_neither_better_nor_worse() {
    let program = Program::new(KERNELS);
    diff(&program, &kernels(&program, "0"), &["us@", "--launches", "10..15"]).ended(0);
    let record = stored(&program);
    let cases = cases(&record);
    assert_eq!(cases.keys().collect::<Vec<_>>(), [&"kernels/hundred_us@cpu", &"kernels/one_us@cpu"]);
    for (id, case) in cases {
        let verdict = case["time"]["verdict"].as_str().expect("a verdict");
        assert!(["unchanged", "inconclusive"].contains(&verdict), "{id}: {case}");
    }
}

#[test]
fn three_times_the_work_is_found_in_either_direction() {
    let program = Program::new(KERNELS);
    let [old, new] = kernels(&program, "200");
    let output = diff(&program, &[old.clone(), new.clone()], &["one_us", "--launches", "10"]).ended(0);
    output.prints("× slower").prints("1 regressed");
    let record = stored(&program);
    let case = cases(&record)["kernels/one_us@cpu"];
    assert_eq!(case["time"]["verdict"], "regressed");
    assert!((2.8..3.2).contains(&ratio(case)), "{case}");
    let pairs = record["cases"][0]["pairs"].as_array().expect("the pairs are kept");
    assert_eq!(pairs.len(), 10);
    assert!(pairs.iter().all(|pair| pair["iterations"] == pairs[0]["iterations"]), "all do the same");

    // The document alone shows it again.
    let file = documents(&program, "diffs").remove(0);
    run(&program, &["diff", "--show", &file.display().to_string()]).ended(0).prints("× slower");
    fs::remove_file(file).expect("it can be removed");

    diff(&program, &[new, old], &["one_us", "--launches", "10"]).ended(0).prints("× faster");
    let record = stored(&program);
    let case = cases(&record)["kernels/one_us@cpu"];
    assert_eq!(case["time"]["verdict"], "improved");
    assert!((0.31..0.36).contains(&ratio(case)), "{case}");
}

#[test]
fn what_goes_wrong_with_a_case_costs_only_itself() {
    let program = Program::new(SIDES);
    let sides = [("a", "old"), ("b", "new")].map(|(folder, side)| copy(&program, SIDES, folder, ("side", side)));
    let output = diff(&program, &sides, &["--launches", "10", "--time", "20s"]).ended(1);
    let record = stored(&program);
    let cases = cases(&record);
    let measured = ["inputs", "metrics", "part[part=2]", "slow", "team[threads=2]"];
    assert_eq!(cases.keys().copied().collect::<Vec<_>>(), measured.map(|case| format!("sides/{case}@cpu")));
    assert_eq!(cases["sides/slow@cpu"]["time"]["verdict"], "unchanged", "it sleeps as long on both sides");

    let mut absent: BTreeMap<&str, String> = BTreeMap::new();
    for case in record["comparison"]["unmatched"].as_array().expect("a list") {
        absent.insert(case["id"].as_str().expect("an id"), case["why"].to_string());
    }
    let said = |case: &str, what: &str| {
        let why = &absent[format!("sides/{case}@cpu").as_str()];
        assert!(why.contains(what), "{case}: {why}");
    };
    said("part[part=1]", "removed");
    said("part[part=3]", "added");
    said("panics", "\"failed\":\"panicked: only the new side panics");
    said("aborts", "\"not_measured_before\":\"was killed by signal");
    said("dies_later", "\"failed\":\"panicked: it has had enough");
    said("hangs", "\"failed\":\"took longer than its timeout of 1s");
    assert_eq!(absent.len(), 6, "{absent:?}");

    let metrics = cases["sides/metrics@cpu"]["metrics"].as_array().expect("a list");
    let of = |name: &str| metrics.iter().find(|metric| metric["metric"] == name).expect("it is compared");
    assert_eq!((&of("allocations")["verdict"], &of("SQNR")["verdict"]), (&"regressed".into(), &"improved".into()));
    output.prints("allocations: 1 → 2, worse").prints("sides/part[part=3]@cpu: only in");
}

#[test]
fn what_is_no_bench_target_is_told_within_seconds() {
    let program = Program::new(KERNELS);
    let sound = copy(&program, KERNELS, "sound", ("slower-by", "0"));
    let refused = |other: &str, reason: &str| {
        let start = Instant::now();
        for sides in [[other.to_owned(), sound.clone()], [sound.clone(), other.to_owned()]] {
            let output = diff(&program, &sides, &[]).ended(2).says(reason).says(other);
            assert_eq!(output.stdout, "");
        }
        assert!(start.elapsed() < Duration::from_secs(40), "{other}");
        assert!(documents(&program, "diffs").is_empty());
    };
    let libtest = std::env::current_exe().expect("this test is a program").display().to_string();
    refused(&libtest, "Unrecognized option: 'bitnet-bench-describe'");
    refused("no-such-file", "there is no such file");
    refused(&program.write("text", "just text").display().to_string(), "is no bench target");
    let output = diff(&program, &[sound.clone(), sound.clone()], &["no_such_case"]).ended(2);
    output.says("there is no case that both sides can measure").says("do the filters match");
    diff(&program, &[sound.clone(), sound], &["--", "--no-such-flag"]).ended(2).says("there is no flag --no-such-flag");
}

#[cfg(unix)]
#[test]
fn other_versions_and_what_hangs_are_told_with_the_way_out() {
    use std::os::unix::fs::PermissionsExt;

    let program = Program::new(KERNELS);
    let sound = copy(&program, KERNELS, "sound", ("slower-by", "0"));
    let script = |name: &str, text: &str| {
        let path = program.write(name, format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it can be made executable");
        path.display().to_string()
    };
    let refused = |old: String, reason: &str| drop(diff(&program, &[old, sound.clone()], &[]).ended(2).says(reason));
    let before = "echo 'error: there is no flag --bitnet-bench-describe; did you mean --x?' >&2; exit 2";
    refused(script("before", before), "choose a revision that was built with a newer one");
    let later = r#"printf '\001bitnet-bench:{"protocol":99,"version":"9.9.9","news":[]}\n'"#;
    refused(script("later", later), "with the same bitnet-bench");
    refused(script("garbage", r"printf '\001bitnet-bench:{{{\n'"), "cannot be read");
    refused(script("silent", "exit 0"), "exit code 0");
    refused(script("hanging", "exec sleep 60"), "did not tell its cases within 10s");
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_comparison_keeps_what_it_measured() {
    let program = Program::new(KERNELS);
    let [old, new] = kernels(&program, "200");
    let arguments = ["diff", "--bin", &old, &new, "one_us", "--launches", "999..1000", "--time", "1000s"];
    let log = program.folder().join("workers");
    let mut command = program.command_of(Path::new(COMPANION), arguments);
    command.env("BITNET_BENCH_RUNNER", format!("sh -c 'echo $$ >> {}; exec \"$@\"' worker", log.display()));
    let mut running = Running::start(&mut command);
    let workers = || fs::read_to_string(&log).unwrap_or_default().lines().map(ToOwned::to_owned).collect::<Vec<_>>();
    // Two were asked for their cases, and each launch has two.
    running.wait_for("many workers", || (workers().len() >= 2 + 2 * 8).then_some(()));
    let process = i32::try_from(running.id()).expect("a process's number is an i32");
    // SAFETY: the process is one that this test started; no memory is touched.
    assert_eq!(unsafe { libc::kill(process, libc::SIGINT) }, 0, "a signal can be sent");
    running.finish().ended(130).prints("interrupted").prints("1 regressed");
    let record = stored(&program);
    assert_eq!(record["interrupted"], true);
    assert!(record["cases"][0]["pairs"].as_array().is_some_and(|pairs| pairs.len() >= 6));
    for worker in workers() {
        let state = fs::read_to_string(format!("/proc/{worker}/stat")).unwrap_or_default();
        assert!(state.is_empty() || state.contains(") Z"), "a worker is left: {state}");
    }
}

#[test]
fn a_calibration_holds_until_something_changes_and_is_the_floor() {
    let program = Program::new(KERNELS);
    let [old, new] = kernels(&program, "200");
    let calibrate = |arguments: &[&str]| {
        run(&program, &[&["calibrate", "--bin", &old, "one_us", "--launches", "20"], arguments].concat())
    };
    let output = calibrate(&[]).ended(0).says("kernels/one_us@cpu: it was not calibrated before");
    output.prints("kernels/one_us@cpu").prints("in 2 verdicts");
    let file = documents(&program, "calibration").remove(0);
    let read = || -> Value { serde_json::from_slice(&fs::read(&file).expect("it is there")).expect("it is JSON") };
    let first = read();
    let entry = &first["targets"][KERNELS_TARGET]["kernels/one_us@cpu"];
    assert_eq!(entry["launches"], 20);
    assert!(entry["lock_step"].as_f64().is_some_and(|effect| effect < 0.5), "{entry}");

    // What holds is shown and not measured again, unless it must be.
    assert_eq!(calibrate(&[]).ended(0).prints("kernels/one_us@cpu").stderr, "");
    assert_eq!(read(), first);
    calibrate(&["--", "--seed", "7"]).ended(0).says("the setting `seed` is another one");
    assert_ne!(read(), first);
    let before = read();
    calibrate(&["--force", "--", "--seed", "7"]).ended(0);
    assert_ne!(read(), before);

    // Three times the work is below a floor of 1000 %.
    let mut raised = read();
    raised["targets"][KERNELS_TARGET]["kernels/one_us@cpu"]["lock_step"] = 10.0.into();
    fs::write(&file, raised.to_string()).expect("it can be written");
    diff(&program, &[old.clone(), new.clone()], &["one_us", "--launches", "10"]).ended(0).prints("1 unchanged");
    // What does not hold any more counts, and is told.
    raised["targets"][KERNELS_TARGET]["kernels/one_us@cpu"]["circumstances"]["kernel"] = "0.1".into();
    fs::write(&file, raised.to_string()).expect("it can be written");
    let output = diff(&program, &[old, new.clone()], &["one_us", "--launches", "10"]).ended(0).prints("1 unchanged");
    output.prints("is out of date");

    fs::write(&file, "{\"schema_version\": 99}").expect("it can be written");
    diff(&program, &[new.clone(), new], &["one_us"]).ended(2).says("schema version 99");
}

#[cfg(target_os = "linux")]
#[test]
fn a_calibration_that_cannot_be_kept_is_not_measured() {
    let program = Program::new(KERNELS);
    // No user can make a folder there.
    let home = ["--home", "/proc/bitnet-bench"];
    let output = run(&program, &[&home[..], &["calibrate", "--bin", KERNELS, "one_us", "--launches", "20"]].concat());
    assert_eq!(output.ended(2).says("cannot be written").stdout, "");
}

#[test]
fn the_help_teaches_and_wrong_use_is_refused() {
    let program = Program::new(KERNELS);
    for command in ["diff", "calibrate"] {
        let help = run(&program, &[command, "--help"]).ended(0).prints("Examples:").stdout;
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
    run(&program, &["diff"]).ended(2).says("<REVISION>");
    run(&program, &["diff", "--bin", "one"]).ended(2).says("--bin <OLD> <NEW>");
    run(&program, &["diff", "--bin", "a", "b", "--launches", "3"]).ended(2).says("fewer than 5 launches");
    run(&program, &["diff", "--bin", "a", "b", "--time", "soon"]).ended(2);
    run(&program, &["diff", "--show", "no-such-file"]).ended(2).says("no-such-file cannot be read");
}
