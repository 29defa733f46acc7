//! The machine: what it is, what on it disturbs a measurement, and what disturbed one.
//!
//! Everything is read from `/proc`, `/sys` and `/etc` below a root that tests replace by a made-up
//! one (macOS: from `sysctl`). A file that is missing, empty or full of garbage costs one value and
//! nothing else: the value is [`Stated::Unknown`], or the finding is not made. Nothing is changed.

mod caches;
mod cgroup;
mod cpus;
mod description;
mod disturbance;
mod findings;
mod key;
#[cfg(target_os = "macos")]
mod macos;
mod memory;
mod processor;
mod processor_count;
mod root;
mod stated;
mod virtualization;

pub use caches::{Cache, CacheKind};
pub use description::Host;
pub use disturbance::{Disturbance, Snapshot};
pub use findings::{Finding, Severity, findings};
pub use memory::memory_available;
pub use processor_count::cores;
pub use stated::Stated;

pub(crate) use cpus::{isolated, online, siblings};
#[cfg(test)]
pub(crate) use root::FakeRoot;
pub(crate) use root::Root;
#[cfg(target_os = "linux")]
pub(crate) use virtualization::is_virtual;
