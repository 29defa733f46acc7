//! Gates on comparisons made by hand.

use super::*;
use crate::compare::{Change, Unmatched};
use crate::config::Origin;
use crate::measure::Direction;
use crate::stats::Estimate;

fn metric(name: &str, verdict: Verdict, ratio: f64) -> MetricComparison {
    MetricComparison {
        metric: name.to_owned(),
        unit: String::new(),
        direction: Direction::LowerIsBetter,
        old: 1.0,
        new: ratio,
        change: Change::Ratio(Estimate { value: ratio, lower: ratio, upper: ratio, level: 0.99 }),
        verdict,
        p_adjusted: 0.0,
        detectable: 0.04,
        floor: 0.03,
        follows_time: name == "bytes/s",
    }
}

fn case(id: &str, verdict: Verdict, ratio: f64, metrics: Vec<MetricComparison>) -> CaseComparison {
    CaseComparison { id: id.to_owned(), time: metric(TIME, verdict, ratio), metrics }
}

fn comparison() -> Comparison {
    use Verdict::{Improved, Inconclusive, Regressed, Unchanged};
    let missing = |id: &str, why| Unmatched { id: id.to_owned(), why };
    Comparison {
        baseline: "main".to_owned(),
        cases: vec![
            case("gemv/a@cpu", Regressed, 1.04, vec![metric("bytes/s", Regressed, 1.04)]),
            case("gemv/b@cpu", Regressed, 1.2, Vec::new()),
            case("pack/a@cpu", Unchanged, 1.0, vec![metric("allocations", Regressed, 2.0)]),
            case("pack/b@cpu", Inconclusive, 1.1, vec![metric("instructions", Inconclusive, 1.1)]),
            case("pack/c@cpu", Improved, 0.5, Vec::new()),
        ],
        unmatched: vec![
            missing("gone@cpu", Absence::Removed),
            missing("skips@gpu", Absence::Skipped("no GPU".to_owned())),
            missing("new@cpu", Absence::Added),
            missing("fails@cpu", Absence::Failed("panicked: no\nat all".to_owned())),
        ],
        warnings: Vec::new(),
    }
}

fn today() -> Date {
    Date::parse("2026-11-23").expect("it is a day")
}

fn section(fail_on: &str) -> GateSection {
    GateSection { fail_on: crate::config::conditions(fail_on).expect("they are conditions"), ..GateSection::default() }
}

fn violations(section: &GateSection) -> Vec<String> {
    let gate = Gate::new(section, None, today()).expect("there is something to fail on");
    let said = |violation: &Violation| {
        let metric = violation.metric.as_deref().unwrap_or("-");
        format!("{:?} {} {metric}", violation.severity, violation.case)
    };
    gate.judge(&comparison()).violations.iter().map(said).collect()
}

#[test]
fn each_condition_finds_what_it_is_about() {
    let regressions =
        ["Critical pack/a@cpu allocations", "Major gemv/b@cpu time", "Minor gemv/a@cpu time"].map(str::to_owned);
    assert_eq!(violations(&section("regression")), regressions);
    assert_eq!(violations(&section("regression:5%")), regressions[..2]);
    assert_eq!(violations(&section("regression:critical")), regressions[..1]);
    assert_eq!(violations(&section("inconclusive")), ["Minor pack/b@cpu time"]);
    assert_eq!(violations(&section("missing")), ["Major gone@cpu -", "Major skips@gpu -"]);
    assert_eq!(violations(&section("failed")), ["Critical fails@cpu -"]);
    assert_eq!(violations(&section("missing,failed,regression:200%")).len(), 3);
}

fn rule(cases: &str, metric: Option<&str>, regression: Option<Option<Threshold>>) -> GateRule {
    let (cases, metric) = (cases.to_owned(), metric.map(str::to_owned));
    GateRule { cases, metric, regression, inconclusive: None, origin: Origin::Program }
}

#[test]
fn the_last_rule_for_a_metric_of_a_case_counts() {
    let mut section = section("regression:5%");
    section.rules =
        vec![rule("gemv/*", None, Some(None)), rule("*/a@cpu", Some("time"), Some(Some(Threshold::Share(0.03))))];
    assert_eq!(violations(&section), ["Critical pack/a@cpu allocations", "Minor gemv/a@cpu time"]);
    section.rules.push(rule("gemv/a@cpu", Some("bytes/s"), Some(Some(Threshold::Any))));
    section.rules.push(GateRule { inconclusive: Some(true), ..rule("*", Some("instructions"), None) });
    let found = violations(&section);
    assert!(found.contains(&"Minor gemv/a@cpu bytes/s".to_owned()), "what follows the time is judged if it is named");
    assert!(found.contains(&"Minor pack/b@cpu instructions".to_owned()), "{found:?}");
    let rules_alone = GateSection { fail_on: Vec::new(), ..section };
    assert_eq!(violations(&rules_alone).len(), 3);
}

#[test]
fn limits_of_severities_can_be_moved() {
    let mut section = section("regression:major");
    section.severity = SeverityLimits { moderate: 0.01, major: 0.02, critical: 0.1 };
    let expected = ["Critical pack/a@cpu allocations", "Critical gemv/b@cpu time", "Major gemv/a@cpu time"];
    assert_eq!(violations(&section), expected);
}

#[test]
fn what_is_allowed_is_excused_until_its_day() {
    let allowed = |cases: &str, metric: Option<&str>, until: &str| Allowance {
        cases: cases.to_owned(),
        metric: metric.map(str::to_owned),
        until: Date::parse(until).expect("it is a day"),
        reason: "rewritten".to_owned(),
        origin: Origin::Program,
    };
    let mut section = section("regression,missing");
    section.allowed = vec![
        allowed("gemv/*", Some("time"), "2026-11-23"),
        allowed("pack/a*", None, "2026-11-22"),
        allowed("gone*", None, "2027-01-31"),
    ];
    assert_eq!(violations(&section), ["Critical pack/a@cpu allocations", "Major skips@gpu -"]);
    let gate = Gate::new(&section, None, today()).expect("there is something to fail on");
    let outcome = gate.judge(&comparison());
    assert_eq!(outcome.excused.len(), 3);
    assert!(outcome.violations[0].why.ends_with("and is excused no longer (rewritten, until 2026-11-22)"));
    assert_eq!(gate.expired().len(), 1);
    assert!(gate.expired()[0].contains("`pack/a*` was excused until 2026-11-22"));
}

#[test]
fn a_rule_that_matches_nothing_is_named_with_what_was_meant() {
    let comparison = comparison();
    let idle = |rules: Vec<GateRule>, others: &[&str]| {
        let section = GateSection { rules, ..section("regression") };
        let mut known = Known::default();
        known.add(&comparison);
        known.add_cases(others.iter().copied());
        Gate::new(&section, None, today()).expect("there is something to fail on").idle(&known)
    };
    assert!(idle(vec![rule("gemv/*", Some("time"), None), rule("gone*", None, None)], &[]).is_empty());
    assert_eq!(
        idle(vec![rule("gemw/*", None, None)], &[]),
        ["the program: no case is `gemw/*`; did you mean `gemv/*`?"]
    );
    let found = idle(vec![rule("pack/*", Some("alocations"), None)], &[]);
    assert_eq!(found, ["the program: no case that is `pack/*` has a metric `alocations`; did you mean `allocations`?"]);
    // A case that was left out this time is one all the same, and nobody knows its metrics.
    assert_eq!(idle(vec![rule("dot/*", Some("SQNR"), None)], &["dot/x@cpu"]), [""; 0]);
}

#[test]
fn what_is_asked_for_takes_the_place_of_the_configuration() {
    let configured = section("missing");
    let gate = |instead| Gate::new(&configured, instead, today());
    assert!(gate(Some(Vec::new())).is_none(), "`none` switches it off");
    let asked = gate(Some(vec![Condition::Failed])).expect("there is something to fail on");
    assert_eq!(asked.judge(&comparison()).violations.len(), 1);
    assert!(Gate::new(&GateSection::default(), None, today()).is_none());
}
