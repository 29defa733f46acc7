//! The memory suite: how fast a pool hands out and takes back, how well it uses what it holds, and how fast memory is.
//!
//! ```no_run
//! use bitnet_benchmarks::reference::pool::HybridPool;
//! use bitnet_benchmarks::{AllocationPattern, MemoryBenchmarks};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let results = MemoryBenchmarks::new()
//!         .pool(HybridPool::new())
//!         .allocation_pattern(AllocationPattern::Mixed)
//!         .block_sizes([1024, 4096, 1 << 20])
//!         .run()?;
//!     println!("{:.0} requests/s", results.throughput);
//!     Ok(())
//! }
//! ```
//!
//! | group | asks |
//! |---|---|
//! | `allocation` | what a request and its release take, by size, at one and two threads, and with the pages touched |
//! | `latency` | what the slow requests take: the median and the tail of single requests |
//! | `pattern` | what a request takes in each order of requests and releases |
//! | `transformer` | what a forward pass' buffers take, and how much of the memory held they use |
//! | `fragmentation` | how much is lost to holes and to rounding once a pool has aged |
//! | `pressure` | what a pool does at its limit, and whether it recovers |
//! | `tracking` | what it takes to record blocks |
//! | `reclaim` | what it takes to give memory back, and to find leaks |
//! | `bandwidth` | how fast memory itself is: see [`bandwidth`] |
//! | `device` | a graphics processor's memory: see [`device`] |
//!
//! Before each case is timed, its pool passes the [`gate`]: blocks are aligned, apart, and keep what is written to them.

pub mod bandwidth;
mod benchmarks;
mod cases;
pub mod device;
mod entrant;
pub mod gate;
mod percentiles;
mod plan;
pub mod read;
mod results;
pub mod trace;

pub use benchmarks::MemoryBenchmarks;
pub use percentiles::Percentiles;
pub use results::{MemoryCase, MemoryResults};
pub use trace::AllocationPattern;
