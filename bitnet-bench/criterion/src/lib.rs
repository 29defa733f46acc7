//! The door to [`bitnet_bench::criterion`] for files that say `criterion`:
//!
//! ```toml
//! [dev-dependencies]
//! criterion = { package = "bitnet-bench-criterion", version = "0.1" }
//! ```
//!
//! With that line in place of criterion's own, `use criterion::{criterion_group, criterion_main, Criterion};`
//! means this harness, and the file stays as it is.

pub use bitnet_bench::criterion::*;
