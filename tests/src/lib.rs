//! What the end-to-end tests share: the rule for tools that a machine may lack, and made-up runs.

mod synthetic;

use std::io::Write;

pub use synthetic::Synthetic;

/// The variable that lists, separated by commas, the tools that must be there.
pub const REQUIRE: &str = "BITNET_BENCH_REQUIRE";

/// Whether a tool that a test needs is there. Where it is not, the test is to return: it is skipped,
/// and `SKIPPED: …` on standard error says so, also when the test's own output is captured.
///
/// ```no_run
/// if !bitnet_bench_tests::require("nextest", Err("cargo-nextest is not installed")) {
///     return;
/// }
/// ```
///
/// # Panics
/// If the tool is not there and [`REQUIRE`] lists it.
pub fn require(tool: &str, found: Result<(), &str>) -> bool {
    let required = std::env::var(REQUIRE).unwrap_or_default();
    decide(tool, found, &required, &mut std::io::stderr())
}

fn decide(tool: &str, found: Result<(), &str>, required: &str, say: &mut dyn Write) -> bool {
    let Err(reason) = found else { return true };
    let is_required = required.split(',').any(|word| word.trim() == tool);
    assert!(!is_required, "{REQUIRE} lists {tool}, and {reason}");
    // That the skip cannot be shown is no reason to fail.
    let _ = writeln!(say, "SKIPPED: needs {tool}: {reason}");
    false
}

#[cfg(test)]
mod tests {
    use super::decide;

    #[test]
    fn a_missing_tool_is_skipped_visibly() {
        let mut said = Vec::new();
        assert!(decide("gpu", Ok(()), "gpu", &mut said));
        assert!(said.is_empty());
        assert!(!decide("gpu", Err("there is none"), "browser, valgrind", &mut said));
        assert_eq!(String::from_utf8_lossy(&said), "SKIPPED: needs gpu: there is none\n");
    }

    #[test]
    #[should_panic(expected = "lists valgrind, and it is not installed")]
    fn a_required_tool_must_be_there() {
        decide("valgrind", Err("it is not installed"), "browser, valgrind", &mut std::io::sink());
    }
}
