//! What cannot be done is refused: at once, in words that say what is wrong and what would be right.

use std::fs;

use super::program::{DUPLICATE, OVERFLOW, Program, QUICK, WELL_BEHAVED};
use super::results::files;

/// Runs a program that must refuse, before it measures anything, with each of these words.
#[track_caller]
fn refuses(program: &Program, arguments: &[&str], words: &[&str]) {
    let mut output = program.run(&[&["--bench", "body"], arguments].concat()).ended(2);
    assert_eq!(output.stdout, "", "{arguments:?}");
    assert!(output.stderr.starts_with("error: ") && !output.stderr.contains("panicked"), "{}", output.stderr);
    for word in words {
        output = output.says(word);
    }
    assert!(files(&program.home().join("runs")).is_empty(), "it measured first: {arguments:?}");
}

#[test]
fn flags() {
    let program = Program::new(WELL_BEHAVED);
    for (arguments, words) in [
        (&["--sampels", "3"][..], &["--sampels", "--samples"][..]),
        (&["--time"], &["--time"]),
        (&["--output-format", "xml"], &["`terminal`, `json`, `csv` or `markdown`", "`xml`"]),
        (&["--regex", "("], &["`(` is no regular expression"]),
        (&["--ignored", "--include-ignored"], &["--include-ignored"]),
        (&["--runner", "sh -c 'open"], &["--runner", "quote"]),
    ] {
        refuses(&program, arguments, words);
    }
}

#[test]
fn values_that_no_setting_takes() {
    let program = Program::new(WELL_BEHAVED);
    for (flag, value, word) in [
        ("--samples", "0", "from 1"),
        ("--samples", "-1", "from 1"),
        ("--samples", "100000000", "to 100000"),
        ("--launches", "0", "from 1"),
        ("--launches", "18446744073709551616", "to 1000"),
        ("--iterations", "18446744073709551615", "10^12"),
        ("--time", "0s", "from 1ms"),
        ("--time", "soon", "duration"),
        ("--time", "999999999999999999999y", "duration"),
        ("--precision", "0", "from 0.0001"),
        ("--precision", "NaN", "from 0.0001"),
        ("--confidence", "1", "to 0.9999"),
        ("--memory-limit", "1", "from 1MiB"),
        ("--memory-limit", "99999999999999GiB", "size"),
        ("--pin", "first", "core numbers"),
    ] {
        refuses(&program, &[flag, value], &[flag, word, value]);
    }
}

#[test]
fn settings_that_contradict_each_other() {
    let words = ["`time` is 1m 40s (--time)", "`timeout` is 1s (--timeout)"];
    refuses(&Program::new(WELL_BEHAVED), &["--time", "100s", "--timeout", "1s"], &words);
}

#[test]
fn configuration_files() {
    let program = Program::new(WELL_BEHAVED);
    for (text, words) in [
        ("[measure]\nsampels = 3\n", &["file.toml:2:1", "`sampels`", "`samples`"][..]),
        ("[mesure]\nsamples = 3\n", &["file.toml:1", "`mesure`", "`measure`"]),
        ("[measure]\nsamples = \"many\"\n", &["file.toml:2", "whole number", "many"]),
        ("[measure]\nsamples = [1]\n", &["file.toml:2", "whole number"]),
        ("[measure]\nsamples = 0\n", &["file.toml:2", "from 1"]),
        ("[measure\n", &["file.toml:1", "TOML"]),
    ] {
        program.write("file.toml", text);
        refuses(&program, &["--config", "file.toml"], words);
    }
    refuses(&program, &["--config", "missing.toml"], &["missing.toml", "--config"]);
    program.write("file.json", "{}");
    refuses(&program, &["--config", "file.json"], &["file.json", "`.toml`"]);
    program.write("bitnet-bench.toml", "[measure]\nlaunch = 3\n");
    refuses(&program, &[], &["bitnet-bench.toml:2", "`launches`"]);
}

#[test]
fn variables() {
    let program = Program::new(WELL_BEHAVED);
    for (name, value, word) in
        [("BITNET_BENCH_LAUNCHS", "3", "BITNET_BENCH_LAUNCHES"), ("BITNET_BENCH_TIME", "soon", "duration")]
    {
        let output = program.command(["--bench", "body"]).env(name, value).output().expect("it can be run");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{complaint}");
        assert!(complaint.contains(name) && complaint.contains(word), "{complaint}");
    }
}

#[test]
fn baselines() {
    let program = Program::new(WELL_BEHAVED);
    refuses(&program, &["--baseline", "main"], &["no baseline `main` of `well_behaved`", "--save-baseline main"]);
    for (name, content, words) in [
        ("garbage", "no JSON at all", &["garbage", "not a record"][..]),
        ("cut", "{\"schema_version\":1,\"run\":{\"id\":\"2026", &["cut", "not a record"]),
        ("other", "{\"rows\":[]}", &["other", "not a record", "`schema_version`"]),
        ("hollow", "{\"schema_version\":1}", &["hollow", "not a record", "`run`"]),
        ("newer", "{\"schema_version\":4000000000}", &["newer", "schema version 4000000000", "update bitnet-bench"]),
    ] {
        program.write(&format!("home/baselines/{name}/well_behaved.json"), content);
        refuses(&program, &["--baseline", name], words);
    }
    let names = "(there are: cut, garbage, hollow, newer, other)";
    refuses(&program, &["--baseline", "newr"], &[names, "did you mean `newer`?"]);
    refuses(&program, &["--baseline", "../newer"], &["`../newer` cannot name a baseline"]);
}

/// A slip in the name of what is to be kept must not cost the run.
#[test]
fn names_of_baselines_before_anything_is_measured() {
    for name in ["../evil", "", ".", "a/b"] {
        let program = Program::new(WELL_BEHAVED);
        refuses(&program, &[&QUICK[1..], &["--save-baseline", name]].concat(), &["baseline"]);
    }
}

#[test]
fn places_that_cannot_be_written() {
    let program = Program::new(WELL_BEHAVED);
    program.write("file", "a file");
    fs::create_dir(program.folder().join("folder")).expect("a folder can be made");
    refuses(&program, &["--output", "file/results"], &["file/results"]);
    refuses(&program, &["--output", "folder"], &["folder"]);
    refuses(&program, &["--home", "file/home"], &["file/home"]);
    refuses(&program, &["--home", "file"], &["file"]);
    assert_eq!(fs::read(program.folder().join("file")).expect("it is there"), b"a file", "it is as it was");
}

#[test]
fn benchmarks_with_one_id() {
    for arguments in [&["--bench"][..], &["--list"], &[]] {
        let output = Program::new(DUPLICATE).run(arguments).ended(2).says("duplicate.rs:7").says("duplicate.rs:10");
        let output = output.says("`duplicate/same@cpu`");
        assert_eq!(output.stdout, "");
    }
}

#[test]
fn more_cases_than_can_be_counted() {
    for arguments in [&["--bench"][..], &["--list"], &[]] {
        let output = Program::new(OVERFLOW).run(arguments).ended(2).says("overflow.rs").says("too_many");
        assert!(!output.stderr.contains("panicked") && output.stdout.is_empty(), "{}", output.stderr);
    }
}
