//! The flags of the command line: one table, by which it is read and its help is written.

use std::ffi::OsString;

use lexopt::{Arg, Parser};

use super::program::ProgramFlag;
use crate::config::{KEYS, Key, OPTION_KEYS, suggest};

/// A flag.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    /// Its name, without the dashes.
    pub(super) name: String,
    /// What its value is called; a switch has none.
    value: Option<String>,
    heading: &'static str,
    help: String,
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    /// Flags with their values; a switch has an empty one.
    pub(super) flags: Vec<(String, String)>,
    /// The arguments that are no flags.
    pub(super) filters: Vec<String>,
}

impl Written {
    /// Whether a switch was written.
    pub(super) fn has(&self, name: &str) -> bool {
        self.flags.iter().any(|(flag, _)| flag == name)
    }

    /// The last value of a flag.
    pub(super) fn value(&self, name: &str) -> Option<&String> {
        self.flags.iter().rev().find(|(flag, _)| flag == name).map(|(_, value)| value)
    }

    /// A flag with each of its values.
    pub(super) fn all(&self, name: &str) -> Vec<(String, String)> {
        self.flags.iter().filter(|(flag, _)| flag == name).cloned().collect()
    }

    /// All values of a flag.
    pub(super) fn values(&self, name: &str) -> Vec<String> {
        self.flags.iter().filter(|(flag, _)| flag == name).map(|(_, value)| value.clone()).collect()
    }
}

const OWN: &str = "Of this bench target";
const SELECTION: &str = "Which cases";
const MEASURING: &str = "How to measure";
const RUNNING: &str = "How to run";
const RESULTS: &str = "Results";
const TASKS: &str = "Instead of measuring";
/// What cargo, tools that know libtest, and the companion pass; it is accepted and not shown.
const LIBTEST: &str = "";

/// The flags that are neither settings nor options: heading, name, value, help.
const OTHERS: &[(&str, &str, &str, &str)] = &[
    (SELECTION, "exact", "", "Filters are whole ids."),
    (SELECTION, "regex", "", "Filters and skips are regular expressions."),
    (SELECTION, "skip", "FILTER", "Leave out what matches. Can be repeated."),
    (SELECTION, "tag", "TAG", "Only benchmarks with this tag. Can be repeated."),
    (SELECTION, "device", "DEVICE", "Only cases on this device. Can be repeated."),
    (SELECTION, "ignored", "", "Only cases that are marked `ignore`."),
    (SELECTION, "include-ignored", "", "Cases that are marked `ignore` as well."),
    (
        SELECTION,
        "shard",
        "K/N",
        "Only the K-th of N parts of what is chosen, split evenly; `cargo bitnet-bench merge` joins the parts.",
    ),
    (
        SELECTION,
        "shard-by",
        "RUN",
        "Split by how long each case took in that run (a file, a baseline, an id, `latest`), which must be the same for \
         every part. Without it, by the time that its settings give a case.",
    ),
    (
        SELECTION,
        "incremental",
        "",
        "Measure only what may have changed since this target's last whole run; carry the rest over.",
    ),
    (SELECTION, "incremental-since", "RUN", "The same since that run (a file, a baseline, an id, `latest`)."),
    (RUNNING, "config", "FILE", "Configuration file, in place of the one that is found."),
    (RESULTS, "output", "FILE", "Write the results there, and the table to the terminal."),
    (RESULTS, "save-baseline", "NAME", "Keep this run as a baseline."),
    (RESULTS, "baseline", "NAME", "Compare this run with a baseline."),
    (
        RESULTS,
        "fail-on",
        "CONDITIONS",
        "With --baseline: fail, with exit code 3, on `regression`, `regression:5%`, `regression:major`, `inconclusive`, \
         `missing`, `failed`, separated by commas; `none` switches the configuration's gate off. Can be repeated.",
    ),
    (RESULTS, "across-machines", "", "With --baseline: compare with another machine's, or under another runner."),
    (RESULTS, "resume", "", "Go on with this target's last interrupted run."),
    (RESULTS, "verbose", "", "Show everything there is to show."),
    (RESULTS, "quiet", "", "Show no progress. Also -q."),
    (TASKS, "list", "", "List the cases."),
    (TASKS, "test", "", "Run each case once, to see that it works."),
    (TASKS, "show-config", "", "Show every setting with its value and origin."),
    (TASKS, "help", "", "Show this. Also -h."),
    (TASKS, "version", "", "Show the version. Also -V."),
    (LIBTEST, "bench", "", ""),
    (LIBTEST, super::args::DESCRIBE, "", ""),
    (LIBTEST, "format", "FORMAT", ""),
    (LIBTEST, "show-output", "", ""),
    (LIBTEST, "no-capture", "", ""),
    (LIBTEST, "report-time", "", ""),
    (LIBTEST, "ensure-time", "", ""),
    (LIBTEST, "exclude-should-panic", "", ""),
    (LIBTEST, "test-threads", "N", ""),
    (LIBTEST, "logfile", "FILE", ""),
];

const SHORTS: &[(char, &str)] = &[('q', "quiet"), ('h', "help"), ('V', "version")];

/// The flag of a setting or option.
pub(super) fn name_of(key: &Key) -> String {
    match key.name {
        // libtest's `--format` is another thing.
        "format" => "output-format".to_owned(),
        name => name.replace('_', "-"),
    }
}

/// Whether the flag of a setting or option stands alone.
pub(super) fn is_switch(key: &Key) -> bool {
    matches!(key.name, "in_process" | "nocapture")
}

/// Every flag; `own` are those of the bench target.
fn table(own: &[ProgramFlag]) -> Vec<Flag> {
    let own = own.iter().map(|flag| Flag {
        name: flag.name.to_owned(),
        value: Some(flag.value.to_owned()),
        heading: OWN,
        help: flag.help.to_owned(),
    });
    let mut flags: Vec<Flag> = own.collect();
    for (keys, heading) in [(KEYS, MEASURING), (OPTION_KEYS, RUNNING)] {
        for key in keys {
            let (value, help) = match is_switch(key) {
                true => (None, key.meaning_line()),
                false => (Some(key.name.to_uppercase()), format!("{} Takes {}.", key.meaning_line(), key.takes)),
            };
            flags.push(Flag { name: name_of(key), value, heading, help });
        }
    }
    for (heading, name, value, help) in OTHERS {
        let value = (!value.is_empty()).then(|| (*value).to_owned());
        flags.push(Flag { name: (*name).to_owned(), value, heading, help: (*help).to_owned() });
    }
    flags
}

/// Reads a command line, the program's name first.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn read(words: impl IntoIterator<Item = OsString>, own: &[ProgramFlag]) -> Result<Written, String> {
    let table = table(own);
    let mut parser = Parser::from_iter(words);
    let mut written = Written::default();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        let name = match argument {
            Arg::Value(filter) => {
                written.filters.push(text(filter)?);
                continue;
            }
            Arg::Short('Z') => {
                // libtest's unstable flags, which tools pass before `--format json` and the like.
                parser.value().map_err(|error| error.to_string())?;
                continue;
            }
            Arg::Short(short) => {
                let known = SHORTS.iter().find(|(known, _)| *known == short);
                known.map(|(_, name)| (*name).to_owned()).ok_or_else(|| unknown(&format!("-{short}"), &table))?
            }
            Arg::Long(long) => long.to_owned(),
        };
        let flag = table.iter().find(|flag| flag.name == name);
        let flag = flag.ok_or_else(|| unknown(&format!("--{name}"), &table))?;
        let value = match &flag.value {
            Some(value) => text(parser.value().map_err(|_| format!("--{name} takes a value: --{name} <{value}>"))?)?,
            None => String::new(),
        };
        written.flags.push((name, value));
    }
    Ok(written)
}

fn text(word: OsString) -> Result<String, String> {
    word.into_string().map_err(|word| format!("`{}` is not UTF-8", word.to_string_lossy()))
}

fn unknown(written: &str, table: &[Flag]) -> String {
    let names = table.iter().map(|flag| flag.name.as_str());
    let meant = suggest(written.trim_start_matches('-'), names);
    let meant =
        meant.map_or_else(|| "; --help shows those that there are".to_owned(), |m| format!("; did you mean --{m}?"));
    format!("there is no flag {written}{meant}")
}

/// The help, in lines that fit into a terminal of 80 columns.
pub(super) fn help(own: &[ProgramFlag]) -> String {
    let table = table(own);
    let mut help = String::from(
        "Measures the benchmarks of this target, and says how sure the figures are.\n\n\
         Usage: cargo bench -- [FILTER]... [FLAGS]\n\n\
         A FILTER is a part of an id, one of which must match, or axis=value, which\n\
         must hold.\n",
    );
    for heading in [OWN, SELECTION, MEASURING, RUNNING, RESULTS, TASKS] {
        let mut flags = table.iter().filter(|flag| flag.heading == heading).peekable();
        if flags.peek().is_some() {
            help.push_str(&format!("\n{heading}:\n"));
        }
        for flag in flags {
            let value = flag.value.as_ref().map_or(String::new(), |value| format!(" <{value}>"));
            help.push_str(&format!("  --{}{value}\n", flag.name));
            add_wrapped(&mut help, &flag.help);
        }
    }
    help.push('\n');
    help.push_str(EXAMPLES);
    help
}

/// Adds a text in indented lines.
fn add_wrapped(help: &mut String, text: &str) {
    const COLUMNS: usize = 78;
    const INDENT: &str = "       ";
    let mut line = INDENT.to_owned();
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > COLUMNS {
            help.push_str(&line);
            help.push('\n');
            line = INDENT.to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    help.push_str(&line);
    help.push('\n');
}

const EXAMPLES: &str = "\
Examples:
  cargo bench                                   every case of every bench target
  cargo bench -- gemv                           cases whose id contains `gemv`
  cargo bench -- gemv size=2560x6912            … and that have this size
  cargo bench -- --regex '^quant.*@cpu$' --skip i2_s
  cargo bench -- --time 3s --precision 0.005    longer and narrower
  cargo bench -- --save-baseline main           keep this run as `main` …
  cargo bench -- --baseline main                … and compare with it later
  cargo bench -- --baseline main --fail-on regression:5%,missing
  cargo bench -- --output-format json > run.jsonl
  cargo bench -- --runner 'nice -n -5' gemv     start workers through a command
  cargo bench -- --resume                       go on with an interrupted run
  cargo bench -- --shard 2/8                    the second of eight parts
  cargo bench -- --incremental                  only what may have changed

An id reads `group/name[axis=value,…]@device`. Settings can also stand in
bitnet-bench.toml, in BITNET_BENCH_… variables and in the attribute; the
command line wins.

Exit codes: 0 all went well, 1 a case failed, 2 wrong use or configuration,
3 the gate is violated, 130 interrupted.
";

#[cfg(test)]
mod tests {
    use super::*;

    const OF_A_PROGRAM: &[ProgramFlag] =
        &[ProgramFlag { name: "weights", value: "FILE", help: "Measure on the tensors of this model." }];

    #[test]
    fn names_are_unique() {
        let mut names: Vec<String> = table(OF_A_PROGRAM).into_iter().map(|flag| flag.name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn help_names_every_flag_and_fits_into_80_columns() {
        let help = help(OF_A_PROGRAM);
        for flag in table(OF_A_PROGRAM).iter().filter(|flag| flag.heading != LIBTEST) {
            assert!(help.contains(&format!("  --{}", flag.name)) && !flag.help.is_empty(), "{}", flag.name);
        }
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{line}");
            assert_eq!(line, line.trim_end());
        }
    }
}
