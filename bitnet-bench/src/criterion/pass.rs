//! A pass: one way through the groups of a program, to list what there is or to serve one case.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use super::bencher::Bencher;
use super::id::Id;
use super::lending;
use super::measurement::Measurement;
use super::options::Throughput;
use super::settings::Said;
use crate::measure::{self, Failure, catch};
use crate::registry::Source;

/// A target function, as a listing found it.
pub(super) struct Listed {
    /// Its path, as the macro had it.
    pub(super) name: &'static str,
    /// Where its group stands.
    pub(super) source: Source,
    /// Its benchmarks.
    pub(super) benchmarks: Vec<Benchmark>,
    /// What it took, the benchmarks' closures aside.
    pub(super) took: Duration,
    /// Why it did not come to its end.
    pub(super) failure: Option<Failure>,
}

/// A benchmark, as a listing found it.
#[derive(Clone, Debug)]
pub(super) struct Benchmark {
    pub(super) id: Id,
    pub(super) source: &'static Location<'static>,
    pub(super) said: Said,
    pub(super) throughput: Option<Throughput>,
}

/// Where a benchmark is: its target's place in its group, and its id there.
pub(super) struct Wanted {
    pub(super) target: usize,
    /// None wants nothing: the target is run for its set-up.
    pub(super) id: Option<Id>,
}

enum Pass {
    /// Through every target, to list its benchmarks.
    Listing { done: Vec<Listed>, benchmarks: Vec<Benchmark> },
    /// Through one target, to run one of its benchmarks.
    Serving { wanted: Wanted, targets: usize, served: bool },
}

thread_local! {
    /// The pass that this thread makes. criterion's functions are handed nothing that could hold it.
    static PASS: RefCell<Option<Pass>> = const { RefCell::new(None) };
}

/// Ends a pass, however its groups were left.
struct Ends;

impl Drop for Ends {
    fn drop(&mut self) {
        PASS.set(None);
    }
}

/// Lists the targets of a group.
pub(super) fn list(group: fn()) -> Vec<Listed> {
    let _ends = Ends;
    PASS.set(Some(Pass::Listing { done: Vec::new(), benchmarks: Vec::new() }));
    group();
    match PASS.take() {
        Some(Pass::Listing { done, .. }) => done,
        _ => Vec::new(),
    }
}

/// Runs one benchmark of a group.
///
/// # Errors
/// If the group does not come by it.
pub(super) fn serve(group: fn(), wanted: Wanted, bencher: &mut measure::Bencher<'_>) -> Result<(), Failure> {
    let missing = match &wanted.id {
        Some(id) => format!("`{id}` was listed, and this time its target did not come by it"),
        None => "its set-up panicked when it was listed, and this time it did not".to_owned(),
    };
    let _ends = Ends;
    PASS.set(Some(Pass::Serving { wanted, targets: 0, served: false }));
    let ran = lending::lend(bencher, || catch_unwind(AssertUnwindSafe(group)));
    let served = matches!(PASS.take(), Some(Pass::Serving { served: true, .. }));
    match ran {
        // What comes after the case's own closure is not the case's fault: the listing has found it too.
        _ if served => Ok(()),
        Ok(()) => Err(Failure::misused(missing)),
        Err(panic) => resume_unwind(panic),
    }
}

/// A target of a group: run if the pass wants it.
pub fn target(name: &'static str, source: Source, run: impl FnOnce()) {
    let wanted = with(|pass| match pass {
        Pass::Listing { .. } => true,
        Pass::Serving { wanted, targets, .. } => {
            *targets += 1;
            wanted.target + 1 == *targets
        }
    });
    if !wanted {
        return;
    }
    if with(|pass| matches!(pass, Pass::Serving { .. })) {
        return run();
    }
    let begun = Instant::now();
    let failure = catch(run).err().map(|(failure, _)| failure);
    with(|pass| {
        if let Pass::Listing { done, benchmarks } = pass {
            let benchmarks = std::mem::take(benchmarks);
            done.push(Listed { name, source, benchmarks, took: begun.elapsed(), failure });
        }
    });
}

/// A benchmark of a target: listed, run or passed over.
pub(super) fn benchmark<M: Measurement>(benchmark: Benchmark, measurement: &M, run: impl FnOnce(&mut Bencher<'_, M>)) {
    let wanted = with(|pass| match pass {
        Pass::Serving { wanted, served, .. } => !*served && wanted.id.as_ref() == Some(&benchmark.id),
        Pass::Listing { benchmarks, .. } => {
            benchmarks.push(benchmark);
            false
        }
    });
    if wanted && lending::borrow(measurement, run) {
        with(|pass| {
            if let Pass::Serving { served, .. } = pass {
                *served = true;
            }
        });
    }
}

fn with<T>(act: impl FnOnce(&mut Pass) -> T) -> T {
    PASS.with_borrow_mut(|pass| {
        act(pass.as_mut().expect(
            "a benchmark in criterion's way is run by `criterion_main!`: a `main` of its own cannot call its group",
        ))
    })
}
