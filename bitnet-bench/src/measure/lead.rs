//! The lead: the thread of a case that decides what is run, with the instruments it reads.

use std::cell::Cell;
use std::time::Instant;

use super::allocations::{AllocationCounts, AllocationProfile, NOT_INSTALLED};
use super::batching::at_once;
use super::cache::Sweeper;
use super::clock::Clock;
use super::counters::{CounterSet, Counters};
use super::failure::Failure;
use super::meter::{Meter, Purpose, Reading, Span};
use super::sampler::Timing;
use super::session::Job;
use super::team::Team;
use crate::config::Cache;
use crate::host::Stated;

/// Iterations that allocations are counted over, at most.
const MOST_COUNTED: u64 = 16;

/// Runs one iteration and checks its result.
pub(super) fn check(batch: &mut dyn FnMut(&mut Meter<'_>)) -> Option<Failure> {
    let mut meter = Meter::new(Purpose::Check, None);
    batch(&mut meter);
    meter.finish().failure
}

/// Runs what the leader announces.
pub(super) fn follow(team: &Team, batch: &mut dyn FnMut(&mut Meter<'_>)) {
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

thread_local! {
    /// The thread's counters, for its next case: the kernel takes milliseconds to open them.
    static COUNTERS: Cell<Option<CounterSet>> = const { Cell::new(None) };
}

/// The thread's counters, from zero.
fn take_counters() -> CounterSet {
    let mut set = COUNTERS.take().unwrap_or_else(CounterSet::open);
    set.reset();
    set
}

/// The thread that decides what is run.
pub(super) struct Lead<'a> {
    team: Option<&'a Team>,
    counter_set: Option<CounterSet>,
    counted: u64,
    without_counters: Option<String>,
    sweeper: Option<Sweeper>,
    /// Iterations in a region, at most.
    most: u64,
    /// Time of an iteration, as the last batch had it.
    iteration_ns: Option<f64>,
    /// Iterations in a region, once that is settled.
    settled: Option<u64>,
    /// Iterations whose inputs or outputs the last batch held at once, if it held any.
    held: Option<u64>,
}

impl<'a> Lead<'a> {
    pub(super) fn new(job: &Job<'_>, team: Option<&'a Team>, most: u64) -> Self {
        let without_counters = if !job.counters {
            Some("counters are off".to_owned())
        } else if job.threads > 1 {
            Some("counters are read for cases with one thread only".to_owned())
        } else {
            None
        };
        let counter_set = without_counters.is_none().then(take_counters);
        let sweeper = (job.settings.cache == Cache::Cold).then(Sweeper::for_this_machine);
        Self {
            team,
            counter_set,
            counted: 0,
            without_counters,
            sweeper,
            most,
            iteration_ns: None,
            settled: None,
            held: None,
        }
    }

    /// Runs one batch in all threads.
    pub(super) fn run(&mut self, iterations: u64, batch: &mut dyn FnMut(&mut Meter<'_>)) -> Timing {
        let begin = Instant::now();
        self.counted += iterations;
        let region = self.region();
        let meter = Meter::new(Purpose::Time(iterations), self.team)
            .in_regions_of(region)
            .with_counters(self.counter_set.as_mut())
            .with_sweeper(self.sweeper.as_mut());
        let reading = announced(self.team, iterations, meter, batch);
        let own_ns = own_ns(&reading);
        self.iteration_ns = Some(own_ns / iterations as f64);
        self.held = reading.held;
        Timing { timed_ns: self.team.map_or(own_ns, |team| team_ns(team, &reading)), own_ns, total: begin.elapsed() }
    }

    /// Iterations in a region: those that are run at once. A team has one region only, which all threads begin at once.
    fn region(&self) -> u64 {
        match (self.team, self.settled, self.iteration_ns) {
            (Some(_), ..) => u64::MAX,
            (None, Some(settled), _) => settled.clamp(1, self.most),
            (None, None, None) => self.most,
            (None, None, Some(iteration_ns)) => at_once(iteration_ns, Clock::get().error_ns()).min(self.most),
        }
    }

    /// Takes so many iterations at once from now on.
    pub(super) fn settle(&mut self, at_once: u64) {
        self.settled = Some(at_once);
    }

    /// Iterations whose inputs or outputs were alive at once, if there were any to keep.
    pub(super) fn held(&self) -> Option<u64> {
        self.held
    }

    pub(super) fn reset_counters(&mut self) {
        self.counted = 0;
        if let Some(set) = &mut self.counter_set {
            set.reset();
        }
    }

    pub(super) fn counters(&mut self) -> Stated<Counters> {
        match (self.counter_set.take(), &self.without_counters) {
            (Some(mut set), _) => {
                let counters = set.read(self.counted.max(1));
                COUNTERS.set(Some(set));
                Stated::Known(counters)
            }
            (None, Some(reason)) => Stated::unknown(reason),
            (None, None) => Stated::unknown("counters were not opened"),
        }
    }

    /// Counts allocations in a batch of their own, so that counting costs no sample anything.
    pub(super) fn count_allocations(
        &mut self,
        iterations: u64,
        batch: &mut dyn FnMut(&mut Meter<'_>),
    ) -> Stated<AllocationProfile> {
        let mut count = |iterations: u64| -> Option<AllocationCounts> {
            let meter = Meter::new(Purpose::Time(iterations), self.team).counting_allocations();
            announced(self.team, iterations, meter, batch).allocations
        };
        // The pass is one region, which holds no more than a region may.
        let iterations = iterations.min(MOST_COUNTED).min(self.most);
        let Some(counts) = count(iterations) else { return Stated::unknown(NOT_INSTALLED) };
        let mut profile = counts.per_iteration(iterations);
        // What a batch leaves alive until its end is the harness's doing: the peak is that of one iteration alone.
        if iterations > 1
            && let Some(one) = count(1)
        {
            profile.peak_bytes = one.per_iteration(1).peak_bytes;
        }
        Stated::Known(profile)
    }
}

/// The time of a batch in this thread, in nanoseconds.
fn own_ns(reading: &Reading) -> f64 {
    let clock = Clock::get();
    match reading.span {
        Some(Span::Ticks { .. }) => {
            (clock.nanoseconds(reading.ticks) - reading.regions as f64 * clock.overhead_ns()).max(0.0)
        }
        Some(Span::Given(duration)) => duration.as_nanos() as f64,
        None => 0.0,
    }
}

/// The time of a batch in all threads, from the first start to the last stop.
fn team_ns(team: &Team, reading: &Reading) -> f64 {
    let clock = Clock::get();
    let (start, stop) = team.span();
    match reading.span {
        // Each thread's duration counts from zero, in nanoseconds.
        Some(Span::Given(_)) => stop as f64,
        _ => (clock.nanoseconds(stop.saturating_sub(start)) - clock.overhead_ns()).max(0.0),
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
