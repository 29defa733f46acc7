//! The gate of a command that compares: its flags, and how it ends.

use std::collections::BTreeSet;
use std::time::SystemTime;

use clap::Args;

use super::Ended;
use super::error::CommandError;
use crate::compare::Comparison;
use crate::compare::gate::{Gate, GateOutcome, Known};
use crate::config::{CONDITIONS, Condition, Config, Date, conditions};
use crate::harness::print;
use crate::report::comparison;

/// What the help says of gates.
pub(super) const HELP: &str = "\
A gate fails the command, with exit code 3, when a comparison shows what it must
not: `--fail-on regression:5%,missing`. Thresholds for single cases and metrics,
severities, and what is excused until when stand in the section [gate] of
bitnet-bench.toml; see docs/gates.md.";

/// The flags of a gate, for every command that compares.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct GateArguments {
    /// Fail on these, separated by commas: regression, regression:5%, regression:major, inconclusive, missing, failed;
    /// `none` switches the configuration's gate off. Can be repeated.
    #[arg(long, value_name = "CONDITIONS")]
    fail_on: Vec<String>,
}

impl GateArguments {
    /// The gate that these flags and the configuration ask for, if they ask for one.
    ///
    /// # Errors
    /// If a word is no condition.
    pub(super) fn gate(&self, config: &Config) -> Result<Option<Gate>, CommandError> {
        let mut asked: Vec<Condition> = Vec::new();
        for text in &self.fail_on {
            let told = |word| CommandError::refused(format!("`--fail-on` takes {CONDITIONS}, not `{word}`"));
            asked.extend(conditions(text).map_err(told)?);
        }
        let instead = (!self.fail_on.is_empty()).then_some(asked);
        Ok(Gate::new(config.gate(), instead, Date::of(SystemTime::now())))
    }
}

/// Holds comparisons to a gate; `others` are cases that there are besides those compared.
///
/// # Errors
/// If a rule of the gate matches nothing of what there is.
pub(super) fn judge<'a>(
    gate: &Gate,
    comparisons: impl IntoIterator<Item = &'a Comparison>,
    others: &BTreeSet<String>,
) -> Result<GateOutcome, CommandError> {
    let (mut known, mut outcome) = (Known::default(), GateOutcome::default());
    known.add_cases(others.iter().map(String::as_str));
    for comparison in comparisons {
        known.add(comparison);
        outcome.extend(gate.judge(comparison));
    }
    match &gate.idle(&known)[..] {
        [] => Ok(outcome),
        idle => Err(CommandError::refused(format!("a gate that matches nothing guards nothing\n{}", idle.join("\n")))),
    }
}

/// Says what a gate found, the last thing that a command says, and how the command ends.
///
/// # Errors
/// If standard output cannot be written to.
pub(super) fn conclude(gate: &Gate, outcome: &GateOutcome, color: bool) -> Result<Ended, CommandError> {
    for expired in gate.expired() {
        eprintln!("warning: {expired}");
    }
    print(&format!("\n{}", comparison::gate(outcome, color)))?;
    Ok(if outcome.violations.is_empty() { Ended::Well } else { Ended::GateViolated })
}
