//! The meter: times one batch of iterations, with the instruments that watch it.

use std::hint::black_box;
use std::time::Duration;

use super::allocations::{AllocationCounts, Region};
use super::cache::Sweeper;
use super::clock::Clock;
use super::counters::CounterSet;
use super::failure::Failure;
use super::team::Team;

/// What a batch is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// One iteration, whose result is checked; nothing is timed.
    Check,
    /// That many iterations, timed.
    Time(u64),
}

/// Times one batch: for each of its regions, the batch makes inputs, calls [`Meter::time`], and
/// drops outputs.
pub(super) struct Meter<'a> {
    purpose: Purpose,
    clock: &'static Clock,
    team: Option<&'a Team>,
    counters: Option<&'a mut CounterSet>,
    sweeper: Option<&'a mut Sweeper>,
    counts_allocations: bool,
    region: u64,
    reading: Reading,
}

/// What a meter read.
#[derive(Default)]
pub(super) struct Reading {
    /// Start and stop of the last region, in ticks of the clock; or the duration that the subject
    /// itself gave.
    pub(super) span: Option<Span>,
    /// The time of all regions, in ticks.
    pub(super) ticks: u64,
    /// How many regions there were: each has cost a pair of readings.
    pub(super) regions: u64,
    /// Iterations whose inputs or outputs were alive at once, if there were any to keep.
    pub(super) held: Option<u64>,
    pub(super) allocations: Option<AllocationCounts>,
    pub(super) failure: Option<Failure>,
}

/// The time of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) enum Span {
    Ticks { start: u64, stop: u64 },
    Given(Duration),
}

impl<'a> Meter<'a> {
    pub(super) fn new(purpose: Purpose, team: Option<&'a Team>) -> Self {
        Self {
            purpose,
            clock: Clock::get(),
            team,
            counters: None,
            sweeper: None,
            counts_allocations: false,
            region: u64::MAX,
            reading: Reading::default(),
        }
    }

    pub(super) fn with_counters(mut self, counters: Option<&'a mut CounterSet>) -> Self {
        self.counters = counters;
        self
    }

    pub(super) fn with_sweeper(mut self, sweeper: Option<&'a mut Sweeper>) -> Self {
        self.sweeper = sweeper;
        self
    }

    pub(super) fn counting_allocations(mut self) -> Self {
        self.counts_allocations = true;
        self
    }

    /// Divides the batch into regions of so many iterations, at most.
    pub(super) fn in_regions_of(mut self, iterations: u64) -> Self {
        self.region = iterations.max(1);
        self
    }

    /// The iterations of each region of a batch. What iterations need and leave behind is made
    /// before a region and dropped after it.
    pub(super) fn regions(&mut self, iterations: u64) -> impl Iterator<Item = u64> + use<> {
        self.reading.held = Some(iterations.min(self.region));
        let (most, mut left) = (self.region, iterations);
        std::iter::from_fn(move || {
            let region = left.min(most);
            left -= region;
            (region > 0).then_some(region)
        })
    }

    /// What the batch is run for.
    pub(super) fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Runs the work between two readings of the clock.
    #[inline(always)]
    pub(super) fn time(&mut self, work: impl FnOnce()) {
        let region = self.arm();
        let clock = self.clock;
        let start = clock.now();
        work();
        let stop = clock.now();
        self.disarm(start, stop, region);
    }

    /// Takes a duration that the subject measured itself.
    pub(super) fn give(&mut self, duration: Duration) {
        self.reading.span = Some(Span::Given(duration));
    }

    /// Takes the result of a check.
    pub(super) fn settle(&mut self, checked: Result<(), Failure>) {
        self.reading.failure = checked.err();
    }

    pub(super) fn finish(self) -> Reading {
        self.reading
    }

    /// Readies the instruments; the last thing before the clock starts.
    #[inline(never)]
    fn arm(&mut self) -> Option<Region> {
        if let Some(sweeper) = &mut self.sweeper {
            black_box(sweeper.sweep());
        }
        if let Some(team) = self.team {
            team.meet();
        }
        if let Some(counters) = &mut self.counters {
            counters.enable();
        }
        if self.counts_allocations { Region::start() } else { None }
    }

    #[inline(never)]
    fn disarm(&mut self, start: u64, stop: u64, region: Option<Region>) {
        self.reading.allocations = region.map(Region::stop);
        if let Some(counters) = &mut self.counters {
            counters.disable();
        }
        self.reading.ticks += stop - start;
        self.reading.regions += 1;
        self.reading.span = Some(Span::Ticks { start, stop });
    }
}
