//! Two stored runs.

use std::collections::{BTreeMap, HashMap};

use super::asked::Asked;
use super::calibration::{Calibration, Circumstances, FloorOf};
use super::conditions::{self, Conditions, FLAGGED, Incomparable, OTHERWISE};
use super::figures::{CaseFigures, Measurements, MetricFigures, RunFigures, core_clocks};
use super::judge::Rule;
use super::model::{Absence, Comparison, Unmatched};
use crate::record::Record;
use crate::stats;

/// Changes below this are none where no calibration says how much a case drifts. Two runs are minutes or weeks apart,
/// and one unchanged executable drifts by this much between them on the machines that were measured
/// (docs/statistics.md).
const EFFECT_FLOOR: f64 = 0.05;
/// The least effect floor with a calibration, which knows of a few minutes only.
const CALIBRATED_FLOOR: f64 = 0.03;
/// A clock of the core that differs by more is another one: processors change it in steps of 100 MHz.
const SAME_CLOCK: f64 = 0.02;

/// On which terms two runs are compared.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Whether runs of different machines, or under different runners, are compared as well.
    pub across_machines: bool,
    /// When a change is claimed.
    pub rule: Rule,
    /// The machine's calibration. Of a case that is in it, the effect floor is the larger of what was found there and
    /// 3 %; of another it is 5 %.
    pub calibration: Option<&'a Calibration>,
}

impl Default for Terms<'_> {
    fn default() -> Self {
        Self { across_machines: false, rule: Rule::STORED, calibration: None }
    }
}

impl Terms<'_> {
    fn floor(&self, run: &RunFigures, case: &str) -> f64 {
        let calibrated = self.calibration.and_then(|all| all.floor(&run.conditions.target, case, FloorOf::Stored));
        calibrated.map_or(EFFECT_FLOOR, |floor| floor.max(CALIBRATED_FLOOR))
    }
}

impl Comparison {
    /// Compares a run with a baseline of that name, by the rules of docs/comparing.md.
    ///
    /// For each metric of each case that both measured: the difference of the launches' figures, by Yuen's test for
    /// independent samples, adjusted over all of them by Benjamini–Hochberg at 1 %. A metric has changed if that is
    /// significant, its whole interval lies outside of the effect floor, and, for times, their cycles of the
    /// core's clock changed as well, and the lower envelope (the
    /// launches' minima) moved the same way by at least half as much. It is unchanged if the interval lies within the
    /// floor. Otherwise the measurement cannot tell.
    ///
    /// # Errors
    /// If the two cannot be compared on these terms.
    pub fn of(run: &Record, baseline: &Record, name: &str, terms: &Terms<'_>) -> Result<Self, Incomparable> {
        Self::between(&RunFigures::of(run), &RunFigures::of(baseline), name, terms)
    }

    /// As [`Comparison::of`], from what it takes of the records.
    ///
    /// # Errors
    /// If the two cannot be compared on these terms.
    pub fn between(
        run: &RunFigures,
        baseline: &RunFigures,
        name: &str,
        terms: &Terms<'_>,
    ) -> Result<Self, Incomparable> {
        let mut warnings = run.check_against(baseline, name, terms.across_machines)?;
        let mut old: HashMap<&str, &CaseFigures> = baseline.cases.iter().map(|case| (case.id.as_str(), case)).collect();
        let (mut asked, mut unmatched, mut flags) = (Asked::default(), Vec::new(), BTreeMap::new());
        let mut clocks = Vec::new();
        for case in &run.cases {
            match pair(run, case, baseline, old.remove(case.id.as_str()), &mut flags) {
                Ok((new, old)) => {
                    let floor = terms.floor(run, &case.id);
                    clocks.extend(core_clocks(new, old));
                    asked.add(&case.id, new, old, floor);
                }
                Err(why) => unmatched.push(Unmatched { id: case.id.clone(), why }),
            }
        }
        let gone = baseline.cases.iter().filter(|case| old.contains_key(case.id.as_str()));
        unmatched.extend(gone.map(|case| Unmatched { id: case.id.clone(), why: Absence::Removed }));
        for (what, cases) in flags.into_iter().chain(asked.one_sided()) {
            warnings.push(format!("{what} (in {cases} {})", if cases == 1 { "case" } else { "cases" }));
        }
        warnings.extend(another_clock(&clocks));
        warnings.extend(terms.calibration.and_then(|calibration| out_of_date(calibration, run)));
        Ok(Self { baseline: name.to_owned(), cases: asked.answers(&terms.rule, &mut unmatched), unmatched, warnings })
    }

    /// Leaves out the cases that only the baseline has and of which that holds: those that the run was not to measure.
    pub fn without_removed(&mut self, holds: impl Fn(&str) -> bool) {
        self.unmatched.retain(|case| case.why != Absence::Removed || !holds(&case.id));
    }
}

impl RunFigures {
    /// Whether this run may be compared with the baseline of that name, and what should be known of it.
    ///
    /// # Errors
    /// Why it may not.
    fn check_against(&self, baseline: &Self, name: &str, across_machines: bool) -> Result<Vec<String>, Incomparable> {
        if baseline.lacks_samples() {
            return Err(conditions::without_samples(&format!("`{name}`")));
        }
        if self.lacks_samples() {
            return Err(conditions::without_samples("the new run"));
        }
        conditions::check(&baseline.conditions, &self.conditions, across_machines)
    }
}

/// What is to be known of the calibration that a run is held to. Settings that matter are flagged by themselves.
fn out_of_date(calibration: &Calibration, run: &RunFigures) -> Option<String> {
    let Conditions { target, kernel, toolchain, .. } = &run.conditions;
    let measured = run.cases.iter().filter(|case| case.metrics().is_some());
    let now = measured.filter_map(|case| {
        let settings = calibration.entry(target, &case.id)?.circumstances.settings.clone();
        let kernel = Some(kernel.clone()).filter(|kernel| !kernel.is_empty());
        Some((case.id.as_str(), Circumstances::now(kernel, toolchain.rustc.clone(), settings)))
    });
    calibration.warning(target, now)
}

/// What is to be known of clocks of the core, new and old of each case, that are not the same.
fn another_clock(clocks: &[(f64, f64)]) -> Option<String> {
    let (new, old): (Vec<f64>, Vec<f64>) =
        clocks.iter().copied().filter(|(new, old)| (new / old).ln().abs() > SAME_CLOCK).unzip();
    let (now, before) = (stats::median(&new)? / 1e9, stats::median(&old)? / 1e9);
    let cases = if new.len() == 1 { "case" } else { "cases" };
    Some(format!(
        "the core ran at another clock in {} {cases} ({now:.2} GHz now, {before:.2} GHz before, in the median): their \
         times have changed only if their cycles have as well",
        new.len()
    ))
}

/// The metrics of a case on both sides. Settings that differ and may matter are counted.
fn pair<'a>(
    run: &RunFigures,
    new: &'a CaseFigures,
    baseline: &RunFigures,
    old: Option<&'a CaseFigures>,
    flags: &mut BTreeMap<String, usize>,
) -> Result<(&'a [MetricFigures], &'a [MetricFigures]), Absence> {
    let measured_before = old.is_some_and(|old| old.metrics().is_some());
    let new_metrics = match &new.outcome {
        Measurements::Measured(metrics) => metrics,
        Measurements::Failed(failure) => return Err(Absence::Failed(failure.clone())),
        Measurements::Skipped(reason) if measured_before => return Err(Absence::Skipped(reason.clone())),
        Measurements::Skipped(reason) => return Err(Absence::NeverMeasured(reason.clone())),
    };
    let Some(old) = old else { return Err(Absence::Added) };
    let old_metrics = match &old.outcome {
        Measurements::Measured(metrics) => metrics,
        Measurements::Failed(reason) | Measurements::Skipped(reason) => {
            return Err(Absence::NotMeasuredBefore(reason.clone()));
        }
    };
    if let Some(measured_by) = &new.carried_from
        && measured_by == old.carried_from.as_ref().unwrap_or(&baseline.conditions.run)
    {
        return Err(Absence::Carried(measured_by.clone()));
    }
    let difference = |key: &str| {
        let new = run.conditions.setting(&new.settings, key)?;
        let old = baseline.conditions.setting(&old.settings, key)?;
        (new != old).then(|| format!("`{key}` differs: {new} now, {old} before"))
    };
    if let Some(why) = OTHERWISE.into_iter().find_map(difference) {
        return Err(Absence::NotComparable(why));
    }
    for flag in FLAGGED.into_iter().filter_map(difference) {
        *flags.entry(flag).or_default() += 1;
    }
    Ok((new_metrics, old_metrics))
}

#[cfg(test)]
#[path = "records_tests.rs"]
mod tests;
