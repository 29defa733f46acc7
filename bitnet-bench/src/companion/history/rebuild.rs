//! `history rebuild`.

use clap::Args;

use super::chosen::warn;
use crate::companion::Ended;
use crate::companion::error::CommandError;
use crate::companion::place::Place;
use crate::harness::print;
use crate::record::history::History;

/// Makes the index of the local store anew from its documents.
#[derive(Debug, Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let (_, done) = History::rebuild(&place.store)?;
    warn(&done);
    print(&format!("{} runs indexed\n", done.added))?;
    Ok(Ended::Well)
}
