//! Where results go, and in which form.

use std::fs;
use std::sync::LazyLock;

use super::program::{Output, Program, QUICK, Running, SLOW, WELL_BEHAVED};
use super::results::{Results, files};

/// The cases that are measured here: one with axes, one on a device that is missing, one with
/// metrics.
const CASES: [&str; 2] = ["bits=2.0", "--include-ignored"];

fn measure(arguments: &[&str]) -> Output {
    Program::new(WELL_BEHAVED).measure(arguments)
}

/// One run with the table, which the tests share.
static TABLE: LazyLock<Output> = LazyLock::new(|| measure(&[]));

#[test]
fn the_table_is_for_a_person() {
    let output = &*TABLE;
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""), "no progress line without a terminal");
    for part in ["well_behaved", "kernels/gemv", "median", "interval", "15 measured, 4 skipped", "record: "] {
        assert!(output.stdout.contains(part), "`{part}` is not in\n{}", output.stdout);
    }
    assert!(!output.stdout.contains('\x1b'), "there are colors without a terminal");
    assert!(output.stdout.lines().all(|line| line.chars().count() <= 120), "{}", output.stdout);
}

#[test]
fn a_missing_device_is_skipped_with_its_reason() {
    let id = "kernels/gemv[size=8x64,bits=2.0]@npu";
    let reason = "there is no device `npu`";
    assert!(TABLE.stdout.contains(reason) && TABLE.stdout.contains(id), "{}", TABLE.stdout);
    let output = measure(&["--output-format", "json", "bits=2.0"]).ended(0);
    let results = Results::from_lines(&output.stdout);
    let skipped = results.outcome(id)["skipped"]["reason"].as_str().expect("it was skipped");
    assert!(skipped.contains(reason), "{skipped}");
    assert_eq!(results.that("measured"), ["kernels/gemv[size=8x64,bits=2.0]@cpu"]);
    measure(&["--device", "npu"]).ended(0).prints("3 skipped");
}

#[test]
fn colors_are_for_terminals_or_for_who_asks() {
    let words = [&QUICK[..], &CASES, &["--color", "always"]].concat();
    let program = Program::new(WELL_BEHAVED);
    assert!(program.run(&words).ended(0).stdout.contains("\x1b["));
    // Who asks by name is stronger than a variable that was set for every program.
    let output = Running::start(program.command(words).env("NO_COLOR", "1")).finish().ended(0);
    assert!(output.stdout.contains("\x1b["));
    let output = Running::start(program.command([&QUICK[..], &CASES].concat()).env("NO_COLOR", "1")).finish();
    assert!(!output.ended(0).stdout.contains('\x1b'));
}

#[test]
fn csv_has_a_header_and_a_row_for_each_case() {
    let output = measure(&["--output-format", "csv", "kernels", "metrics"]).ended(0);
    let rows: Vec<Vec<String>> = output.stdout.split_terminator("\r\n").map(fields).collect();
    let column = |name: &str| rows[0].iter().position(|field| field == name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(rows.len(), 1 + 9);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "every row has every column");
    let gemv = rows.iter().find(|row| row[column("id")] == "kernels/gemv[size=8x64,bits=1.58]@cpu").expect("the case");
    assert!(gemv[column("median_ns")].parse::<f64>().is_ok_and(|median| median > 0.0));
    assert_eq!((gemv[column("axis:bits")].as_str(), gemv[column("items")].as_str()), ("1.58", "512"));
    let skipped = rows.iter().find(|row| row[column("outcome")] == "skipped").expect("a case without a device");
    assert!(skipped[column("reason")].contains("npu") && skipped[column("median_ns")].is_empty());
    assert!(rows[1..].iter().any(|row| row[column("metric:SQNR (dB)")] == "6.5"));
}

/// The fields of a line of CSV.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut is_quoted) = (vec![String::new()], false);
    for character in line.chars() {
        match character {
            // A doubled quote closes and opens again; none of our fields has one.
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => fields.last_mut().expect("there is one").push(other),
        }
    }
    fields
}

#[test]
fn markdown_has_a_table() {
    let output = measure(&["--output-format", "markdown", "body"]).ended(0);
    assert!(output.stdout.lines().any(|line| line.starts_with("|") && line.contains("--")), "{}", output.stdout);
    output.prints("body");
}

#[test]
fn a_file_takes_the_results_and_the_terminal_the_table() {
    let program = Program::new(WELL_BEHAVED);
    let words = ["body", "--output-format", "json", "--output", "deep/results.jsonl"];
    let output = program.measure(&words).ended(0).prints("1 measured");
    assert!(!output.stdout.contains("\"type\""), "{}", output.stdout);
    let folder = program.folder().join("deep");
    let text = fs::read_to_string(folder.join("results.jsonl")).expect("the results are there");
    assert_eq!(Results::from_lines(&text).that("measured"), ["well_behaved/body@cpu"]);
    assert_eq!(files(&folder).len(), 1, "nothing else is left there");
}

/// `--output >(gzip > results.gz)`, `--output /dev/stdout`: what is no file is written to, and never
/// replaced by one.
#[cfg(unix)]
#[test]
fn a_pipe_can_take_the_results() {
    let program = Program::new(WELL_BEHAVED);
    let pipe = program.folder().join("pipe");
    let name = std::ffi::CString::new(pipe.to_str().expect("a path of a test")).expect("no zero in it");
    // SAFETY: the path is a string that ends in a zero and outlives the call.
    assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0, "a pipe can be made");
    // Open for both, so that neither side waits for the other to open it.
    let mut both = fs::OpenOptions::new().read(true).write(true).open(&pipe).expect("the pipe can be opened");
    let words = [&QUICK[..], &["body", "--output-format", "json", "--output", "pipe"]].concat();
    let output = Running::start(&mut program.command(words)).finish_within(std::time::Duration::from_secs(20));
    output.ended(0).prints("1 measured");
    let mut start = [0; 14];
    std::io::Read::read_exact(&mut both, &mut start).expect("the results are in the pipe");
    assert_eq!(&start, b"{\"type\":\"run\",");
}

/// A name that is no text is refused, and not after everything has been measured for it.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_refused_at_once() {
    let program = Program::new(WELL_BEHAVED);
    let name = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"results\xff.csv");
    let words = [&QUICK[..], &["body", "--output-format", "csv", "--output"]].concat();
    Running::start(program.command(words).arg(name)).finish().ended(2).says("not UTF-8");
    assert!(files(&program.home()).is_empty(), "it measured first");
}

#[test]
fn outputs_of_several_targets_can_be_concatenated_and_read_back() {
    let one = measure(&["body", "team", "--output-format", "json"]).ended(0).stdout;
    let other = Program::new(SLOW).measure(&["part=1", "--output-format", "json"]).ended(0).stdout;
    let records = bitnet_bench::report::json_lines::read(&format!("{one}{other}")).expect("both can be read");
    let read: Vec<(&str, usize)> =
        records.iter().map(|record| (record.run.target.as_str(), record.cases.len())).collect();
    assert_eq!(read, [("well_behaved", 3), ("slow", 1)]);
}

/// `| head -1`, and then the pipe is closed.
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let program = Program::new(WELL_BEHAVED);
    for words in [&["--bench", "--list"][..], &["--help"], &["--show-config"], &["--test"]] {
        goes_away(&program, words);
    }
    goes_away(&program, &[&QUICK[..], &CASES, &["--output-format", "json"]].concat());
    assert_eq!(files(&program.home().join("runs")).len(), 1, "the record is kept");
}

#[track_caller]
fn goes_away(program: &Program, words: &[&str]) {
    let mut child = program.command(words).spawn().expect("the program can be started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{words:?}");
}

/// A full disk is a failure, and what was measured is kept in the store.
#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_is_told() {
    let program = Program::new(WELL_BEHAVED);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let output = Running::start(program.command([&QUICK[..], &["body"]].concat()).stdout(full)).finish().ended(2);
    let output = output.says("error: standard output cannot be written to").says("No space left");
    assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
    assert_eq!(Results::only_in(&program.home()).that("measured").len(), 1);
}
