//! The section `gate`.

use super::mistakes;
use crate::config::discovery::Language::Toml;
use crate::config::{Condition, Config, GateSection, Severity, Threshold};

fn section(text: &str) -> GateSection {
    let folder = super::Folder::new().with("bitnet-bench.toml", text);
    Config::load(folder.sources()).expect("it is a configuration").gate().clone()
}

#[test]
fn every_key_is_read() {
    let gate = section(
        "[gate]\nfail_on = [\"regression:5%\", \"missing\"]\n\
         [gate.severity]\nmoderate = \"2%\"\nmajor = 10\n\
         [[gate.rule]]\ncases = \"gemv/*\"\nmetric = \"time\"\nregression = \"3%\"\n\
         [[gate.rule]]\ncases = \"slow/*\"\nregression = \"off\"\ninconclusive = true\n\
         [[gate.allow]]\ncases = \"gemv/old*\"\nuntil = 2027-01-31\nreason = \"rewritten\"\n",
    );
    assert_eq!(gate.fail_on, [Condition::Regression(Threshold::Share(0.05)), Condition::Missing]);
    assert_eq!((gate.severity.moderate, gate.severity.major, gate.severity.critical), (0.02, 0.1, 0.5));
    assert_eq!(
        (gate.rules[0].metric.as_deref(), gate.rules[0].regression),
        (Some("time"), Some(Some(Threshold::Share(0.03))))
    );
    assert_eq!((gate.rules[1].regression, gate.rules[1].inconclusive), (Some(None), Some(true)));
    assert_eq!(
        (gate.allowed[0].until.to_string(), gate.allowed[0].reason.as_str()),
        ("2027-01-31".to_owned(), "rewritten")
    );
    assert!(gate.allowed[0].origin.to_string().ends_with("bitnet-bench.toml:14"), "{}", gate.allowed[0].origin);
    assert_eq!(section("[gate]\nfail_on = \"none\"\n"), GateSection::default());
}

#[test]
fn conditions_are_read_as_they_are_shown() {
    for text in
        ["regression", "regression:5%", "regression:0.5%", "regression:major", "inconclusive", "missing", "failed"]
    {
        let read = crate::config::conditions(text).expect("it is a condition");
        assert_eq!(read[0].show(), text);
    }
    let major = Condition::Regression(Threshold::Severity(Severity::Major));
    assert_eq!(crate::config::conditions("failed, regression:major"), Ok(vec![Condition::Failed, major]));
    for text in
        ["regresion", "regression:", "regression:-1%", "regression:0", "regression:huge", "missing:5%", "", "a,b"]
    {
        assert!(crate::config::conditions(text).is_err(), "{text}");
    }
}

#[test]
fn every_mistake_is_named_with_its_place() {
    let text = "\
[gate]
fail_on = [\"regresion\"]
fail_one = 1
[gate.severity]
major = \"4%\"
minor = \"1%\"
[[gate.rule]]
case = \"gemv/*\"
regression = \"much\"
[[gate.rule]]
cases = \"gemv/*\"
[[gate.allow]]
cases = \"\"
until = \"2027-02-29\"
";
    let expected = [
        "c:2:12: `gate.fail_on` takes `regression`, `regression:5%`, `regression:major`, `inconclusive`, `missing`, \
         `failed`, or `none`, not `regresion`",
        "c:3:1: `gate` has no key `fail_one`; did you mean `fail_on`?",
        "c:6:1: `gate.severity` has no key `minor`; did you mean `major`?",
        "c:4:1: `gate.severity` takes limits that rise: `moderate` below `major` below `critical`, not `{major, minor}`",
        "c:8:1: `gate.rule` has no key `case`; did you mean `cases`?",
        "c:9:14: `gate.rule.regression` takes a percentage such as `3%`, a severity such as `major`, `on` or `off`, not \
         `much`",
        "c:7:1: `gate.rule` needs `cases`",
        "c:10:1: `gate.rule` needs `regression` or `inconclusive`",
        "c:13:9: `gate.allow.cases` takes a pattern of case ids such as `gemv/*`, not ``",
        "c:14:9: `gate.allow.until` takes a day such as `2027-01-31`, not `2027-02-29`",
        "c:12:1: `gate.allow` needs `reason`",
    ];
    let mut found = mistakes(Toml, text);
    let mut expected = expected.map(str::to_owned).to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(mistakes(Toml, "gate = 1"), ["c:1:8: `gate` takes a table of keys and values, not `1`"]);
    assert_eq!(
        mistakes(Toml, "[gate]\nrule = 1"),
        ["c:2:8: `gate.rule` takes a list of tables: `[[gate.rule]]` or `[[gate.allow]]`, not `1`"]
    );
}

const DOCUMENT: &str = include_str!("../../../../docs/gates.md");

#[test]
fn the_example_in_the_document_loads() {
    let example = DOCUMENT.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("there is one");
    assert_eq!(mistakes(Toml, example), [""; 0]);
    let gate = section(example);
    assert_eq!((gate.fail_on.len(), gate.rules.len(), gate.allowed.len()), (3, 2, 1));
    assert_eq!(gate.severity, crate::config::SeverityLimits::default(), "they are said to be the defaults");
}
