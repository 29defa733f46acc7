//! The session: drives the batches of one case in one thread, whatever it is run for.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::allocations::AllocationProfile;
use super::batching::Batching;
use super::clock::Clock;
use super::core_clock::CoreClock;
use super::counters::Counters;
use super::failure::Failure;
use super::lead::{Lead, check, follow};
use super::meter::Meter;
use super::metric::{Amount, MetricValue};
use super::pace::{Pace, TeamPace};
use super::sampler::{self, Budget, Sampled};
use super::store::Store;
use super::team::Team;
use crate::config::Settings;
use crate::device::Device;
use crate::host::{Disturbance, Snapshot, Stated};

/// What a case is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// One iteration, to see that it works.
    Test,
    /// To measure it.
    Measure,
}

/// A case as the measuring code sees it.
pub struct Job<'a> {
    /// What it is run for.
    pub mode: Mode,
    /// How it is measured.
    pub settings: &'a Settings,
    /// How iterations are batched, if an earlier launch has settled that.
    pub batching: Option<Batching>,
    /// Who says when samples are taken; `None` takes them one after the other.
    pub pace: Option<&'a dyn Pace>,
    /// The device.
    pub device: &'a Device,
    /// Threads that run the subject at once.
    pub threads: usize,
    /// The cores of the threads; fewer than threads, or none, leaves the rest where they are.
    pub cores: &'a [usize],
    /// Whether counters are read.
    pub counters: bool,
    /// What the cases of the worker share.
    pub store: &'a Store,
}

/// What was measured of a case in a launch.
#[derive(Debug)]
pub struct Samples {
    /// Iterations in each sample.
    pub iterations: u64,
    /// Iterations whose inputs or outputs were alive at once, if there were any to keep.
    pub held: Option<u64>,
    /// Time of each sample, clock overhead subtracted.
    pub samples_ns: Vec<f64>,
    /// Wall time of the warm-up.
    pub warmup: Duration,
    /// Whether the warm-up settled.
    pub warmed_up: bool,
    /// How much one iteration of one thread processes.
    pub amounts: Vec<(Amount, f64)>,
    /// What the benchmark reported.
    pub metrics: Vec<MetricValue>,
    /// Counters per iteration.
    pub counters: Stated<Counters>,
    /// Allocations of one iteration.
    pub allocations: Stated<AllocationProfile>,
    /// The clock of the core while the samples were taken, in hertz.
    pub core_hz: Stated<f64>,
    /// What else went on while the samples were taken.
    pub disturbance: Disturbance,
}

/// The state of a [`Bencher`](super::Bencher).
pub(super) struct Session<'a> {
    job: &'a Job<'a>,
    team: Option<&'a Team>,
    leads: bool,
    amounts: Vec<(Amount, f64)>,
    metrics: Vec<MetricValue>,
    driven: u32,
    failure: Option<Failure>,
    measured: Option<Measured>,
}

/// What driving the batches gave.
struct Measured {
    sampled: Sampled,
    held: Option<u64>,
    counters: Stated<Counters>,
    allocations: Stated<AllocationProfile>,
    core_hz: Stated<f64>,
    disturbance: Disturbance,
}

impl<'a> Session<'a> {
    pub(super) fn new(job: &'a Job<'a>, team: Option<&'a Team>, leads: bool) -> Self {
        Self { job, team, leads, amounts: Vec::new(), metrics: Vec::new(), driven: 0, failure: None, measured: None }
    }

    pub(super) fn device(&self) -> &Device {
        self.job.device
    }

    pub(super) fn threads(&self) -> usize {
        self.job.threads
    }

    pub(super) fn seed(&self) -> u64 {
        self.job.settings.seed
    }

    pub(super) fn cached<T: Any + Send + Sync>(&self, key: &str, make: impl FnOnce() -> T) -> Arc<T> {
        self.job.store.get(key, make)
    }

    /// Takes an amount; the last value of each counts.
    pub(super) fn declare(&mut self, amount: Amount, of: f64) {
        self.amounts.retain(|(other, _)| *other != amount);
        self.amounts.push((amount, of));
    }

    /// Takes a metric; the last value of a name counts.
    pub(super) fn report(&mut self, metric: MetricValue) {
        if !metric.value.is_finite() {
            let message = format!("the metric `{}` is {}, which is no figure", metric.name, metric.value);
            self.failure.get_or_insert(Failure::misused(message));
        }
        self.metrics.retain(|other| other.name != metric.name);
        self.metrics.push(metric);
    }

    /// Runs the batch as often as it takes. `most` is the most iterations that a region can hold.
    pub(super) fn drive(&mut self, most: u64, batch: &mut dyn FnMut(&mut Meter<'_>)) {
        self.driven += 1;
        if self.driven > 1 || self.failure.is_some() {
            return;
        }
        let mut first_iteration = Duration::ZERO;
        if self.leads || self.job.mode == Mode::Test {
            let start = Instant::now();
            self.failure = check(batch);
            first_iteration = start.elapsed();
        }
        if self.failure.is_none() && self.job.mode == Mode::Measure {
            match (self.leads, self.team) {
                (true, _) => self.lead(most, first_iteration, batch),
                (false, Some(team)) => follow(team, batch),
                (false, None) => {}
            }
        }
    }

    /// Takes the samples, then counts allocations, then checks once more.
    fn lead(&mut self, most: u64, first_iteration: Duration, batch: &mut dyn FnMut(&mut Meter<'_>)) {
        let mut lead = Lead::new(self.job, self.team, most);
        // The regions of a batch bound what it holds; a team's batch is one region.
        let most = if self.team.is_some() { most } else { u64::MAX };
        let mut budget = Budget::new(self.job.settings, Clock::get().error_ns(), most, first_iteration);
        budget.batching_as(self.job.batching);
        let core = self.job.cores.first().copied();
        // Counters and the disturbance are those of the samples: both start anew once the warm-up
        // is over. (A subject so slow that its first iteration is its sample has no warm-up.)
        let before = Cell::new(Snapshot::take(core));
        let start_anew = Cell::new(None);
        let core_clock = RefCell::new(CoreClock::default());
        let pace = self.job.pace.map(|pace| TeamPace { pace, team: self.team });
        let sampled = sampler::sample(
            &budget,
            pace,
            &mut |iterations| {
                if let Some(Batching { at_once, .. }) = start_anew.take() {
                    lead.reset_counters();
                    lead.settle(at_once);
                }
                let timing = lead.run(iterations, batch);
                core_clock.borrow_mut().measure_now_and_then();
                timing
            },
            &mut |batching| {
                start_anew.set(Some(batching));
                before.set(Snapshot::take(core));
                core_clock.borrow_mut().start_anew();
            },
        );
        let disturbance = Snapshot::take(core).since(&before.into_inner());
        let core_hz = core_clock.into_inner().hertz();
        let held = lead.held();
        let counters = lead.counters();
        let allocations = lead.count_allocations(sampled.batching.iterations, batch);
        if let Some(team) = self.team {
            team.announce(None);
        }
        self.measured = Some(Measured { sampled, held, counters, allocations, core_hz, disturbance });
        self.failure = check(batch);
    }

    /// What came out, once the body has returned.
    pub(super) fn finish(self) -> Result<Option<Samples>, Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        match self.driven {
            0 => return Err(Failure::misused("nothing was timed: call one of the bencher's `iter` methods")),
            1 => {}
            _ => return Err(Failure::misused("more than one `iter` was called: a benchmark times one subject")),
        }
        Ok(self.measured.map(|measured| Samples {
            iterations: measured.sampled.batching.iterations,
            held: measured.held,
            samples_ns: measured.sampled.samples_ns,
            warmup: measured.sampled.warmup,
            warmed_up: measured.sampled.warmed_up,
            amounts: self.amounts,
            metrics: self.metrics,
            counters: measured.counters,
            allocations: measured.allocations,
            core_hz: measured.core_hz,
            disturbance: measured.disturbance,
        }))
    }
}
