//! The tools that read our exports; `scripts/interchange-tools.sh` installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use bitnet_bench_tests::require;

/// Whether they are there; a test without them is skipped.
pub(super) fn there() -> bool {
    let cargos = ["critcmp", "cargo-benchcmp"].iter().all(|tool| Command::new(tool).arg("--help").output().is_ok());
    let found = if cargos && python().is_file() { Ok(()) } else { Err("scripts/interchange-tools.sh installs it") };
    require("interchange", found)
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace")
}

fn in_environment(program: &str) -> PathBuf {
    workspace().join("target/interchange-tools/bin").join(program)
}

fn python() -> PathBuf {
    in_environment("python")
}

/// What a tool prints; it must end well.
#[track_caller]
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the tool can be started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints text");
    assert!(output.status.success(), "{command:?}\n{}\n{}", text(output.stdout), text(output.stderr));
    text(output.stdout)
}

/// What a program of the environment prints, started in a folder.
#[track_caller]
pub(super) fn run_in(folder: &Path, program: &str, arguments: &[&str]) -> String {
    output(Command::new(in_environment(program)).args(arguments).current_dir(folder))
}

/// What a tool of cargo's prints, started in a folder.
#[track_caller]
pub(super) fn cargo_tool(folder: &Path, program: &str, arguments: &[&str]) -> String {
    output(Command::new(program).args(arguments).current_dir(folder))
}

/// What a Python script prints.
#[track_caller]
pub(super) fn script(folder: &Path, script: &str, arguments: &[&str]) -> String {
    run_in(folder, "python", &[&["-c", script], arguments].concat())
}

/// A file of the tests' data.
pub(super) fn data(name: &str) -> String {
    workspace().join("tests/data/interchange").join(name).display().to_string()
}
