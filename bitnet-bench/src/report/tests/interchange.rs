//! What no tool would complain of: figures that are open or none, names that meet in a format, tables with gaps.

use serde_json::{Value, json};

use super::super::interchange::{
    Exported, Lost, bencher, bmf, cargo_criterion, criterion, github_action, junit, otava,
};
use super::sample::{Change, case, estimate, record};
use super::suite;
use crate::measure::Direction;
use crate::record::{MetricEstimate, Outcome, Record};
use crate::stats::Estimate;

fn exported(record: &Record) -> [Exported<'_>; 1] {
    [Exported { record, comparison: None }]
}

fn open(record: &mut Record) {
    for case in &mut record.cases {
        if let Outcome::Measured(measured) = &mut case.outcome {
            let open = |estimate: &mut Estimate| (estimate.lower, estimate.upper) = (0.0, f64::INFINITY);
            open(&mut measured.time.median);
            open(&mut measured.time.mean);
        }
    }
}

#[test]
fn an_interval_without_an_end_is_never_made_up() {
    let mut run = record(vec![case("a/b", &[], 1_000.0)]);
    open(&mut run);
    let mut lost = Lost::default();
    let document: Value = serde_json::from_str(&bmf::render(&exported(&run), &mut lost)).unwrap();
    assert_eq!(document, json!({ "a/b@cpu": { "latency": { "value": 1_000.0 } } }));
    // The scatter within the launches.
    assert!(bencher::render(&exported(&run), &mut lost).ends_with("1,000 ns/iter (+/- 13)\n"));
    let xml = junit::render(&exported(&run)).unwrap();
    assert!(xml.contains("median_ns_lower") && !xml.contains("median_ns_upper"), "{xml}");
    let files: Vec<_> = criterion::files(&exported(&run), "new", &mut lost).collect();
    let estimates: Value = serde_json::from_str(&files[3].content).unwrap();
    assert_eq!(estimates["median"]["confidence_interval"]["upper_bound"], f64::MAX);
    let entries: Value = serde_json::from_str(&github_action::files(&exported(&run), &mut lost)[0].content).unwrap();
    assert_eq!(entries[0].get("range"), None);
    assert!(lost.is_empty());
}

#[test]
fn a_time_that_is_no_number_is_lost_and_named() {
    let odd = case("a/odd", &[], 1.0).with(|figures| figures.time.median = estimate(f64::NAN, 0.0));
    let run = record(vec![odd, case("a/b", &[], 1.0)]);
    let texts: [fn(&[Exported<'_>], &mut Lost) -> String; 3] = [bencher::render, bmf::render, cargo_criterion::render];
    for render in texts {
        let mut lost = Lost::default();
        let text = render(&exported(&run), &mut lost);
        assert!(text.contains("a/b@cpu") && !text.contains("a/odd@cpu"), "{text}");
        assert_eq!(lost.lines().collect::<Vec<_>>(), ["a time that is no number: `a/odd@cpu`"]);
    }
}

#[test]
fn every_case_of_a_suite_is_there_or_named() {
    let run = suite::suite();
    let mut lost = Lost::default();
    let folders: Vec<_> = criterion::files(&exported(&run), "new", &mut lost).collect();
    assert_eq!(folders.len(), 12 * 4);
    let lines = lost.lines().collect::<Vec<_>>().join("\n");
    assert!(lines.contains("a case that was not measured: "), "{lines}");
    assert!(lines.contains("and 1 more") && lines.contains("a second throughput: `gemv/ternary"), "{lines}");
}

#[test]
fn two_metrics_of_one_name_do_not_become_one_in_silence() {
    let metric = |name: &str, unit: &str, direction| MetricEstimate {
        name: name.to_owned(),
        unit: unit.to_owned(),
        direction,
        estimate: estimate(1.0, 0.1),
    };
    let odd = case("a/b", &[], 7.0).with(|figures| {
        figures.metrics.push(metric("latency", "", Direction::LowerIsBetter));
        figures.metrics.push(metric(&"m".repeat(80), "", Direction::HigherIsBetter));
    });
    let run = record(vec![odd]);
    let mut lost = Lost::default();
    let document: Value = serde_json::from_str(&bmf::render(&exported(&run), &mut lost)).unwrap();
    let measures = document["a/b@cpu"].as_object().unwrap();
    assert_eq!(measures["latency"]["value"], 7.0);
    assert!(measures.len() == 2 && measures.keys().all(|name| name.len() <= 64), "{measures:?}");
    assert!(lost.lines().any(|line| line.contains("both are named `latency`")));
    let files = github_action::files(&exported(&run), &mut Lost::default());
    let count = |at: usize| serde_json::from_str::<Vec<Value>>(&files[at].content).unwrap().len();
    assert_eq!((count(0), count(1)), (2, 1), "each direction has a file");
}

#[test]
fn a_history_has_no_empty_cell() {
    let (mut one, mut two) = (record(vec![case("a/b", &[], 1.0)]), suite::suite());
    one.run.started_at = "2027-01-01T00:00:00Z".to_owned();
    two.cases.push(case("a/b", &[], 2.0));
    let runs = [exported(&one)[0], exported(&two)[0]];
    let mut lost = Lost::default();
    let files = otava::files(&runs, &mut lost);
    let table = "time,commit,a/b@cpu\r\n2026-11-23T14:30:00Z,unknown,2\r\n2027-01-01T00:00:00Z,unknown,1\r\n";
    assert_eq!((files[0].path.as_str(), files[0].content.as_str()), ("quantization.csv", table));
    assert!(lost.lines().any(|line| line.starts_with("a figure that not every run has: ")));
    let configuration: Value = serde_json::from_str(&files[1].content).unwrap();
    assert_eq!(configuration["tests"]["quantization"]["metrics"]["a/b@cpu"]["direction"], -1);
}
