//! Where results come from: a file, a folder, or standard input.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;

use super::document::Documents;
use super::{ImportError, Tool, github_action, libtest};

/// Stands for standard input in place of a path.
pub const STDIN: &str = "-";
/// What is larger is no result of a benchmark.
const LIMIT: u64 = 512 << 20;

/// Where results come from.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    /// The text of a file; a folder has none.
    text: Option<String>,
}

impl Source {
    /// Reads a file or standard input; a folder is read by who knows its files.
    ///
    /// # Errors
    /// If it cannot be read, is too large, or is not text.
    pub fn open(path: &Path) -> Result<Self, ImportError> {
        let text = match path {
            stdin if stdin == Path::new(STDIN) => Some(text_of(path, &mut io::stdin().lock())?),
            folder if folder.is_dir() => None,
            file => Some(text(file)?),
        };
        Ok(Self { path: path.to_owned(), text })
    }

    /// The path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The path as it is shown.
    pub(super) fn shown(&self) -> String {
        if self.path == Path::new(STDIN) { "standard input".to_owned() } else { self.path.display().to_string() }
    }

    /// The text, if it is that of a file.
    pub(super) fn text(&self) -> Result<&str, ImportError> {
        self.text.as_deref().ok_or_else(|| self.wrong("", "it is a folder, and the tool writes a file".to_owned()))
    }

    /// The file's JSON document, or its documents, one a line.
    pub(super) fn documents(&self) -> Result<Documents<'_>, ImportError> {
        Documents::read(&self.path, self.text()?)
    }

    /// Something is wrong in it.
    pub(super) fn wrong(&self, place: &str, problem: String) -> ImportError {
        ImportError::Wrong { path: self.shown().into(), place: place.to_owned(), problem }
    }

    /// When it was written, RFC 3339.
    pub(super) fn written_at(&self) -> String {
        let written = fs::metadata(&self.path).and_then(|about| about.modified()).unwrap_or_else(|_| SystemTime::now());
        humantime::format_rfc3339_seconds(written).to_string()
    }

    /// The tool, as far as its results tell.
    pub(super) fn tool(&self) -> Result<Tool, ImportError> {
        let Some(text) = &self.text else {
            let is_action =
                [github_action::SMALLER, github_action::BIGGER].iter().any(|file| self.path.join(file).is_file());
            return Ok(if is_action { Tool::GithubAction } else { Tool::Criterion });
        };
        if text.trim().is_empty() {
            return Err(self.wrong("", "it is empty".to_owned()));
        }
        if libtest::is_one(text) {
            return Ok(Tool::Libtest);
        }
        let known = self.documents().ok().and_then(|documents| {
            let first = documents.first()?;
            let has = |key: &str| first.get(key).is_some();
            match first {
                Value::Object(_) if has("benchmarks") && has("context") => Some(Tool::GoogleBenchmark),
                Value::Object(_) if has("samples_ns") || has("avg_ns") => Some(Tool::LlamaBench),
                Value::Object(_) if has("name") && has("unit") && has("value") => Some(Tool::GithubAction),
                _ => None,
            }
        });
        let names = Tool::ALL.map(Tool::name).join(", ");
        known.ok_or_else(|| {
            self.wrong(
                "",
                format!("it looks like the results of none of {names}; if it is one, say which: --from TOOL"),
            )
        })
    }
}

/// The text of a file.
pub(super) fn text(path: &Path) -> Result<String, ImportError> {
    let mut file = File::open(path).map_err(|source| ImportError::Read { path: path.into(), source })?;
    text_of(path, &mut file)
}

fn text_of(path: &Path, reader: &mut dyn Read) -> Result<String, ImportError> {
    let mut bytes = Vec::new();
    let read = reader.take(LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|source| ImportError::Read { path: path.into(), source })?;
    if bytes.len() as u64 > LIMIT {
        return Err(ImportError::Large { path: path.into(), limit: LIMIT });
    }
    // PowerShell's `>` puts a mark in front.
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).map(<[u8]>::to_vec).unwrap_or(bytes);
    String::from_utf8(text).map_err(|error| ImportError::Wrong {
        path: path.into(),
        place: format!("byte {}", error.utf8_error().valid_up_to()),
        problem: "it is not UTF-8 text".to_owned(),
    })
}
