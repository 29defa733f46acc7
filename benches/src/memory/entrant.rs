//! Entrants: pools of any type, side by side on one axis.

use std::fmt;
use std::sync::Arc;

use bitnet_bench::config::TrackingLevel;
use bitnet_bench::{Bencher, Failure};

use super::cases::{self, Work};
use crate::subject::MemoryPool;

/// A value of the axis `pool`.
#[derive(Clone)]
pub(super) struct Entrant {
    name: String,
    subject: Arc<dyn Subject>,
}

impl Entrant {
    /// A pool.
    pub(super) fn present(pool: impl MemoryPool) -> Self {
        Self { name: pool.name(), subject: Arc::new(Present(pool)) }
    }

    /// A pool that is not there: its cases are skipped for that reason.
    pub(super) fn absent(name: String, reason: String) -> Self {
        Self { name, subject: Arc::new(Absent(reason)) }
    }

    /// Runs a case with it.
    pub(super) fn run(&self, bencher: &mut Bencher<'_>, work: &Work) -> Result<(), Failure> {
        self.subject.run(bencher, work)
    }

    /// What it can do.
    pub(super) fn abilities(&self) -> Abilities {
        self.subject.abilities()
    }
}

/// The label in case ids.
impl fmt::Debug for Entrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What a pool can do beyond handing out and taking back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Abilities {
    pub(super) knows_itself: bool,
    pub(super) has_limits: bool,
    pub(super) tracks: bool,
}

trait Subject: Send + Sync {
    fn run(&self, bencher: &mut Bencher<'_>, work: &Work) -> Result<(), Failure>;
    fn abilities(&self) -> Abilities;
}

struct Present<P>(P);

impl<P: MemoryPool> Subject for Present<P> {
    fn run(&self, bencher: &mut Bencher<'_>, work: &Work) -> Result<(), Failure> {
        cases::run(bencher, &self.0, work)
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            knows_itself: self.0.statistics().is_some(),
            has_limits: self.0.with_limit(1 << 20).is_some(),
            tracks: self.0.with_tracking(TrackingLevel::Basic).is_some(),
        }
    }
}

struct Absent(String);

impl Subject for Absent {
    fn run(&self, _: &mut Bencher<'_>, _: &Work) -> Result<(), Failure> {
        Err(Failure::skip(&self.0))
    }

    fn abilities(&self) -> Abilities {
        Abilities::default()
    }
}
