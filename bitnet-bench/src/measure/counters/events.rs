//! Which events are counted.

use perf_event::events::{Cache, CacheOp, CacheResult, Event, Hardware, Software, WhichCache};

use super::CounterKind;

/// An event and its name.
pub(super) struct Named {
    pub(super) name: &'static str,
    pub(super) kind: CounterKind,
    pub(super) event: Event,
}

fn hardware(name: &'static str, event: impl Into<Event>) -> Named {
    Named { name, kind: CounterKind::Hardware, event: event.into() }
}

fn software(name: &'static str, event: Software) -> Named {
    Named { name, kind: CounterKind::Software, event: event.into() }
}

const fn read_misses(which: WhichCache) -> Cache {
    Cache { which, operation: CacheOp::READ, result: CacheResult::MISS }
}

/// Events of the processor; those that are read together stand together.
pub(super) fn of_hardware() -> Vec<Named> {
    vec![
        hardware("cycles", Hardware::CPU_CYCLES),
        hardware("instructions", Hardware::INSTRUCTIONS),
        hardware("branches", Hardware::BRANCH_INSTRUCTIONS),
        hardware("branch-misses", Hardware::BRANCH_MISSES),
        hardware("cache-references", Hardware::CACHE_REFERENCES),
        hardware("cache-misses", Hardware::CACHE_MISSES),
        hardware("l1d-read-misses", read_misses(WhichCache::L1D)),
        hardware("llc-read-misses", read_misses(WhichCache::LL)),
    ]
}

/// Events of the kernel.
pub(super) fn of_software() -> Vec<Named> {
    vec![
        software("task-clock", Software::TASK_CLOCK),
        software("page-faults", Software::PAGE_FAULTS),
        software("minor-faults", Software::PAGE_FAULTS_MIN),
        software("major-faults", Software::PAGE_FAULTS_MAJ),
        software("context-switches", Software::CONTEXT_SWITCHES),
        software("cpu-migrations", Software::CPU_MIGRATIONS),
    ]
}
