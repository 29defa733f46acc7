//! What the terminal shows.

use serde_json::{Value, json};

use super::super::terminal::{TerminalOptions, render};
use super::super::text::width;
use super::assert_page;
use super::sample::*;
use super::suite::*;
use crate::host::Stated;
use crate::record::{Outcome, Record, Shard};
use crate::stats::Estimate;

fn page(record: &Record, width: usize) -> String {
    render(record, &TerminalOptions { width, ..TerminalOptions::default() })
}

#[test]
fn a_suite_at_80_and_at_160_columns() {
    let record_path = Some("target/bitnet-bench/runs/20261123T143000Z-quantization-1.json");
    let options = TerminalOptions { record_path, ..TerminalOptions::default() };
    assert_page!("suite-80.txt", render(&suite(), &options));
    assert_page!("suite-160.txt", render(&suite(), &TerminalOptions { width: 160, ..options }));
}

#[test]
fn a_comparison_at_80_and_at_160_columns() {
    let comparison = comparison();
    let options = TerminalOptions { comparison: Some(&comparison), ..TerminalOptions::default() };
    assert_page!("compared-80.txt", render(&suite(), &options));
    assert_page!("compared-160.txt", render(&suite(), &TerminalOptions { width: 160, ..options }));
}

#[test]
fn everything_is_shown_when_asked_for() {
    let options = TerminalOptions { width: 100, verbose: true, ..TerminalOptions::default() };
    assert_page!("verbose-100.txt", render(&suite(), &options));
}

#[test]
fn no_case_and_one_case() {
    assert_page!("none-80.txt", page(&record(Vec::new()), 80));
    assert_page!("one-80.txt", page(&record(vec![case("ops/popcount", &[], 0.56)]), 80));
}

#[test]
fn nothing_but_failures_and_skips() {
    let mut record = record(vec![
        failed("ops/explode", &[], "no reason", ""),
        failed("ops/shout", &[], "too\tloud\u{1b}[31m!", "\u{1b}[2Jone\r\n\ntwo"),
        skipped("ops/later", &[], "cpu", "marked `ignore`"),
    ]);
    record.run.interrupted = true;
    assert_page!("nothing-80.txt", page(&record, 80));
}

#[test]
fn one_launch_says_what_its_interval_is_worth() {
    let note = "measured in one launch: the interval leaves out the scatter between launches";
    let alone = |name: &str, ns| {
        case(name, &[], ns).with(|figures| {
            *figures = measured(ns, 1);
            figures.precise = false;
            figures.notes = vec![note.to_owned()];
        })
    };
    let mut record = record(vec![alone("ops/pack", 812.0), alone("ops/unpack", 913.0)]);
    record.run.in_process = true;
    assert_page!("in-process-80.txt", page(&record, 80));
}

/// A record in which as little is known as can be, with figures that are none.
fn unknown() -> Record {
    let strange = |name: &str, value: f64| {
        let estimate = Estimate { value, lower: f64::NAN, upper: f64::INFINITY, level: 0.95 };
        case(name, &[], 1.0).throughput("bytes", 1.0).metric("error", value, "").with(|figures| {
            figures.time.median = estimate;
            figures.time.mean = estimate;
            figures.time.minimum = estimate;
            figures.time.scatter_within = value;
            figures.throughput[0].per_second = estimate;
            figures.launches.clear();
        })
    };
    let mut record = record(vec![
        strange("odd/infinite", f64::INFINITY),
        strange("odd/nan", f64::NAN),
        strange("odd/negative", -1.0),
        strange("odd/zero", 0.0),
    ]);
    record.host.cpu = Stated::unknown("no /proc");
    record.host.logical_cores = Stated::unknown("no /proc");
    record.host.memory_bytes = Stated::unknown("no /proc");
    record.toolchain.target.clear();
    record.toolchain.opt_level = "0".to_owned();
    record.run.duration_ns = f64::NAN;
    record
}

#[test]
fn what_is_not_known_is_not_made_up() {
    assert_page!("unknown-80.txt", page(&unknown(), 80));
}

/// Ids of every language and length.
fn foreign() -> Record {
    let long = "a_kernel_whose_name_goes_on_and_on_until_nobody_can_say_it_in_one_breath";
    let mut cases = vec![
        case(&format!("quantization/{long}"), &[("size", "2560x6912")], 1.0e3).throughput("bytes", 4.0e4),
        case(&format!("quantization/{long}_too"), &[("kind", long), ("size", "1")], 2.0e3).metric("größe", 1.5, "µm"),
        case(&format!("quantization/{long}_too"), &[("kind", long), ("size", "64")], 3.0e3),
        case("größe/messung", &[("sprache", "日本語"), ("n", "1")], 4.0e3).noted(0.2, long),
        case("größe/messung", &[("sprache", "עברית"), ("n", "22")], 5.0e3),
        case("größe/messung", &[("sprache", "e\u{301}mile"), ("n", "333")], 6.0e3),
    ];
    cases.push(failed(&format!("x/{long}"), &[("kind", long)], long, &format!("{long} {long}")));
    cases.push(skipped(&format!("x/{long}"), &[("kind", "日本語")], "wgpu", &format!("{long}: {long}")));
    record(cases)
}

#[test]
fn long_and_foreign_ids_keep_their_ends() {
    assert_page!("foreign-80.txt", page(&foreign(), 80));
}

/// Sixty cases of one benchmark, on two devices.
fn sixty() -> Record {
    let sizes: Vec<String> = (0..30).map(|power| format!("{}", 1_u64 << power)).collect();
    let mut cases = Vec::new();
    for (at, size) in sizes.iter().enumerate() {
        for device in ["cpu", "wgpu"] {
            let mut one = case("copy/bytes", &[("size", size)], 3.0 + 0.31 * f64::from(1 << at));
            one.device = device.to_owned();
            one.id = format!("copy/bytes[size={size}]@{device}");
            let note = "the samples have more than one mode: the subject, or the machine, switches between states";
            cases.push(if at % 3 == 0 { one.noted(0.031, note) } else { one });
        }
    }
    record(cases)
}

#[test]
fn sixty_cases_say_a_note_once() {
    let page = page(&sixty(), 80);
    assert_page!("sixty-80.txt", page);
    assert_eq!(page.matches("more than one mode").count(), 1);
}

fn every_record() -> Vec<Record> {
    let one = record(vec![case("ops/popcount", &[], 0.56)]);
    vec![suite(), record(Vec::new()), one, unknown(), foreign(), sixty()]
}

fn without_colors(page: &str) -> String {
    let mut pieces = page.split("\u{1b}[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('m').unwrap().1)
}

#[test]
fn no_line_is_wider_than_asked() {
    let comparison = comparison();
    for record in every_record() {
        for columns in [60, 80, 100, 120, 160, 200] {
            for (compared, verbose) in [(None, false), (Some(&comparison), false), (Some(&comparison), true)] {
                let options =
                    TerminalOptions { width: columns, verbose, comparison: compared, ..TerminalOptions::default() };
                let page = render(&record, &options);
                for line in page.lines() {
                    assert!(width(line) <= columns, "{} of {columns} columns: {line}\n{page}", width(line));
                    assert_eq!(line.trim_end(), line, "{columns} columns");
                }
            }
        }
    }
}

#[test]
fn colors_change_nothing_but_the_color() {
    let comparison = comparison();
    for record in every_record() {
        let plain = TerminalOptions { comparison: Some(&comparison), ..TerminalOptions::default() };
        let colored = render(&record, &TerminalOptions { color: true, ..plain });
        assert!(!render(&record, &plain).contains('\u{1b}'));
        assert!(colored.contains('\u{1b}'));
        assert_eq!(without_colors(&colored), render(&record, &plain));
    }
}

#[test]
fn the_record_s_path_stays_whole() {
    let path = "d/".repeat(60) + "run.json";
    let options = TerminalOptions { record_path: Some(&path), ..TerminalOptions::default() };
    assert!(render(&suite(), &options).ends_with(&format!("\nrecord: {path}\n")));
}

#[test]
fn a_table_shows_every_measured_case() {
    let record = sixty();
    let rows = page(&record, 120).lines().filter(|line| line.contains('±') && line.contains('@')).count();
    let measured = record.cases.iter().filter(|case| matches!(case.outcome, Outcome::Measured(_))).count();
    assert_eq!(rows, measured);
}

fn counter(name: &str, kind: &str, running: Option<f64>) -> Value {
    json!({ "name": name, "kind": kind, "per_iteration": 1234.0, "running": running })
}

#[test]
fn counts_that_were_estimated_or_simulated_say_so() {
    let counts = [
        counter("cycles", "hardware", Some(0.5)),
        counter("instructions", "simulated", None),
        counter("task-clock", "software", None),
    ];
    let counters = json!({ "counts": counts, "missing": [] });
    let one = case("ops/popcount", &[], 0.56)
        .with(|figures| figures.counters = Stated::Known(serde_json::from_value(counters).unwrap()));
    let page = render(&record(vec![one]), &TerminalOptions { verbose: true, ..TerminalOptions::default() });
    assert!(page.contains("cycles ~1.234 k"), "{page}");
    assert!(page.contains("simulated instructions 1.234 k"), "{page}");
    assert!(page.contains("task-clock 1.234 µs"), "{page}");
}

#[test]
fn a_part_and_what_an_earlier_run_measured_are_said() {
    let mut carried = case("a/b", &[], 1.0);
    carried.carried_from = Some("20261122T090000Z-quantization-7".to_owned());
    let mut record = record(vec![carried, case("a/c", &[], 2.0)]);
    record.run.shard = Some(Shard { number: 2, of: 8, split: "5e88".to_owned() });
    let page = page(&record, 80);
    assert!(page.lines().next().is_some_and(|line| line.ends_with("10 launches · shard 2/8")), "{page}");
    assert!(page.contains("carried over from the run 20261122T090000Z-quantization-7"), "{page}");
    assert!(page.contains("2 measured (1 carried over) in 41.2 s"), "{page}");
    assert_eq!(page.lines().filter(|line| line.contains("%  !  ")).count(), 1, "{page}");
}
