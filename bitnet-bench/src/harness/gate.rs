//! The baseline of a run: what it is compared with, and the gate that the comparison is held to.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::args::Arguments;
use super::output::{self, Look};
use super::{HarnessError, identity, siblings};
use crate::compare::gate::{Gate, Known};
use crate::compare::{Calibration, Comparison, Conditions, Incomparable, RunFigures, Terms};
use crate::config::{CONDITIONS, Condition, Config, Date, Format, conditions};
use crate::host::Host;
use crate::record::{Record, RunInfo, Store};
use crate::registry::Case;
use crate::report::comparison;

/// What a run is to be compared with, and held to.
pub(super) struct Baseline {
    name: String,
    figures: RunFigures,
    across_machines: bool,
    calibration: Calibration,
    gate: Option<Gate>,
    /// The cases that are registered, whether they are chosen or not.
    registered: Vec<String>,
    /// Whether all of them are chosen.
    whole: bool,
}

impl Baseline {
    /// The baseline that was asked for, if one was.
    ///
    /// # Errors
    /// If there is none of that name, it cannot be compared with, or the gate is none.
    pub(super) fn asked(
        arguments: &Arguments,
        config: &Config,
        store: &Store,
        target: &str,
        registered: &[Case],
    ) -> Result<Option<Self>, HarnessError> {
        let asked = conditions_of(&arguments.fail_on)?;
        let Some(name) = &arguments.baseline else {
            return match arguments.fail_on.is_empty() && !arguments.across_machines {
                true => Ok(None),
                false => Err(HarnessError::Gate(
                    "`--fail-on` and `--across-machines` are about a comparison: name what to compare with, \
                     `--baseline NAME`"
                        .to_owned(),
                )),
            };
        };
        let baseline = Self {
            name: name.clone(),
            figures: RunFigures::read(&store.baseline_file(name, target)?)?,
            across_machines: arguments.across_machines,
            calibration: Calibration::read(store, &Host::describe().machine_key)?,
            gate: Gate::new(config.gate(), asked, Date::of(SystemTime::now())),
            registered: registered.iter().map(|case| case.id().to_owned()).collect(),
            whole: arguments.selection.is_open(),
        };
        let refused = |reasons| HarnessError::Incomparable { baseline: name.clone(), reasons };
        baseline.check(config, target).map_err(refused)?;
        Ok(Some(baseline))
    }

    /// Refuses, before anything is measured, what would be refused afterwards.
    fn check(&self, config: &Config, target: &str) -> Result<(), Incomparable> {
        let options = config.options();
        let run = RunInfo {
            id: String::new(),
            target: target.to_owned(),
            package: None,
            harness_version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: String::new(),
            duration_ns: 0.0,
            arguments: Vec::new(),
            shuffle_seed: 0,
            in_process: options.in_process,
            runner: options.runner.clone(),
            executable: String::new(),
            interrupted: false,
            resumed: false,
            shard: None,
            parts: Vec::new(),
            surroundings: None,
            imported: None,
        };
        let conditions = Conditions::of(&run, &Host::describe(), &identity::toolchain(), &BTreeMap::new());
        let to_be = RunFigures { conditions, cases: Vec::new() };
        Comparison::between(&to_be, &self.figures, &self.name, &self.terms()).map(drop)
    }

    fn terms(&self) -> Terms<'_> {
        let calibration = Some(&self.calibration);
        Terms { across_machines: self.across_machines, calibration, ..Terms::default() }
    }

    /// Compares the run. A case that the filters left out, or may have left out, is not missing.
    ///
    /// # Errors
    /// If the two cannot be compared.
    pub(super) fn compare(&self, record: &Record) -> Result<Comparison, HarnessError> {
        let refused = |reasons| HarnessError::Incomparable { baseline: self.name.clone(), reasons };
        let run = RunFigures::of(record);
        let mut comparison = Comparison::between(&run, &self.figures, &self.name, &self.terms()).map_err(refused)?;
        comparison.without_removed(|id| !self.whole || self.registered.iter().any(|case| case == id));
        Ok(comparison)
    }

    /// Holds the comparison to the gate, and says what it found: the last that a run says. Gives back whether it is
    /// violated.
    ///
    /// # Errors
    /// If a rule of the gate matches nothing, or standard output cannot be written to.
    pub(super) fn hold(&self, comparison: &Comparison, format: Format, look: Look) -> Result<bool, HarnessError> {
        let Some(gate) = &self.gate else { return Ok(false) };
        let mut known = Known::default();
        known.add_cases(self.registered.iter().map(String::as_str));
        known.add_cases(self.figures.cases.iter().map(|case| case.id.as_str()));
        known.add(comparison);
        let idle = gate.idle(&known);
        // With other bench targets beside it, this one does not know what they have.
        if !idle.is_empty() && !siblings::are_there() {
            return Err(HarnessError::Gate(format!("a gate that matches nothing guards nothing\n{}", idle.join("\n"))));
        }
        for expired in gate.expired() {
            eprintln!("warning: {expired}");
        }
        let outcome = gate.judge(comparison);
        let text = comparison::gate(&outcome, look.color && format == Format::Terminal);
        match format {
            Format::Terminal | Format::Markdown => output::print(&format!("\n{text}")).map_err(HarnessError::Stdout)?,
            // What a program reads from standard output stays whole.
            Format::Json | Format::Csv => eprint!("{text}"),
        }
        Ok(!outcome.violations.is_empty())
    }
}

/// The conditions on the command line; `None` if there are none.
fn conditions_of(texts: &[String]) -> Result<Option<Vec<Condition>>, HarnessError> {
    let mut all = Vec::new();
    for text in texts {
        let told = |word| HarnessError::Gate(format!("`--fail-on` takes {CONDITIONS}, not `{word}`"));
        all.extend(conditions(text).map_err(told)?);
    }
    Ok((!texts.is_empty()).then_some(all))
}
