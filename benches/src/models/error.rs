//! What can be wrong with a model file.

use std::path::{Path, PathBuf};
use std::{fmt, io};

/// Names that a message shows, when there are more.
const SHOWN: usize = 8;

/// Why a model could not be opened, or a weight not found or loaded.
#[derive(Debug)]
pub struct ModelError {
    path: PathBuf,
    problem: Box<Problem>,
}

/// What is wrong with a model file.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The system does not let us read it.
    Io(io::Error),
    /// It is a directory.
    Directory,
    /// It has no bytes.
    Empty,
    /// It is of neither format.
    NotAModel {
        /// Its first bytes, at most eight.
        start: Vec<u8>,
    },
    /// It is GGUF, and this program was built without the feature `gguf`.
    GgufNotBuilt,
    /// It is not as its format demands: overwritten, cut short, or never right.
    Damaged {
        /// Where, in bytes from the file's start.
        offset: usize,
        /// What is wrong there.
        what: String,
    },
    /// A tensor's shape, type and place do not go together, or its bytes cannot be decoded.
    Tensor {
        /// The tensor's name.
        tensor: String,
        /// What is wrong.
        what: String,
    },
    /// A tensor is of a type that is not read.
    Unreadable {
        /// The tensor's name.
        tensor: String,
        /// How the file stores it.
        stored: String,
    },
    /// It has no two-dimensional tensors at all.
    NoWeights {
        /// How many other tensors there are.
        tensors: usize,
    },
    /// No weight has such a name.
    NoMatch {
        /// What was looked for.
        part: String,
        /// The names that there are.
        names: Vec<String>,
    },
}

impl ModelError {
    pub(super) fn new(path: &Path, problem: Problem) -> Self {
        Self { path: path.to_owned(), problem: Box::new(problem) }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with it.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "model {}: {}", self.path.display(), self.problem)
    }
}

impl std::error::Error for ModelError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.problem {
            Problem::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => {
                f.write_str("there is no such file: check the path, or run scripts/models.sh to download models")
            }
            Self::Io(error) => write!(f, "cannot be read: {error}"),
            Self::Directory => f.write_str("is a directory: give the .safetensors or .gguf file in it"),
            Self::Empty => f.write_str("the file is empty: download it again"),
            Self::NotAModel { start } => {
                write!(f, "neither safetensors nor GGUF: it starts with \"{}\"", start.escape_ascii())
            }
            Self::GgufNotBuilt => f.write_str("a GGUF file, which this build does not read: add `--features gguf`"),
            Self::Damaged { offset, what } => {
                write!(f, "at byte {offset}, {what}: the file is damaged or cut short, download it again")
            }
            Self::Tensor { tensor, what } => {
                write!(f, "tensor `{tensor}` {what}: the file is damaged or cut short, download it again")
            }
            Self::Unreadable { tensor, stored } => {
                write!(f, "tensor `{tensor}` is stored as {stored}, which is not read: convert the file to F32 or F16")
            }
            Self::NoWeights { tensors } => {
                write!(f, "no tensor of two dimensions among its {tensors}: choose a file that holds weights")
            }
            Self::NoMatch { part, names } => no_match(f, part, names),
        }
    }
}

fn no_match(f: &mut fmt::Formatter<'_>, part: &str, names: &[String]) -> fmt::Result {
    let shown = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    write!(f, "no weight is named like `{part}`; there are {shown}")?;
    match names.len().saturating_sub(SHOWN) {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}
