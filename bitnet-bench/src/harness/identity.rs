//! What identifies a run: its executable, its compiler, the state of its sources, its name.

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;

use crate::digest::Digest;
use crate::host::Stated;
use crate::record::{Git, Shard, Toolchain};

/// The bench target that runs, as cargo knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The name of the target.
    pub name: &'static str,
    /// The package.
    pub package: &'static str,
}

/// The [`Target`] that is being compiled.
#[macro_export]
macro_rules! target {
    () => {
        $crate::Target {
            name: match ::core::option_env!("CARGO_CRATE_NAME") {
                ::core::option::Option::Some(name) => name,
                ::core::option::Option::None => "bench",
            },
            package: match ::core::option_env!("CARGO_PKG_NAME") {
                ::core::option::Option::Some(name) => name,
                ::core::option::Option::None => "",
            },
        }
    };
}

/// Start of a run, RFC 3339 in UTC, to the second.
pub(super) fn timestamp(at: SystemTime) -> String {
    humantime::format_rfc3339_seconds(at).to_string()
}

/// The id of a run: when it started, what ran, which part of it, which process it was, and which of its runs, unless it
/// is the first. Shards may share a store between machines, where processes have the same numbers.
pub(super) fn run_id(at: SystemTime, target: &str, shard: Option<&Shard>) -> String {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let compact: String = timestamp(at).chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let part = shard.map_or_else(String::new, |shard| format!("{}of{}-", shard.number, shard.of));
    let process = std::process::id();
    match RUNS.fetch_add(1, Ordering::Relaxed) {
        0 => format!("{compact}-{target}-{part}{process:x}"),
        earlier => format!("{compact}-{target}-{part}{process:x}-{}", earlier + 1),
    }
}

/// The compiler and how the executable was built.
pub(super) fn toolchain() -> Toolchain {
    Toolchain {
        rustc: env!("BITNET_BUILT_RUSTC").to_owned(),
        target: env!("BITNET_BUILT_TARGET").to_owned(),
        opt_level: env!("BITNET_BUILT_OPT_LEVEL").to_owned(),
        debug_assertions: cfg!(debug_assertions),
        profile: Some(env!("BITNET_BUILT_PROFILE")).filter(|profile| !profile.is_empty()).map(str::to_owned),
        instruction_sets: instruction_sets().into_iter().map(str::to_owned).collect(),
    }
}

/// The instruction sets that the compiler may use without asking the processor.
fn instruction_sets() -> Vec<&'static str> {
    macro_rules! of {
        ($($name:literal),+) => { [$(($name, cfg!(target_feature = $name))),+] };
    }
    let all = of!("avx2", "fma", "avx512f", "avx512bw", "avx512vnni", "avxvnni", "neon", "dotprod", "i8mm", "sve");
    all.into_iter().filter_map(|(name, enabled)| enabled.then_some(name)).collect()
}

/// A hash of a file's content, or why there is none.
pub(super) fn executable_hash(path: &Path) -> String {
    Digest::of_file(path).map_or_else(|error| format!("unknown: {error}"), Digest::text)
}

/// The state of the sources in the current folder.
pub(super) fn git() -> Stated<Git> {
    let git = |arguments: &[&str]| -> Result<String, String> {
        let output = Command::new("git").args(arguments).output().map_err(|error| format!("git: {error}"))?;
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(complaint.lines().next().unwrap_or("git failed").to_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let state = || -> Result<Git, String> {
        Ok(Git {
            commit: git(&["rev-parse", "HEAD"])?,
            branch: git(&["symbolic-ref", "--short", "--quiet", "HEAD"]).ok(),
            dirty: !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty(),
        })
    };
    state().map_or_else(Stated::Unknown, Stated::Known)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_run_s_id_sorts_by_time() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        assert_eq!(timestamp(at), "2001-09-09T01:46:40Z");
        assert!(run_id(at, "quantization", None).starts_with("20010909T014640Z-quantization-"));
        let shard = Shard { number: 2, of: 8, split: String::new() };
        assert!(run_id(at, "quantization", Some(&shard)).starts_with("20010909T014640Z-quantization-2of8-"));
    }
}
