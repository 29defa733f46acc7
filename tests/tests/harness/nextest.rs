//! cargo-nextest on a small crate of a user's, outside this workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bitnet_bench_tests::require;
use tempfile::TempDir;

use super::program::{Output, Running, WELL_BEHAVED};

const BENCHMARKS: &str = r#"
use bitnet_bench::bitnet_bench;

bitnet_bench::main!();

#[bitnet_bench(n = [1, 2])]
fn square(n: u32) -> u32 {
    std::hint::black_box(n).pow(2)
}

#[bitnet_bench(ignore = "it panics")]
fn panics() {
    panic!("as it was told");
}
"#;

/// The crate, in a folder of its own.
struct UsersCrate(TempDir);

impl UsersCrate {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace");
        let manifest = format!(
            "[package]\nname = \"users-crate\"\nedition = \"2024\"\n\n\
             [dev-dependencies]\nbitnet-bench.path = {:?}\n\n\
             [[bench]]\nname = \"kernels\"\nharness = false\n\n[workspace]\n",
            workspace.join("bitnet-bench")
        );
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder can be made");
            fs::write(path, text).expect("a file can be written");
        };
        write("Cargo.toml", &manifest);
        write("src/lib.rs", "");
        write("benches/kernels.rs", BENCHMARKS);
        // The same versions as here, which are on this machine already, and mostly built.
        fs::copy(workspace.join("Cargo.lock"), folder.path().join("Cargo.lock")).expect("the lock file can be copied");
        Self(folder)
    }

    fn nextest(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO"));
        command.arg("nextest").args(arguments).args(["--offline", "--color", "never"]);
        command.current_dir(self.0.path()).env("CARGO_TARGET_DIR", target()).env("BITNET_BENCH_HOME", "home");
        // What cargo tells this test about its own package is not for the other one; what nextest
        // says of itself is not either, should it run this test.
        let ours = |name: &str| name.starts_with("CARGO_PKG") || name.starts_with("NEXTEST");
        for (name, _) in std::env::vars().filter(|(name, _)| ours(name)) {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running::start(&mut command).finish()
    }
}

/// The target folder that this test was built in: what both need is built once.
fn target() -> PathBuf {
    let folders = Path::new(WELL_BEHAVED).ancestors().skip(1);
    let mut marked = folders.filter(|folder| folder.join("CACHEDIR.TAG").is_file());
    marked.next().expect("cargo marks its target folder").to_owned()
}

#[test]
fn nextest_finds_and_runs_the_cases() {
    let version = Command::new(env!("CARGO")).args(["nextest", "--version"]).output();
    let found = version.is_ok_and(|output| output.status.success()).then_some(());
    if !require("nextest", found.ok_or("cargo-nextest is not installed")) {
        return;
    }
    let users = UsersCrate::new();
    let list = users.nextest(&["list", "--benches", "--message-format", "oneline"]).ended(0);
    for id in ["kernels/square[n=1]@cpu", "kernels/square[n=2]@cpu"] {
        assert!(list.stdout.contains(&format!("users-crate::bench/kernels {id}\n")), "{}", list.stdout);
    }
    assert!(!list.stdout.contains("panics"), "an ignored case is not listed:\n{}", list.stdout);

    users.nextest(&["run", "--benches"]).ended(0).says("2 passed, 1 skipped");
    users.nextest(&["run", "--benches", "n=2"]).ended(0).says("1 test run: 1 passed, 2 skipped");
    let run = users.nextest(&["run", "--benches", "--run-ignored", "all", "--no-fail-fast"]).ended(100);
    run.says("3 tests run: 2 passed, 1 failed").says("as it was told");
}
