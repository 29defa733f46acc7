//! The companion, `cargo bitnet-bench`, built and used as a user would.

mod lockstep;
#[path = "../harness/program.rs"]
#[allow(dead_code, reason = "the tests of the harness use the rest")]
mod program;

/// The companion's program.
const COMPANION: &str = env!("CARGO_BIN_EXE_companion");
