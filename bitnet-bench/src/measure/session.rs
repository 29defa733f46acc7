//! The session: drives the batches of one case in one thread, whatever it is run for.

use std::any::Any;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::allocations::{AllocationCounts, AllocationProfile, NOT_INSTALLED};
use super::cache::Sweeper;
use super::clock::Clock;
use super::counters::{CounterSet, Counters};
use super::failure::Failure;
use super::meter::{Meter, Purpose, Reading, Span};
use super::metric::{Amount, MetricValue};
use super::sampler::{self, Budget, Sampled, Timing};
use super::store::Store;
use super::team::Team;
use crate::config::{Cache, Settings};
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
    /// Time of each sample, clock overhead subtracted.
    pub samples_ns: Vec<f64>,
    /// Wall time of the warm-up.
    pub warmup: Duration,
    /// Whether the warm-up settled.
    pub warmed_up: bool,
    /// How much one iteration of one thread processes.
    pub amounts: BTreeMap<Amount, f64>,
    /// What the benchmark reported.
    pub metrics: Vec<MetricValue>,
    /// Counters per iteration.
    pub counters: Stated<Counters>,
    /// Allocations of one iteration.
    pub allocations: Stated<AllocationProfile>,
    /// What else went on while the samples were taken.
    pub disturbance: Disturbance,
}

/// Iterations that allocations are counted over, at most, and the time that they may take.
const MOST_COUNTED: u64 = 16;

/// The state of a [`Bencher`](super::Bencher).
pub(super) struct Session<'a> {
    job: &'a Job<'a>,
    team: Option<&'a Team>,
    leads: bool,
    pub(super) amounts: BTreeMap<Amount, f64>,
    metrics: Vec<MetricValue>,
    driven: u32,
    failure: Option<Failure>,
    measured: Option<Measured>,
}

/// What driving the batches gave.
struct Measured {
    sampled: Sampled,
    counters: Stated<Counters>,
    allocations: Stated<AllocationProfile>,
    disturbance: Disturbance,
}

impl<'a> Session<'a> {
    pub(super) fn new(job: &'a Job<'a>, team: Option<&'a Team>, leads: bool) -> Self {
        Self {
            job,
            team,
            leads,
            amounts: BTreeMap::new(),
            metrics: Vec::new(),
            driven: 0,
            failure: None,
            measured: None,
        }
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

    /// Takes a metric; the last value of a name counts.
    pub(super) fn report(&mut self, metric: MetricValue) {
        if !metric.value.is_finite() {
            let message = format!("the metric `{}` is {}, which is no figure", metric.name, metric.value);
            self.failure.get_or_insert(Failure::misused(message));
        }
        self.metrics.retain(|other| other.name != metric.name);
        self.metrics.push(metric);
    }

    /// Runs the batch as often as it takes. `most` is the most iterations that a batch can hold.
    pub(super) fn drive(&mut self, most: u64, batch: &mut dyn FnMut(&mut Meter<'_>)) {
        self.driven += 1;
        if self.driven > 1 || self.failure.is_some() {
            return;
        }
        if self.leads || self.job.mode == Mode::Test {
            self.failure = check(batch);
        }
        if self.failure.is_none() && self.job.mode == Mode::Measure {
            match (self.leads, self.team) {
                (true, _) => self.lead(most, batch),
                (false, Some(team)) => follow(team, batch),
                (false, None) => {}
            }
        }
    }

    /// Takes the samples, then counts allocations, then checks once more.
    fn lead(&mut self, most: u64, batch: &mut dyn FnMut(&mut Meter<'_>)) {
        let mut lead = Lead::new(self.job, self.team);
        let budget = Budget::new(self.job.settings, Clock::get().error_ns(), most);
        let core = self.job.cores.first().copied();
        // Counters and the disturbance are those of the samples: both start anew once the warm-up
        // is over. (A subject so slow that its first iteration is its sample has no warm-up.)
        let before = Cell::new(Snapshot::take(core));
        let start_anew = Cell::new(false);
        let sampled = sampler::sample(
            &budget,
            &mut |iterations| {
                if start_anew.take() {
                    lead.reset_counters();
                }
                lead.run(iterations, batch)
            },
            &mut || {
                start_anew.set(true);
                before.set(Snapshot::take(core));
            },
        );
        let disturbance = Snapshot::take(core).since(&before.into_inner());
        let counters = lead.counters();
        let allocations = lead.count_allocations(sampled.iterations, batch);
        if let Some(team) = self.team {
            team.announce(None);
        }
        self.measured = Some(Measured { sampled, counters, allocations, disturbance });
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
            iterations: measured.sampled.iterations,
            samples_ns: measured.sampled.samples_ns,
            warmup: measured.sampled.warmup,
            warmed_up: measured.sampled.warmed_up,
            amounts: self.amounts,
            metrics: self.metrics,
            counters: measured.counters,
            allocations: measured.allocations,
            disturbance: measured.disturbance,
        }))
    }
}

/// Runs one iteration and checks its result.
fn check(batch: &mut dyn FnMut(&mut Meter<'_>)) -> Option<Failure> {
    let mut meter = Meter::new(Purpose::Check, None);
    batch(&mut meter);
    meter.finish().failure
}

/// Runs what the leader announces.
fn follow(team: &Team, batch: &mut dyn FnMut(&mut Meter<'_>)) {
    while let Some(iterations) = team.await_next() {
        let mut meter = Meter::new(Purpose::Time(iterations), Some(team));
        batch(&mut meter);
        hand_in(team, meter.finish().span);
    }
}

fn hand_in(team: &Team, span: Option<Span>) {
    match span {
        Some(Span::Ticks { start, stop }) => team.hand_in(start, stop),
        // A subject that times itself has no common clock: each thread's duration counts from 0.
        Some(Span::Given(duration)) => team.hand_in(0, u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)),
        None => team.hand_in(0, 0),
    }
}

/// The thread that decides what is run.
struct Lead<'a> {
    team: Option<&'a Team>,
    counter_set: Option<CounterSet>,
    counted: u64,
    without_counters: Option<String>,
    sweeper: Option<Sweeper>,
}

impl<'a> Lead<'a> {
    fn new(job: &Job<'_>, team: Option<&'a Team>) -> Self {
        let without_counters = if !job.counters {
            Some("counters are off".to_owned())
        } else if job.threads > 1 {
            Some("counters are read for cases with one thread only".to_owned())
        } else {
            None
        };
        let counter_set = without_counters.is_none().then(CounterSet::open);
        let sweeper = (job.settings.cache == Cache::Cold).then(Sweeper::for_this_machine);
        Self { team, counter_set, counted: 0, without_counters, sweeper }
    }

    /// Runs one batch in all threads.
    fn run(&mut self, iterations: u64, batch: &mut dyn FnMut(&mut Meter<'_>)) -> Timing {
        let begin = Instant::now();
        self.counted += iterations;
        let meter = Meter::new(Purpose::Time(iterations), self.team)
            .with_counters(self.counter_set.as_mut())
            .with_sweeper(self.sweeper.as_mut());
        let reading = announced(self.team, iterations, meter, batch);
        Timing { timed_ns: self.elapsed_ns(reading.span), total: begin.elapsed() }
    }

    /// The nanoseconds of a batch: the thread's own, or the team's from the first start to the last
    /// stop.
    fn elapsed_ns(&self, span: Option<Span>) -> f64 {
        let clock = Clock::get();
        let own = match span {
            Some(Span::Ticks { start, stop }) => (start, stop),
            Some(Span::Given(duration)) => {
                let given = duration.as_nanos() as f64;
                return self.team.map_or(given, |team| team.span().1 as f64);
            }
            None => return 0.0,
        };
        let (start, stop) = self.team.map_or(own, Team::span);
        (clock.nanoseconds(stop.saturating_sub(start)) - clock.overhead_ns()).max(0.0)
    }

    fn reset_counters(&mut self) {
        self.counted = 0;
        if let Some(set) = &mut self.counter_set {
            set.reset();
        }
    }

    fn counters(&mut self) -> Stated<Counters> {
        match (&mut self.counter_set, &self.without_counters) {
            (Some(set), _) => Stated::Known(set.read(self.counted.max(1))),
            (None, Some(reason)) => Stated::unknown(reason),
            (None, None) => Stated::unknown("counters were not opened"),
        }
    }

    /// Counts allocations in a batch of their own, so that counting costs no sample anything.
    fn count_allocations(
        &mut self,
        iterations: u64,
        batch: &mut dyn FnMut(&mut Meter<'_>),
    ) -> Stated<AllocationProfile> {
        let iterations = iterations.min(MOST_COUNTED);
        let meter = Meter::new(Purpose::Time(iterations), self.team).counting_allocations();
        let counts: Option<AllocationCounts> = announced(self.team, iterations, meter, batch).allocations;
        match counts {
            Some(counts) => Stated::Known(counts.per_iteration(iterations)),
            None => Stated::unknown(NOT_INSTALLED),
        }
    }
}

/// Runs a batch in the leading thread, after having announced it to the others.
fn announced(
    team: Option<&Team>,
    iterations: u64,
    mut meter: Meter<'_>,
    batch: &mut dyn FnMut(&mut Meter<'_>),
) -> Reading {
    if let Some(team) = team {
        team.announce(Some(iterations));
    }
    batch(&mut meter);
    let reading = meter.finish();
    if let Some(team) = team {
        hand_in(team, reading.span);
    }
    reading
}
