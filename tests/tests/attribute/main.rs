//! The attribute `#[bitnet_bench]`: what it accepts, what it refuses, and what it registers.

#![allow(missing_docs, dead_code, reason = "these functions are there to be annotated")]

mod accepted;
mod kinds;
mod labels;
mod outcomes;
mod registered;

use bitnet_bench::Failure;
use bitnet_bench::config::Settings;
use bitnet_bench::measure::{Job, Mode, Store};
use bitnet_bench::registry::{Case, Registry};
use bitnet_bench_tests::require;

/// Everything that this program registers.
fn registry() -> Registry {
    Registry::collect().unwrap_or_else(|error| panic!("{error}"))
}

/// The cases of a group.
fn cases_of(group: &str) -> Vec<Case> {
    registry().cases().iter().filter(|case| case.group() == group).cloned().collect()
}

/// The cases of a benchmark, without the group and the device in their ids.
fn ids_of(group: &str, name: &str) -> Vec<String> {
    let cases = cases_of(group).into_iter().filter(|case| case.name() == name);
    cases
        .map(|case| case.id().trim_start_matches(group).trim_start_matches('/').trim_end_matches("@cpu").to_owned())
        .collect()
}

/// Runs a case once, with its check.
fn test(case: &Case) -> Result<(), Failure> {
    let settings = Settings::default();
    let (device, store) = (bitnet_bench::Device::cpu(), Store::default());
    let job = Job {
        mode: Mode::Test,
        batching: None,
        pace: None,
        settings: &settings,
        device: &device,
        threads: case.threads(),
        cores: &[],
        counters: false,
        store: &store,
    };
    job.run(&|bencher| case.run(bencher)).map(|_| ())
}

/// Each misuse is an error that says what to write. The texts beside the programs are to be read
/// when they change: would they help a stranger?
#[test]
fn misuse_is_refused_in_words() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    // Where the types are wrong it is the compiler that speaks, and each version words it anew.
    const WORDED_BY: &str = "1.95";
    let version = std::process::Command::new("rustc").arg("--version").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let same = version.starts_with(&format!("rustc {WORDED_BY}."));
    let found = if same { Ok(()) } else { Err("this is another rustc than the one whose words are expected") };
    if require("rustc-1.95", found) {
        cases.compile_fail("tests/ui/worded_by_rustc/*.rs");
    }
}

#[test]
fn everything_accepted_runs() {
    let all = registry();
    let accepted =
        all.cases().iter().filter(|case| case.source().module.contains("::accepted") && case.ignored().is_none());
    let failed: Vec<_> =
        accepted.filter_map(|case| test(case).err().map(|failure| (case.id().to_owned(), failure))).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}
