//! The clock: the processor's invariant time-stamp counter where the kernel itself trusts it, else
//! the operating system's monotonic clock.
//!
//! A counter that is merely *there* is not enough: it must tick at a constant rate in every power
//! state (the "invariant TSC" bit) and be in step between cores, which only the kernel's own
//! watchdog can tell. Linux says so by using it as its clock source.

use std::sync::OnceLock;
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// Which clock timed a launch, and how well it can.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClockDescription {
    /// `tsc` or `os`.
    pub name: String,
    /// Why it is not the time-stamp counter, if it is not.
    pub reason: Option<String>,
    /// Ticks in a second, as calibrated.
    pub frequency_hz: f64,
    /// The least time that two readings can differ by.
    pub resolution_ns: f64,
    /// What one pair of readings costs; it is subtracted from each sample.
    pub overhead_ns: f64,
}

/// A clock that was chosen and calibrated.
#[derive(Clone, Debug)]
pub struct Clock {
    source: Source,
    nanoseconds_per_tick: f64,
    resolution_ns: f64,
    overhead_ns: f64,
    reason: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Tsc,
    Os(Instant),
}

impl Clock {
    /// The process' clock, calibrated when it is first asked for (some milliseconds).
    pub fn get() -> &'static Self {
        static CLOCK: OnceLock<Clock> = OnceLock::new();
        CLOCK.get_or_init(Self::calibrate)
    }

    fn calibrate() -> Self {
        let (source, nanoseconds_per_tick, reason) = choose();
        let mut clock = Self { source, nanoseconds_per_tick, resolution_ns: 0.0, overhead_ns: 0.0, reason };
        clock.resolution_ns = clock.measure_resolution();
        clock.overhead_ns = clock.measure_overhead();
        clock
    }

    /// Reads the clock, in ticks. All work before is then done, and no work after has begun.
    #[inline(always)]
    pub(crate) fn now(&self) -> u64 {
        match self.source {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Source::Tsc => tsc::fenced(),
            Source::Os(origin) => ticks_since(origin),
        }
    }

    /// Nanoseconds in a number of ticks.
    pub(crate) fn nanoseconds(&self, ticks: u64) -> f64 {
        ticks as f64 * self.nanoseconds_per_tick
    }

    /// What one pair of readings costs, in nanoseconds.
    pub(crate) fn overhead_ns(&self) -> f64 {
        self.overhead_ns
    }

    /// The error of one timed sample, in nanoseconds: how finely the clock counts, and what is
    /// uncertain of its cost.
    pub(crate) fn error_ns(&self) -> f64 {
        self.resolution_ns + self.overhead_ns
    }

    /// What the record says of it.
    pub fn describe(&self) -> ClockDescription {
        let name = match self.source {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Source::Tsc => "tsc",
            Source::Os(_) => "os",
        };
        ClockDescription {
            name: name.to_owned(),
            reason: self.reason.clone(),
            frequency_hz: 1e9 / self.nanoseconds_per_tick,
            resolution_ns: self.resolution_ns,
            overhead_ns: self.overhead_ns,
        }
    }

    /// The least non-zero difference of two readings in a row.
    fn measure_resolution(&self) -> f64 {
        let mut least = u64::MAX;
        for _ in 0..1_000 {
            let start = self.now();
            let mut stop = self.now();
            while stop == start {
                stop = self.now();
            }
            least = least.min(stop - start);
        }
        // A fast counter's least step is the cost of reading it: one tick is then the truth.
        let single = self.nanoseconds_per_tick.max(1.0);
        if self.nanoseconds(least) < 100.0 { single.min(self.nanoseconds(least)) } else { self.nanoseconds(least) }
    }

    /// The cost of a timed region without work: the median of many, since a minimum would be
    /// subtracted from samples that rarely see it.
    fn measure_overhead(&self) -> f64 {
        let mut costs: Vec<u64> = (0..2_001)
            .map(|_| {
                let start = self.now();
                std::hint::black_box(());
                self.now() - start
            })
            .collect();
        costs.sort_unstable();
        self.nanoseconds(costs[costs.len() / 2])
    }
}

fn ticks_since(origin: Instant) -> u64 {
    u64::try_from(origin.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// The best clock there is: its source, nanoseconds per tick, and why it is not the counter.
fn choose() -> (Source, f64, Option<String>) {
    match trusted_counter() {
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        Ok(()) => (Source::Tsc, tsc::calibrate(), None),
        #[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
        Ok(()) => unreachable!("there is no counter to trust on this system"),
        Err(reason) => (Source::Os(Instant::now()), 1.0, Some(reason)),
    }
}

/// Whether the time-stamp counter can be trusted; else why not.
fn trusted_counter() -> Result<(), String> {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    {
        if !tsc::is_invariant() {
            return Err("the processor has no invariant time-stamp counter".to_owned());
        }
        const CHOSEN: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        match std::fs::read_to_string(CHOSEN) {
            Ok(source) if source.trim() == "tsc" => Ok(()),
            Ok(source) => Err(format!("the kernel keeps time by `{}`, not by the time-stamp counter", source.trim())),
            Err(error) => Err(format!("the kernel's clock source is unknown: {error}")),
        }
    }
    #[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
    Err("only Linux on x86-64 tells whether its time-stamp counter can be trusted".to_owned())
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod tsc {
    use std::arch::x86_64::{__cpuid, _mm_lfence, _rdtsc};

    use std::time::{Duration, Instant};

    /// Reads the counter when everything before is done, and before anything after starts
    /// (Intel SDM vol. 2B, RDTSC: LFENCE on both sides).
    #[inline(always)]
    pub(super) fn fenced() -> u64 {
        // SAFETY: every x86-64 processor has SSE2's LFENCE and RDTSC, and the kernel was asked
        // whether user space may read the counter.
        unsafe {
            _mm_lfence();
            let ticks = _rdtsc();
            _mm_lfence();
            ticks
        }
    }

    /// Whether the counter ticks at a constant rate in every power state: CPUID leaf
    /// 0x8000_0007, EDX bit 8.
    #[allow(unused_unsafe, reason = "CPUID became safe to call in a newer compiler than the oldest supported")]
    pub(super) fn is_invariant() -> bool {
        // SAFETY: every x86-64 processor has CPUID, and the leaf is read only where there is one.
        unsafe { __cpuid(0x8000_0000).eax >= 0x8000_0007 && __cpuid(0x8000_0007).edx & (1 << 8) != 0 }
    }

    /// Nanoseconds in a tick, against the operating system's clock: the median of rounds, so that
    /// a round which the scheduler cut does not count, until two medians agree within 10⁻⁵.
    pub(super) fn calibrate() -> f64 {
        let mut rounds = Vec::new();
        let mut before = f64::NAN;
        for _ in 0..20 {
            rounds.push(round(Duration::from_micros(500)));
            rounds.sort_unstable_by(f64::total_cmp);
            let median = rounds[rounds.len() / 2];
            if rounds.len() >= 5 && ((median - before) / median).abs() < 1e-5 {
                return median;
            }
            before = median;
        }
        before
    }

    /// Nanoseconds in a tick, over one stretch of time.
    fn round(length: Duration) -> f64 {
        let (start, first) = (Instant::now(), fenced());
        loop {
            let (elapsed, last) = (start.elapsed(), fenced());
            if elapsed >= length {
                return elapsed.as_nanos() as f64 / (last - first) as f64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn agrees_with_the_operating_system() {
        let clock = Clock::get();
        let ratios = (0..5).map(|_| {
            let (os, start) = (Instant::now(), clock.now());
            std::thread::sleep(Duration::from_millis(10));
            let (ticks, os) = (clock.now() - start, os.elapsed());
            clock.nanoseconds(ticks) / os.as_nanos() as f64
        });
        let mut ratios: Vec<f64> = ratios.collect();
        ratios.sort_unstable_by(f64::total_cmp);
        assert!((ratios[2] - 1.0).abs() < 1e-3, "{ratios:?}");
    }

    #[test]
    fn knows_its_own_cost() {
        let clock = Clock::get();
        assert!(clock.overhead_ns > 0.0 && clock.resolution_ns > 0.0, "{clock:?}");
        let description = clock.describe();
        assert_eq!(description.name == "tsc", description.reason.is_none());
    }

    #[test]
    fn never_runs_backwards() {
        let clock = Clock::get();
        let mut before = clock.now();
        for _ in 0..100_000 {
            let now = clock.now();
            assert!(now >= before);
            before = now;
        }
    }
}
