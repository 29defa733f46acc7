//! The options of one run: what holds for all of its cases.

use std::path::PathBuf;

use super::bytes::MemoryLimit;
use super::pin::Pin;
use super::table::table;
use super::value::named;

named! {
    /// When the terminal's output has colors.
    Color {
        /// When it goes to a terminal that shows them and `NO_COLOR` is not set.
        Auto = "auto",
        /// Always.
        Always = "always",
        /// Never.
        Never = "never",
    }
}

named! {
    /// The form in which a run's results are printed.
    Format {
        /// A table for a person.
        Terminal = "terminal",
        /// JSON lines.
        Json = "json",
        /// Comma-separated values.
        Csv = "csv",
        /// A Markdown table.
        Markdown = "markdown",
    }
}

/// Options that no figure depends on.
pub(crate) const WITHOUT_EFFECT: [&str; 5] = ["color", "format", "home", "nocapture", "shuffle_seed"];

table! {
    /// How one run is made: what holds for all of its cases, every value settled.
    struct Options of "option";
    /// Every option, in the order of the table.
    const OPTION_KEYS;
    /// Command that workers are started through, such as `valgrind` or `ssh HOST`; blanks separate
    /// its words and quotes keep blanks within one.
    runner: Vec<String> = Vec::new(); "a command with its arguments, every quote closed", |_| true;
    /// The cores that measuring threads stay on.
    pin: Pin = Pin::Auto; "`auto`, `off`, or core numbers such as `2` or `2,4-7`", |_| true;
    /// Whether hardware and software events are counted.
    counters: bool = true; "`on` or `off`", |_| true;
    /// When the output has colors.
    color: Color = Color::Auto; "`auto`, `always` or `never`", |_| true;
    /// Folder of the store; `auto` is `bitnet-bench` in cargo's target folder. In a file, a
    /// relative path is relative to the file's own folder.
    home: Option<PathBuf> = None; "a folder, or `auto`", |_| true;
    /// The form in which results are printed.
    format: Format = Format::Terminal; "`terminal`, `json`, `csv` or `markdown`", |_| true;
    /// Memory that a worker may take before its case fails; `auto` derives it from the machine's.
    memory_limit: MemoryLimit = MemoryLimit::Auto; "`auto`, `off`, or a size from 1MiB such as `2GiB`", |v| !matches!(v, MemoryLimit::Bytes(bytes) if *bytes < 1 << 20);
    /// Seed of the order in which each launch measures the cases; `auto` is another one each run.
    shuffle_seed: Option<u64> = None; "a whole number from 0 to 2^64-1, or `auto`", |_| true;
    /// Whether one process measures everything, for debuggers and profilers.
    in_process: bool = false; "`on` or `off`", |_| true;
    /// Whether what the subjects print is passed on instead of kept for failures.
    nocapture: bool = false; "`on` or `off`", |_| true;
}
