//! What GitHub shows.

use super::super::markdown::render;
use super::assert_page;
use super::sample::*;
use super::suite::*;

#[test]
fn a_suite_with_a_comparison() {
    assert_page!("suite.md", render(&suite(), Some(&comparison())));
}

#[test]
fn nothing_breaks_out_of_its_cell() {
    let cases = vec![
        case("a|b/c`d", &[("x", "1|2")], 5.0).metric("m|n", 1.0, "<b>"),
        failed("a/b", &[], "<script> | @someone #1 _x_", "```\n|"),
    ];
    let page = render(&record(cases), None);
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with('|')).collect();
    let cells = |row: &str| row.replace("\\|", "").matches('|').count() - 1;
    assert_eq!(rows.iter().map(|row| cells(row)).collect::<Vec<_>>(), [5, 5, 5], "{page}");
    assert!(rows[2].starts_with("| ``c`d[x=1\\|2]@cpu`` |"), "{page}");
    assert!(
        page.contains("panicked: &lt;script> \\| &#64;someone \\#1 \\_x\\_\n  ````text\n  ```\n  |\n  ````\n"),
        "{page}"
    );
}

#[test]
fn a_run_without_cases_is_a_page() {
    let page = render(&record(Vec::new()), None);
    assert!(page.starts_with("## bitnet-bench: quantization\n\n**0 measured, 0 failed, 0 skipped** in 41.2 s\n"));
    assert!(!page.contains('|'));
}

#[test]
fn what_an_earlier_run_measured_is_said() {
    let mut carried = case("a/b", &[], 1.0);
    carried.carried_from = Some("20261122T090000Z-quantization-7".to_owned());
    let page = render(&record(vec![carried, case("a/c", &[], 2.0)]), None);
    assert!(page.contains("**2 measured, 0 failed, 0 skipped** (1 carried over) in 41.2 s"), "{page}");
    assert!(
        page.contains(
            "- carried over from the run 20261122T090000Z-quantization-7, not measured in this one (`a/b@cpu`)"
        ),
        "{page}"
    );
}
