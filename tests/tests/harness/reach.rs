//! Code that a benchmark reaches, however: whatever of it is edited, the benchmark is measured again. In a crate of its
//! own that is built, measured, edited, and built and measured again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::{Program, QUICK, Running};
use super::results::{Results, call_precise};

const MANIFEST: &str = r#"
[package]
name = "reach"
version = "0.0.0"
edition = "2024"

[dependencies]
bitnet-bench = { path = "BITNET_BENCH" }

[workspace]
"#;

/// Each function is reached in another way, and each has a number that an edit changes.
const LIBRARY: &str = r#"
pub fn outer(x: u64) -> u64 { middle(x) + 1 }
#[inline(never)]
fn middle(x: u64) -> u64 { inner(x) ^ 2 }
#[inline(never)]
fn inner(x: u64) -> u64 { x.wrapping_mul(1001) }

pub trait Kernel { fn run(&self, x: u64) -> u64; }
pub struct Plain;
impl Kernel for Plain { fn run(&self, x: u64) -> u64 { x.rotate_left(7) ^ 1002 } }
pub fn kernel() -> Box<dyn Kernel> { Box::new(Plain) }

pub static POINTERS: [fn(u64) -> u64; 1] = [pointed];
fn pointed(x: u64) -> u64 { x.wrapping_add(1003) }

pub static TABLE: [u64; 4] = [3, 1, 4, 1004];

#[inline(always)]
pub fn generic<const N: u64>(x: u64) -> u64 { x % N + 1005 }

pub fn unrelated(x: u64) -> u64 { x / 1006 + 1 }
"#;

const REACHES: &str = r#"
use std::hint::black_box;
use bitnet_bench::bitnet_bench;
bitnet_bench::main!();
/// Long enough for its time to be known well.
fn often(subject: impl Fn(u64) -> u64) -> u64 { (0..200).map(|x| subject(black_box(x))).fold(0, u64::wrapping_add) }
#[bitnet_bench]
fn two_levels_deep() -> u64 { often(reach::outer) }
#[bitnet_bench]
fn behind_a_trait_object() -> u64 { let kernel = black_box(reach::kernel()); often(|x| kernel.run(x)) }
#[bitnet_bench]
fn behind_a_pointer() -> u64 { let pointers = black_box(&reach::POINTERS); often(|x| pointers[0](x)) }
#[bitnet_bench]
fn of_a_table() -> u64 { let table = black_box(&reach::TABLE); often(|x| table[3] ^ x) }
#[bitnet_bench]
fn of_an_inlined_generic() -> u64 { often(reach::generic::<3>) }
"#;

const ANOTHER: &str = r#"
use std::hint::black_box;
use bitnet_bench::bitnet_bench;
bitnet_bench::main!();
#[bitnet_bench]
fn unrelated() -> u64 { (0..200).map(|x| reach::unrelated(black_box(x))).fold(0, u64::wrapping_add) }
"#;

/// The crate, and where its programs are built.
struct Crate {
    program: Program,
    target: PathBuf,
}

impl Crate {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace");
        let program = Program::new("");
        let framework = root.join("bitnet-bench").display().to_string();
        program.write("Cargo.toml", MANIFEST.replace("BITNET_BENCH", &framework));
        // The same versions as the workspace's, so that nothing is fetched.
        program.write("Cargo.lock", fs::read(root.join("Cargo.lock")).expect("the workspace has a lock file"));
        program.write("src/lib.rs", LIBRARY);
        program.write("src/bin/reaches.rs", REACHES);
        program.write("src/bin/another.rs", ANOTHER);
        Self { program, target: Path::new(env!("CARGO_TARGET_TMPDIR")).join("reach") }
    }

    fn build(&self) {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--offline", "--bins"]).current_dir(self.program.folder());
        cargo.env("CARGO_TARGET_DIR", &self.target).env("CARGO_PROFILE_DEV_DEBUG", "false");
        let output = cargo.output().expect("cargo can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Replaces a text of the library.
    fn edit(&self, from: &str, to: &str) {
        let path = self.program.folder().join("src/lib.rs");
        let text = fs::read_to_string(&path).expect("it can be read");
        assert_eq!(text.matches(from).count(), 1, "{from}");
        fs::write(&path, text.replace(from, to)).expect("it can be written");
        self.build();
    }

    /// The cases that were measured, and not carried over.
    fn measured(&self, program: &str) -> Vec<String> {
        let path = self.target.join("debug").join(program);
        let words = [&QUICK[..], &["--output-format", "json", "--incremental"]].concat();
        let output = Running::start(&mut self.program.command_of(&path, words)).finish().ended(0);
        call_precise(&self.program.home());
        let results = Results::from_lines(&output.stdout);
        let anew = results.cases.iter().filter(|(_, case)| case["carried_from"].is_null());
        anew.map(|(id, _)| id.clone()).collect()
    }
}

#[test]
fn whatever_is_edited_is_measured_again() {
    let built = Crate::new();
    built.build();
    assert_eq!((built.measured("reaches").len(), built.measured("another").len()), (5, 1));
    assert_eq!((built.measured("reaches").len(), built.measured("another").len()), (0, 0), "nothing was edited");
    for (number, case) in [
        ("1001", "two_levels_deep"),
        ("1002", "behind_a_trait_object"),
        ("1003", "behind_a_pointer"),
        ("1004", "of_a_table"),
        ("1005", "of_an_inlined_generic"),
    ] {
        built.edit(number, "2001");
        let measured = built.measured("reaches");
        assert!(measured.contains(&format!("reaches/{case}@cpu")), "{case} was edited, measured was {measured:?}");
        assert_eq!(built.measured("another"), [""; 0], "the other program reaches nothing of {case}");
        built.edit("2001", number);
        built.measured("reaches");
    }
    built.edit("1006", "2006");
    assert_eq!((built.measured("reaches").len(), built.measured("another").len()), (0, 1));
}
