//! `history export FILE` and `history import FILE`.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::companion::Ended;
use crate::companion::error::CommandError;
use crate::companion::place::Place;
use crate::harness::print;
use crate::record::history;
use crate::record::write_atomically_with;

/// Writes all runs into one file, a record a line, samples included.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The file; `-` is standard output.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Adds the runs of such a file. Those that are there already stay as they are.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn export(arguments: &Export, place: &Place) -> Result<Ended, CommandError> {
    if arguments.file == Path::new("-") {
        let mut output = BufWriter::new(io::stdout().lock());
        let written = history::export(&place.store, &mut output);
        return match written.and_then(|_| output.flush().map_err(closed)) {
            Err(error) if is_closed(&error) => Ok(Ended::Well),
            result => result.map(|()| Ended::Well).map_err(CommandError::from),
        };
    }
    let (mut count, mut failed) = (0, None);
    let written = write_atomically_with(&arguments.file, &mut |file| {
        history::export(&place.store, file).map(|runs| count = runs).map_err(|error| {
            let told = io::Error::other(error.to_string());
            failed = Some(error);
            told
        })
    });
    if let Some(error) = failed {
        return Err(error.into());
    }
    written.map_err(|source| history::HistoryError::File { path: arguments.file.clone(), source })?;
    print(&format!("{count} runs written to {}\n", arguments.file.display()))?;
    Ok(Ended::Well)
}

fn closed(source: io::Error) -> history::HistoryError {
    history::HistoryError::File { path: PathBuf::from("standard output"), source }
}

/// Whether the reader of a pipe has gone away, which is no failure.
fn is_closed(error: &history::HistoryError) -> bool {
    matches!(error, history::HistoryError::File { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

pub(super) fn import(arguments: &Import, place: &Place) -> Result<Ended, CommandError> {
    let imported = history::import(&place.store, &arguments.file)?;
    print(&format!("{} runs added, {} were there already\n", imported.added, imported.known))?;
    Ok(Ended::Well)
}
