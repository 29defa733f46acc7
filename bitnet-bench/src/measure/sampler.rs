//! The sampler: how long to warm up, how many iterations make a sample, how many samples to take.
//!
//! It knows neither clock nor subject: it is given a way to run a batch, and decides what to run.
//! Samples are short, below a scheduler's slice: one that is cut by a switch is then an outlier
//! among many good ones, instead of a bit of every sample.

use std::time::Duration;

use super::batching::{Batching, at_once};
use super::pace::{Burst, TeamPace};
use crate::config::{Cache, Settings};
use crate::stats;

/// What one batch took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// The iterations, in nanoseconds, clock overhead subtracted.
    pub(super) timed_ns: f64,
    /// The iterations in the leading thread alone. Where threads share cores, the team's time holds
    /// the scheduler's slices as well, and says little of how long an iteration is.
    pub(super) own_ns: f64,
    /// All of it: making inputs, sweeping caches, dropping outputs as well.
    pub(super) total: Duration,
}

impl Timing {
    /// What was spent beside the iterations.
    fn untimed(&self) -> Duration {
        self.total.saturating_sub(Duration::from_nanos(self.timed_ns as u64))
    }
}

/// What a launch is to spend on a case.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    time: Duration,
    warmup: Duration,
    samples: usize,
    iterations: Option<u64>,
    warmup_iterations: Option<u64>,
    /// Relative half-width of the median's interval within the launch that is narrow enough.
    precision: f64,
    confidence: f64,
    most_iterations: u64,
    /// What the iteration before the first batch took: if it was long as well, a long batch was not
    /// the scheduler's doing.
    first_iteration: Duration,
    least_sample_ns: f64,
    clock_error_ns: f64,
    /// As an earlier launch has settled it.
    settled: Option<Batching>,
}

/// The power of two that is nearest on the log scale: runs of one subject that differ a little in time then take samples
/// of the same length, and can be compared like for like.
fn nearest_power_of_two(iterations: f64) -> u64 {
    const MOST: f64 = 62.0;
    1 << iterations.log2().round().clamp(0.0, MOST) as u32
}

/// What a launch measured.
#[derive(Clone, Debug)]
pub(super) struct Sampled {
    pub(super) batching: Batching,
    pub(super) samples_ns: Vec<f64>,
    pub(super) warmup: Duration,
    pub(super) warmed_up: bool,
}

/// A sample's length, in nanoseconds, at most, unless one iteration is longer: well below the
/// 3 ms or so that schedulers give a process at a time.
const LONGEST_SAMPLE_NS: f64 = 500_000.0;
/// A sample is this many times longer than the clock's error, so that the error is below 0.1 %.
const CLOCK_ERRORS_IN_A_SAMPLE: f64 = 2_000.0;
/// A batch grows no further once its inputs and outputs take longer than this.
const LONGEST_UNTIMED: Duration = Duration::from_millis(20);
/// The launch's own interval is to be this much narrower than the case's: the launches' scatter
/// must decide how wide that gets, and a launch's part of it must not count.
const NARROWER_WITHIN: f64 = 4.0;
/// Samples before the interval within the launch is looked at, and between looks.
const LOOK_EVERY: usize = 50;
/// Medians of successive warm-up windows that differ by less agree.
const SETTLED: f64 = 0.02;
/// More iterations than this make no batch: a subject that reports no time would never fill one.
const MOST_ITERATIONS: u64 = 1 << 40;
/// Windows that the warm-up is divided into.
const WINDOWS: u32 = 8;

impl Budget {
    /// A launch's share of a case's settings.
    pub(super) fn new(
        settings: &Settings,
        clock_error_ns: f64,
        most_iterations: u64,
        first_iteration: Duration,
    ) -> Self {
        let cold = settings.cache == Cache::Cold;
        Self {
            time: settings.time / settings.launches,
            warmup: settings.warmup / settings.launches,
            samples: settings.samples as usize,
            iterations: settings.iterations,
            warmup_iterations: settings.warmup_iterations,
            precision: settings.precision / NARROWER_WITHIN,
            confidence: settings.confidence,
            most_iterations: if cold { 1 } else { most_iterations.clamp(1, MOST_ITERATIONS) },
            first_iteration,
            settled: None,
            clock_error_ns,
            least_sample_ns: clock_error_ns * CLOCK_ERRORS_IN_A_SAMPLE,
        }
    }

    /// Takes over how iterations are batched, so that all launches of a case do the same.
    pub(super) fn batching_as(&mut self, settled: Option<Batching>) {
        self.settled = settled;
    }

    /// How iterations of that length are batched.
    fn batching(&self, iteration_ns: f64) -> Batching {
        let iterations = self.iterations_of(iteration_ns);
        Batching { iterations, at_once: at_once(iteration_ns, self.clock_error_ns).min(iterations) }
    }

    /// How long a sample should be, in nanoseconds.
    fn sample_ns(&self) -> f64 {
        let even = self.time.as_nanos() as f64 / self.samples as f64;
        even.min(LONGEST_SAMPLE_NS).max(self.least_sample_ns)
    }

    /// How many iterations of that length make a sample.
    fn iterations_of(&self, iteration_ns: f64) -> u64 {
        let wanted = match self.iterations {
            Some(iterations) => iterations / self.samples as u64,
            None => nearest_power_of_two(self.sample_ns() / iteration_ns.max(1e-3)),
        };
        wanted.clamp(1, self.most_iterations)
    }
}

/// Warms up and takes the samples of one launch, at a pace if there is one. `started` is told how iterations are
/// batched when the samples start.
pub(super) fn sample(
    budget: &Budget,
    pace: Option<TeamPace<'_>>,
    run: &mut dyn FnMut(u64) -> Timing,
    started: &mut dyn FnMut(Batching),
) -> Sampled {
    let run = &mut Runs { run, spent: Duration::ZERO };
    let (probe, most_iterations) = probe(budget, run);
    let budget = Budget { most_iterations, ..budget.clone() };
    let slow = probe.timed_ns >= budget.time.as_nanos() as f64 && budget.first_iteration >= budget.time;
    if slow && budget.iterations.is_none() && pace.is_none() {
        // One iteration takes the whole budget: the probe was the sample, and the check before it
        // the warm-up.
        let batching = Batching { iterations: 1, at_once: 1 };
        return Sampled { batching, samples_ns: vec![probe.timed_ns], warmup: Duration::ZERO, warmed_up: false };
    }
    let (iteration_ns, warmed_up) = warm_up(&budget, probe.timed_ns, run);
    let warmup = std::mem::take(&mut run.spent);
    let batching = budget.settled.unwrap_or_else(|| budget.batching(iteration_ns));
    started(batching);
    let samples_ns = match pace {
        Some(pace) => take_in_turns(pace, batching, run),
        None => take(&budget, batching.iterations, run),
    };
    Sampled { batching, samples_ns, warmup, warmed_up }
}

/// Runs batches and adds up what they take: the sampler's only notion of time.
struct Runs<'a> {
    run: &'a mut dyn FnMut(u64) -> Timing,
    spent: Duration,
}

impl Runs<'_> {
    fn batch(&mut self, iterations: u64) -> Timing {
        let timing = (self.run)(iterations);
        self.spent += timing.total;
        timing
    }
}

/// Finds out how long one iteration takes, by ever longer batches, and how many iterations a batch
/// can hold before its inputs take too long. The timing given back is that of one iteration.
fn probe(budget: &Budget, run: &mut Runs<'_>) -> (Timing, u64) {
    let enough_ns = budget.least_sample_ns / 10.0;
    let mut iterations = 1_u64;
    loop {
        let mut timing = run.batch(iterations);
        if timing.untimed() > LONGEST_UNTIMED {
            // Once may have been the scheduler; twice is what the inputs cost.
            let again = run.batch(iterations);
            timing = if again.untimed() < timing.untimed() { again } else { timing };
        }
        let one = Timing { timed_ns: timing.own_ns / iterations as f64, ..timing };
        let most = if timing.untimed() > LONGEST_UNTIMED { iterations } else { budget.most_iterations };
        if timing.own_ns >= enough_ns || iterations >= most {
            return (one, most);
        }
        let factor = (enough_ns / timing.own_ns.max(1.0)).ceil().clamp(2.0, 10.0) as u64;
        iterations = (iterations * factor).min(most);
    }
}

/// Runs until the medians of successive windows agree, or the time is over. Gives back the
/// nanoseconds of an iteration, and whether it settled.
fn warm_up(budget: &Budget, iteration_ns: f64, run: &mut Runs<'_>) -> (f64, bool) {
    if let Some(iterations) = budget.warmup_iterations {
        let mut left = iterations;
        while left > 0 {
            let batch = budget.iterations_of(iteration_ns).min(left);
            run.batch(batch);
            left -= batch;
        }
        return (iteration_ns, true);
    }
    let end = run.spent + budget.warmup;
    let mut medians: Vec<f64> = Vec::new();
    while run.spent < end {
        let latest = medians.last().copied().unwrap_or(iteration_ns);
        medians.push(window(budget, latest, run));
        if let [.., before, between, last] = medians[..]
            && (between / before - 1.0).abs() < SETTLED
            && (last / between - 1.0).abs() < SETTLED
        {
            return (last, true);
        }
    }
    // What disturbs a window makes it longer, never shorter.
    (stats::minimum(&medians).unwrap_or(iteration_ns), false)
}

/// The median of one warm-up window, in nanoseconds an iteration.
fn window(budget: &Budget, iteration_ns: f64, run: &mut Runs<'_>) -> f64 {
    let iterations = budget.iterations_of(iteration_ns);
    let (window, bound) = (run.spent + budget.warmup / WINDOWS, run.spent + budget.warmup);
    let mut figures = Vec::new();
    while run.spent < window || (figures.len() < 3 && run.spent < bound) {
        figures.push(run.batch(iterations).own_ns / iterations as f64);
    }
    stats::median(&figures).unwrap_or(iteration_ns)
}

/// Takes samples until the interval is narrow enough or the budget is spent.
fn take(budget: &Budget, iterations: u64, run: &mut Runs<'_>) -> Vec<f64> {
    let most = match budget.iterations {
        Some(all) => usize::try_from(all / iterations).unwrap_or(usize::MAX).max(1),
        None => budget.samples,
    };
    let exact = budget.iterations.is_some();
    let mut samples = Vec::with_capacity(most.min(budget.samples));
    while samples.len() < most && (exact || samples.is_empty() || run.spent < budget.time) {
        samples.push(run.batch(iterations).timed_ns);
        if !exact && samples.len().is_multiple_of(LOOK_EVERY) && narrow_enough(budget, &samples) {
            break;
        }
    }
    samples
}

/// Takes the samples of each turn, when it is its turn.
fn take_in_turns(pace: TeamPace<'_>, batching: Batching, run: &mut Runs<'_>) -> Vec<f64> {
    let mut samples = Vec::new();
    let mut taken = 0;
    run.spent = Duration::ZERO;
    while let Some(count) =
        pace.next_turn(Burst { batching, samples_ns: &samples[taken..], total: std::mem::take(&mut run.spent) })
    {
        taken = samples.len();
        samples.extend((0..count).map(|_| run.batch(batching.iterations).timed_ns));
    }
    samples
}

fn narrow_enough(budget: &Budget, samples: &[f64]) -> bool {
    stats::within_launch(samples, budget.confidence)
        .is_some_and(|estimate| estimate.relative_half_width() <= budget.precision)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::measure::Pace;

    const CLOCK_ERROR_NS: f64 = 20.0;

    /// A subject whose iterations take what `cost` says of the number that ran before.
    struct Fake<F: FnMut(u64) -> f64> {
        ran: u64,
        batches: Vec<u64>,
        cost: F,
    }

    impl<F: FnMut(u64) -> f64> Fake<F> {
        fn new(cost: F) -> Self {
            Self { ran: 0, batches: Vec::new(), cost }
        }

        fn sample(&mut self, settings: &Settings) -> Sampled {
            let budget = Budget::new(settings, CLOCK_ERROR_NS, u64::MAX, Duration::MAX);
            let mut run = |iterations: u64| {
                let timed_ns = iterations as f64 * (self.cost)(self.ran);
                self.ran += iterations;
                self.batches.push(iterations);
                Timing { timed_ns, own_ns: timed_ns, total: Duration::from_nanos(timed_ns as u64) }
            };
            sample(&budget, None, &mut run, &mut |_| {})
        }
    }

    #[test]
    fn a_short_operation_fills_samples_that_dwarf_the_clock_s_error() {
        let sampled = Fake::new(|_| 0.5).sample(&Settings::default());
        assert!(sampled.warmed_up);
        for sample in &sampled.samples_ns {
            assert!(*sample >= 1_000.0 * CLOCK_ERROR_NS, "{sample}");
            assert!(*sample <= 2.0 * LONGEST_SAMPLE_NS, "{sample}");
        }
    }

    #[test]
    fn a_steady_subject_needs_few_samples_and_a_noisy_one_takes_what_it_may() {
        let steady = Fake::new(|_| 100.0).sample(&Settings::default());
        assert_eq!(steady.samples_ns.len(), LOOK_EVERY);
        let mut random = fastrand::Rng::with_seed(1);
        let noisy = Fake::new(|_| 100.0 + 100.0 * random.f64()).sample(&Settings::default());
        assert!(noisy.samples_ns.len() > 2 * LOOK_EVERY, "{}", noisy.samples_ns.len());
    }

    /// Says how many samples each turn takes, and keeps what it was told of the turn before.
    struct Turns {
        counts: Mutex<Vec<u32>>,
        told: Mutex<Vec<Told>>,
    }

    /// Iterations in a sample, the samples, and the time of the turn.
    type Told = (u64, Vec<f64>, Duration);

    impl Pace for Turns {
        fn next_turn(&self, taken: Burst<'_>) -> Option<u32> {
            let told = (taken.batching.iterations, taken.samples_ns.to_vec(), taken.total);
            self.told.lock().expect("no test panics here").push(told);
            self.counts.lock().expect("no test panics here").pop()
        }
    }

    /// Takes turns of 1, 3 and 2 samples, with a subject whose iterations take 100 ns by a clock of its own, and half a
    /// millisecond beside each batch.
    fn in_turns(budget: &Budget) -> (Sampled, Vec<Told>) {
        let turns = Turns { counts: Mutex::new(vec![2, 3, 1]), told: Mutex::default() };
        let mut run = |iterations: u64| {
            let timed_ns = iterations as f64 * 100.0;
            let total = Duration::from_nanos(timed_ns as u64) + Duration::from_micros(500);
            Timing { timed_ns, own_ns: timed_ns, total }
        };
        let pace = TeamPace { pace: &turns, team: None };
        let sampled = sample(budget, Some(pace), &mut run, &mut |_| {});
        (sampled, turns.told.into_inner().expect("no test panics here"))
    }

    #[test]
    fn at_a_pace_each_turn_takes_what_it_is_told_and_hands_it_over() {
        let budget = Budget::new(&Settings::default(), CLOCK_ERROR_NS, u64::MAX, Duration::MAX);
        let (sampled, told) = in_turns(&budget);
        assert!(sampled.warmed_up && sampled.warmup > Duration::ZERO);
        assert_eq!(sampled.samples_ns.len(), 6);
        let counts: Vec<usize> = told.iter().map(|(_, samples, _)| samples.len()).collect();
        assert_eq!(counts, [0, 1, 3, 2], "before the first turn there is nothing");
        let sample_ns = sampled.batching.iterations as f64 * 100.0;
        for (iterations, samples, total) in told {
            assert_eq!(iterations, sampled.batching.iterations);
            assert!(samples.iter().all(|sample| *sample == sample_ns));
            let each = Duration::from_nanos(sample_ns as u64) + Duration::from_micros(500);
            assert_eq!(total, each * samples.len() as u32, "the warm-up is in no turn");
        }
    }

    #[test]
    fn at_a_pace_iterations_are_batched_as_was_settled_before() {
        let mut budget = Budget::new(&Settings::default(), CLOCK_ERROR_NS, u64::MAX, Duration::MAX);
        let settled = Batching { iterations: 17, at_once: 4 };
        budget.batching_as(Some(settled));
        assert_eq!(in_turns(&budget).0.batching, settled);
    }

    #[test]
    fn an_iteration_longer_than_the_budget_is_run_once() {
        let mut slow = Fake::new(|_| 5e9);
        let sampled = slow.sample(&Settings::default());
        assert_eq!((slow.ran, sampled.batching.iterations, sampled.samples_ns), (1, 1, vec![5e9]));
    }

    #[test]
    fn iterations_asked_for_are_run_exactly() {
        let settings = Settings { iterations: Some(1_000), warmup_iterations: Some(100), ..Settings::default() };
        let sampled = Fake::new(|_| 50.0).sample(&settings);
        assert_eq!(sampled.batching.iterations * sampled.samples_ns.len() as u64, 1_000);
        let few = Settings { iterations: Some(3), ..settings };
        assert_eq!(Fake::new(|_| 50.0).sample(&few).samples_ns.len(), 3);
    }

    #[test]
    fn warms_up_until_the_subject_has_settled() {
        let settling = |ran: u64| if ran < 300_000 { 200.0 } else { 100.0 };
        let sampled = Fake::new(settling).sample(&Settings { warmup: Duration::from_secs(3), ..Settings::default() });
        assert!(sampled.warmed_up);
        let median = stats::median(&sampled.samples_ns).unwrap_or(f64::NAN) / sampled.batching.iterations as f64;
        assert!((median - 100.0).abs() < 1.0, "{median}");
    }

    #[test]
    fn cold_caches_are_swept_before_every_iteration() {
        let mut fake = Fake::new(|_| 100.0);
        fake.sample(&Settings { cache: Cache::Cold, ..Settings::default() });
        assert!(fake.batches.iter().all(|&batch| batch == 1));
    }

    #[test]
    fn one_disturbance_does_not_keep_batches_small() {
        let budget = Budget::new(&Settings::default(), CLOCK_ERROR_NS, u64::MAX, Duration::MAX);
        let mut batches = 0;
        let mut run = |iterations: u64| {
            batches += 1;
            let timed_ns = iterations as f64 * 100.0;
            let switched = Duration::from_millis(if batches == 1 { 50 } else { 0 });
            Timing { timed_ns, own_ns: timed_ns, total: Duration::from_nanos(timed_ns as u64) + switched }
        };
        assert!(sample(&budget, None, &mut run, &mut |_| {}).batching.iterations > 1_000);
    }

    #[test]
    fn inputs_that_cost_much_keep_batches_small() {
        let budget = Budget::new(&Settings::default(), CLOCK_ERROR_NS, u64::MAX, Duration::MAX);
        let mut largest = 0;
        let mut run = |iterations: u64| {
            largest = largest.max(iterations);
            let timed_ns = iterations as f64 * 10.0;
            Timing { timed_ns, own_ns: timed_ns, total: Duration::from_millis(5 * iterations) }
        };
        sample(&budget, None, &mut run, &mut |_| {});
        assert!(largest <= 10, "{largest}");
    }
}
