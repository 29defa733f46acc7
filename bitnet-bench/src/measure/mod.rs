//! Measuring: a subject and its settings → raw samples.
//!
//! [`Bencher`] wraps the subject into batches; the session drives them with the sampler's
//! decisions; the meter times each, with counters and the allocation count around it. A team runs
//! the same in several threads at once.

mod allocations;
mod answer;
mod batching;
mod bencher;
mod cache;
mod clock;
mod core_clock;
mod counters;
mod failure;
mod inputs;
mod job;
mod lead;
mod meter;
mod metric;
mod pace;
mod panics;
pub mod pinning;
mod sampler;
mod session;
mod slots;
mod store;
mod team;

pub use allocations::{AllocationProfile, CountingAllocator};
pub use answer::Answer;
pub use batching::Batching;
pub use bencher::Bencher;
pub use clock::{Clock, ClockDescription};
pub use counters::{COST_COUNTERS, Counter, CounterKind, Counters, LEAST_COUNT, MissingCounter};
pub use failure::{Failure, FailureKind};
pub use inputs::WithInputs;
pub use job::Run;
pub use metric::{Amount, Count, Direction, MetricValue};
pub use pace::{Burst, Pace};
pub use session::{Job, Mode, Samples};
pub use store::Store;

pub(crate) use panics::catch;
