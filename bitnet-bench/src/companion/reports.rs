//! `--report FORMAT=FILE`: a comparison also as files, for those who do not read terminals.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::error::CommandError;
use crate::compare::gate::GateOutcome;
use crate::record::write_atomically;
use crate::report::comparison::{COMMENT_BYTES, Compared, json, markdown};
use crate::report::interchange::junit_comparison;

/// Files to write a comparison to.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ReportArguments {
    /// Write the comparison to a file as well: markdown=FILE for a comment, junit=FILE for CI, json=FILE for programs.
    /// Can be repeated.
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    files: Vec<ReportFile>,
}

#[derive(Clone, Debug)]
struct ReportFile {
    format: Format,
    path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Markdown,
    Junit,
    Json,
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text.split_once('=').ok_or("write FORMAT=FILE, as in markdown=diff.md")?;
        let format = match format {
            "markdown" => Format::Markdown,
            "junit" => Format::Junit,
            "json" => Format::Json,
            other => return Err(format!("`{other}` is none of markdown, junit and json")),
        };
        if path.is_empty() {
            return Err("the name of the file is missing".to_owned());
        }
        Ok(Self { format, path: path.into() })
    }
}

impl ReportArguments {
    /// Writes them.
    ///
    /// # Errors
    /// If one cannot be written.
    pub(super) fn write(&self, compared: &[Compared<'_>], gate: Option<&GateOutcome>) -> Result<(), CommandError> {
        for ReportFile { format, path } in &self.files {
            let text = match format {
                Format::Markdown => markdown(compared, gate, &[], COMMENT_BYTES),
                Format::Json => json(compared, gate).map_err(std::io::Error::from)?,
                Format::Junit => junit_comparison::render(compared, gate)
                    .map_err(|error| CommandError::refused(format!("no JUnit can be written: {error}")))?,
            };
            write_atomically(path, text.as_bytes())
                .map_err(|source| CommandError::Write { path: path.clone(), source })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_format_and_a_file() {
        let read = |text: &str| text.parse::<ReportFile>();
        let report = read("junit=a=b.xml").expect("it is one");
        assert_eq!((report.format, report.path), (Format::Junit, PathBuf::from("a=b.xml")));
        for text in ["markdown", "html=a.html", "json=", "=a"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
