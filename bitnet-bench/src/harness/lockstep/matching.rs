//! What two sides have in common.

use std::collections::BTreeMap;

use super::asking::{ask, words};
use super::{Executable, LockStep, LockStepError, Side};
use crate::compare::{Absence, Circumstances, DiffExecutable, Unmatched};
use crate::harness::args::WORKER_FLAG;
use crate::harness::describing::{Described, Description};
use crate::harness::executor::WorkerSetup;
use crate::harness::process::WorkerCommand;
use crate::harness::{identity, run};
use crate::host::Host;

/// An executable with what it told.
pub(super) struct Known {
    pub(super) executable: Executable,
    pub(super) told: Description,
}

/// A bench target that both sides have.
pub(super) struct Target {
    pub(super) old: Known,
    pub(super) new: Known,
    /// The most cores that one of its cases takes.
    pub(super) cores: usize,
}

/// A case that both sides have, with the settings of the new one.
#[derive(Clone)]
pub(super) struct Matched {
    /// The place of its bench target.
    pub(super) target: usize,
    pub(super) case: Described,
}

/// What two sides have in common, and what not.
pub(super) struct Matching {
    pub(super) targets: Vec<Target>,
    pub(super) cases: Vec<Matched>,
    pub(super) unmatched: Vec<Unmatched>,
}

impl Matching {
    /// Asks all executables, and matches their cases by bench target and id.
    ///
    /// # Errors
    /// If an executable is no bench target, or there is nothing that both sides have.
    pub(super) fn of(old: &Side, new: &Side, lock_step: &LockStep<'_>) -> Result<Self, LockStepError> {
        let mut olds: BTreeMap<(String, String), Known> = BTreeMap::new();
        for known in known(old, lock_step)? {
            olds.insert((known.told.package.clone(), known.told.target.clone()), known);
        }
        let mut matching = Self { targets: Vec::new(), cases: Vec::new(), unmatched: Vec::new() };
        for new in known(new, lock_step)? {
            let key = (new.told.package.clone(), new.told.target.clone());
            // A file that was renamed, or a package: with one target a side there is no doubt what is meant.
            let only = (olds.len() == 1 && new_is_alone(&matching)).then(|| olds.keys().next().cloned()).flatten();
            let partner = olds.remove(&key).or_else(|| only.and_then(|only| olds.remove(&only)));
            matching.add(partner, new);
        }
        for old in olds.into_values() {
            matching.unmatched.extend(old.told.cases.into_iter().map(|case| absent(case.id, Absence::Removed)));
        }
        if matching.cases.is_empty() {
            return Err(LockStepError::NothingInCommon(matching.nothing(old, new)));
        }
        Ok(matching)
    }

    /// Adds a bench target of the new side with that of the old one, if it has it.
    fn add(&mut self, old: Option<Known>, new: Known) {
        let Some(old) = old else {
            return self.unmatched.extend(new.told.cases.into_iter().map(|case| absent(case.id, Absence::Added)));
        };
        let (target, mut cores) = (self.targets.len(), 1);
        let mut olds: BTreeMap<&str, &Described> = old.told.cases.iter().map(|case| (case.id.as_str(), case)).collect();
        for case in &new.told.cases {
            let why = match (&case.skipped, olds.remove(case.id.as_str())) {
                (Some(reason), _) => Absence::Skipped(reason.clone()),
                (None, None) => Absence::Added,
                (None, Some(Described { skipped: Some(reason), .. })) => Absence::NotMeasuredBefore(reason.clone()),
                (None, Some(_)) => {
                    cores = cores.max(case.cores);
                    self.cases.push(Matched { target, case: case.clone() });
                    continue;
                }
            };
            self.unmatched.push(absent(case.id.clone(), why));
        }
        self.unmatched.extend(olds.into_keys().map(|id| absent(id.to_owned(), Absence::Removed)));
        self.targets.push(Target { old, new, cores });
    }

    /// Why the comparison is less sure than it should be.
    pub(super) fn warnings(&self, lock_step: &LockStep<'_>) -> Vec<String> {
        let mut warnings: Vec<String> = self.targets.iter().flat_map(Target::warnings).collect();
        let Some(calibration) = lock_step.calibration else { return warnings };
        let kernel = Host::describe().kernel.known().cloned();
        for (at, target) in self.targets.iter().enumerate() {
            let told = &target.new.told;
            let cases = self.cases.iter().filter(|case| case.target == at).map(|Matched { case, .. }| {
                let settings = case.settings.iter().cloned().collect();
                (case.id.as_str(), Circumstances::now(kernel.clone(), told.toolchain.rustc.clone(), settings))
            });
            warnings.extend(calibration.warning(&told.bench_target(), cases));
        }
        warnings
    }

    fn nothing(&self, old: &Side, new: &Side) -> String {
        let of = |why: fn(&Absence) -> bool| self.unmatched.iter().filter(|case| why(&case.why)).count();
        let (added, removed) = (of(|why| matches!(why, Absence::Added)), of(|why| matches!(why, Absence::Removed)));
        let others = self.unmatched.len() - added - removed;
        format!(
            "there is no case that both sides can measure: {added} only in `{}`, {removed} only in `{}`, {others} \
             skipped; do the filters match, and is it the same bench target?",
            new.name, old.name
        )
    }
}

impl Known {
    /// How its workers are started: on these cores, with so much memory.
    fn setup(&self, lock_step: &LockStep<'_>, cores: Result<Vec<usize>, String>, memory: Option<u64>) -> WorkerSetup {
        WorkerSetup {
            command: WorkerCommand {
                words: words(&self.executable, lock_step, std::iter::once(WORKER_FLAG.into())),
                variable: None,
                folder: self.executable.folder.clone(),
                nocapture: lock_step.options.nocapture,
            },
            cores,
            memory_limit: memory,
            counters: lock_step.options.counters,
            config: self.told.config.clone(),
            flags: self.told.flags.clone(),
        }
    }

    /// What the document keeps of it.
    pub(super) fn document(&self) -> DiffExecutable {
        DiffExecutable {
            path: self.executable.path.clone(),
            target: self.told.target.clone(),
            package: self.told.package.clone(),
            hash: identity::executable_hash(&self.executable.path),
            version: self.told.version.clone(),
            toolchain: self.told.toolchain.clone(),
        }
    }
}

impl Target {
    /// How the workers of both sides are started, the old one's first: on the same cores, each with half the memory.
    pub(super) fn setups(&self, lock_step: &LockStep<'_>) -> [WorkerSetup; 2] {
        let cores = run::cores(lock_step.options, self.cores);
        let memory = run::memory_limit(lock_step.options).map(|bytes| bytes / 2);
        [&self.old, &self.new].map(|known| known.setup(lock_step, cores.clone(), memory))
    }

    /// Why the two sides are less comparable than they should be.
    pub(super) fn warnings(&self) -> Vec<String> {
        let (old, new) = (&self.old.told, &self.new.told);
        let mut warnings = Vec::new();
        let mut differ = |what: &str, old: &str, new: &str| {
            if old != new {
                warnings.push(format!("`{}`: {what} differs: `{old}` then, `{new}` now", self.new.told.target));
            }
        };
        differ("the compiler", &old.toolchain.rustc, &new.toolchain.rustc);
        differ("the optimisation level", &old.toolchain.opt_level, &new.toolchain.opt_level);
        differ("bitnet-bench", &old.version, &new.version);
        let debug = |told: &Description| if told.toolchain.debug_assertions { "on" } else { "off" };
        differ("debug assertions", debug(old), debug(new));
        warnings
    }
}

fn new_is_alone(matching: &Matching) -> bool {
    matching.targets.is_empty() && matching.unmatched.is_empty()
}

fn absent(id: String, why: Absence) -> Unmatched {
    Unmatched { id, why }
}

/// Asks the executables of a side. Among several one may be of another harness, as in a package that has bench targets of
/// criterion besides: it is passed over, and named.
fn known(side: &Side, lock_step: &LockStep<'_>) -> Result<Vec<Known>, LockStepError> {
    let (mut known, mut stranger) = (Vec::new(), None);
    for executable in &side.executables {
        match ask(executable, lock_step) {
            Ok(told) => known.push(Known { executable: executable.clone(), told }),
            Err(error @ LockStepError::NoBenchTarget { .. }) => {
                if side.executables.len() > 1 {
                    eprintln!("passed over: {error}");
                }
                stranger = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    match stranger {
        Some(error) if known.is_empty() => Err(error),
        _ => Ok(known),
    }
}
