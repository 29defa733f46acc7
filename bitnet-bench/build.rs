//! Hands the compiler's version and the build's target to the crate, for its records.

use std::env::var;
use std::process::Command;

fn main() {
    let rustc = var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = Command::new(rustc).arg("--version").output().ok();
    let version = version.and_then(|output| String::from_utf8(output.stdout).ok());
    let version = version.map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned());
    println!("cargo:rustc-env=BITNET_BENCH_RUSTC={version}");
    for (name, from) in [("TARGET", "TARGET"), ("OPT_LEVEL", "OPT_LEVEL")] {
        println!("cargo:rustc-env=BITNET_BENCH_{name}={}", var(from).unwrap_or_else(|_| "unknown".to_owned()));
    }
    println!("cargo:rerun-if-changed=build.rs");
}
