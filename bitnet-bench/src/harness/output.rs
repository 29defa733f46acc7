//! Where results go: standard output, and files.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use console::Term;

use super::HarnessError;
use crate::compare::Comparison;
use crate::config::{Color, Format};
use crate::record::{self, Record};
use crate::report;
use crate::report::terminal::TerminalOptions;

/// Prints to standard output. A reader that has gone away (`| head`) wants no more, which is no
/// failure.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// What decides the look of the terminal's output.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) width: usize,
    pub(super) color: bool,
    pub(super) verbose: bool,
}

impl Look {
    /// The look that suits standard output.
    pub(super) fn of(color: Color, verbose: bool) -> Self {
        let terminal = Term::stdout();
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && terminal.features().colors_supported()
            }
        };
        let width = terminal.size_checked().map_or(LOG_WIDTH, |(_, columns)| usize::from(columns));
        Self { width, color, verbose }
    }
}

/// Width without a terminal: what a log's reader can take.
const LOG_WIDTH: usize = 120;

/// The results in a format.
pub(super) fn render(
    record: &Record,
    comparison: Option<&Comparison>,
    format: Format,
    look: Look,
    saved: Option<&Path>,
) -> Result<String, HarnessError> {
    Ok(match format {
        Format::Terminal => {
            let path = saved.map(|path| path.display().to_string());
            let options = TerminalOptions {
                width: look.width,
                color: look.color,
                comparison,
                verbose: look.verbose,
                record_path: path.as_deref(),
            };
            report::terminal::render(record, &options)
        }
        Format::Json => report::json_lines::render(record)?,
        Format::Csv => report::csv::render(record, comparison),
        Format::Markdown => report::markdown::render(record, comparison),
    })
}

/// Writes results to a file: a regular one is replaced as a whole, what is none (a pipe, a device)
/// is written into.
pub(super) fn write(path: &Path, content: &str) -> Result<(), HarnessError> {
    let written = match destination(path) {
        Destination::File(file) => record::write_atomically(&file, content.as_bytes()),
        Destination::Other => {
            OpenOptions::new().write(true).open(path).and_then(|mut to| to.write_all(content.as_bytes()))
        }
    };
    written.map_err(|source| HarnessError::Output { path: path.to_owned(), source })
}

/// Sees to it that the results can be written, before anything is measured for them.
pub(super) fn probe(path: &Path) -> Result<(), HarnessError> {
    let probed = match destination(path) {
        Destination::File(file) if file.is_dir() => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")),
        Destination::File(file) => record::probe_folder_of(&file),
        Destination::Other => Ok(()),
    };
    probed.map_err(|source| HarnessError::Output { path: path.to_owned(), source })
}

/// What a path leads to.
enum Destination {
    /// A regular file, links followed; or nothing yet.
    File(PathBuf),
    /// A pipe, a device, or the like.
    Other,
}

fn destination(path: &Path) -> Destination {
    match path.canonicalize() {
        Ok(target) if target.is_file() || target.is_dir() => Destination::File(target),
        Ok(_) => Destination::Other,
        Err(_) => Destination::File(path.to_owned()),
    }
}
