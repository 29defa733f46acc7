//! The section `gate`: what a comparison must not show, where, and until when it may all the same.

use super::date::Date;
use super::error::Problem;
use super::node::{Entry, Node, Value};
use super::origin::{Origin, Position};
use super::suites::Problems;
use super::table::{Form, legible};
use super::value::{SettingValue, named};

named! {
    /// How bad a violation of a gate is.
    Severity {
        /// Worse by less than the limit of `moderate`.
        Minor = "minor",
        /// Worse by at least its limit, 5 % unless configured.
        Moderate = "moderate",
        /// Worse by at least its limit, 15 % unless configured.
        Major = "major",
        /// Worse by at least its limit, 50 % unless configured.
        Critical = "critical",
    }
}

/// What a gate fails on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Condition {
    /// A metric became worse, by so much.
    Regression(Threshold),
    /// It cannot be told whether the time changed.
    Inconclusive,
    /// A case of the baseline was not measured.
    Missing,
    /// A case failed.
    Failed,
}

/// From which size on a regression counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Threshold {
    /// Whatever its size.
    Any,
    /// Worse by at least this share.
    Share(f64),
    /// Of at least this severity.
    Severity(Severity),
}

/// The words that [`Condition`] and [`conditions`] take.
pub const CONDITIONS: &str =
    "`regression`, `regression:5%`, `regression:major`, `inconclusive`, `missing`, `failed`, or `none`";
const THRESHOLD: &str = "a percentage such as `3%`, a severity such as `major`, `on` or `off`";
const PERCENT: &str = "a percentage above 0, such as `5%`";
const GLOB: &str = "a pattern of case ids such as `gemv/*`";

/// The conditions in a text, separated by commas; none of them for `none`.
///
/// # Errors
/// The word that is no condition.
pub fn conditions(text: &str) -> Result<Vec<Condition>, String> {
    let words = text.split(',').map(str::trim).filter(|word| *word != "none");
    words.map(|word| Condition::parse(word).ok_or_else(|| word.to_owned())).collect()
}

impl Condition {
    fn parse(word: &str) -> Option<Self> {
        match word.split_once(':') {
            Some(("regression", threshold)) => Some(Self::Regression(Threshold::parse(threshold)?)),
            Some(_) => None,
            None => match word {
                "regression" => Some(Self::Regression(Threshold::Any)),
                "inconclusive" => Some(Self::Inconclusive),
                "missing" => Some(Self::Missing),
                "failed" => Some(Self::Failed),
                _ => None,
            },
        }
    }

    /// As a configuration has it.
    pub fn show(&self) -> String {
        match self {
            Self::Regression(Threshold::Any) => "regression".to_owned(),
            Self::Regression(threshold) => format!("regression:{}", threshold.show()),
            Self::Inconclusive => "inconclusive".to_owned(),
            Self::Missing => "missing".to_owned(),
            Self::Failed => "failed".to_owned(),
        }
    }
}

impl Threshold {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        percent(text).map(Self::Share).or_else(|| Severity::parse(text).map(Self::Severity))
    }

    /// As a configuration has it.
    pub fn show(&self) -> String {
        match self {
            Self::Any => "on".to_owned(),
            // A share was a percentage; what multiplying brings in is not shown.
            Self::Share(share) => format!("{}%", (share * 1e8).round() / 1e6),
            Self::Severity(severity) => severity.show(),
        }
    }
}

/// The share that a percentage above zero is, with or without its sign.
fn percent(text: &str) -> Option<f64> {
    let number = f64::parse(text.strip_suffix('%').unwrap_or(text))?;
    (number > 0.0 && number.is_finite()).then_some(number / 100.0)
}

/// What the section says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GateSection {
    /// What fails it, in whichever case and metric no rule says otherwise.
    pub fail_on: Vec<Condition>,
    /// The limits of the severities.
    pub severity: SeverityLimits,
    /// What holds for some cases. Of several rules for one metric of a case the last one counts.
    pub rules: Vec<GateRule>,
    /// What is excused.
    pub allowed: Vec<Allowance>,
}

/// From which share on a metric's worsening is of a severity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeverityLimits {
    /// Below it, it is minor.
    pub moderate: f64,
    /// From here on it is major.
    pub major: f64,
    /// From here on it is critical.
    pub critical: f64,
}

impl Default for SeverityLimits {
    fn default() -> Self {
        Self { moderate: 0.05, major: 0.15, critical: 0.5 }
    }
}

/// What holds for some cases.
#[derive(Clone, Debug, PartialEq)]
pub struct GateRule {
    /// The pattern of their ids.
    pub cases: String,
    /// The metric; `None`: every metric.
    pub metric: Option<String>,
    /// From which size on a regression fails the gate; `Some(None)`: none does.
    pub regression: Option<Option<Threshold>>,
    /// Whether it fails the gate that a change cannot be told.
    pub inconclusive: Option<bool>,
    /// Where it is written.
    pub origin: Origin,
}

/// What is excused, and until when.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowance {
    /// The pattern of the cases' ids.
    pub cases: String,
    /// The metric; `None`: whatever the gate fails on.
    pub metric: Option<String>,
    /// The last day on which it is excused.
    pub until: Date,
    /// Why.
    pub reason: String,
    /// Where it is written.
    pub origin: Origin,
}

/// Reads the section.
pub(super) fn read(node: &Node, origin: &dyn Fn(Position) -> Origin) -> (GateSection, Problems) {
    let mut reader = Reader { problems: Vec::new(), origin };
    let mut section = GateSection::default();
    for entry in reader.table("gate", node, &["fail_on", "severity", "rule", "allow"]) {
        match entry.key.as_str() {
            "fail_on" => section.fail_on = reader.fail_on(&entry.node),
            "severity" => section.severity = reader.severity(&entry.node),
            "rule" => section.rules = reader.tables("gate.rule", &entry.node, Reader::rule),
            _ => section.allowed = reader.tables("gate.allow", &entry.node, Reader::allowance),
        }
    }
    (section, reader.problems)
}

struct Reader<'a> {
    problems: Problems,
    origin: &'a dyn Fn(Position) -> Origin,
}

impl Reader<'_> {
    fn takes(&mut self, node: &Node, key: &str, takes: &'static str) {
        let what = Problem::Takes { key: key.to_owned(), takes, text: legible(&node.show()) };
        self.problems.push((node.at, what));
    }

    /// The entries of a table, without those that it does not know.
    fn table<'n>(&mut self, section: &str, node: &'n Node, known: &[&str]) -> Vec<&'n Entry> {
        let entries = match &node.value {
            Value::Table(entries) => entries.as_slice(),
            Value::Nothing => &[],
            _ => {
                self.takes(node, section, "a table of keys and values");
                &[]
            }
        };
        let (known_entries, unknown): (Vec<_>, Vec<_>) =
            entries.iter().partition(|entry| known.contains(&entry.key.as_str()));
        for entry in unknown {
            let suggestion = super::suggest(&entry.key, known.iter().copied()).map(str::to_owned);
            let what = Problem::NoKey { section: section.to_owned(), key: legible(&entry.key), suggestion };
            self.problems.push((entry.at, what));
        }
        known_entries
    }

    /// A list of tables.
    fn tables<T>(&mut self, section: &str, node: &Node, read: fn(&mut Self, &Node) -> Option<T>) -> Vec<T> {
        match &node.value {
            Value::List(items) => items.iter().filter_map(|item| read(self, item)).collect(),
            _ => {
                self.takes(node, section, "a list of tables: `[[gate.rule]]` or `[[gate.allow]]`");
                Vec::new()
            }
        }
    }

    /// A value that is read from its text.
    fn value<T>(&mut self, key: &str, takes: &'static str, node: &Node, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = node.text(Form::Plain).and_then(|text| read(&text));
        if value.is_none() {
            self.takes(node, key, takes);
        }
        value
    }

    fn text(&mut self, key: &str, takes: &'static str, node: &Node) -> Option<String> {
        self.value(key, takes, node, |text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    fn fail_on(&mut self, node: &Node) -> Vec<Condition> {
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut all = Vec::new();
        for item in items {
            all.extend(self.value("gate.fail_on", CONDITIONS, item, |text| conditions(text).ok()).unwrap_or_default());
        }
        all
    }

    fn severity(&mut self, node: &Node) -> SeverityLimits {
        let mut limits = SeverityLimits::default();
        for entry in self.table("gate.severity", node, &["moderate", "major", "critical"]) {
            let key = format!("gate.severity.{}", entry.key);
            let Some(limit) = self.value(&key, PERCENT, &entry.node, percent) else { continue };
            match entry.key.as_str() {
                "moderate" => limits.moderate = limit,
                "major" => limits.major = limit,
                _ => limits.critical = limit,
            }
        }
        if !(limits.moderate < limits.major && limits.major < limits.critical) {
            self.takes(node, "gate.severity", "limits that rise: `moderate` below `major` below `critical`");
        }
        limits
    }

    fn rule(&mut self, node: &Node) -> Option<GateRule> {
        let known = ["cases", "metric", "regression", "inconclusive"];
        let (mut cases, mut metric, mut regression, mut inconclusive) = (None, None, None, None);
        let entries = self.table("gate.rule", node, &known);
        for entry in &entries {
            let node = &entry.node;
            match entry.key.as_str() {
                "cases" => cases = self.text("gate.rule.cases", GLOB, node),
                "metric" => metric = self.text("gate.rule.metric", "the name of a metric", node),
                "regression" => {
                    let read = |text: &str| match bool::parse(text).filter(|_| text.parse::<f64>().is_err()) {
                        Some(on) => Some(on.then_some(Threshold::Any)),
                        None => Threshold::parse(text).map(Some),
                    };
                    regression = self.value("gate.rule.regression", THRESHOLD, node, read);
                }
                _ => inconclusive = self.value("gate.rule.inconclusive", "`on` or `off`", node, bool::parse),
            }
        }
        self.needs("gate.rule", node, &entries, &["cases"]);
        if !entries.iter().any(|entry| ["regression", "inconclusive"].contains(&entry.key.as_str())) {
            let what = Problem::Missing { section: "gate.rule", key: "regression` or `inconclusive" };
            self.problems.push((node.at, what));
        }
        Some(GateRule { cases: cases?, metric, regression, inconclusive, origin: (self.origin)(node.at) })
    }

    fn allowance(&mut self, node: &Node) -> Option<Allowance> {
        let (mut cases, mut metric, mut until, mut reason) = (None, None, None, None);
        let entries = self.table("gate.allow", node, &["cases", "metric", "until", "reason"]);
        for entry in &entries {
            let node = &entry.node;
            match entry.key.as_str() {
                "cases" => cases = self.text("gate.allow.cases", GLOB, node),
                "metric" => metric = self.text("gate.allow.metric", "the name of a metric", node),
                "until" => until = self.value("gate.allow.until", "a day such as `2027-01-31`", node, Date::parse),
                _ => reason = self.text("gate.allow.reason", "a text", node),
            }
        }
        self.needs("gate.allow", node, &entries, &["cases", "until", "reason"]);
        Some(Allowance { cases: cases?, metric, until: until?, reason: reason?, origin: (self.origin)(node.at) })
    }

    fn needs(&mut self, section: &'static str, node: &Node, entries: &[&Entry], keys: &[&'static str]) {
        for key in keys.iter().filter(|key| entries.iter().all(|entry| entry.key != **key)) {
            self.problems.push((node.at, Problem::Missing { section, key }));
        }
    }
}
