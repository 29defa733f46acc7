//! The companion, `cargo bitnet-bench`, built and used as a user would.

mod compare;
#[path = "../harness/program.rs"]
#[allow(dead_code, reason = "the tests of the harness use the rest")]
mod program;
#[path = "../harness/stored.rs"]
#[allow(dead_code, reason = "the tests of the harness use the rest")]
mod stored;
