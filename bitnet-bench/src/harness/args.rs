//! The command line: what the executable is to do.

use std::ffi::OsString;
use std::path::PathBuf;

use super::flags::{self, Written, is_switch, name_of};
use super::incremental::Since;
use super::program::ProgramFlag;
use crate::config::{KEYS, OPTION_KEYS};
use crate::record::ShardNumber;
use crate::registry::{Ignored, Selection};

/// The hidden flag that makes the executable a worker.
pub(super) const WORKER_FLAG: &str = "--bitnet-bench-worker";
/// The hidden flag, without its dashes, that makes the executable tell what there is to measure.
pub(super) const DESCRIBE: &str = "bitnet-bench-describe";

/// What the executable is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Measure the chosen cases.
    Measure,
    /// Run each chosen case once.
    Test,
    /// List the chosen cases.
    List {
        /// For a program, as libtest prints them.
        terse: bool,
    },
    /// Show the configuration.
    ShowConfig,
    /// Tell another program what there is to measure, and how.
    Describe,
    /// Show the help.
    Help,
    /// Show the version.
    Version,
}

/// The command line, read.
#[derive(Clone, Debug)]
pub(super) struct Arguments {
    pub(super) task: Task,
    pub(super) selection: Selection,
    /// Keys of settings and options with their texts and flags.
    pub(super) values: Vec<(&'static str, String, String)>,
    pub(super) config: Option<PathBuf>,
    pub(super) output: Option<PathBuf>,
    pub(super) save_baseline: Option<String>,
    pub(super) baseline: Option<String>,
    pub(super) across_machines: bool,
    pub(super) fail_on: Vec<String>,
    pub(super) resume: bool,
    /// The run since which only what may have changed is measured.
    pub(super) since: Option<Since>,
    /// The part of the cases that is meant.
    pub(super) shard: Option<ShardNumber>,
    /// The run that tells how long each case takes.
    pub(super) shard_by: Option<String>,
    pub(super) verbose: bool,
    pub(super) quiet: bool,
    /// The flags of the bench target's own with their values.
    pub(super) own: Vec<(String, String)>,
}

impl Arguments {
    /// Reads a command line, the program's name first.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn read(words: impl IntoIterator<Item = OsString>, own: &'static [ProgramFlag]) -> Result<Self, String> {
        let written = flags::read(words, own)?;
        if written.has("ignored") && written.has("include-ignored") {
            return Err("--ignored chooses only what is ignored, --include-ignored all: give one of them".to_owned());
        }
        if written.has("shard-by") && !written.has("shard") {
            return Err("--shard-by says how --shard splits the cases: give both".to_owned());
        }
        Ok(Self {
            task: task(&written),
            values: values(&written),
            config: written.value("config").map(PathBuf::from),
            output: written.value("output").map(PathBuf::from),
            save_baseline: written.value("save-baseline").cloned(),
            baseline: written.value("baseline").cloned(),
            across_machines: written.has("across-machines"),
            fail_on: written.values("fail-on"),
            resume: written.has("resume"),
            since: since(&written),
            shard: written.value("shard").map(|text| text.parse()).transpose()?,
            shard_by: written.value("shard-by").cloned(),
            verbose: written.has("verbose"),
            quiet: written.has("quiet"),
            own: own.iter().flat_map(|flag| written.all(flag.name)).collect(),
            selection: selection(written),
        })
    }
}

/// Cargo passes `--bench` from `cargo bench` and nothing from `cargo test`, which wants each
/// benchmark to be run once.
fn task(written: &Written) -> Task {
    let asked = [
        ("help", Task::Help),
        ("version", Task::Version),
        ("show-config", Task::ShowConfig),
        (DESCRIBE, Task::Describe),
    ];
    if let Some((_, task)) = asked.into_iter().find(|(flag, _)| written.has(flag)) {
        return task;
    }
    if written.has("list") {
        Task::List { terse: written.value("format").is_some_and(|format| format == "terse") }
    } else if written.has("test") || !written.has("bench") {
        Task::Test
    } else {
        Task::Measure
    }
}

/// The run that `--incremental` counts changes from.
fn since(written: &Written) -> Option<Since> {
    let named = written.value("incremental-since").cloned().map(Since::Run);
    named.or_else(|| written.has("incremental").then_some(Since::Last))
}

fn selection(written: Written) -> Selection {
    let ignored = match (written.has("ignored"), written.has("include-ignored")) {
        (true, _) => Ignored::Only,
        (_, true) => Ignored::Include,
        _ => Ignored::Leave,
    };
    Selection {
        exact: written.has("exact"),
        regex: written.has("regex"),
        skip: written.values("skip"),
        tags: written.values("tag"),
        devices: written.values("device"),
        ignored,
        filters: written.filters,
    }
}

/// The settings and options that stand on the command line.
fn values(written: &Written) -> Vec<(&'static str, String, String)> {
    let mut values = Vec::new();
    for key in KEYS.iter().chain(OPTION_KEYS) {
        let flag = name_of(key);
        if let Some(text) = written.value(&flag) {
            let text = if is_switch(key) { "on".to_owned() } else { text.clone() };
            values.push((key.name, text, format!("--{flag}")));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &[ProgramFlag] = &[ProgramFlag { name: "weights", value: "FILE", help: "Measure on a model." }];

    fn read(words: &[&str]) -> Result<Arguments, String> {
        Arguments::read(std::iter::once("bench").chain(words.iter().copied()).map(OsString::from), OWN)
    }

    #[test]
    fn cargo_bench_measures_and_cargo_test_tests() {
        let task = |words: &[&str]| read(words).expect("the words are sound").task;
        assert_eq!(task(&["--bench"]), Task::Measure);
        assert_eq!(task(&[]), Task::Test);
        assert_eq!(task(&["--test", "--bench"]), Task::Test);
        assert_eq!(task(&["--list", "--format", "terse"]), Task::List { terse: true });
        assert_eq!(task(&["--exact", "a/b@cpu", "--nocapture"]), Task::Test);
        assert_eq!(task(&["-Z", "unstable-options", "--bench", "-q"]), Task::Measure);
        assert_eq!(task(&["--bench", "-h"]), Task::Help);
    }

    #[test]
    fn settings_keep_their_flags() {
        let words = ["--bench", "--time", "2s", "--output-format=json", "--in-process", "--time", "3s"];
        let owned = |key, text: &str, flag: &str| (key, text.to_owned(), flag.to_owned());
        assert_eq!(
            read(&words).expect("the words are sound").values,
            [
                owned("time", "3s", "--time"),
                owned("format", "json", "--output-format"),
                owned("in_process", "on", "--in-process")
            ]
        );
    }

    #[test]
    fn filters_and_repeated_flags_are_collected() {
        let selection = read(&["a", "--skip", "b", "size=1", "--skip=c", "--", "--d"]).expect("sound").selection;
        assert_eq!(
            (selection.filters, selection.skip),
            (vec!["a".into(), "size=1".into(), "--d".into()], vec!["b".into(), "c".into()])
        );
    }

    #[test]
    fn a_mistake_is_told_with_the_way_out() {
        let error = |words: &[&str]| read(words).expect_err("the words are wrong");
        assert_eq!(error(&["--bench", "--sampels", "3"]), "there is no flag --sampels; did you mean --samples?");
        assert_eq!(error(&["-x"]), "there is no flag -x; --help shows those that there are");
        assert_eq!(error(&["--time"]), "--time takes a value: --time <TIME>");
        assert!(error(&["--quiet=yes"]).contains("quiet"));
        assert!(error(&["--ignored", "--include-ignored"]).contains("one of them"));
    }
}
