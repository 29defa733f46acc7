//! Comparisons by themselves.

use super::super::comparison::{Compared, ComparisonOptions, gate, json, markdown, terminal};
use super::super::text::width;
use super::assert_page;
use super::sample::estimate;
use super::suite::comparison as times;
use crate::compare::gate::{Gate, GateOutcome};
use crate::compare::{Absence, Change, Comparison, MetricComparison, Unmatched, Verdict};
use crate::config::{Date, GateSection, conditions};
use crate::measure::Direction;
use crate::stats::Estimate;

/// The comparison of the suite, with other metrics and every kind of absence.
fn comparison() -> Comparison {
    let mut comparison = times();
    let like = comparison.cases[0].time.clone();
    let quality = |verdict, difference: f64| MetricComparison {
        metric: "SQNR".to_owned(),
        unit: "dB".to_owned(),
        direction: Direction::HigherIsBetter,
        old: 6.5,
        new: 6.5 + difference,
        change: Change::Difference(Estimate { value: difference, lower: difference, upper: difference, level: 0.99 }),
        verdict,
        ..like.clone()
    };
    let rate = MetricComparison {
        metric: "bytes/s".to_owned(),
        unit: "bytes/s".to_owned(),
        direction: Direction::HigherIsBetter,
        old: 16e9,
        new: 15.2e9,
        change: Change::Ratio(estimate(0.95, 0.006)),
        follows_time: true,
        ..like.clone()
    };
    comparison.cases[0].metrics = vec![rate, quality(Verdict::Regressed, -0.31)];
    comparison.cases[1].metrics = vec![quality(Verdict::Improved, 0.5)];
    comparison.cases[3].metrics = vec![quality(Verdict::Unchanged, 0.0)];
    let others = [
        ("ops/new@cpu", Absence::Added),
        ("ops/explode@cpu", Absence::Failed("panicked: boom\nat line 3".to_owned())),
        ("ops/gpu@wgpu", Absence::Skipped("no adapter".to_owned())),
        ("ops/never@wgpu", Absence::NeverMeasured("no adapter".to_owned())),
        ("ops/cold@cpu", Absence::NotComparable("`cache` differs: cold now, warm before".to_owned())),
    ];
    comparison.unmatched.extend(others.map(|(id, why)| Unmatched { id: id.to_owned(), why }));
    comparison
}

fn outcome(comparison: &Comparison) -> GateOutcome {
    let section = GateSection {
        fail_on: conditions("regression,inconclusive,missing,failed").unwrap(),
        ..GateSection::default()
    };
    Gate::new(&section, None, Date::parse("2026-11-23").unwrap()).unwrap().judge(comparison)
}

#[test]
fn a_terminal_of_80_columns_shows_the_worst_first() {
    let comparison = comparison();
    let compared = [Compared { target: Some("quantization"), runs: vec![("latest", &comparison)] }];
    assert_page!("comparison-80.txt", terminal(&compared, &ComparisonOptions::default()));
    let verbose = ComparisonOptions { width: 100, verbose: true, ..ComparisonOptions::default() };
    assert_page!("comparison-verbose-100.txt", terminal(&compared, &verbose));
}

#[test]
fn several_runs_are_a_matrix() {
    let (one, mut two) = (comparison(), comparison());
    two.cases.remove(2);
    two.cases[0].time.verdict = Verdict::Improved;
    two.cases[0].time.change = Change::Ratio(estimate(0.25, 0.01));
    let compared =
        [Compared { target: Some("quantization"), runs: vec![("20261123T143000Z", &one), ("latest", &two)] }];
    assert_page!("matrix-80.txt", terminal(&compared, &ComparisonOptions::default()));
    assert_page!("matrix.md", markdown(&compared, None, &[], usize::MAX));
}

#[test]
fn markdown_shows_everything_and_the_gate() {
    let comparison = comparison();
    let page = markdown(&[Compared::one("latest", &comparison)], Some(&outcome(&comparison)), &[], usize::MAX);
    assert_page!("comparison.md", page);
}

#[test]
fn a_gate_says_each_finding_on_a_line() {
    assert_page!("gate.txt", gate(&outcome(&comparison()), false));
    assert_eq!(gate(&GateOutcome::default(), false), "gate: passed\n");
}

/// Five thousand cases, of which one in a hundred changed.
fn large() -> Comparison {
    let mut comparison = times();
    let like = comparison.cases[1].clone();
    comparison.cases.clear();
    for number in 0..5000 {
        let mut case = like.clone();
        case.id = format!("größe/|`case`[number={number}]@cpu");
        if number % 100 == 0 {
            case.time.verdict = Verdict::Regressed;
            case.time.change = Change::Ratio(estimate(1.1 + f64::from(number) * 1e-5, 0.001));
        }
        comparison.cases.push(case);
    }
    comparison
}

#[test]
fn a_page_that_is_too_large_leaves_out_unchanged_rows_first() {
    let comparison = large();
    let compared = [Compared::one("latest", &comparison)];
    let whole = markdown(&compared, None, &[], usize::MAX);
    assert!(whole.len() > 300_000 && !whole.contains("left out"));
    let page = markdown(&compared, None, &[], 65_536);
    assert!(page.len() <= 65_536 && page.len() > 60_000, "{}", page.len());
    assert_eq!(page.matches(" slower").count(), 50);
    assert!(page.contains("unchanged rows left out: the page would be too large."));
    let short = markdown(&compared, None, &[], 4_000);
    assert!(short.len() <= 4_000 && short.contains("number=4900"), "the worst stay\n{short}");
    assert!(!short.contains("number=0]") && short.contains("regressed rows left out"), "{short}");
}

#[test]
fn no_line_is_wider_than_asked_and_colors_change_only_the_color() {
    let (one, two) = (comparison(), large());
    for runs in
        [vec![("latest", &one)], vec![("größe", &two), ("日本語日本語日本語", &one), ("c", &two)], vec![("a", &one); 9]]
    {
        let compared = [Compared { target: Some("a_target_of_a_long_name"), runs }];
        for (columns, verbose) in [(60, false), (80, true), (120, false)] {
            let options = ComparisonOptions { width: columns, verbose, ..ComparisonOptions::default() };
            let page = terminal(&compared, &options);
            for line in page.lines() {
                assert!(width(line) <= columns, "{} of {columns}: {line}", width(line));
            }
            let colored = terminal(&compared, &ComparisonOptions { color: true, ..options });
            let mut plain = colored.clone();
            for code in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"] {
                plain = plain.replace(code, "");
            }
            let trimmed: Vec<&str> = plain.lines().map(str::trim_end).collect();
            assert_eq!(trimmed, page.lines().collect::<Vec<_>>());
            assert_ne!(colored, page);
        }
    }
}

#[test]
fn chosen_metrics_alone_are_shown() {
    let comparison = comparison();
    let metrics = ["bytes/s".to_owned()];
    let options = ComparisonOptions { metrics: &metrics, ..ComparisonOptions::default() };
    let page = terminal(&[Compared::one("latest", &comparison)], &options);
    assert!(page.contains("16.00 GB/s → 15.20 GB/s") && !page.contains("SQNR"), "{page}");
}

#[test]
fn json_is_a_document_that_says_what_it_is() {
    let comparison = comparison();
    let text = json(&[Compared::one("latest", &comparison)], Some(&outcome(&comparison))).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&document["type"], &document["schema_version"]), (&"comparison".into(), &1.into()));
    let run = &document["targets"][0]["runs"][0];
    assert_eq!(run["run"], "latest");
    let back: Comparison = serde_json::from_value(run["comparison"].clone()).unwrap();
    assert_eq!(format!("{back:?}"), format!("{comparison:?}"));
    assert_eq!(document["gate"]["violations"][0]["severity"], "critical");
    assert!(text.ends_with("}\n") && text.lines().count() == 1);
}
