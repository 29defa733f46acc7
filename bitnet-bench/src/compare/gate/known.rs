//! Whether a gate speaks of what there is. A rule that matches nothing guards nothing, and nobody would notice.

use std::collections::BTreeSet;

use super::{Gate, matches};
use crate::compare::Comparison;
use crate::config::{Origin, suggest};

/// The cases and metrics that there are.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// Ids of cases, also of those that were left out this time.
    cases: BTreeSet<&'a str>,
    /// Metrics of the compared cases.
    metrics: Vec<(&'a str, &'a str)>,
}

impl<'a> Known<'a> {
    /// Adds cases, whether they were compared or not.
    pub fn add_cases(&mut self, ids: impl IntoIterator<Item = &'a str>) {
        self.cases.extend(ids);
    }

    /// Adds the cases and metrics of a comparison.
    pub fn add(&mut self, comparison: &'a Comparison) {
        self.add_cases(comparison.unmatched.iter().map(|case| case.id.as_str()));
        for case in &comparison.cases {
            self.cases.insert(&case.id);
            self.metrics.extend(case.all().map(|metric| (case.id.as_str(), metric.metric.as_str())));
        }
    }
}

impl Gate {
    /// The rules, and the entries of the allow-list that have not expired, which match nothing of what there is: each
    /// with its place.
    pub fn idle(&self, known: &Known<'_>) -> Vec<String> {
        let rules = self.section.rules.iter().map(|rule| (&rule.cases, &rule.metric, &rule.origin));
        let allowed = self.section.allowed.iter().filter(|allowed| self.today <= allowed.until);
        let allowed = allowed.map(|allowed| (&allowed.cases, &allowed.metric, &allowed.origin));
        let mut idle = Vec::new();
        for (cases, metric, origin) in rules.chain(allowed) {
            if let Some(why) = known.lacks(cases, metric.as_deref()) {
                idle.push(said(origin, &why));
            }
        }
        idle
    }
}

fn said(origin: &Origin, why: &str) -> String {
    format!("{origin}: {why}")
}

impl Known<'_> {
    /// What there is not of what a rule is about, in words.
    fn lacks(&self, cases: &str, metric: Option<&str>) -> Option<String> {
        let meant = |suggestion: Option<&str>| match suggestion {
            Some(name) => format!("; did you mean `{name}`?"),
            None => String::new(),
        };
        if !self.cases.iter().any(|id| matches(cases, id)) {
            let names = self.cases.iter().filter_map(|id| id.split(['[', '@']).next());
            let patterns: Vec<String> =
                names.flat_map(|name| [name.to_owned(), format!("{name}*"), group(name)]).collect();
            let near = meant(suggest(cases, patterns.iter().map(String::as_str)));
            return Some(format!("no case is `{cases}`{near}"));
        }
        let metric = metric?;
        let measured: BTreeSet<&str> =
            self.metrics.iter().filter(|(id, _)| matches(cases, id)).map(|(_, metric)| *metric).collect();
        // Of cases that were not compared nobody knows what metrics they have.
        if measured.is_empty() || measured.contains(metric) {
            return None;
        }
        let near = meant(suggest(metric, measured.iter().copied()));
        Some(format!("no case that is `{cases}` has a metric `{metric}`{near}"))
    }
}

/// The pattern of a benchmark's group.
fn group(name: &str) -> String {
    format!("{}/*", name.split('/').next().unwrap_or(name))
}
