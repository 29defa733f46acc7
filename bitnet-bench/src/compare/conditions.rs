//! Under which conditions a run was measured, and the one rule that says which of them must be the same.
//!
//! | what differs | then | why |
//! |---|---|---|
//! | machine, runner | refused, unless comparing across machines was asked for | another processor runs at another speed; a runner may start workers on another machine, or in an emulator |
//! | a debug build beside an optimised one | refused | such a ratio says nothing of either |
//! | no raw samples on a side | refused | nothing tells how far its figures scatter |
//! | compiler, its target, optimisation level, profile, instruction sets | flagged | they may be the very question |
//! | bitnet-bench, bench target, kernel, in-process measuring | flagged | they may move figures by themselves |
//! | `warmup`, `warmup_iterations`, `iterations`, `seed`, `run.pin` | flagged | so may these |
//! | `cache`, `cores` of a case | the case is not compared | it is another measurement |
//! | an interrupted run, a run beside itself | flagged | it is not whole; it tells nothing |
//! | any other setting | nothing | it decides how long is measured, which the intervals tell |
//!
//! The features of the measured crate are not in this list: an executable does not know them. What it does know of its
//! build is in the record's `toolchain`.

use std::collections::BTreeMap;

use super::calibration::BenchTarget;
use crate::host::Host;
use crate::record::{Configured, RunInfo, Toolchain};

/// What must be the same, or should be, for two runs to be compared.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// The run's id.
    pub run: String,
    /// The bench target.
    pub target: BenchTarget,
    pub(crate) machine_key: String,
    pub(super) kernel: String,
    pub(super) toolchain: Toolchain,
    runner: String,
    in_process: bool,
    harness_version: String,
    interrupted: bool,
    settings: BTreeMap<String, Configured>,
}

/// Why two runs are not compared: every reason, one a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .reasons.join("\n"))]
pub struct Incomparable {
    /// The reasons, each with the way out.
    pub reasons: Vec<String>,
}

/// Settings that are flagged where they differ, by their keys in a record.
pub(super) const FLAGGED: [&str; 4] = ["warmup", "warmup_iterations", "iterations", "seed"];
/// Settings of which a difference makes the measurement another one.
pub(super) const OTHERWISE: [&str; 2] = ["cache", "cores"];

const ACROSS: &str = "`--across-machines` compares them all the same";

impl Conditions {
    /// The conditions of a run.
    pub fn of(run: &RunInfo, host: &Host, toolchain: &Toolchain, configuration: &BTreeMap<String, Configured>) -> Self {
        Self {
            run: run.id.clone(),
            target: BenchTarget { package: run.package.clone(), name: run.target.clone() },
            machine_key: host.machine_key.clone(),
            kernel: host.kernel.known().cloned().unwrap_or_default(),
            toolchain: toolchain.clone(),
            runner: run.runner.join(" "),
            in_process: run.in_process,
            harness_version: run.harness_version.clone(),
            interrupted: run.interrupted,
            settings: configuration.clone(),
        }
    }

    /// A setting of a case, which has these of its own.
    pub(super) fn setting<'a>(&'a self, own: &'a BTreeMap<String, Configured>, key: &str) -> Option<&'a str> {
        own.get(key).or_else(|| self.settings.get(key)).map(|configured| configured.value.as_str())
    }

    fn is_optimised(&self) -> bool {
        !self.toolchain.debug_assertions && self.toolchain.opt_level != "0"
    }
}

/// Applies the rule to two runs, all but what it says of single cases.
///
/// # Errors
/// Every reason for which they are refused. Else, what is flagged.
pub(super) fn check(old: &Conditions, new: &Conditions, across_machines: bool) -> Result<Vec<String>, Incomparable> {
    let (mut refused, mut flagged) = (Vec::new(), Vec::new());
    let runner = |conditions: &Conditions| match conditions.runner.as_str() {
        "" => "none".to_owned(),
        runner => runner.to_owned(),
    };
    let machines = [
        difference("the machine", &new.machine_key, &old.machine_key),
        difference("the runner", &runner(new), &runner(old)),
    ];
    for text in machines.into_iter().flatten() {
        if across_machines {
            flagged.push(text);
        } else {
            refused.push(format!("{text}; {ACROSS}"));
        }
    }
    if old.is_optimised() != new.is_optimised() {
        let (debug, other) = if new.is_optimised() { ("old", "new") } else { ("new", "old") };
        refused.push(format!(
            "the {debug} run was measured by a debug build, and the {other} one by an optimised one: measure both with \
             `cargo bench`"
        ));
    }
    flagged.extend(differences(old, new));
    let settings = [("run.pin", "`pin`")];
    for (key, name) in settings {
        let (new, old) = (new.settings.get(key), old.settings.get(key));
        flagged.extend(new.zip(old).and_then(|(new, old)| difference(name, &new.value, &old.value)));
    }
    for (which, run) in [("old", old), ("new", new)] {
        if run.interrupted {
            flagged.push(format!("the {which} run was interrupted: it is not whole"));
        }
    }
    if old.run == new.run {
        flagged.push("both are the same run".to_owned());
    }
    if refused.is_empty() { Ok(flagged) } else { Err(Incomparable { reasons: refused }) }
}

/// What differs and may be the very question.
fn differences(old: &Conditions, new: &Conditions) -> Vec<String> {
    let profile = |conditions: &Conditions| conditions.toolchain.profile.clone().unwrap_or_default();
    let sets = |conditions: &Conditions| conditions.toolchain.instruction_sets.join(" ");
    let in_process = |conditions: &Conditions| if conditions.in_process { "on" } else { "off" }.to_owned();
    let pairs = [
        ("the compiler", new.toolchain.rustc.clone(), old.toolchain.rustc.clone()),
        ("the compiler's target", new.toolchain.target.clone(), old.toolchain.target.clone()),
        ("the optimisation level", new.toolchain.opt_level.clone(), old.toolchain.opt_level.clone()),
        ("the profile", profile(new), profile(old)),
        ("what instruction sets the build may use", sets(new), sets(old)),
        ("bitnet-bench", new.harness_version.clone(), old.harness_version.clone()),
        ("the bench target", new.target.name.clone(), old.target.name.clone()),
        ("the kernel", new.kernel.clone(), old.kernel.clone()),
        ("in-process measuring", in_process(new), in_process(old)),
    ];
    // What a record of an older version does not say is no difference.
    let both = pairs.iter().filter(|(_, new, old)| !new.is_empty() && !old.is_empty());
    both.filter_map(|(what, new, old)| difference(what, new, old)).collect()
}

fn difference(what: &str, new: &str, old: &str) -> Option<String> {
    (new != old).then(|| format!("{what} differs: `{new}` now, `{old}` before"))
}

/// The refusal of a run whose cases have no launches.
pub(super) fn without_samples(which: &str) -> Incomparable {
    let reason = format!(
        "{which} has no raw samples, only figures that were summed up elsewhere: nothing tells how far they scatter, so \
         that no change could be told from noise; measure it anew"
    );
    Incomparable { reasons: vec![reason] }
}

#[cfg(test)]
#[path = "conditions_tests.rs"]
mod tests;
