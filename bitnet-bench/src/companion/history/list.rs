//! `history list`.

use clap::{Args, ValueEnum};

use super::chosen::{DatabaseArguments, RunArguments};
use crate::companion::Ended;
use crate::companion::error::CommandError;
use crate::companion::place::Place;
use crate::harness::print;
use crate::report::history;

/// Lists the runs, the newest at the end.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only runs on this branch.
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// At most so many runs, the newest.
    #[arg(long, value_name = "N", default_value_t = 50)]
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
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let mut opened = arguments.database.open(place)?;
    let mut filter = arguments.runs.filter()?;
    filter.branch.clone_from(&arguments.branch);
    let mut runs = opened.runs(&filter)?;
    if runs.is_empty() {
        return Err(arguments.runs.nothing(&mut opened)?);
    }
    runs.drain(..runs.len().saturating_sub(arguments.limit));
    print(&match arguments.output_format {
        Format::Terminal => history::list(&runs),
        Format::Json => format!("{:#}\n", serde_json::json!(runs)),
    })?;
    Ok(Ended::Well)
}
