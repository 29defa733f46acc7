//! The companion, `cargo bitnet-bench`, built and used as a user would.

mod compare;
mod history;
mod interchange;
mod lockstep;
mod merge;
mod otava;
mod postgres;
#[path = "../harness/program.rs"]
#[allow(dead_code, reason = "the tests of the harness use the rest")]
mod program;
#[cfg(unix)]
mod recipes;
#[path = "../harness/results.rs"]
#[allow(dead_code, reason = "the tests of the harness use the rest")]
mod results;
#[cfg(unix)]
mod revisions;
#[path = "../harness/stored.rs"]
#[allow(dead_code, reason = "the tests of the harness use the rest")]
mod stored;
mod trend;
mod upload;

/// The companion's program.
const COMPANION: &str = env!("CARGO_BIN_EXE_companion");
