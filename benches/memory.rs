//! The memory suite: allocators and the reference pool side by side, and how fast memory itself is.
//!
//! ```text
//! cargo bench --package bitnet-benchmarks --bench memory                       # everything
//! cargo bench --package bitnet-benchmarks --bench memory -- pool=hybrid        # one pool
//! cargo bench --package bitnet-benchmarks --bench memory -- transformer        # one group
//! cargo bench --package bitnet-benchmarks --bench memory -- --include-ignored  # long sweeps as well
//! ```
//!
//! What is measured is told in [`bitnet_benchmarks::memory`]. A pool of your own joins with one line, as those in
//! [`pools`] do; what has no pool to measure, arenas and epochs, stands in `memory/reclamation.rs`.

#[path = "memory/allocators.rs"]
mod allocators;
#[path = "memory/reclamation.rs"]
mod reclamation;

use bitnet_bench::registry::Definition;
use bitnet_benchmarks::memory::{MemoryBenchmarks, bandwidth, device};
use bitnet_benchmarks::reference::pool::HybridPool;

use crate::allocators::{Global, Talc};

bitnet_bench::main!();

bitnet_bench::register!(pools);
bitnet_bench::register!(bandwidth::definitions);
bitnet_bench::register!(device::definitions);

/// The pools side by side, each a value of the axis `pool`.
fn pools() -> Vec<Definition> {
    let benchmarks = MemoryBenchmarks::new()
        .pool(Global::new("system", &std::alloc::System))
        .pool(Global::new("mimalloc", &mimalloc::MiMalloc))
        .pool(Talc::new())
        .pool(HybridPool::new());
    #[cfg(feature = "peer-jemalloc")]
    let benchmarks = benchmarks.pool(Global::new("jemalloc", &tikv_jemallocator::Jemalloc));
    #[cfg(not(feature = "peer-jemalloc"))]
    let benchmarks = benchmarks.absent("jemalloc", "built without jemalloc: add --features peer-jemalloc");
    benchmarks.definitions()
}
