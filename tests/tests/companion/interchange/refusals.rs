//! What is no result, or cannot be carried: refused, with the place.

use std::fs;

use super::runs::{companion, hostile};
use super::tools::data;
use crate::program::{Program, WELL_BEHAVED};

#[test]
fn what_is_no_result_is_refused_with_its_place() {
    let program = Program::new(WELL_BEHAVED);
    let google = fs::read_to_string(data("google-benchmark.json")).expect("it is there");
    let llama = fs::read_to_string(data("llama-bench.json")).expect("it is there");
    let cut = &google[..google.len() / 2];
    for (name, content, arguments, complaint) in [
        ("empty", "", &[][..], "it is empty"),
        ("other", "hello\n", &[], "the results of none of criterion, libtest, google-benchmark"),
        ("other.json", "{\"a\": 1}", &[], "none of criterion"),
        ("empty.json", "[]", &["--from", "llama-bench"], "there is no benchmark of llama-bench in it"),
        ("cut.json", cut, &["--from", "google-benchmark"], "is not JSON: EOF"),
        ("unit.json", &google.replace("\"ms\"", "\"fortnights\""), &[], "]: `time_unit` is `fortnights`"),
        (
            "time.json",
            &google.replace("\"real_time\": 1", "\"real_time\": \"fast\", \"x\": 1"),
            &[],
            "benchmarks[0].real_time: it is no number",
        ),
        ("minus.json", &llama.replace("74601900", "-5"), &[], "[0].samples_ns[0]: it is -5, and cannot be below zero"),
        ("avg.json", &llama.replace("\"avg_ns\"", "\"sum_ns\""), &[], "[0]: it has no `avg_ns`"),
        ("line.txt", "test a ... bench: fast ns/iter (+/- 3)\n", &[], "line 1: ` fast ns/iter (+/- 3)` is no"),
        (
            "twice.json",
            "[{\"name\":\"a\",\"unit\":\"s\",\"value\":1},{\"name\":\"a\",\"unit\":\"s\",\"value\":2}]",
            &[],
            "[1]: there is another",
        ),
        ("action.json", "[{\"name\":\"a\",\"unit\":\"ns\",\"value\":\"1\"}]", &[], "[0].value: it is no number"),
    ] {
        let file = program.write(name, content).display().to_string();
        let output = companion(&program, &[&["import", &file], arguments].concat()).ended(2).says(complaint);
        assert!(output.stderr.contains(name), "{}", output.stderr);
    }
    program.write("bytes.json", [b'{', 0xff]);
    companion(&program, &["import", "bytes.json"]).ended(2).says("byte 1: it is not UTF-8");
    companion(&program, &["import", "nowhere"]).ended(2).says("nowhere cannot be read");
    companion(&program, &["import", "--name", "../x", "nowhere"]).ended(2).says("cannot name a bench target");
    assert!(!program.home().join("runs").exists(), "nothing was stored");
}

#[test]
fn a_damaged_criterion_folder_names_the_file() {
    let program = Program::new(WELL_BEHAVED);
    let write = |name: &str, content: &str| program.write(&format!("criterion/a/b/new/{name}.json"), content);
    companion(&program, &["import", &program.folder().display().to_string()])
        .ended(2)
        .says("no benchmark of criterion");
    write("benchmark", r#"{"group_id":"a","function_id":"b","value_str":null,"throughput":null,"full_id":"a/b"}"#);
    companion(&program, &["import", "criterion"]).ended(2).says("a/b/new/estimates.json cannot be read");
    write("estimates", "{");
    companion(&program, &["import", "criterion"]).ended(2).says("a/b/new/estimates.json:1:1 is not JSON");
    let interval = r#"{"confidence_interval":{"confidence_level":0.95,"lower_bound":1.0,"upper_bound":2.0},"point_estimate":1.5,"standard_error":0.1}"#;
    write("estimates", &format!(r#"{{"mean":{interval},"median":{interval},"std_dev":{interval}}}"#));
    companion(&program, &["import", "criterion"]).ended(0);
    write("sample", r#"{"sampling_mode":"Flat","iters":[1.0,0.0],"times":[1.0,2.0]}"#);
    companion(&program, &["import", "criterion"]).ended(2).says("sample.json: iters: an entry is no whole number");
    write("sample", r#"{"sampling_mode":"Flat","iters":[1.0],"times":[1.0,2.0]}"#);
    companion(&program, &["import", "criterion"]).ended(2).says("times: there are 2 of them, and 1 `iters`");
    companion(&program, &["import", "criterion", "--baseline", "main"]).ended(2).says("there is: new");
}

#[test]
fn what_a_format_cannot_tell_apart_is_refused() {
    let (program, _, record) = hostile();
    let twice = ["export", "--format", "bmf", "hostile.json", "hostile.json"];
    companion(&program, &twice).ended(2).says("two of the runs have the case `a b/c d[x=1 2]@cpu`");
    companion(&program, &["export", "--format", "criterion", "hostile.json"]).ended(2).says("--output");
    let change = ["export", "--format", "criterion", "--name", "change", "-o", "x", "hostile.json"];
    companion(&program, &change).ended(2).says("`change` cannot name a baseline");
    let mut elsewhere = record.clone();
    elsewhere["host"]["machine_key"] = "another".into();
    program.write("elsewhere.json", elsewhere.to_string());
    let mixed = ["export", "--format", "otava", "-o", "x", "hostile.json", "elsewhere.json"];
    companion(&program, &mixed).ended(2).says("different machines");
    assert!(!program.folder().join("x").exists());
    let cut = ["export", "--format", "markdown", "--max-bytes", "1000", "hostile.json"];
    let page = companion(&program, &cut).ended(0).prints("The page was cut here").stdout;
    assert!(page.len() <= 1000);
}
