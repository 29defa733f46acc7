//! Percentiles of single operations' times.

use std::time::{Duration, Instant};

use bitnet_bench::{Bencher, Direction};

/// Median and tail of single operations' times, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles {
    /// Half of the operations took no longer.
    pub p50: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// 999 of 1000 took no longer.
    pub p99_9: f64,
}

/// Times single operations, one reading of the clock before and one after each.
///
/// The clock is the system's monotonic one. What two readings take is measured first, as the median of many, and
/// subtracted; a time below it shows as 0. What is uncertain of it is reported beside the percentiles as `clock`.
#[derive(Debug)]
pub(super) struct SingleTimes {
    overhead: Duration,
    step: Duration,
    times: Vec<u32>,
}

/// Times that are kept, at most: enough for a p99.9 of a thousand.
const MOST: usize = 1 << 20;

impl SingleTimes {
    /// Measures the clock.
    pub(super) fn new() -> Self {
        let mut readings: Vec<Duration> = (0..1001)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(());
                start.elapsed()
            })
            .collect();
        readings.sort_unstable();
        // Nine of ten pairs of readings lie this close to each other: no time is known better.
        let step = (readings[950] - readings[50]).max(Duration::from_nanos(1));
        Self { overhead: readings[500], step, times: Vec::with_capacity(MOST) }
    }

    /// Times one operation.
    #[inline]
    pub(super) fn time<R>(&mut self, operation: impl FnOnce() -> R) -> (Duration, R) {
        let start = Instant::now();
        let outcome = std::hint::black_box(operation());
        let time = start.elapsed().saturating_sub(self.overhead);
        if self.times.len() < MOST {
            self.times.push(u32::try_from(time.as_nanos()).unwrap_or(u32::MAX));
        }
        (time, outcome)
    }

    /// The percentiles of what was timed; `None` if nothing was.
    pub(super) fn percentiles(mut self) -> Option<Percentiles> {
        self.times.sort_unstable();
        let last = self.times.len().checked_sub(1)?;
        // The nearest rank (Hyndman and Fan 1996, definition 1): a time that was seen.
        let at = |share: f64| {
            f64::from(self.times[((share * self.times.len() as f64).ceil() as usize).clamp(1, last + 1) - 1])
        };
        Some(Percentiles { p50: at(0.5), p99: at(0.99), p99_9: at(0.999) })
    }

    /// Reports the percentiles of what was timed as metrics.
    pub(super) fn report(self, bencher: &mut Bencher<'_>) {
        let step = self.step.as_nanos();
        let Some(Percentiles { p50, p99, p99_9 }) = self.percentiles() else { return };
        for (name, value) in [("p50", p50), ("p99", p99), ("p99.9", p99_9), ("clock", step as f64)] {
            bencher.metric(name, value, "ns", Direction::LowerIsBetter);
        }
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_seen() {
        let of = |times: Vec<u32>| SingleTimes { times, ..SingleTimes::new() }.percentiles();
        assert_eq!(of(Vec::new()), None);
        assert_eq!(of(vec![7]), Some(Percentiles { p50: 7.0, p99: 7.0, p99_9: 7.0 }));
        let thousand = of((1..=1000).rev().collect());
        assert_eq!(thousand, Some(Percentiles { p50: 500.0, p99: 990.0, p99_9: 999.0 }));
    }

    #[test]
    fn an_operation_s_time_is_its_own() {
        let mut times = SingleTimes::new();
        let (time, ()) = times.time(|| std::thread::sleep(Duration::from_millis(2)));
        assert!(time >= Duration::from_millis(2) - times.overhead);
        assert!(times.percentiles().is_some_and(|percentiles| percentiles.p50 >= 1.9e6));
    }
}
