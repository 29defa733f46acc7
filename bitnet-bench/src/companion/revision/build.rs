//! Building bench targets, and finding their executables.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use serde::Deserialize;

/// What is handed to cargo.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What to build")]
pub(in super::super) struct BuildArguments {
    /// Build the bench targets of this package only.
    #[arg(long, short, value_name = "PACKAGE")]
    package: Vec<String>,
    /// Build this bench target only.
    #[arg(long, value_name = "TARGET")]
    bench: Vec<String>,
    /// Build with these features.
    #[arg(long, short = 'F', value_name = "FEATURES")]
    features: Vec<String>,
    /// Build with all features.
    #[arg(long)]
    all_features: bool,
    /// Build without default features.
    #[arg(long)]
    no_default_features: bool,
    /// Build in this profile, in place of `bench`.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
}

impl BuildArguments {
    fn words(&self) -> Vec<&str> {
        let lists = [("--package", &self.package), ("--bench", &self.bench), ("--features", &self.features)];
        let mut words = Vec::new();
        for (flag, values) in lists {
            for value in values {
                words.extend([flag, value]);
            }
        }
        if let Some(profile) = &self.profile {
            words.extend(["--profile", profile]);
        }
        let switches = [("--all-features", self.all_features), ("--no-default-features", self.no_default_features)];
        words.extend(switches.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag));
        if self.bench.is_empty() {
            words.push("--benches");
        }
        words
    }
}

/// The executable of a bench target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Built {
    pub(in super::super) executable: PathBuf,
    /// The folder of its package, which cargo would start it in.
    pub(in super::super) folder: Option<PathBuf>,
}

/// What cargo says of one thing that it built.
#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<TargetMessage>,
    manifest_path: Option<PathBuf>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct TargetMessage {
    kind: Vec<String>,
}

/// Builds the bench targets of a folder's package or workspace. Cargo's own words go to standard error, as ever.
///
/// # Errors
/// If cargo cannot be started, or what it says: the build failed.
pub(in super::super) fn build(
    folder: &Path,
    target: Option<&Path>,
    arguments: &BuildArguments,
) -> Result<Vec<Built>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["bench", "--no-run", "--message-format=json-render-diagnostics"]).args(arguments.words());
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped());
    if let Some(target) = target {
        command.env("CARGO_TARGET_DIR", target);
    }
    let mut cargo = command.spawn().map_err(|error| format!("cargo cannot be started: {error}"))?;
    let output = cargo.stdout.take().map(BufReader::new);
    let lines = output.into_iter().flat_map(BufRead::lines).map_while(Result::ok);
    let built: Vec<Built> = lines.filter_map(|line| bench_target(&line)).collect();
    let status = cargo.wait().map_err(|error| format!("cargo was lost: {error}"))?;
    if status.success() { Ok(built) } else { Err(format!("`cargo bench --no-run` in {} failed", folder.display())) }
}

fn bench_target(line: &str) -> Option<Built> {
    let message: Message = serde_json::from_str(line).ok()?;
    message.target.filter(|target| message.reason == "compiler-artifact" && is_bench(target))?;
    let folder = message.manifest_path.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    Some(Built { executable: message.executable?, folder })
}

fn is_bench(target: &TargetMessage) -> bool {
    target.kind.iter().any(|kind| kind == "bench")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bench_targets_are_told_from_the_rest() {
        let artifact = |kind: &str, executable: &str| {
            bench_target(&format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/p/Cargo.toml","target":{{"kind":["{kind}"],"name":"gemv"}},"executable":{executable}}}"#
            ))
        };
        let built = Built { executable: PathBuf::from("/t/gemv-1"), folder: Some(PathBuf::from("/p")) };
        assert_eq!(artifact("bench", "\"/t/gemv-1\""), Some(built));
        assert_eq!(artifact("lib", "null"), None);
        assert_eq!(artifact("bin", "\"/t/gemv-1\""), None);
        assert_eq!(bench_target(r#"{"reason":"build-finished","success":true}"#), None);
        assert_eq!(bench_target("warning: not JSON"), None);
    }

    #[test]
    fn arguments_reach_cargo_as_they_were_written() {
        let arguments = BuildArguments {
            package: vec!["one".to_owned()],
            features: vec!["a,b".to_owned()],
            profile: Some("release".to_owned()),
            no_default_features: true,
            ..BuildArguments::default()
        };
        let words = "--package one --features a,b --profile release --no-default-features --benches";
        assert_eq!(arguments.words().join(" "), words);
        let one = BuildArguments { bench: vec!["gemv".to_owned()], ..BuildArguments::default() };
        assert_eq!(one.words(), ["--bench", "gemv"]);
    }
}
