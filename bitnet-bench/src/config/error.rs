//! What is wrong with a configuration: every mistake with its place and what would be right.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::origin::{Origin, Position};
use super::table::{BadSetting, did_you_mean};

/// Why a configuration cannot be used: every mistake that was found, in the order of the layers.
#[derive(Debug)]
pub struct ConfigError {
    mistakes: Vec<Mistake>,
}

impl ConfigError {
    /// The mistakes; there is at least one.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// The error of one mistake.
    pub(super) fn of(mistake: Mistake) -> Self {
        Self { mistakes: vec![mistake] }
    }

    /// An error if there are mistakes.
    pub(super) fn unless_empty(mistakes: Vec<Mistake>) -> Result<(), Self> {
        if mistakes.is_empty() { Ok(()) } else { Err(Self { mistakes }) }
    }
}

impl std::error::Error for ConfigError {}

/// One mistake a line, in the form in which compilers and editors name a place.
impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// More would scroll the first, which often causes the others, off the screen.
        const SHOWN: usize = 20;
        for (at, mistake) in self.mistakes.iter().take(SHOWN).enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{mistake}")?;
        }
        match self.mistakes.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

/// One mistake: where, and what.
#[derive(Debug)]
pub struct Mistake {
    /// Where; [`Origin::Default`] if it is in no single place.
    pub at: Origin,
    /// What is wrong.
    pub what: Problem,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Origin::Default => write!(f, "{}", self.what),
            Origin::File { position: Some(at), .. } => write!(f, "{}:{}: {}", self.at, at.column, self.what),
            place => write!(f, "{place}: {}", self.what),
        }
    }
}

/// What can be wrong with a configuration.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A key or value of a setting or option.
    #[error(transparent)]
    Setting(#[from] BadSetting),
    /// A file cannot be read.
    #[error("cannot read this configuration{}: {error}", naming(named_by))]
    Unreadable {
        /// What named the file; [`Origin::Default`] if it was found.
        named_by: Origin,
        /// Why.
        error: io::Error,
    },
    /// A file is larger than any configuration.
    #[error("a configuration has at most {most} bytes, and this file has more")]
    TooLarge {
        /// The most that is read.
        most: usize,
    },
    /// A file or variable is not text.
    #[error("this is not UTF-8")]
    NotUtf8,
    /// A file's name does not tell its language.
    #[error("a configuration file's name ends in `.toml`, `.yaml` or `.yml`")]
    UnknownLanguage,
    /// A YAML file, and no reader for it.
    #[error(
        "reading YAML needs the feature `yaml` of bitnet-bench: `bitnet-bench = {{ …, features = [\"yaml\"] }}` in Cargo.toml, or write the configuration in a `bitnet-bench.toml`"
    )]
    NoYaml,
    /// Several configuration files in one folder.
    #[error("{} and {} are both here; keep one of them, or choose with `--config`", first.display(), second.display())]
    Ambiguous {
        /// The file.
        first: PathBuf,
        /// The other file.
        second: PathBuf,
    },
    /// A file is not in its language.
    #[error("cannot be read as {language}: {message}")]
    Syntax {
        /// The language.
        language: &'static str,
        /// What its reader says.
        message: String,
    },
    /// A file without sections.
    #[error("a configuration is a table of sections, not `{text}`")]
    NoSections {
        /// What was written.
        text: String,
    },
    /// A key is given twice.
    #[error("`{key}` is given twice, first in line {}", first.line)]
    Duplicate {
        /// The key.
        key: String,
        /// Where it is first.
        first: Position,
    },
    /// A section that does not exist.
    #[error("there is no section `{name}`{}", did_you_mean(suggestion.as_deref()))]
    NoSection {
        /// What was written.
        name: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// A key that does not exist in its section.
    #[error("`{section}` has no key `{key}`{}", did_you_mean(suggestion.as_deref()))]
    NoKey {
        /// The section.
        section: String,
        /// What was written.
        key: String,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// A key that exists, but elsewhere.
    #[error("`{key}` belongs in the section `{section}`")]
    Misplaced {
        /// The key.
        key: String,
        /// Its section.
        section: &'static str,
    },
    /// A key of a file that does not take its value.
    #[error("`{key}` takes {takes}, not `{text}`")]
    Takes {
        /// The key with its section.
        key: String,
        /// What it takes.
        takes: &'static str,
        /// What was written.
        text: String,
    },
    /// A key of a file without a value.
    #[error("`{key}` has no value; it takes {takes}")]
    NoValue {
        /// The key with its section.
        key: String,
        /// What it takes.
        takes: &'static str,
    },
    /// A key of a file that takes a list, and has none or an empty one.
    #[error("`{key}` takes a list of one or more, each {each}, not `{text}`")]
    NoList {
        /// The key with its section.
        key: &'static str,
        /// What each item is.
        each: &'static str,
        /// What was written.
        text: String,
    },
    /// An item of a list that does not belong in it.
    #[error("each item of `{key}` is {each}, not `{text}`")]
    Item {
        /// The key with its section.
        key: &'static str,
        /// What each item is.
        each: &'static str,
        /// What was written.
        text: String,
    },
    /// An item that is in a list already: its cases would have the same ids.
    #[error("`{key}` lists `{text}` twice")]
    Twice {
        /// The key with its section.
        key: &'static str,
        /// What was written.
        text: String,
    },
    /// A table without a key that it needs.
    #[error("`{section}` needs `{key}`")]
    Missing {
        /// The section.
        section: &'static str,
        /// The key.
        key: &'static str,
    },
    /// A variable of ours that does not exist.
    #[error("there is no such variable{}", did_you_mean(suggestion.as_deref()))]
    NoVariable {
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// Settings that contradict each other.
    #[error("{values}: {why}")]
    Contradiction {
        /// The settings with their values and origins.
        values: String,
        /// Why they cannot all be.
        why: &'static str,
    },
}

/// What named a file, as an aside; nothing for a file that was found.
fn naming(origin: &Origin) -> String {
    match origin {
        Origin::Default => String::new(),
        named => format!(", named by {named}"),
    }
}
