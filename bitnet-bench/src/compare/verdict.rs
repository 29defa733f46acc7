//! Verdicts on the cases that two records share.

use std::collections::HashMap;

use crate::record::{CaseRecord, Measured, Outcome, Record};
use crate::stats::{self, Estimate};

/// Whether a case changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It became faster.
    Improved,
    /// It became slower.
    Regressed,
    /// Any change is smaller than the effect floor.
    Unchanged,
    /// The measurement cannot tell.
    Inconclusive,
}

/// Two records, case by case.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What the run was compared with.
    pub baseline: String,
    /// The cases that both measured.
    pub cases: Vec<CaseComparison>,
    /// Cases of the baseline that the run did not measure.
    pub only_in_baseline: Vec<String>,
    /// What makes the two records less comparable than they should be.
    pub warnings: Vec<String>,
}

/// A case in two records.
#[derive(Clone, Debug)]
pub struct CaseComparison {
    /// The case's id.
    pub id: String,
    /// New time over old time; 1 is the same.
    pub ratio: Estimate,
    /// Whether it changed.
    pub verdict: Verdict,
    /// p of the difference, adjusted for the number of cases (Benjamini–Hochberg).
    pub p_adjusted: f64,
    /// The smallest relative change that this measurement would have found four times in five.
    pub detectable: f64,
}

/// Changes are claimed at this false discovery rate.
const FALSE_DISCOVERY_RATE: f64 = 0.01;
/// The level of the ratio's interval.
const LEVEL: f64 = 0.99;
/// Changes below this are none. Two runs are minutes or weeks apart, and one unchanged executable
/// drifts by this much between them on the machines that were measured (docs/statistics.md).
const EFFECT_FLOOR: f64 = 0.03;

impl Comparison {
    /// Compares a run with a baseline.
    ///
    /// For each case that both measured: the difference of the launches' log medians, by Yuen's
    /// test for independent samples, adjusted over all cases by Benjamini–Hochberg at 1 %. A case
    /// has changed if that is significant, the ratio's interval lies outside ±3 %, and the lower
    /// envelope (the launches' minima) moved the same way by at least half as much: work that was
    /// added is in every sample, while a disturbance spares some. It is unchanged if the interval
    /// lies inside ±3 %. Otherwise the measurement cannot tell.
    pub fn of(run: &Record, baseline: &Record, name: &str) -> Self {
        let mut places = HashMap::new();
        for (place, case) in run.cases.iter().enumerate() {
            places.insert(case.id.as_str(), place);
        }
        let mut old: Vec<Option<&CaseRecord>> = vec![None; run.cases.len()];
        let mut only_in_baseline = Vec::new();
        for case in &baseline.cases {
            match places.get(case.id.as_str()) {
                Some(&place) => old[place] = Some(case),
                None => only_in_baseline.push(case.id.clone()),
            }
        }
        let (mut pairs, mut p_values) = (Vec::new(), Vec::new());
        for (new, old) in run.cases.iter().zip(old) {
            if let Some(pair) = old.and_then(|old| Pair::of(new, old)) {
                p_values.push(pair.p_value);
                pairs.push(pair);
            }
        }
        let mut cases = Vec::new();
        for (pair, p_adjusted) in pairs.iter().zip(stats::benjamini_hochberg(&p_values)) {
            cases.push(pair.judged(p_adjusted));
        }
        Self { baseline: name.to_owned(), cases, only_in_baseline, warnings: warnings(run, baseline) }
    }
}

/// A case that both records measured.
struct Pair<'a> {
    id: &'a str,
    ratio: Estimate,
    /// Ratio of the lower envelopes.
    envelope: f64,
    p_value: f64,
    detectable: f64,
}

impl<'a> Pair<'a> {
    fn of(new: &'a CaseRecord, old: &CaseRecord) -> Option<Self> {
        let (Outcome::Measured(new_figures), Outcome::Measured(old_figures)) = (&new.outcome, &old.outcome) else {
            return None;
        };
        let (new_logs, old_logs) = (log_medians(new_figures), log_medians(old_figures));
        let difference = stats::yuen_welch(&new_logs, &old_logs, LEVEL)?;
        Some(Self {
            id: &new.id,
            ratio: difference.estimate.exponentiated(),
            envelope: new_figures.time.minimum.value / old_figures.time.minimum.value,
            p_value: difference.p_value,
            detectable: difference.detectable.exp_m1(),
        })
    }

    fn judged(&self, p_adjusted: f64) -> CaseComparison {
        let floor = EFFECT_FLOOR.ln_1p();
        let (lower, upper) = (self.ratio.lower.ln(), self.ratio.upper.ln());
        let (change, envelope) = (self.ratio.value.ln(), self.envelope.ln());
        let envelope_agrees = envelope.signum() == change.signum() && envelope.abs() >= change.abs() / 2.0;
        let significant = p_adjusted < FALSE_DISCOVERY_RATE && envelope_agrees;
        let verdict = if significant && lower > floor {
            Verdict::Regressed
        } else if significant && upper < -floor {
            Verdict::Improved
        } else if lower > -floor && upper < floor {
            Verdict::Unchanged
        } else {
            Verdict::Inconclusive
        };
        CaseComparison { id: self.id.to_owned(), ratio: self.ratio, verdict, p_adjusted, detectable: self.detectable }
    }
}

/// The logarithms of the launches' medians, in nanoseconds an iteration.
fn log_medians(figures: &Measured) -> Vec<f64> {
    let mut logs = Vec::new();
    for launch in &figures.launches {
        match stats::median(&launch.samples_ns) {
            Some(median) if median > 0.0 => logs.push((median / launch.iterations as f64).ln()),
            _ => {}
        }
    }
    logs
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
