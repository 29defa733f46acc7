//! `--incremental`: only what may have changed is measured; what cannot have changed is carried over from an earlier
//! run. Whenever it is in doubt whether something changed, it has.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::plan::{Plan, Planned, State};
use super::recording::own_settings;
use super::{named, surroundings};
use crate::config::{KEYS, WITHOUT_EFFECT};
use crate::host::{Host, Stated};
use crate::record::{CaseRecord, Configured, Outcome, Record, Store, Surroundings};

/// The run that changes are counted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// The last whole run of the target.
    Last,
    /// The run of that name.
    Run(String),
}

/// What figures depend on, as it is now.
pub(super) struct Now<'a> {
    pub(super) executable: &'a str,
    pub(super) host: &'a Host,
    pub(super) runner: &'a [String],
    pub(super) configuration: &'a BTreeMap<String, Configured>,
    pub(super) surroundings: &'a Surroundings,
}

/// Of a target's runs, so many are looked at for one that has every case.
const LOOKED_AT: usize = 16;
/// The device whose drivers are part of the kernel and of the executable.
const CPU: &str = "cpu";

/// The run that is carried over from unless one is named: the newest whole one of the target that has every case of
/// the plan; if none of the newest has, that which has most of them.
pub(super) fn last(store: &Store, target: &str, plan: &Plan) -> Option<Record> {
    let mut best: Option<(usize, Record)> = None;
    for record in named::newest(store, target).filter(named::is_whole).take(LOOKED_AT) {
        let ids: BTreeSet<&str> = record.cases.iter().map(|case| case.id.as_str()).collect();
        let has = plan.cases.iter().filter(|planned| ids.contains(planned.case.id())).count();
        if has == plan.cases.len() {
            return Some(record);
        }
        if best.as_ref().is_none_or(|(most, _)| has > *most) {
            best = Some((has, record));
        }
    }
    best.map(|(_, record)| record)
}

/// Carries over what cannot have changed since a run, and says in a sentence or two what came of it.
pub(super) fn carry(plan: &mut Plan, now: &Now<'_>, base: &Record) -> String {
    let since = format!("incremental since {}", base.run.id);
    if let Err(why) = same_run(now, base) {
        return format!("{since}: everything is measured, since {why}");
    }
    let cases: HashMap<&str, &CaseRecord> = base.cases.iter().map(|case| (case.id.as_str(), case)).collect();
    let (mut carried, mut measured) = (0, BTreeMap::<String, usize>::new());
    for planned in &mut plan.cases {
        // What an interrupted run has begun is gone on with.
        if !matches!(planned.state, State::Pending) || !planned.launches.is_empty() {
            continue;
        }
        match same_case(planned, cases.get(planned.case.id()).copied(), now, base) {
            Ok(state) => {
                planned.state = state;
                carried += 1;
            }
            Err(why) => *measured.entry(why).or_default() += 1,
        }
    }
    let measured: Vec<String> = measured.into_iter().map(|(why, cases)| format!("{cases} {why}")).collect();
    match measured.is_empty() {
        true => format!("{since}: {carried} carried over, nothing to measure"),
        false => format!("{since}: {carried} carried over; measured: {}", measured.join(", ")),
    }
}

/// Whether nothing has changed that holds for the whole run.
///
/// # Errors
/// What has, or may have.
fn same_run(now: &Now<'_>, base: &Record) -> Result<(), String> {
    let another = |what: &str| Err(format!("{what} is another"));
    let Some(then) = &base.run.surroundings else {
        return Err("that run did not write down what its figures depend on".to_owned());
    };
    if !now.runner.is_empty() || !base.run.runner.is_empty() {
        return Err("a runner may start workers where nothing can be compared".to_owned());
    }
    if now.host.machine_key != base.host.machine_key {
        return another("the machine");
    }
    same(&now.host.kernel, &base.host.kernel, "the kernel")?;
    same(&now.host.logical_cores, &base.host.logical_cores, "the number of cores")?;
    same(&now.host.smt, &base.host.smt, "simultaneous multithreading")?;
    if now.executable != base.run.executable || now.executable.starts_with("unknown") {
        return another("the executable");
    }
    if now.surroundings.folder != then.folder {
        return another("the folder that it runs in");
    }
    if now.surroundings.environment != then.environment {
        return Err("an environment variable changed".to_owned());
    }
    same(&now.surroundings.flags, &then.flags, "a flag of the bench target, or a file that it names,")?;
    same_configuration(now.configuration, &base.configuration)?;
    same_libraries(&now.surroundings.libraries, &then.libraries)
}

/// Whether both are known, and the same.
fn same<T: PartialEq>(now: &Stated<T>, then: &Stated<T>, what: &str) -> Result<(), String> {
    match (now, then) {
        (Stated::Unknown(why), _) | (_, Stated::Unknown(why)) => Err(format!("{what} cannot be compared ({why})")),
        (now, then) if now != then => Err(format!("{what} is another")),
        _ => Ok(()),
    }
}

/// Whether the options and the suites' sections are the same; the settings are compared case by case.
fn same_configuration(now: &BTreeMap<String, Configured>, then: &BTreeMap<String, Configured>) -> Result<(), String> {
    let is_setting = |key: &str| KEYS.iter().any(|known| known.name == key);
    let has_effect = |key: &str| key.strip_prefix("run.").is_none_or(|option| !WITHOUT_EFFECT.contains(&option));
    for key in now.keys().chain(then.keys()) {
        let value = |of: &BTreeMap<String, Configured>| of.get(key).map(|configured| configured.value.clone());
        if !is_setting(key) && has_effect(key) && value(now) != value(then) {
            return Err(format!("`{key}` is another"));
        }
    }
    Ok(())
}

/// Whether every library that was loaded then has the same content now, and no other is loaded by now.
fn same_libraries(
    now: &Stated<BTreeMap<String, String>>,
    then: &Stated<BTreeMap<String, String>>,
) -> Result<(), String> {
    let what = "the shared libraries";
    let (now, then) = match (now, then) {
        (Stated::Known(now), Stated::Known(then)) => (now, then),
        (Stated::Unknown(why), _) | (_, Stated::Unknown(why)) => {
            return Err(format!("{what} cannot be compared ({why})"));
        }
    };
    let again = surroundings::hashed(then.keys()).map_err(|why| format!("{what} cannot be compared ({why})"))?;
    if let Some((library, _)) = again.iter().find(|(library, hash)| then.get(*library) != Some(hash)) {
        return Err(format!("the shared library {library} is another"));
    }
    match now.iter().find(|(library, hash)| then.get(*library) != Some(hash)) {
        Some((library, _)) => Err(format!("the shared library {library} is another")),
        None => Ok(()),
    }
}

/// The state of a case of which nothing changed.
///
/// # Errors
/// Why it is to be measured, as the end of a sentence on a number of cases.
fn same_case(planned: &Planned, then: Option<&CaseRecord>, now: &Now<'_>, base: &Record) -> Result<State, String> {
    let then = then.ok_or("not in that run")?;
    if planned.case.device() != CPU {
        return Err("on a device whose state cannot be compared".to_owned());
    }
    let measured = match &then.outcome {
        Outcome::Measured(measured) if measured.precise => measured,
        Outcome::Measured(_) => return Err("imprecise then".to_owned()),
        Outcome::Failed { .. } => return Err("failed then".to_owned()),
        Outcome::Skipped { .. } => return Err("skipped then".to_owned()),
    };
    let own = own_settings(planned);
    for key in KEYS {
        let of = |own: &BTreeMap<String, Configured>, run: &BTreeMap<String, Configured>| {
            own.get(key.name).or_else(|| run.get(key.name)).map(|configured| configured.value.clone())
        };
        if of(&own, now.configuration) != of(&then.settings, &base.configuration) {
            return Err(format!("with another `{}`", key.name));
        }
    }
    let from = then.carried_from.clone().unwrap_or_else(|| base.run.id.clone());
    Ok(State::Carried(from, measured.clone()))
}
