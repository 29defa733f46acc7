//! The plan of a run: the chosen cases with their settings, and what has become of each so far.

use crate::config::{Config, ConfigError, Origins, Resolved, Settings};
use crate::device::Device;
use crate::measure::{Failure, FailureKind};
use crate::record::{LaunchRecord, Measured, launch_median};
use crate::registry::{Case, Selection, Source};
use crate::stats::stop::precise_enough;

/// The chosen cases.
pub(super) struct Plan {
    pub(super) cases: Vec<Planned>,
}

/// A case with what has become of it so far.
pub(super) struct Planned {
    pub(super) case: Case,
    pub(super) settings: Settings,
    pub(super) origins: Origins,
    pub(super) launches: Vec<LaunchRecord>,
    pub(super) state: State,
}

/// What has become of a case.
#[derive(Clone, Debug)]
pub(super) enum State {
    /// It is to be measured in further launches.
    Pending,
    /// It is measured well enough, or as often as it may be.
    Done,
    /// It failed in a launch.
    Failed(Failure, u32),
    /// It is not to be measured.
    Skipped(String),
    /// It cannot have changed since it was measured, in the run of that id.
    Carried(String, Box<Measured>),
}

impl State {
    /// What becomes of a case that failed in a launch: one that cannot be run here is skipped.
    pub(super) fn after(failure: Failure, launch: u32) -> Self {
        match failure.kind {
            FailureKind::Skipped => Self::Skipped(failure.message),
            _ => Self::Failed(failure, launch),
        }
    }
}

impl Plan {
    /// Settles the settings of the chosen cases, and which of them are skipped.
    ///
    /// # Errors
    /// If an attribute's or a group's settings cannot be used.
    pub(super) fn new(chosen: Vec<Case>, selection: &Selection, config: &Config) -> Result<Self, ConfigError> {
        let plan = |case: Case| {
            let resolved = resolved(&case, config)?;
            let state = skip_reason(&case, selection).map_or(State::Pending, State::Skipped);
            Ok(Planned { case, settings: resolved.settings, origins: resolved.origins, launches: Vec::new(), state })
        };
        Ok(Self { cases: chosen.into_iter().map(plan).collect::<Result<_, ConfigError>>()? })
    }

    /// The places of the cases that a launch has still to measure.
    pub(super) fn pending(&self, launch: u32) -> Vec<usize> {
        let has_turn = |planned: &Planned| {
            matches!(planned.state, State::Pending)
                && launch < planned.settings.launches
                && planned.launches.iter().all(|record| record.launch != launch)
        };
        (0..self.cases.len()).filter(|&index| has_turn(&self.cases[index])).collect()
    }

    /// Launches of the case that is measured in most.
    pub(super) fn launches(&self) -> u32 {
        self.cases.iter().map(|planned| planned.settings.launches).max().unwrap_or(0)
    }

    /// Measurements that are still to come, at most.
    pub(super) fn remaining(&self) -> u64 {
        let of = |planned: &Planned| match planned.state {
            State::Pending => u64::from(planned.settings.launches) - planned.launches.len() as u64,
            _ => 0,
        };
        self.cases.iter().map(of).sum()
    }

    /// After a launch: cases that are measured well enough are done.
    pub(super) fn settle(&mut self) {
        for planned in &mut self.cases {
            if matches!(planned.state, State::Pending) && planned.is_measured() {
                planned.state = State::Done;
            }
        }
    }

    /// Measures in one launch only, which takes the time of all.
    pub(super) fn in_one_launch(&mut self) {
        for planned in &mut self.cases {
            planned.settings.launches = 1;
        }
    }

    /// Whether no case was measured and none failed.
    pub(super) fn is_untouched(&self) -> bool {
        let untouched = |planned: &Planned| planned.launches.is_empty() && !matches!(planned.state, State::Failed(..));
        self.cases.iter().all(untouched)
    }

    /// Whether a case was carried over.
    pub(super) fn has_carried(&self) -> bool {
        self.cases.iter().any(|planned| matches!(planned.state, State::Carried(..)))
    }

    /// The place of a case.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.cases.iter().position(|planned| planned.case.id() == id)
    }
}

impl Planned {
    fn is_measured(&self) -> bool {
        let settings = &self.settings;
        let medians: Vec<f64> = self.launches.iter().filter_map(|launch| launch_median(launch, settings)).collect();
        self.launches.len() >= settings.launches as usize
            || precise_enough(&medians, settings.confidence, settings.precision)
    }
}

/// The settings of a case.
///
/// # Errors
/// If its attribute's or its group's settings cannot be used.
pub(super) fn resolved(case: &Case, config: &Config) -> Result<Resolved, ConfigError> {
    let place = |source: Source| format!("{}:{}", source.file, source.line);
    let group = case.group_overrides().map(|(overrides, source)| (overrides, place(source)));
    config.settings_for(
        group.as_ref().map(|(overrides, place)| (*overrides, place.as_str())),
        Some((case.overrides(), place(case.source()).as_str())),
    )
}

/// Why a chosen case is not to be measured, if it is not.
fn skip_reason(case: &Case, selection: &Selection) -> Option<String> {
    if selection.leaves_out(case) {
        let reason = case.ignored().filter(|reason| !reason.is_empty());
        return Some(reason.map_or_else(|| "ignored".to_owned(), |reason| format!("ignored: {reason}")));
    }
    Device::find(case.device()).err().map(|missing| missing.reason)
}
