//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::config::{KEYS, Key, OPTION_KEYS};
use crate::registry::{Ignored, Selection};

/// The hidden flag that makes the executable a worker.
pub(super) const WORKER_FLAG: &str = "--bitnet-bench-worker";

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
    pub(super) resume: bool,
    pub(super) verbose: bool,
    pub(super) quiet: bool,
}

const SELECTION: &str = "Which cases";
const MEASURING: &str = "How to measure";
const RUNNING: &str = "How to run";
const RESULTS: &str = "Results";
const TASKS: &str = "Instead of measuring";

const EXAMPLES: &str = "\
Examples:
  cargo bench                                        every case of every bench target
  cargo bench -- gemv                                cases whose id contains `gemv`
  cargo bench -- gemv size=2560x6912                 … and whose axis `size` has that value
  cargo bench -- --regex '^quant.*@cpu$' --skip i2_s
  cargo bench -- --time 3s --precision 0.005         longer and narrower
  cargo bench -- --save-baseline main                keep this run as `main` …
  cargo bench -- --baseline main                     … and compare with it later
  cargo bench -- --output-format json > run.jsonl
  cargo bench -- --runner 'taskset -c 1' gemv        start the workers through a command
  cargo bench -- --resume                            go on with an interrupted run

Ids read `group/name[axis=value,…]@device`. Settings can also stand in bitnet-bench.toml, in
BITNET_BENCH_… variables and in the attribute; the command line wins.

Exit codes: 0 all went well, 1 a case failed, 2 wrong use or configuration, 130 interrupted.";

/// The flags of libtest that have no meaning here, and are accepted so that tools which pass them
/// work.
const LIBTEST_FLAGS: &[&str] = &["show-output", "report-time", "ensure-time", "exclude-should-panic"];
const LIBTEST_VALUES: &[&str] = &["test-threads", "logfile", "shuffle-tests-seed"];

impl Arguments {
    /// Reads a command line, the program's name first.
    ///
    /// # Errors
    /// With clap's message: a mistake, or the help that was asked for.
    pub(super) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        command().try_get_matches_from(words).map(|matches| Self::from_matches(&matches))
    }

    fn from_matches(matches: &ArgMatches) -> Self {
        Self {
            task: task(matches),
            selection: selection(matches),
            values: values(matches),
            config: matches.get_one("config").cloned(),
            output: matches.get_one("output").cloned(),
            save_baseline: matches.get_one("save-baseline").cloned(),
            baseline: matches.get_one("baseline").cloned(),
            resume: matches.get_flag("resume"),
            verbose: matches.get_flag("verbose"),
            quiet: matches.get_flag("quiet"),
        }
    }
}

/// Cargo passes `--bench` from `cargo bench` and nothing from `cargo test`, which wants each
/// benchmark to be run once.
fn task(matches: &ArgMatches) -> Task {
    if matches.get_flag("list") {
        let terse = matches.get_one::<String>("libtest-format").is_some_and(|format| format == "terse");
        Task::List { terse }
    } else if matches.get_flag("show-config") {
        Task::ShowConfig
    } else if matches.get_flag("test") || !matches.get_flag("bench") {
        Task::Test
    } else {
        Task::Measure
    }
}

fn selection(matches: &ArgMatches) -> Selection {
    let ignored = match (matches.get_flag("ignored"), matches.get_flag("include-ignored")) {
        (true, _) => Ignored::Only,
        (_, true) => Ignored::Include,
        _ => Ignored::Leave,
    };
    let texts = |name| matches.get_many::<String>(name).into_iter().flatten().cloned().collect();
    Selection {
        filters: texts("filter"),
        exact: matches.get_flag("exact"),
        regex: matches.get_flag("regex"),
        skip: texts("skip"),
        tags: texts("tag"),
        devices: texts("device"),
        ignored,
    }
}

/// The settings and options that stand on the command line.
fn values(matches: &ArgMatches) -> Vec<(&'static str, String, String)> {
    let mut values = Vec::new();
    for key in KEYS.iter().chain(OPTION_KEYS) {
        let text = if is_switch(key) {
            matches.get_flag(key.name).then(|| "on".to_owned())
        } else {
            matches.get_one::<String>(key.name).cloned()
        };
        values.extend(text.map(|text| (key.name, text, format!("--{}", flag(key)))));
    }
    values
}

/// The flag of a key.
fn flag(key: &Key) -> String {
    match key.name {
        // libtest's `--format` is another thing.
        "format" => "output-format".to_owned(),
        name => name.replace('_', "-"),
    }
}

/// Whether the flag stands alone.
fn is_switch(key: &Key) -> bool {
    matches!(key.name, "in_process" | "nocapture")
}

/// The text in lines that fit into a terminal of 80 columns, behind clap's indentation. (clap's own
/// wrapping brings two crates along.)
fn wrapped(text: &str) -> String {
    const COLUMNS: usize = 70;
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > COLUMNS {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// The flag of a setting or option.
fn arg_of(key: &'static Key, heading: &'static str) -> Arg {
    let meaning = key.meaning_line();
    let short = meaning.split(['.', ';']).next().unwrap_or(&meaning).to_owned();
    let arg = Arg::new(key.name).long(flag(key)).help_heading(heading).help(short);
    if is_switch(key) {
        return arg.action(ArgAction::SetTrue).long_help(wrapped(&meaning));
    }
    let long = wrapped(&format!("{meaning} Takes {}.", key.takes));
    let arg = arg.value_name(key.name.to_uppercase()).long_help(long);
    arg.allow_hyphen_values(key.name != "runner")
}

fn switch(name: &'static str, heading: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help_heading(heading).help(help).action(ArgAction::SetTrue)
}

fn text(name: &'static str, value: &'static str, heading: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help_heading(heading).help(help)
}

fn command() -> Command {
    Command::new("cargo bench --")
        .about("Measures the benchmarks of this target and says how sure the figures are")
        .after_help(EXAMPLES)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .bin_name("cargo bench --")
        .args(selection_args())
        .args(KEYS.iter().map(|key| arg_of(key, MEASURING)))
        .args(OPTION_KEYS.iter().map(|key| arg_of(key, RUNNING)))
        .arg(path("config", "FILE", RUNNING, "Configuration file, in place of the one that is found"))
        .args(result_args())
        .args(task_args())
        .args(libtest_args())
}

fn path(name: &'static str, value: &'static str, heading: &'static str, help: &'static str) -> Arg {
    text(name, value, heading, help).value_parser(clap::value_parser!(PathBuf))
}

fn selection_args() -> Vec<Arg> {
    let filter = Arg::new("filter")
        .value_name("FILTER")
        .help("Parts of ids, one of which must match, and axis=value, which must hold")
        .num_args(0..);
    vec![
        filter,
        switch("exact", SELECTION, "Filters are whole ids"),
        switch("regex", SELECTION, "Filters and skips are regular expressions"),
        text("skip", "FILTER", SELECTION, "Leave out what matches (repeatable)").action(ArgAction::Append),
        text("tag", "TAG", SELECTION, "Only benchmarks with this tag (repeatable)").action(ArgAction::Append),
        text("device", "DEVICE", SELECTION, "Only cases on this device (repeatable)").action(ArgAction::Append),
        switch("ignored", SELECTION, "Only cases that are marked `ignore`"),
        switch("include-ignored", SELECTION, "Cases that are marked `ignore` as well").conflicts_with("ignored"),
    ]
}

fn result_args() -> Vec<Arg> {
    vec![
        path("output", "FILE", RESULTS, "Write the results there, and the table to the terminal"),
        text("save-baseline", "NAME", RESULTS, "Keep this run as a baseline"),
        text("baseline", "NAME", RESULTS, "Compare this run with a baseline"),
        switch("resume", RESULTS, "Go on with this target's last interrupted run"),
        switch("verbose", RESULTS, "Show everything there is to show"),
        switch("quiet", RESULTS, "Show no progress").short('q'),
    ]
}

fn task_args() -> Vec<Arg> {
    vec![
        switch("list", TASKS, "List the cases"),
        switch("test", TASKS, "Run each case once, to see that it works"),
        switch("show-config", TASKS, "Show every setting with its value and origin"),
    ]
}

/// What cargo and tools that know libtest pass.
fn libtest_args() -> Vec<Arg> {
    let hidden = |arg: Arg| arg.hide(true);
    let formats = PossibleValuesParser::new(["pretty", "terse", "json", "junit"]);
    let mut args = vec![
        hidden(switch("bench", TASKS, "Measure (cargo bench passes it)")),
        hidden(Arg::new("libtest-format").long("format").value_name("FORMAT").value_parser(formats)),
        hidden(Arg::new("unstable").short('Z').value_name("FLAG").action(ArgAction::Append)),
    ];
    args.extend(LIBTEST_FLAGS.iter().map(|&name| hidden(switch(name, TASKS, "libtest's"))));
    args.extend(LIBTEST_VALUES.iter().map(|&name| hidden(text(name, "VALUE", TASKS, "libtest's"))));
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Arguments, clap::Error> {
        Arguments::read(std::iter::once("bench").chain(words.iter().copied()).map(OsString::from))
    }

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn cargo_bench_measures_and_cargo_test_tests() {
        let task = |words: &[&str]| read(words).expect("the words are sound").task;
        assert_eq!(task(&["--bench"]), Task::Measure);
        assert_eq!(task(&[]), Task::Test);
        assert_eq!(task(&["--test", "--bench"]), Task::Test);
        assert_eq!(task(&["--list", "--format", "terse"]), Task::List { terse: true });
        assert_eq!(task(&["--exact", "a/b@cpu", "--nocapture"]), Task::Test);
    }

    #[test]
    fn settings_keep_their_flags() {
        let read =
            read(&["--bench", "--time", "2s", "--output-format=json", "--in-process"]).expect("the words are sound");
        let owned = |key, text: &str, flag: &str| (key, text.to_owned(), flag.to_owned());
        assert_eq!(
            read.values,
            [
                owned("time", "2s", "--time"),
                owned("format", "json", "--output-format"),
                owned("in_process", "on", "--in-process")
            ]
        );
    }

    #[test]
    fn a_mistake_is_told_with_what_was_meant() {
        let error = read(&["--bench", "--sampels", "3"]).expect_err("there is no such flag").to_string();
        assert!(error.contains("--samples"), "{error}");
    }
}
