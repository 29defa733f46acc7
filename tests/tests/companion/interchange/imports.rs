//! Imports of what other tools wrote.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::runs::{companion, hostile, times};
use super::tools::data;
use crate::program::{Program, WELL_BEHAVED};

/// Imports with these arguments, and gives back the record that was stored.
#[track_caller]
fn import(program: &Program, arguments: &[&str]) -> Value {
    let id = companion(program, &[&["import"], arguments].concat()).ended(0).stdout;
    let record = json(program.home().join("runs").join(format!("{}.json", id.trim())).display().to_string());
    let schema: Value =
        serde_json::from_str(include_str!("../../../../docs/schema/record-1.json")).expect("it is JSON");
    let schema = jsonschema::validator_for(&schema).expect("it is a schema");
    let errors: Vec<String> = schema.iter_errors(&record).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    record
}

fn json(path: String) -> Value {
    serde_json::from_slice(&fs::read(path).expect("it is there")).expect("it is JSON")
}

fn measured<'a>(record: &'a Value, id: &str) -> &'a Value {
    let case = record["cases"].as_array().unwrap().iter().find(|case| case["id"] == id);
    &case.unwrap_or_else(|| panic!("there is no `{id}`"))["outcome"]["measured"]
}

#[test]
fn criterion_s_estimates_and_samples_are_kept_to_the_last_digit() {
    let program = Program::new(WELL_BEHAVED);
    let record = import(&program, &[&data("criterion")]);
    assert_eq!(record["run"]["imported"]["tool"], "criterion");
    for (folder, id) in [
        ("popcount", "criterion/popcount@cpu"),
        ("flat/sleep", "flat/sleep@cpu"),
        ("sums_ of _u32_, and_or more/fold ü/64", "sums: of \"u32\", and/or more/fold ü[parameter=64]@cpu"),
        ("sums_ of _u32_, and_or more/fold ü/4096", "sums: of \"u32\", and/or more/fold ü[parameter=4096]@cpu"),
    ] {
        let file = |name: &str| json(data(&format!("criterion/{folder}/new/{name}.json")));
        let (estimates, sample, found) = (file("estimates"), file("sample"), measured(&record, id));
        for figure in ["median", "mean"] {
            let interval = &estimates[figure]["confidence_interval"];
            assert_eq!(found["time"][figure]["value"], estimates[figure]["point_estimate"]);
            assert_eq!(found["time"][figure]["lower"], interval["lower_bound"]);
            assert_eq!(found["time"][figure]["upper"], interval["upper_bound"]);
        }
        let launch = &found["launches"][0];
        let iterations = launch["iterations"].as_f64().unwrap();
        let numbers =
            |list: &Value| -> Vec<f64> { list.as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect() };
        let per_iteration: Vec<f64> = numbers(&launch["samples_ns"]).iter().map(|time| time / iterations).collect();
        let expected = numbers(&sample["times"]).into_iter().zip(numbers(&sample["iters"]));
        assert_eq!(per_iteration, expected.map(|(time, count)| time / count).collect::<Vec<_>>());
    }
    let fold = measured(&record, "sums: of \"u32\", and/or more/fold ü[parameter=64]@cpu");
    assert_eq!(
        (&fold["throughput"][0]["amount"], &fold["throughput"][0]["per_iteration"]),
        (&"bytes".into(), &256.0.into())
    );
}

#[test]
fn google_benchmark_s_aggregates_repetitions_and_errors_are_kept() {
    let program = Program::new(WELL_BEHAVED);
    let file = data("google-benchmark.json");
    let output = companion(&program, &["import", &file]).ended(0).says("the complexity of `BM_Square`");
    let record = import(&program, &[&file]);
    assert_eq!(output.stdout.trim(), record["run"]["id"], "the same results are the same run");
    let document = json(file);
    let row = |name: &str| document["benchmarks"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap();

    let copy = measured(&record, "google-benchmark/BM_Copy/64/repeats:8@cpu");
    assert_eq!(copy["time"]["median"]["value"], row("BM_Copy/64/repeats:8_median")["real_time"]);
    assert_eq!(copy["time"]["mean"]["value"], row("BM_Copy/64/repeats:8_mean")["real_time"]);
    let rows = document["benchmarks"].as_array().unwrap().iter();
    let repetitions = rows.filter(|row| row["name"] == "BM_Copy/64/repeats:8").map(|row| &row["real_time"]);
    assert!(repetitions.eq(copy["launches"][0]["samples_ns"].as_array().unwrap()));
    let metrics: BTreeMap<&str, &Value> =
        copy["metrics"].as_array().unwrap().iter().map(|m| (m["name"].as_str().unwrap(), m)).collect();
    assert_eq!(
        metrics["bytes_per_second"]["estimate"]["value"],
        row("BM_Copy/64/repeats:8_median")["bytes_per_second"]
    );
    assert_eq!(metrics["bytes_per_second"]["direction"], "higher_is_better");
    assert_eq!(metrics["rows"]["estimate"]["value"], 16.0);

    let sleep = measured(&record, "google-benchmark/BM_Milliseconds/iterations:5/real_time@cpu");
    let milliseconds = row("BM_Milliseconds/iterations:5/real_time")["real_time"].as_f64().unwrap();
    assert_eq!(sleep["time"]["median"]["value"], milliseconds * 1e6);
    let only = measured(&record, "google-benchmark/BM_Only/repeats:5@cpu");
    assert_eq!(only["launches"].as_array().map(Vec::len), Some(0), "without samples there is no launch");
    let failed = record["cases"].as_array().unwrap().iter().find(|case| case["name"] == "BM_Fails").unwrap();
    assert_eq!(failed["outcome"]["failed"]["failure"]["message"], "no such \"file\"");
    assert_eq!(record["host"]["logical_cores"]["known"], 2);
    assert!(record["findings"][0]["message"].as_str().unwrap().contains("debug build"));
}

#[test]
fn llama_bench_s_samples_become_tokens_a_second() {
    let program = Program::new(WELL_BEHAVED);
    let file = data("llama-bench.json");
    let record = import(&program, &["--name", "qwen", &file]);
    let tests = json(file);
    let lines: String = tests.as_array().unwrap().iter().map(|test| format!("{test}\n")).collect();
    let from_lines = import(&program, &["--name", "qwen", &program.write("tests.jsonl", lines).display().to_string()]);
    assert_eq!(record["run"]["started_at"], "2025-04-24T11:58:50Z");
    for (at, id) in [
        (0, "qwen/pp512[model=qwen2 7B Q4_K - Medium,threads=8]@cuda"),
        (1, "qwen/tg128[model=qwen2 7B Q4_K - Medium,threads=8]@cuda"),
    ] {
        let (test, found) = (&tests[at], measured(&record, id));
        assert_eq!(found["time"]["mean"]["value"].as_f64(), test["avg_ns"].as_f64());
        assert_eq!(found["metrics"][0]["estimate"]["value"], test["avg_ts"]);
        let mut times: Vec<f64> = test["samples_ns"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect();
        times.sort_by(f64::total_cmp);
        let tokens = [512.0, 128.0][at];
        assert_eq!(found["throughput"][0]["per_iteration"], tokens);
        let rate = found["throughput"][0]["per_second"]["value"].as_f64().unwrap();
        assert!((rate / (tokens / (times[2] / 1e9)) - 1.0).abs() < 1e-12, "{rate}");
        assert_eq!(found["time"], measured(&from_lines, id)["time"]);
    }
}

#[test]
fn bencher_lines_of_ours_come_back_under_their_ids() {
    let (program, _, record) = hostile();
    companion(&program, &["export", "--format", "bencher", "hostile.json", "-o", "lines.txt"]).ended(0);
    let back = import(&program, &["lines.txt"]);
    let mut expected = times(&record, "median");
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(times(&back, "median"), expected);
    let outcome =
        |id: &str| back["cases"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap()["outcome"].clone();
    assert!(outcome("g/failed@cpu")["failed"].is_object() && outcome("g/skipped@cpu")["skipped"].is_object());
}

#[test]
fn rust_s_own_lines_are_read() {
    let text = "\nrunning 4 tests\ntest tests::works ... ok\ntest tests::slow::add ... bench:      37,174.25 ns/iter (+/- 7,527.50)\n\
        test copy ... bench:         200 ns/iter (+/- 3) = 5120 MB/s\ntest later ... ignored, not yet\n\ntest result: ok. 0 passed\n";
    let program = Program::new(WELL_BEHAVED);
    let file = program.write("bench.txt", text).display().to_string();
    let record = import(&program, &["--this-machine", &file]);
    let expected = [("libtest/copy@cpu".to_owned(), 200.0), ("tests/slow/add@cpu".to_owned(), 37_174.25)];
    assert_eq!(times(&record, "median"), expected);
    assert_eq!(measured(&record, "libtest/copy@cpu")["throughput"][0]["per_iteration"], 1_024.0);
    assert!(!record["host"]["machine_key"].as_str().unwrap().starts_with("imported-"));
}
