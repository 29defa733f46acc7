//! The core's clock: how many cycles a second the core really makes, which the power management of a machine changes by
//! several per cent from second to second, and which a virtual machine cannot read anywhere.
//!
//! It is measured by a chain of instructions that each wait for the one before: such a chain takes the same number of
//! cycles whatever else shares the core's caches, ports and memory.

use std::time::{Duration, Instant};

use super::clock::Clock;
use crate::host::Stated;
use crate::stats;

/// Rounds of a chain: some ten microseconds, of which the error of reading the clock is about a thousandth.
const ROUNDS: u64 = 2_048;
/// Time between chains: they take about one per cent of it.
const EVERY: Duration = Duration::from_millis(1);

/// Measures the clock of the core that it runs on, now and then.
#[derive(Default)]
pub(super) struct CoreClock {
    rates: Vec<f64>,
    last: Option<Instant>,
}

impl CoreClock {
    /// Measures it, if that was not done just before.
    pub(super) fn measure_now_and_then(&mut self) {
        if self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        let clock = Clock::get();
        let start = clock.now();
        let Some(cycles) = chain(ROUNDS) else { return };
        let took_ns = clock.nanoseconds(clock.now() - start) - clock.overhead_ns();
        self.rates.push(cycles as f64 / took_ns * 1e9);
        self.last = Some(Instant::now());
    }

    /// Forgets what it measured.
    pub(super) fn start_anew(&mut self) {
        *self = Self::default();
    }

    /// The median, in hertz: a chain that was interrupted is far off, and few are.
    pub(super) fn hertz(&self) -> Stated<f64> {
        match stats::median(&self.rates) {
            Some(rate) => Stated::Known(rate),
            None => Stated::unknown("it is measured on x86-64 and AArch64"),
        }
    }
}

/// Runs a chain, and says how many cycles it takes; `None` where there is none.
///
/// A round is 24 cycles: eight 64-bit multiplications of three (Agner Fog, *Instruction tables*: every Intel core since
/// Nehalem, every AMD core since Zen). Additions of constants would not do, since newer cores carry them out while
/// they rename registers.
#[cfg(target_arch = "x86_64")]
fn chain(rounds: u64) -> Option<u64> {
    // SAFETY: it works on registers alone, all of which are named.
    unsafe {
        std::arch::asm!(
            "2:",
            "imul {x}, {x}", "imul {x}, {x}", "imul {x}, {x}", "imul {x}, {x}",
            "imul {x}, {x}", "imul {x}, {x}", "imul {x}, {x}", "imul {x}, {x}",
            "dec {rounds}",
            "jnz 2b",
            x = inout(reg) 3_u64 => _,
            rounds = inout(reg) rounds => _,
            options(nomem, nostack),
        );
    }
    Some(rounds * 24)
}

/// Runs a chain, and says how many cycles it takes; `None` where there is none.
///
/// A round is sixteen additions of a register to itself, of one cycle each.
#[cfg(target_arch = "aarch64")]
fn chain(rounds: u64) -> Option<u64> {
    // SAFETY: it works on registers alone, all of which are named.
    unsafe {
        std::arch::asm!(
            "2:",
            "add {x}, {x}, {x}", "add {x}, {x}, {x}", "add {x}, {x}, {x}", "add {x}, {x}, {x}",
            "add {x}, {x}, {x}", "add {x}, {x}, {x}", "add {x}, {x}, {x}", "add {x}, {x}, {x}",
            "add {x}, {x}, {x}", "add {x}, {x}, {x}", "add {x}, {x}, {x}", "add {x}, {x}, {x}",
            "add {x}, {x}, {x}", "add {x}, {x}, {x}", "add {x}, {x}, {x}", "add {x}, {x}, {x}",
            "subs {rounds}, {rounds}, #1",
            "b.ne 2b",
            x = inout(reg) 3_u64 => _,
            rounds = inout(reg) rounds => _,
            options(nomem, nostack),
        );
    }
    Some(rounds * 16)
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn chain(_: u64) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No core that is made runs below 200 MHz or above 8 GHz, nor does a loaded machine interrupt most of the chains.
    #[test]
    fn the_clock_is_one_that_a_core_can_have() {
        if chain(1).is_none() {
            return;
        }
        let mut core = CoreClock::default();
        for _ in 0..15 {
            core.last = None;
            core.measure_now_and_then();
        }
        let hertz = *core.hertz().known().expect("it was measured");
        assert!((2e8..8e9).contains(&hertz), "{hertz}");
    }

    #[test]
    fn a_longer_chain_takes_more_cycles() {
        assert_eq!(chain(4), chain(2).map(|cycles| 2 * cycles));
    }

    #[test]
    fn it_measures_now_and_then_only() {
        let mut core = CoreClock::default();
        core.measure_now_and_then();
        core.last = core.last.map(|last| last + Duration::from_secs(3_600));
        core.measure_now_and_then();
        assert!(core.rates.len() <= 1, "{:?}", core.rates);
        core.start_anew();
        assert!(core.hertz().known().is_none());
    }
}
