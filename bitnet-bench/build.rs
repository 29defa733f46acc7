//! Hands the compiler's version and the build's target to the crate, for its records.
//!
//! `cargo run` shows these variables to the program as well, so that they must not look like settings.

use std::env::var;
use std::path::PathBuf;
use std::process::Command;

fn main() {
    let rustc = var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(rustc).arg("--version").output().ok();
    let version = version.and_then(|output| String::from_utf8(output.stdout).ok());
    let version = version.map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned());
    println!("cargo:rustc-env=BITNET_BUILT_RUSTC={version}");
    for (name, from) in [("TARGET", "TARGET"), ("OPT_LEVEL", "OPT_LEVEL")] {
        println!("cargo:rustc-env=BITNET_BUILT_{name}={}", var(from).unwrap_or_else(|_| "unknown".to_owned()));
    }
    println!("cargo:rustc-env=BITNET_BUILT_PROFILE={}", profile().unwrap_or_default());
    println!("cargo:rerun-if-changed=build.rs");
}

/// The folder of the profile: `OUT_DIR` is `…/PROFILE/build/PACKAGE-HASH/out`.
fn profile() -> Option<String> {
    let out = PathBuf::from(var("OUT_DIR").ok()?);
    Some(out.ancestors().nth(3)?.file_name()?.to_str()?.to_owned())
}
