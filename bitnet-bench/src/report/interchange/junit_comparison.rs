//! A comparison as JUnit's XML: each case is a test, and one that violates the gate fails.

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::junit::line;
use super::names::without_controls;
use crate::compare::gate::{GateOutcome, Violation};
use crate::compare::{Absence, CaseComparison, Comparison, MetricComparison, Unmatched, Verdict};
use crate::report::change;
use crate::report::comparison::Compared;
use crate::report::text::plain;

/// Comparisons as JUnit's XML. With a gate, what violates it fails, and what it excuses does not; without one, every
/// regression does.
///
/// # Errors
/// If it cannot be written.
pub fn render(compared: &[Compared<'_>], gate: Option<&GateOutcome>) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("bitnet-bench");
    for of in compared {
        for (run, comparison) in &of.runs {
            report.add_test_suite(suite(of.target.unwrap_or(run), run, comparison, gate));
        }
    }
    report.to_string()
}

fn suite(name: &str, run: &str, comparison: &Comparison, gate: Option<&GateOutcome>) -> TestSuite {
    let mut suite = TestSuite::new(without_controls(name));
    suite.add_property(Property::new("run", plain(run)));
    suite.add_property(Property::new("baseline", plain(&comparison.baseline)));
    for warning in &comparison.warnings {
        suite.add_property(Property::new("warning", plain(warning)));
    }
    for case in &comparison.cases {
        let status = violation(gate, &case.id).unwrap_or_else(|| compared(case, gate.is_some()));
        let mut test = test(&case.id, status);
        test.add_property(Property::new("verdict", change::word(case.time.verdict)));
        test.add_property(Property::new("change", change::full(&case.time)));
        suite.add_test_case(test);
    }
    for case in &comparison.unmatched {
        let status = violation(gate, &case.id).unwrap_or_else(|| unmatched(case));
        suite.add_test_case(test(&case.id, status));
    }
    suite
}

/// A test of a case; its class is the group, the part of an id before the first `/`.
fn test(id: &str, status: TestCaseStatus) -> TestCase {
    let (group, name) = id.split_once('/').unwrap_or(("", id));
    let mut test = TestCase::new(without_controls(name), status);
    test.set_classname(without_controls(group));
    test
}

fn failure(kind: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(plain(message));
    status
}

fn violation(gate: Option<&GateOutcome>, id: &str) -> Option<TestCaseStatus> {
    let violations: Vec<&Violation> = gate?.violations.iter().filter(|violation| violation.case == id).collect();
    let first = violations.first()?;
    let kind = serde_json::to_value(first.kind).ok();
    let kind = kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or("violation");
    let texts: Vec<&str> = violations.iter().map(|violation| violation.why.as_str()).collect();
    Some(failure(kind, &texts.join("; ")))
}

fn compared(case: &CaseComparison, is_gated: bool) -> TestCaseStatus {
    let worse: Vec<&MetricComparison> = case.judged().filter(|metric| metric.verdict == Verdict::Regressed).collect();
    if is_gated || worse.is_empty() {
        return TestCaseStatus::success();
    }
    let lines: Vec<String> = worse.into_iter().map(line).collect();
    failure("regression", &lines.join("; "))
}

fn unmatched(case: &Unmatched) -> TestCaseStatus {
    let skipped = |why: &str| {
        let mut status = TestCaseStatus::skipped();
        status.set_message(plain(why));
        status
    };
    match &case.why {
        Absence::Failed(why) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_type("failed").set_message(plain(why));
            status
        }
        Absence::Added => skipped("new: the old side does not have it"),
        Absence::Removed => skipped("gone: the new side does not have it"),
        Absence::Carried(run) => skipped(&format!("carried over from {run}")),
        Absence::Skipped(why)
        | Absence::NeverMeasured(why)
        | Absence::NotMeasuredBefore(why)
        | Absence::NotComparable(why) => skipped(why),
    }
}
