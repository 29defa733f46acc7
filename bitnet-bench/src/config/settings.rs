//! The settings of one case, and what one layer says of them.

use std::time::Duration;

use super::table::table;
use super::value::{Gives, named};

named! {
    /// What to do with the samples of a launch that lie far outside the rest (Tukey's fences).
    /// Whatever is done, they are counted in the record.
    Outliers {
        /// Estimate from every sample.
        Keep = "keep",
        /// Leave severe outliers (beyond 3 interquartile ranges) out of the estimates.
        RemoveSevere = "remove-severe",
        /// Leave mild outliers (beyond 1.5 interquartile ranges) out as well.
        RemoveMild = "remove-mild",
    }
}

named! {
    /// The state of the processor's caches when an iteration starts.
    Cache {
        /// As the iteration before left them.
        Warm = "warm",
        /// Swept by reading a buffer larger than the last level before each iteration.
        Cold = "cold",
    }
}

/// Declares [`Settings`] with [`KEYS`], and for each key a method of [`Overrides`].
macro_rules! settings {
    ($( $(#[doc = $doc:literal])+ $key:ident: $type:ty = $default:expr; $takes:literal, $valid:expr; )+) => {
        table! {
            /// How one case is measured: every value settled.
            struct Settings of "setting";
            /// Every setting, in the order of the table.
            const KEYS;
            $( $(#[doc = $doc])+ $key: $type = $default; $takes, $valid; )+
        }

        impl Overrides {
            $(
                $(#[doc = $doc])+
                pub fn $key(&mut self, to: impl Gives<$type>) -> &mut Self {
                    self.push(stringify!($key), to.text())
                }
            )+
        }
    };
}

settings! {
    /// Launches (worker processes) that measure the case, at most. The first five are always made; more
    /// follow until the interval is as narrow as `precision` asks.
    launches: u32 = 10; "a whole number from 1 to 1000", |v| (1..=1000).contains(v);
    /// Time to spend on the samples of the case, over all its launches.
    time: Duration = Duration::from_millis(600); "a duration from 1ms to 1day", |v| in_range(v, 1e-3, 86_400.0);
    /// Time to spend on warming up, at most, over all the launches of the case. A launch stops
    /// earlier, once the medians of successive windows agree.
    warmup: Duration = Duration::from_millis(200); "a duration from 0s to 1day", |v| in_range(v, 0.0, 86_400.0);
    /// Samples in a launch, at most.
    samples: u32 = 200; "a whole number from 1 to 100000", |v| (1..=100_000).contains(v);
    /// Iterations in a launch, exactly, instead of as many as `time` allows.
    iterations: Option<u64> = None; "a whole number from 1 to 10^12, or `auto`", |v| v.is_none_or(|n| (1..=1_000_000_000_000).contains(&n));
    /// Warm-up iterations in a launch, exactly, instead of warming up until it settles.
    warmup_iterations: Option<u64> = None; "a whole number from 0 to 10^12, or `auto`", |v| v.is_none_or(|n| n <= 1_000_000_000_000);
    /// Half-width of the confidence interval, relative to the estimate, at which measuring stops.
    precision: f64 = 0.01; "a number from 0.0001 to 0.5", |v| (0.0001..=0.5).contains(v);
    /// Confidence level of the intervals.
    confidence: f64 = 0.95; "a number from 0.5 to 0.9999", |v| (0.5..=0.9999).contains(v);
    /// What to do with outliers within a launch.
    outliers: Outliers = Outliers::Keep; "`keep`, `remove-severe` or `remove-mild`", |_| true;
    /// The state of the caches when an iteration starts.
    cache: Cache = Cache::Warm; "`warm` or `cold`", |_| true;
    /// Cores that the subject spreads over by itself: the measuring thread, and threads that it starts, may
    /// run on so many.
    cores: u32 = 1; "a whole number from 1 to 1024", |v| (1..=1024).contains(v);
    /// Time after which a launch of the case is ended and the case has failed.
    timeout: Duration = Duration::from_secs(60); "a duration from 1ms to 7days", |v| in_range(v, 1e-3, 604_800.0);
    /// Seed that a benchmark's inputs are made from; `Bencher::seed` gives it to the benchmark.
    seed: u64 = 42; "a whole number from 0 to 2^64-1", |_| true;
}

impl Settings {
    /// The keys that contradict each other, with the contradiction in words; `None` if all agree.
    pub(super) fn contradiction(&self) -> Option<(&'static [&'static str], &'static str)> {
        // `launches` is the most that there can be, so no launch has a smaller share of the time.
        let least_share = self.time / self.launches;
        (self.iterations.is_none() && least_share >= self.timeout).then_some((
            &["time", "launches", "timeout"],
            "every launch would be ended before its share of `time` is over; raise `timeout` or `launches`, or lower `time`",
        ))
    }
}

/// What one layer (an attribute, a group, a program) says of the settings, as texts; what it does
/// not name is left to the layers below.
///
/// The methods set one value each and take what the attribute takes: a duration may be written as
/// seconds (`0.5`), as text (`"500ms"`) or as a [`Duration`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    values: Vec<(&'static str, String)>,
}

impl Overrides {
    fn push(&mut self, key: &'static str, text: String) -> &mut Self {
        self.values.push((key, text));
        self
    }

    /// The values that were set, in the order in which they were.
    pub fn values(&self) -> &[(&'static str, String)] {
        &self.values
    }
}

fn in_range(duration: &Duration, least: f64, most: f64) -> bool {
    (least..=most).contains(&duration.as_secs_f64())
}
