//! `history show CASE`.

use clap::{Args, ValueEnum};

use super::chosen::{DatabaseArguments, RunArguments};
use crate::companion::Ended;
use crate::companion::error::CommandError;
use crate::companion::place::Place;
use crate::harness::print;
use crate::report::history;

/// Shows the figures of a case over the runs, the newest at the end.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A case's id; `*` stands for any text, `?` for one character.
    #[arg(value_name = "CASE")]
    case: String,
    /// A metric's name, or `all`.
    #[arg(long, value_name = "NAME", default_value = "time")]
    metric: String,
    /// Only runs on this branch.
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// At most so many figures of each case, the newest.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    output_format: Format,
    #[command(flatten)]
    runs: RunArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Terminal,
    Json,
    Csv,
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let mut opened = arguments.database.open(place)?;
    let mut filter = arguments.runs.filter()?;
    filter.branch.clone_from(&arguments.branch);
    filter.metric = Some(arguments.metric.clone()).filter(|metric| metric != "all");
    let mut selected = opened.cases(&arguments.case, &filter)?;
    if selected.cases.is_empty() {
        return Err(arguments.runs.nothing(&mut opened)?);
    }
    for case in &mut selected.cases {
        case.figures.drain(..case.figures.len().saturating_sub(arguments.limit));
    }
    print(&match arguments.output_format {
        Format::Terminal => history::show(&selected),
        Format::Json => history::show_json(&selected),
        Format::Csv => history::show_csv(&selected),
    })?;
    Ok(Ended::Well)
}
