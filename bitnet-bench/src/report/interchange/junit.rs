//! JUnit's XML, which GitLab, Jenkins and most CI systems show beside the tests.
//!
//! A run is a test suite, a case a test. It fails with the type `regression` where it was compared and became worse;
//! a case that could not be measured is an error, one that was skipped is skipped. A test's `time` is how long
//! measuring it took; the figures are its properties, unscaled.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use super::Exported;
use super::names::without_controls;
use crate::compare::{CaseComparison, MetricComparison, Verdict};
use crate::measure::Failure;
use crate::record::{CaseRecord, LaunchRecord, Measured, Outcome};
use crate::report::change;
use crate::report::text::plain;
use crate::report::units::number;

/// The runs as JUnit's XML.
///
/// # Errors
/// If it cannot be written.
pub fn render(runs: &[Exported<'_>]) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("bitnet-bench");
    for run in runs {
        report.add_test_suite(suite(run));
    }
    report.to_string()
}

fn suite(run: &Exported<'_>) -> TestSuite {
    let about = &run.record.run;
    let mut suite = TestSuite::new(without_controls(&about.target));
    suite.set_time(duration(about.duration_ns));
    suite.add_property(Property::new("run", about.id.as_str()));
    suite.add_property(Property::new("started_at", about.started_at.as_str()));
    suite.add_property(Property::new("machine_key", run.record.host.machine_key.as_str()));
    if let Some(comparison) = run.comparison {
        suite.add_property(Property::new("baseline", comparison.baseline.as_str()));
        for warning in &comparison.warnings {
            suite.add_property(Property::new("warning", warning.as_str()));
        }
    }
    let compared = run.compared();
    for case in &run.record.cases {
        suite.add_test_case(test(case, compared.get(case.id.as_str()).copied()));
    }
    suite
}

fn test(case: &CaseRecord, compared: Option<&CaseComparison>) -> TestCase {
    let status = match &case.outcome {
        Outcome::Measured(_) => compared.map_or_else(TestCaseStatus::success, judged),
        Outcome::Failed { failure, .. } => failed(failure),
        Outcome::Skipped { reason } => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(plain(reason));
            status
        }
    };
    let of_group = case.id.strip_prefix(case.group.as_str()).and_then(|rest| rest.strip_prefix('/'));
    let mut test = TestCase::new(without_controls(of_group.unwrap_or(&case.id)), status);
    test.set_classname(without_controls(&case.group));
    if let Outcome::Measured(measured) = &case.outcome {
        test.set_time(measured.launches.iter().map(took).sum());
        add_figures(&mut test, measured);
    }
    if let Some(compared) = compared {
        test.add_property(Property::new("verdict", change::word(compared.time.verdict)));
        test.add_property(Property::new("change", change::full(&compared.time)));
    }
    test
}

fn judged(compared: &CaseComparison) -> TestCaseStatus {
    let worse: Vec<&MetricComparison> =
        compared.judged().filter(|metric| metric.verdict == Verdict::Regressed).collect();
    if worse.is_empty() {
        return TestCaseStatus::success();
    }
    let lines: Vec<String> = worse.iter().map(|metric| line(metric)).collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type("regression").set_message(plain(&lines.join("; ")));
    status
}

/// `time +5.2 % slower, from 100 to 105.2 ns, adjusted p 0.001`.
pub(super) fn line(metric: &MetricComparison) -> String {
    let change = change::brief(metric);
    let (old, new) = (number(metric.old), number(metric.new));
    let MetricComparison { metric, unit, p_adjusted, .. } = metric;
    format!("{metric} {change}, from {old} to {new} {unit}, adjusted p {p_adjusted:.2e}")
}

fn failed(failure: &Failure) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    // `Panicked` as `panicked`, `TimedOut` as `timed_out`: the names in records.
    let kind = serde_json::to_value(failure.kind).ok();
    status.set_type(kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or("failed"));
    status.set_message(plain(&failure.to_string()));
    if !failure.output.is_empty() {
        status.set_description(failure.output.as_str());
    }
    status
}

fn add_figures(test: &mut TestCase, measured: &Measured) {
    let mut add = |name: String, value: f64| {
        if value.is_finite() {
            test.add_property(Property::new(plain(&name), value.to_string()));
        }
    };
    let time = &measured.time;
    add("median_ns".to_owned(), time.median.value);
    add("median_ns_lower".to_owned(), time.median.lower);
    add("median_ns_upper".to_owned(), time.median.upper);
    add("mean_ns".to_owned(), time.mean.value);
    for throughput in &measured.throughput {
        add(format!("{}_per_second", throughput.amount), throughput.per_second.value);
    }
    for metric in &measured.metrics {
        let unit = if metric.unit.is_empty() { String::new() } else { format!(" ({})", metric.unit) };
        add(format!("{}{unit}", metric.name), metric.estimate.value);
    }
}

/// How long the samples of a launch took.
fn took(launch: &LaunchRecord) -> Duration {
    duration(launch.warmup_ns + launch.samples_ns.iter().sum::<f64>())
}

fn duration(nanoseconds: f64) -> Duration {
    Duration::try_from_secs_f64(nanoseconds / 1e9).unwrap_or_default()
}
