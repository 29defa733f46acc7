//! What a spreadsheet reads.

use std::collections::HashMap;

use super::super::csv::render;
use super::sample::*;
use super::suite::*;

/// Reads CSV by the letter of RFC 4180: rows of fields.
fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {
                assert_eq!(rest.next(), Some('\n'));
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(row.is_empty() && field.is_empty(), "the last line has no end");
    rows
}

/// The rows, each by the names of the header.
fn table(text: &str) -> Vec<HashMap<String, String>> {
    let mut rows = read(text).into_iter();
    let header = rows.next().unwrap();
    let distinct: std::collections::HashSet<&String> = header.iter().collect();
    assert_eq!(distinct.len(), header.len(), "two columns have one name");
    rows.map(|row| {
        assert_eq!(row.len(), header.len());
        header.iter().cloned().zip(row).collect()
    })
    .collect()
}

#[test]
fn figures_are_unscaled_and_under_their_names() {
    let rows = table(&render(&suite(), Some(&comparison())));
    assert_eq!(rows.len(), 16);
    let row = rows.iter().find(|row| row["id"] == "quantization/absmean_ternary[size=2560x2560]@cpu").unwrap();
    let expected = [
        ("outcome", "measured"),
        ("reason", ""),
        ("launches", "10"),
        ("samples", "2000"),
        ("median_ns", "1934412"),
        ("level", "0.95"),
        ("precise", "true"),
        ("bytes", "26214400"),
        ("items", ""),
        ("allocations", "1"),
        ("peak_bytes", "65536"),
        ("verdict", "regressed"),
        ("ratio", "1.052"),
        ("axis:size", "2560x2560"),
        ("axis:kernel", ""),
    ];
    for (name, value) in expected {
        assert_eq!(row[name], value, "{name}");
    }
    let number = |name: &str| row[name].parse::<f64>().unwrap();
    assert!((number("median_ns_lower") / number("median_ns") - 0.996).abs() < 1e-12);
    assert!((number("bytes_per_second") - 26_214_400.0 / 1_934_412e-9).abs() < 1.0);
    assert!((number("counter:instructions") - 1_934_412.0 * 3.1).abs() < 1e-6);
    assert!((number("metric:sqnr (dB)") - 5.639_344_12).abs() < 1e-9);
}

#[test]
fn what_was_not_measured_says_why() {
    let rows = table(&render(&suite(), None));
    let outcome = |outcome: &str| rows.iter().find(|row| row["outcome"] == outcome).unwrap();
    assert_eq!(outcome("failed")["reason"], "panicked: index out of bounds: the len is 0 but the index is 0");
    assert_eq!(outcome("skipped")["reason"], "no adapter: this machine has no graphics driver");
    assert_eq!(outcome("failed")["median_ns"], "");
}

#[test]
fn commas_quotes_and_line_breaks_survive() {
    let message = "one, \"two\"\r\nthree";
    let rows = table(&render(&record(vec![failed("a/b", &[], message, "")]), None));
    assert_eq!(rows[0]["reason"], format!("panicked: {message}"));
}

#[test]
fn figures_that_are_none_are_empty() {
    let odd = case("a/b", &[], 1.0).with(|figures| figures.time.median = estimate(f64::NAN, 0.0));
    let rows = table(&render(&record(vec![odd]), None));
    assert_eq!((rows[0]["median_ns"].as_str(), rows[0]["median_ns_upper"].as_str()), ("", ""));
}

#[test]
fn the_header_is_there_without_cases() {
    let rows = read(&render(&record(Vec::new()), None));
    assert_eq!(rows.len(), 1);
    assert!(rows[0].starts_with(&["run", "id", "group", "name", "device", "outcome", "reason"].map(str::to_owned)));
    assert_eq!(rows[0].last().map(String::as_str), Some("notes"));
}

#[test]
fn what_an_earlier_run_measured_says_which() {
    let mut carried = case("a/b", &[], 1.0);
    carried.carried_from = Some("20261122T090000Z-quantization-7".to_owned());
    let rows = table(&render(&record(vec![carried, case("a/c", &[], 2.0)]), None));
    assert_eq!((rows[0]["outcome"].as_str(), rows[0]["median_ns"].as_str()), ("measured", "1"));
    assert_eq!(rows[0]["carried_from"], "20261122T090000Z-quantization-7");
    assert_eq!(rows[1]["carried_from"], "");
}
