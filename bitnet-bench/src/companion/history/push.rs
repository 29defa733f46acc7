//! `history push`.

use clap::Args;

use super::chosen::{DatabaseArguments, warn};
use crate::companion::Ended;
use crate::companion::error::CommandError;
use crate::companion::place::Place;
use crate::harness::print;
use crate::record::history::History;

/// Adds the runs of the local store to a team's database, with their documents.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    database: DatabaseArguments,
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let Some(url) = arguments.database.url() else {
        return Err(CommandError::refused(
            "where to? Name a database: `--database postgres://…`, or BITNET_BENCH_DATABASE",
        ));
    };
    let done = History::at(&url)?.push(&place.store)?;
    warn(&done);
    print(&format!("{} runs added\n", done.added))?;
    Ok(Ended::Well)
}
