//! `export`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::error::CommandError;
use super::place::Place;
use super::{Ended, runs};
use crate::compare::{Comparison, Terms};
use crate::harness::print;
use crate::record::{self, Record};
use crate::report;
use crate::report::interchange::{self, Exported, File, Lost};

/// Writes runs in the format of another tool.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The format.
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// The runs [default: latest].
    #[arg(value_name = "RUN")]
    runs: Vec<String>,
    /// Where to; standard output if it is left out. A format of several files takes a folder.
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Say what became better or worse since this run, in the formats that have a place for it.
    #[arg(long, value_name = "RUN")]
    compare: Option<String>,
    /// criterion: the baseline's name.
    #[arg(long, value_name = "NAME", default_value = "new")]
    name: String,
    /// markdown: the most bytes that it may have. A GitHub job summary takes 1048576, a comment 65536.
    #[arg(long, value_name = "BYTES")]
    max_bytes: Option<usize>,
}

const HELP: &str = "\
A RUN is the name of a baseline, a run's id or the beginning of one, a record's
file, or `latest`. What a format has no place for is named on standard error.

Examples:
  cargo bitnet-bench export --format bencher latest | tee output.txt
  cargo bitnet-bench export --format junit --compare main -o junit.xml
  cargo bitnet-bench export --format criterion --name old old -o criterion
  cargo bitnet-bench export --format otava -o history RUN RUN RUN …";

/// A format of [`interchange`], or of `cargo bench` itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// libtest's bencher lines: github-action-benchmark, cargo-benchcmp, Bencher
    Bencher,
    /// Bencher Metric Format
    Bmf,
    /// cargo-criterion's messages, as JSON lines
    CargoCriterion,
    /// criterion's folder, for critcmp; needs --output
    Criterion,
    /// a table for a spreadsheet or a data frame
    Csv,
    /// github-action-benchmark's custom formats; needs --output
    GithubAction,
    /// the runs themselves, as JSON lines
    Json,
    /// JUnit's XML, for GitLab and most CI systems
    Junit,
    /// a page for a job summary or a comment
    Markdown,
    /// a history for Apache Otava; needs --output
    Otava,
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let records = records(arguments, place)?;
    let comparisons = comparisons(arguments, place, &records)?;
    let exported: Vec<Exported<'_>> = records
        .iter()
        .zip(&comparisons)
        .map(|(record, comparison)| Exported { record, comparison: comparison.as_ref() })
        .collect();
    check(arguments, &exported)?;
    let mut lost = Lost::default();
    match arguments.format {
        Format::Criterion => {
            let files = interchange::criterion::files(&exported, &arguments.name, &mut lost);
            write_files(arguments, files)?;
        }
        Format::GithubAction => {
            write_files(arguments, interchange::github_action::files(&exported, &mut lost).into_iter())?;
        }
        Format::Otava => write_files(arguments, interchange::otava::files(&exported, &mut lost).into_iter())?,
        _ => write_text(arguments, &text(arguments, &exported, &mut lost)?)?,
    }
    if !lost.is_empty() {
        eprintln!("the format has no place for:");
    }
    for line in lost.lines() {
        eprintln!("  {line}");
    }
    Ok(Ended::Well)
}

fn records(arguments: &Arguments, place: &Place) -> Result<Vec<Record>, CommandError> {
    let latest = ["latest".to_owned()];
    let names = if arguments.runs.is_empty() { &latest } else { arguments.runs.as_slice() };
    let mut records = Vec::new();
    for name in names {
        records.extend(runs::named(name, &place.store)?);
    }
    Ok(records)
}

/// What each run is compared with, if it is.
fn comparisons(
    arguments: &Arguments,
    place: &Place,
    records: &[Record],
) -> Result<Vec<Option<Comparison>>, CommandError> {
    let Some(name) = &arguments.compare else { return Ok(records.iter().map(|_| None).collect()) };
    let olds = runs::named(name, &place.store)?;
    let compared = |record: &Record| {
        let old = olds.iter().find(|old| old.run.target == record.run.target).ok_or_else(|| {
            CommandError::refused(format!("`{name}` has no run of the bench target `{}`", record.run.target))
        })?;
        let compared = Comparison::of(record, old, name, &Terms::default());
        compared.map(Some).map_err(|why| CommandError::refused(format!("`{name}` cannot be compared with: {why}")))
    };
    records.iter().map(compared).collect()
}

/// What a format cannot do with these runs.
fn check(arguments: &Arguments, runs: &[Exported<'_>]) -> Result<(), CommandError> {
    use Format::{Bencher, Bmf, CargoCriterion, Criterion, GithubAction, Markdown, Otava};
    let refused = |message: String| Err(CommandError::refused(message));
    let format = arguments.format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    if matches!(arguments.format, Criterion | GithubAction | Otava) && arguments.output.is_none() {
        return refused(format!("`--format {format}` writes several files: say into which folder, with --output"));
    }
    if arguments.max_bytes.is_some() && arguments.format != Markdown {
        return refused("--max-bytes is for `--format markdown`".to_owned());
    }
    if matches!(arguments.format, Bencher | Bmf | CargoCriterion | Criterion | GithubAction)
        && let Some(id) = interchange::same_twice(runs)
    {
        return refused(format!(
            "two of the runs have the case `{id}`, and `{format}` tells cases apart by their ids alone: export one run, \
             or each to a file of its own"
        ));
    }
    let name = &arguments.name;
    if arguments.format == Criterion
        && (record::Store::check_name(name).is_err() || interchange::criterion::RESERVED.contains(&name.as_str()))
    {
        return refused(format!(
            "`{name}` cannot name a baseline of criterion: use letters, digits, `-`, `_` and `.`, and neither `change` \
             nor `report`"
        ));
    }
    let key = |run: &Exported<'_>| run.record.host.machine_key.clone();
    if let (Otava, Some(first)) = (arguments.format, runs.first())
        && let Some(other) = runs.iter().find(|run| key(run) != key(first))
    {
        return refused(format!(
            "the runs are of different machines ({} and {}), of which no one history can be made: export those of one",
            key(first),
            key(other)
        ));
    }
    Ok(())
}

fn text(arguments: &Arguments, runs: &[Exported<'_>], lost: &mut Lost) -> Result<String, CommandError> {
    let each = |render: &dyn Fn(&Exported<'_>) -> String| runs.iter().map(render).collect::<Vec<_>>().join("\n");
    Ok(match arguments.format {
        Format::Bencher => interchange::bencher::render(runs, lost),
        Format::Bmf => interchange::bmf::render(runs, lost),
        Format::CargoCriterion => interchange::cargo_criterion::render(runs, lost),
        Format::Junit => interchange::junit::render(runs).map_err(|error| CommandError::refused(error.to_string()))?,
        Format::Csv => each(&|run| report::csv::render(run.record, run.comparison)),
        Format::Markdown => {
            let page = each(&|run| report::markdown::render(run.record, run.comparison));
            interchange::page_of_at_most(&page, arguments.max_bytes.unwrap_or(usize::MAX))
        }
        Format::Json => {
            let lines = runs.iter().map(|run| report::json_lines::render(run.record));
            lines.collect::<Result<String, _>>().map_err(|error| CommandError::refused(error.to_string()))?
        }
        Format::Criterion | Format::GithubAction | Format::Otava => String::new(),
    })
}

fn write_text(arguments: &Arguments, text: &str) -> Result<(), CommandError> {
    let Some(path) = &arguments.output else { return Ok(print(text)?) };
    let written = record::write_atomically(path, text.as_bytes());
    written.map_err(|source| CommandError::Write { path: path.clone(), source })
}

fn write_files(arguments: &Arguments, files: impl Iterator<Item = File>) -> Result<(), CommandError> {
    let folder: &Path = arguments.output.as_deref().unwrap_or(Path::new("."));
    let files = files.map(|file| (file.path, file.content));
    let written = record::write_tree(folder, files);
    let count = written.map_err(|source| CommandError::Write { path: folder.to_owned(), source })?;
    Ok(print(&format!("{count} files written to {}\n", folder.display()))?)
}
