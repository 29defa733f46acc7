//! `cargo bitnet-bench COMMAND`: works on what `cargo bench` has measured.

use std::process::ExitCode;

fn main() -> ExitCode {
    bitnet_bench::companion::main()
}
