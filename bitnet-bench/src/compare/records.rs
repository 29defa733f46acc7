//! Two stored runs.

use std::collections::HashMap;

use super::judge::{Figures, Question, Rule, judge};
use super::model::{Absence, CaseComparison, Comparison, Unmatched};
use crate::measure::Direction;
use crate::record::{CaseRecord, Measured, Outcome, Record};
use crate::stats;

/// Changes below this are none. Two runs are minutes or weeks apart, and one unchanged executable
/// drifts by this much between them on the machines that were measured (docs/statistics.md).
const EFFECT_FLOOR: f64 = 0.03;

impl Comparison {
    /// Compares a run with a baseline.
    ///
    /// For each case that both measured: the difference of the launches' log medians, by Yuen's
    /// test for independent samples, adjusted over all cases by Benjamini–Hochberg at 1 %. A case
    /// has changed if that is significant, the ratio's interval lies outside ±3 %, and the lower
    /// envelope (the launches' minima) moved the same way by at least half as much. It is unchanged
    /// if the interval lies inside ±3 %. Otherwise the measurement cannot tell.
    pub fn of(run: &Record, baseline: &Record, name: &str) -> Self {
        let mut old: HashMap<&str, &CaseRecord> = baseline.cases.iter().map(|case| (case.id.as_str(), case)).collect();
        let (mut ids, mut questions, mut unmatched) = (Vec::new(), Vec::new(), Vec::new());
        for case in &run.cases {
            match pair(case, old.remove(case.id.as_str())) {
                Ok((new, old)) => {
                    ids.push(&case.id);
                    questions.push(question(new, old));
                }
                Err(why) => unmatched.push(Unmatched { id: case.id.clone(), why }),
            }
        }
        for case in &baseline.cases {
            if old.contains_key(case.id.as_str()) {
                unmatched.push(Unmatched { id: case.id.clone(), why: Absence::Removed });
            }
        }
        let answers = ids.into_iter().zip(judge(&questions, &Rule::STORED));
        let compared = |(id, time): (&String, Option<_>)| {
            Some(CaseComparison { id: id.clone(), time: time?, metrics: Vec::new() })
        };
        Self {
            baseline: name.to_owned(),
            cases: answers.filter_map(compared).collect(),
            unmatched,
            warnings: warnings(run, baseline),
        }
    }
}

/// The figures of a case on both sides.
fn pair<'a>(new: &'a CaseRecord, old: Option<&'a CaseRecord>) -> Result<(&'a Measured, &'a Measured), Absence> {
    let new = match &new.outcome {
        Outcome::Measured(figures) => figures,
        Outcome::Failed { failure, .. } => return Err(Absence::Failed(failure.to_string())),
        Outcome::Skipped { reason } => return Err(Absence::Skipped(reason.clone())),
    };
    match old.map(|old| &old.outcome) {
        None => Err(Absence::Added),
        Some(Outcome::Measured(old)) => Ok((new, old)),
        Some(Outcome::Failed { failure, .. }) => Err(Absence::NotMeasuredBefore(failure.to_string())),
        Some(Outcome::Skipped { reason }) => Err(Absence::NotMeasuredBefore(reason.clone())),
    }
}

fn question(new: &Measured, old: &Measured) -> Question {
    Question {
        metric: "time".to_owned(),
        unit: "ns".to_owned(),
        direction: Direction::LowerIsBetter,
        figures: Figures::Independent { old: medians(old), new: medians(new) },
        envelope: Some(new.time.minimum.value / old.time.minimum.value),
        floor: EFFECT_FLOOR,
    }
}

/// The launches' medians, in nanoseconds an iteration.
fn medians(figures: &Measured) -> Vec<f64> {
    let mut medians = Vec::new();
    for launch in &figures.launches {
        match stats::median(&launch.samples_ns) {
            Some(median) if median > 0.0 => medians.push(median / launch.iterations as f64),
            _ => {}
        }
    }
    medians
}

/// Why the records are less comparable than they should be.
fn warnings(run: &Record, baseline: &Record) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut differ = |what: &str, new: &str, old: &str| {
        if new != old {
            warnings.push(format!("{what} differs: `{new}` now, `{old}` in the baseline"));
        }
    };
    differ("the machine", &run.host.machine_key, &baseline.host.machine_key);
    differ("the compiler", &run.toolchain.rustc, &baseline.toolchain.rustc);
    differ("the optimisation level", &run.toolchain.opt_level, &baseline.toolchain.opt_level);
    differ("the runner", &run.run.runner.join(" "), &baseline.run.runner.join(" "));
    differ("in-process measuring", &run.run.in_process.to_string(), &baseline.run.in_process.to_string());
    warnings
}
