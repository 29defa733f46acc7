//! The calibration of a machine: how much unchanged code seems to change on it.
//!
//! An executable is compared with itself (A/A). Whatever effect is seen then is none, so it is the floor below
//! which a later comparison of that case claims nothing.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::judge::{Figures, Question, Rule, judge};
use super::model::Verdict;
use crate::measure::Direction;
use crate::record::{Store, StoreError, probe_folder_of, write_atomically};
use crate::stats;

/// The version of the document.
pub const CALIBRATION_SCHEMA_VERSION: u32 = 1;

/// Launches that a verdict is made from in a calibration: the fewest that a comparison looks at.
pub const LAUNCHES_OF_A_VERDICT: usize = 10;

/// An entry is measured anew after that many days: a machine changes with its firmware, its neighbours, its dust.
const GOOD_FOR_DAYS: u64 = 30;

/// The calibration of a machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Calibration {
    /// The version that the document is written in.
    pub schema_version: u32,
    /// The machine.
    pub machine_key: String,
    /// The bench targets, as [`BenchTarget`] writes them, each with its cases by their ids.
    pub targets: BTreeMap<String, BTreeMap<String, CaseCalibration>>,
}

/// A bench target, of which a workspace may have several of one name; written `package/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchTarget {
    /// Its package; `None` where that is not known.
    pub package: Option<String>,
    /// Its name.
    pub name: String,
}

impl fmt::Display for BenchTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.package {
            Some(package) => write!(f, "{package}/{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// What a comparison claims nothing below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloorOf {
    /// A comparison in lock-step.
    LockStep,
    /// A comparison of stored runs.
    Stored,
}

/// How much a case seemed to change, while nothing did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseCalibration {
    /// When, in what circumstances.
    pub circumstances: Circumstances,
    /// A hash of the executable's content.
    pub executable: String,
    /// Launches of each side.
    pub launches: usize,
    /// The 95th percentile of the effects of ten lock-step launches, as a relative change.
    pub lock_step: f64,
    /// The 95th percentile of the drift between blocks of ten launches, as a relative change.
    pub stored: f64,
    /// Verdicts that were made, each from ten launches of its own.
    pub verdicts: usize,
    /// How many of them said that something changed.
    pub false_alarms: usize,
    /// The smallest relative change that ten launches would have found four times in five.
    pub detectable: f64,
}

/// What an entry holds for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// Seconds since 1970.
    pub measured_at: u64,
    /// The kernel's version, where it is known.
    pub kernel: Option<String>,
    /// The compiler.
    pub rustc: String,
    /// The settings of the case as texts.
    pub settings: BTreeMap<String, String>,
}

impl Circumstances {
    /// Those of now.
    pub fn now(kernel: Option<String>, rustc: String, settings: BTreeMap<String, String>) -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self { measured_at: since.as_secs(), kernel, rustc, settings }
    }

    /// Why an entry that was measured in these circumstances does not hold in those of now; `None` if it does.
    fn stale(&self, now: &Self) -> Option<String> {
        let days = now.measured_at.saturating_sub(self.measured_at) / 86_400;
        let unknown = || "an unknown one".to_owned();
        if days >= GOOD_FOR_DAYS {
            return Some(format!("it is {days} days old"));
        }
        if self.kernel != now.kernel {
            let (then, now) = (self.kernel.clone().unwrap_or_else(unknown), now.kernel.clone().unwrap_or_else(unknown));
            return Some(format!("the kernel was {then} and is {now}"));
        }
        if self.rustc != now.rustc {
            return Some(format!("the compiler was {} and is {}", self.rustc, now.rustc));
        }
        let key = self
            .settings
            .keys()
            .chain(now.settings.keys())
            .find(|key| self.settings.get(*key) != now.settings.get(*key))?;
        Some(format!("the setting `{key}` is another one"))
    }
}

impl Calibration {
    /// That of a machine in a store; without entries if there is none yet.
    ///
    /// # Errors
    /// If the file cannot be read, is no calibration, or was written by a newer version.
    pub fn read(store: &Store, machine_key: &str) -> Result<Self, StoreError> {
        let path = path(store, machine_key);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let machine_key = machine_key.to_owned();
                return Ok(Self { schema_version: CALIBRATION_SCHEMA_VERSION, machine_key, targets: BTreeMap::new() });
            }
            Err(source) => return Err(StoreError::Read { path, source }),
        };
        parse(&path, &text)
    }

    /// Sees to it that it can be written into a store, before what it is to hold is measured.
    ///
    /// # Errors
    /// If it cannot.
    pub fn probe(&self, store: &Store) -> Result<(), StoreError> {
        let path = path(store, &self.machine_key);
        probe_folder_of(&path).map_err(|source| StoreError::Write { path, source })
    }

    /// Writes it into a store.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, store: &Store) -> Result<PathBuf, StoreError> {
        let path = path(store, &self.machine_key);
        let written =
            serde_json::to_vec_pretty(self).map_err(Into::into).and_then(|json| write_atomically(&path, &json));
        written.map_err(|source| StoreError::Write { path: path.clone(), source })?;
        Ok(path)
    }

    /// The relative change of a case's time below which a comparison claims nothing; `None` if the case has not
    /// been calibrated. A stale entry counts: it knows more than none.
    pub fn floor(&self, target: &BenchTarget, case: &str, of: FloorOf) -> Option<f64> {
        let calibrated = self.entry(target, case)?;
        Some(match of {
            FloorOf::LockStep => calibrated.lock_step,
            FloorOf::Stored => calibrated.stored,
        })
    }

    /// Why a case is to be measured anew; `None` if its entry still holds.
    pub fn stale(&self, target: &BenchTarget, case: &str, now: &Circumstances) -> Option<String> {
        match self.entry(target, case) {
            None => Some("it was not calibrated before".to_owned()),
            Some(entry) => entry.circumstances.stale(now),
        }
    }

    /// What is to be known of a comparison of these cases, given with their circumstances: that entries it is held to
    /// do not hold any more.
    pub fn warning<'a>(
        &self,
        target: &BenchTarget,
        cases: impl IntoIterator<Item = (&'a str, Circumstances)>,
    ) -> Option<String> {
        let calibrated = cases.into_iter().filter(|(case, _)| self.entry(target, case).is_some());
        let stale: Vec<String> = calibrated.filter_map(|(case, now)| self.stale(target, case, &now)).collect();
        let (reason, cases) = (stale.first()?, stale.len());
        let of = if cases == 1 { "a case".to_owned() } else { format!("{cases} cases") };
        Some(format!(
            "`{target}`: the calibration of {of} is out of date ({reason}); its floors count until `cargo bitnet-bench \
             calibrate` measures them anew"
        ))
    }

    /// Puts in an entry, in place of the one before.
    pub fn insert(&mut self, target: &BenchTarget, case: &str, entry: CaseCalibration) {
        self.targets.entry(target.to_string()).or_default().insert(case.to_owned(), entry);
    }

    /// The entry of a case.
    pub fn entry(&self, target: &BenchTarget, case: &str) -> Option<&CaseCalibration> {
        self.targets.get(&target.to_string())?.get(case)
    }
}

fn path(store: &Store, machine_key: &str) -> PathBuf {
    store.home().join("calibration").join(format!("{machine_key}.json"))
}

fn parse(path: &Path, text: &str) -> Result<Calibration, StoreError> {
    let damaged = |reason: String| StoreError::Damaged { path: path.into(), reason };
    let document: serde_json::Value = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
    match document.get("schema_version").and_then(serde_json::Value::as_u64) {
        None => Err(damaged("it has no `schema_version`".to_owned())),
        Some(found) if found > u64::from(CALIBRATION_SCHEMA_VERSION) => {
            Err(StoreError::Newer { path: path.into(), found })
        }
        Some(_) => serde_json::from_value(document).map_err(|error| damaged(error.to_string())),
    }
}

impl CaseCalibration {
    /// From the pairs `(old, new)` of the times of one executable on both sides, in the order in which they were
    /// measured; `floor` is what a comparison would have without a calibration. `None`: fewer than 20 pairs.
    pub fn of(pairs: &[(f64, f64)], floor: f64, circumstances: Circumstances, executable: String) -> Option<Self> {
        let blocks: Vec<&[(f64, f64)]> = pairs.chunks_exact(LAUNCHES_OF_A_VERDICT).collect();
        if blocks.len() < 2 {
            return None;
        }
        let (verdicts, detectable) = verdicts(&blocks, floor);
        Some(Self {
            circumstances,
            executable,
            launches: pairs.len(),
            lock_step: effect(pairs)?,
            stored: drift(&blocks)?,
            verdicts: verdicts.len(),
            false_alarms: verdicts.iter().filter(|verdict| is_claim(**verdict)).count(),
            detectable: stats::median(&detectable)?,
        })
    }
}

fn is_claim(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Improved | Verdict::Regressed)
}

/// The verdict on each block, alone, and what it would have seen.
fn verdicts(blocks: &[&[(f64, f64)]], floor: f64) -> (Vec<Verdict>, Vec<f64>) {
    let question = |block: &&[(f64, f64)]| Question {
        metric: "time".to_owned(),
        unit: "ns".to_owned(),
        direction: Direction::LowerIsBetter,
        figures: Figures::Paired(block.to_vec()),
        envelope: None,
        in_cycles: None,
        floor,
    };
    let answers = blocks.iter().filter_map(|block| judge(&[question(block)], &Rule::LOCK_STEP).pop().flatten());
    answers.map(|answer| (answer.verdict, answer.detectable)).unzip()
}

/// The 95th percentile of the effects that ten of the launches show, over a thousand draws of ten.
fn effect(pairs: &[(f64, f64)]) -> Option<f64> {
    const DRAWS: usize = 1_000;
    let mut ratios: Vec<f64> = pairs.iter().map(|(old, new)| (new / old).ln()).collect();
    let mut random = fastrand::Rng::with_seed(1);
    let mut effects = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        random.shuffle(&mut ratios);
        effects.push(middle(&ratios[..LAUNCHES_OF_A_VERDICT])?.abs());
    }
    stats::quantile(&effects, 0.95).map(f64::exp_m1)
}

/// The 95th percentile of the differences between any two blocks of one side, as stored runs are compared.
fn drift(blocks: &[&[(f64, f64)]]) -> Option<f64> {
    let mut drifts = Vec::new();
    for side in [|pair: &(f64, f64)| pair.0, |pair: &(f64, f64)| pair.1] {
        let logs = |block: &&[(f64, f64)]| middle(&block.iter().map(|pair| side(pair).ln()).collect::<Vec<_>>());
        let middles: Vec<f64> = blocks.iter().map(logs).collect::<Option<_>>()?;
        for (at, one) in middles.iter().enumerate() {
            drifts.extend(middles[at + 1..].iter().map(|other| (other - one).abs()));
        }
    }
    stats::quantile(&drifts, 0.95).map(f64::exp_m1)
}

/// The trimmed mean that comparisons judge by.
fn middle(logarithms: &[f64]) -> Option<f64> {
    stats::yuen_paired(logarithms, 0.95).map(|found| found.estimate.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeRoot;

    fn circumstances() -> Circumstances {
        let settings = BTreeMap::from([("seed".to_owned(), "42".to_owned())]);
        Circumstances {
            measured_at: 1_000_000,
            kernel: Some("6.1".to_owned()),
            rustc: "rustc 1.89".to_owned(),
            settings,
        }
    }

    /// Pairs of a machine that drifts: each block of ten is slower than the one before by `drift`, on both sides alike,
    /// and within a pair the new side is off by `effect`, up and down in turn.
    fn pairs(drift: f64, effect: f64) -> Vec<(f64, f64)> {
        let pair = |at: u32| {
            let old = 100.0 * (1.0 + drift).powi((at / 10) as i32);
            (old, old * if at.is_multiple_of(2) { 1.0 + effect } else { 1.0 / (1.0 + effect) })
        };
        (0..60).map(pair).collect()
    }

    fn calibrated(pairs: &[(f64, f64)]) -> CaseCalibration {
        CaseCalibration::of(pairs, 0.01, circumstances(), String::new()).expect("there are enough")
    }

    #[test]
    fn what_falls_on_both_sides_is_drift_and_no_effect() {
        let found = calibrated(&pairs(0.02, 0.001));
        assert!(found.lock_step < 0.002, "{found:?}");
        // Six blocks, of which the first and the last are 1.02⁵ apart.
        assert!((0.05..=0.1042).contains(&found.stored), "{found:?}");
        assert_eq!((found.launches, found.verdicts, found.false_alarms), (60, 6, 0));
    }

    #[test]
    fn an_effect_on_one_side_is_found_and_raises_alarms() {
        let slower: Vec<_> = pairs(0.0, 0.001).into_iter().map(|(old, new)| (old, new * 1.05)).collect();
        let found = calibrated(&slower);
        assert!((found.lock_step - 0.05).abs() < 0.002, "{found:?}");
        assert_eq!(found.false_alarms, 6);
        assert!(found.detectable < 0.01, "{found:?}");
    }

    #[test]
    fn too_few_pairs_calibrate_nothing() {
        assert_eq!(CaseCalibration::of(&pairs(0.0, 0.0)[..19], 0.01, circumstances(), String::new()), None);
    }

    #[test]
    fn entries_go_stale_for_a_reason() {
        let entry = circumstances();
        assert_eq!(entry.stale(&entry), None);
        let days = |days: u64| Circumstances { measured_at: entry.measured_at + days * 86_400, ..entry.clone() };
        assert_eq!(entry.stale(&days(29)), None);
        assert_eq!(entry.stale(&days(31)).as_deref(), Some("it is 31 days old"));
        let now = Circumstances { kernel: None, ..entry.clone() };
        assert_eq!(entry.stale(&now).as_deref(), Some("the kernel was 6.1 and is an unknown one"));
        let now = Circumstances { rustc: "rustc 1.90".to_owned(), ..entry.clone() };
        assert_eq!(entry.stale(&now).as_deref(), Some("the compiler was rustc 1.89 and is rustc 1.90"));
        let now = Circumstances { settings: BTreeMap::new(), ..entry.clone() };
        assert_eq!(entry.stale(&now).as_deref(), Some("the setting `seed` is another one"));
    }

    #[test]
    fn a_calibration_is_kept_and_damage_is_told() {
        let root =
            FakeRoot::new(&[("calibration/other.json", "{"), ("calibration/newer.json", "{\"schema_version\":2}")]);
        let store = Store::at(root.folder(""));
        let mut calibration = Calibration::read(&store, "key").expect("there is none, which is no error");
        let target = BenchTarget { package: Some("p".to_owned()), name: "t".to_owned() };
        assert_eq!(calibration.floor(&target, "a", FloorOf::LockStep), None);
        assert!(calibration.stale(&target, "a", &circumstances()).is_some());
        let entry = CaseCalibration { lock_step: 0.02, stored: 0.04, ..calibrated(&pairs(0.0, 0.001)) };
        calibration.insert(&target, "a", entry);
        calibration.save(&store).expect("it can be written");
        let read = Calibration::read(&store, "key").expect("it can be read");
        assert_eq!(read.targets, calibration.targets);
        let floors = [FloorOf::LockStep, FloorOf::Stored].map(|of| read.floor(&target, "a", of));
        assert_eq!(floors, [Some(0.02), Some(0.04)]);
        let elsewhere = BenchTarget { package: Some("q".to_owned()), ..target.clone() };
        assert_eq!(read.floor(&elsewhere, "a", FloorOf::Stored), None);
        assert!(matches!(Calibration::read(&store, "other"), Err(StoreError::Damaged { .. })));
        assert!(matches!(Calibration::read(&store, "newer"), Err(StoreError::Newer { found: 2, .. })));
    }

    #[test]
    fn a_comparison_hears_of_entries_that_are_out_of_date() {
        let root = FakeRoot::new(&[]);
        let mut calibration = Calibration::read(&Store::at(root.folder("")), "key").expect("there is none");
        let target = BenchTarget { package: None, name: "t".to_owned() };
        for case in ["a", "b"] {
            calibration.insert(&target, case, calibrated(&pairs(0.0, 0.001)));
        }
        let now = |kernel: &str| Circumstances { kernel: Some(kernel.to_owned()), ..circumstances() };
        // A case that was never calibrated has the floor of its kind, and nothing is out of date.
        assert_eq!(calibration.warning(&target, [("a", now("6.1")), ("c", now("6.2"))]), None);
        let warning = calibration.warning(&target, ["a", "b", "c"].map(|case| (case, now("6.2")))).expect("it is old");
        assert!(warning.starts_with("`t`: the calibration of 2 cases is out of date (the kernel was 6.1"), "{warning}");
    }
}
