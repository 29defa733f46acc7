//! From comparisons to what a pipeline is to stop for: rules, severities, what is excused. Pure: the day is given.

mod known;
mod outcome;

pub use crate::glob::matches;
pub use known::Known;
pub use outcome::{Excused, GateOutcome, Violation, ViolationKind};

use super::model::{Absence, CaseComparison, Comparison, MetricComparison, TIME, Verdict};
use crate::config::{Allowance, Condition, Date, GateRule, GateSection, Severity, SeverityLimits, Threshold};

/// A gate: what comparisons are held to.
#[derive(Clone, Debug)]
pub struct Gate {
    section: GateSection,
    today: Date,
}

impl Gate {
    /// The gate of a configuration on a day. What was asked for instead takes the place of the section's `fail_on`;
    /// the rules stay, unless nothing was asked for. `None` if there is nothing that could fail it.
    pub fn new(section: &GateSection, instead: Option<Vec<Condition>>, today: Date) -> Option<Self> {
        let mut section = section.clone();
        if let Some(conditions) = instead {
            if conditions.is_empty() {
                return None;
            }
            section.fail_on = conditions;
        }
        (!section.fail_on.is_empty() || !section.rules.is_empty()).then_some(Self { section, today })
    }

    /// Holds a comparison to the gate.
    pub fn judge(&self, comparison: &Comparison) -> GateOutcome {
        let mut outcome = GateOutcome::default();
        for case in &comparison.cases {
            for metric in case.all() {
                if let Some(violation) = self.violation(case, metric) {
                    self.file(violation, &mut outcome);
                }
            }
        }
        for case in &comparison.unmatched {
            let (condition, kind, severity, why) = match &case.why {
                Absence::Failed(reason) => {
                    (Condition::Failed, ViolationKind::Failed, Severity::Critical, format!("failed: {reason}"))
                }
                Absence::Removed => {
                    let why = format!("is in `{}`, and was not measured", comparison.baseline);
                    (Condition::Missing, ViolationKind::Missing, Severity::Major, why)
                }
                Absence::Skipped(reason) => {
                    let why = format!("is in `{}`, and was skipped: {reason}", comparison.baseline);
                    (Condition::Missing, ViolationKind::Missing, Severity::Major, why)
                }
                _ => continue,
            };
            if self.section.fail_on.contains(&condition) {
                let why = why.lines().next().unwrap_or_default().to_owned();
                let case = case.id.clone();
                self.file(Violation { severity, kind, case, metric: None, worse_by: None, why }, &mut outcome);
            }
        }
        outcome.sort();
        outcome
    }

    /// What a metric of a case violates.
    fn violation(&self, case: &CaseComparison, metric: &MetricComparison) -> Option<Violation> {
        let worse_by = metric.worse_by();
        let severity = severity(worse_by, &self.section.severity);
        let (kind, severity, why) = match metric.verdict {
            Verdict::Regressed => {
                let limit = self.regression(case, metric, worse_by, severity)?;
                let size = if worse_by.is_finite() { percent(worse_by) } else { "more than any share".to_owned() };
                (ViolationKind::Regression, severity, format!("is worse by {size}{limit}"))
            }
            Verdict::Inconclusive if self.fails_inconclusive(case, metric) => {
                let seen = match metric.detectable {
                    detectable if detectable.is_finite() => format!("could see ±{}", percent(detectable)),
                    _ => "too few launches".to_owned(),
                };
                (ViolationKind::Inconclusive, Severity::Minor, format!("cannot be told ({seen})"))
            }
            _ => return None,
        };
        let (case, name) = (case.id.clone(), metric.metric.clone());
        Some(Violation { severity, kind, case, metric: Some(name), worse_by: Some(worse_by), why })
    }

    /// The limit that a regression exceeds, in words; `None` if it exceeds none.
    fn regression(
        &self,
        case: &CaseComparison,
        metric: &MetricComparison,
        worse_by: f64,
        severity: Severity,
    ) -> Option<String> {
        let exceeds = |threshold: &Threshold| match threshold {
            Threshold::Any => true,
            Threshold::Share(share) => worse_by >= *share,
            Threshold::Severity(least) => rank(severity) >= rank(*least),
        };
        let thresholds: Vec<Threshold> = match self.rules(case, metric).find_map(|rule| rule.regression) {
            Some(own) => own.into_iter().collect(),
            // A rate that follows the time would say it twice.
            None if metric.follows_time => return None,
            None => {
                let of = |condition: &Condition| match condition {
                    Condition::Regression(threshold) => Some(*threshold),
                    _ => None,
                };
                self.section.fail_on.iter().filter_map(of).collect()
            }
        };
        thresholds.iter().find(|threshold| exceeds(threshold)).map(|threshold| match threshold {
            Threshold::Any => String::new(),
            Threshold::Share(share) => format!(" (the gate is at {})", percent(*share)),
            Threshold::Severity(_) => format!(" (the gate is at `{}`)", threshold.show()),
        })
    }

    /// Without a rule that names it, only the time is asked whether it could be told.
    fn fails_inconclusive(&self, case: &CaseComparison, metric: &MetricComparison) -> bool {
        let rule = self.rules(case, metric).find(|rule| rule.inconclusive.is_some());
        let named = |rule: &GateRule| rule.metric.is_some() || metric.metric == TIME;
        match rule.filter(|rule| named(rule)).and_then(|rule| rule.inconclusive) {
            Some(own) => own,
            None => metric.metric == TIME && self.section.fail_on.contains(&Condition::Inconclusive),
        }
    }

    /// The rules for a metric of a case, the last one first. A rule for every metric says nothing of those that follow
    /// the time.
    fn rules<'a>(
        &'a self,
        case: &'a CaseComparison,
        metric: &'a MetricComparison,
    ) -> impl Iterator<Item = &'a GateRule> {
        self.section.rules.iter().rev().filter(move |rule| {
            let of_metric = match &rule.metric {
                Some(name) => *name == metric.metric,
                None => !metric.follows_time,
            };
            of_metric && matches(&rule.cases, &case.id)
        })
    }

    /// Adds a violation to those that count, or to those that are excused.
    fn file(&self, mut violation: Violation, outcome: &mut GateOutcome) {
        let covers = |allowed: &&Allowance| {
            let metric = allowed.metric.is_none() || allowed.metric == violation.metric;
            metric && matches(&allowed.cases, &violation.case)
        };
        let covering: Vec<&Allowance> = self.section.allowed.iter().filter(covers).collect();
        if let Some(allowed) = covering.iter().find(|allowed| self.today <= allowed.until) {
            let (until, reason) = (allowed.until.to_string(), allowed.reason.clone());
            outcome.excused.push(Excused { violation, until, reason });
            return;
        }
        if let Some(expired) = covering.last() {
            violation.why += &format!(", and is excused no longer ({}, until {})", expired.reason, expired.until);
        }
        outcome.violations.push(violation);
    }

    /// The entries of the allow-list that excuse nothing any more.
    pub fn expired(&self) -> Vec<String> {
        let expired = self.section.allowed.iter().filter(|allowed| allowed.until < self.today);
        let told = |allowed: &Allowance| {
            let Allowance { cases, until, reason, origin, .. } = allowed;
            format!("{origin}: `{cases}` was excused until {until} ({reason}): remove the entry, or renew it")
        };
        expired.map(told).collect()
    }
}

/// The severity of a worsening.
fn severity(worse_by: f64, limits: &SeverityLimits) -> Severity {
    match worse_by {
        share if share >= limits.critical => Severity::Critical,
        share if share >= limits.major => Severity::Major,
        share if share >= limits.moderate => Severity::Moderate,
        _ => Severity::Minor,
    }
}

fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Minor => 0,
        Severity::Moderate => 1,
        Severity::Major => 2,
        Severity::Critical => 3,
    }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

#[cfg(test)]
mod tests;
