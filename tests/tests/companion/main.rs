//! The companion, `cargo bitnet-bench`, built and used as a user would.

mod history;
mod otava;
mod postgres;
#[path = "../harness/program.rs"]
#[allow(dead_code, reason = "the tests of the harness use the rest")]
mod program;
mod trend;
