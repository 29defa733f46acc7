//! Counters elsewhere than on Linux: none.

use super::{Counters, MissingCounter};

/// The counters of the calling thread: on this system, none.
#[derive(Debug, Default)]
pub(crate) struct CounterSet(());

impl CounterSet {
    /// Opens every counter that the machine gives: here, none.
    pub(crate) fn open() -> Self {
        Self(())
    }

    /// Starts to count.
    pub(crate) fn enable(&mut self) {}

    /// Stops to count.
    pub(crate) fn disable(&mut self) {}

    /// Forgets what was counted.
    pub(crate) fn reset(&mut self) {}

    /// What was counted, of one of so many iterations.
    pub(crate) fn read(&mut self, _iterations: u64) -> Counters {
        let names = ["cycles", "instructions", "task-clock", "page-faults", "context-switches", "cpu-migrations"];
        let reason = format!("bitnet-bench counts events on Linux only, not on {}", std::env::consts::OS);
        let missing = names.iter().map(|&name| MissingCounter { name: name.to_owned(), reason: reason.clone() });
        Counters { counts: Vec::new(), missing: missing.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_missing_with_a_reason() {
        let mut set = CounterSet::open();
        set.enable();
        set.disable();
        let counters = set.read(1);
        assert!(counters.counts.is_empty());
        assert!(counters.missing.iter().all(|missing| !missing.reason.is_empty()));
    }
}
