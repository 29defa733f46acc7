//! # bitnet-bench
//!
//! Annotate a function, run `cargo bench`, get an answer to trust: how fast, with what confidence,
//! and is that better or worse than before.
//!
//! ```
//! use bitnet_bench::{Bencher, bitnet_bench};
//!
//! #[bitnet_bench(sizes = [1_024, 65_536])]
//! fn sum(b: &mut Bencher, size: usize) {
//!     let numbers: Vec<u32> = (0..size as u32).collect();
//!     b.items(size).iter(|| numbers.iter().copied().fold(0, u32::wrapping_add));
//! }
//! # fn main() {}
//! ```
//!
//! A bench target needs `harness = false` in `Cargo.toml` and `bitnet_bench::main!();` in its file.
//! The attribute is documented at [`macro@bitnet_bench`]; the way of the data is that of the modules:
//!
//! | module | takes → gives |
//! |---|---|
//! | [`config`] | defaults < file < environment < attribute < command line → the settings of a case |
//! | [`host`] | the machine → its description, its key, what disturbs measurements on it |
//! | [`device`] | a device's name → something that can run a subject |
//! | [`measure`] | a subject and its settings → raw samples |
//! | [`registry`] | what the attributes submitted → benchmarks → cases |
//! | [`stats`] | numbers → numbers |
//! | [`record`] | samples → the versioned data model, its files |
//! | [`compare`] | two records → verdicts |
//! | [`report`] | records and comparisons → text |
//! | [`harness`] | the program behind `cargo bench`, and [`Suite`], the same as a library call |
//! | `criterion` | criterion's public API on this harness, with the feature of that name |
//! | `companion` | the program behind `cargo bitnet-bench`, with the feature of that name |
//!
//! Each module uses those above it only.

// The attribute's expansion names this crate, also in its own examples and tests.
#[allow(unused_extern_crates, reason = "it is used where the attribute is")]
extern crate self as bitnet_bench;

#[cfg(feature = "companion")]
pub mod companion;
pub mod compare;
pub mod config;
#[cfg(feature = "criterion")]
pub mod criterion;
pub mod device;
mod digest;
#[cfg(feature = "companion")]
mod escapes;
mod glob;
pub mod harness;
pub mod host;
pub mod measure;
mod order;
pub mod record;
pub mod registry;
pub mod report;
pub mod stats;

#[doc(hidden)]
#[path = "macro_support.rs"]
pub mod __private;

pub use bitnet_bench_macros::{bitnet_bench, bitnet_bench_group};
pub use device::Device;
pub use harness::{CaseResult, Run, Suite, Target};
pub use measure::{Amount, Bencher, CountingAllocator, Direction, Failure};
