//! Why a command could not be carried out.

use std::io;
use std::path::PathBuf;

use crate::config::ConfigError;
use crate::harness::lockstep::LockStepError;
use crate::record::StoreError;
use crate::record::history::HistoryError;
use crate::record::imports::ImportError;
use crate::record::upload::UploadError;
use crate::report::documents::DocumentError;

/// Why a command could not be carried out.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file of the store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another tool's results cannot be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A run cannot be sent.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// A file or folder cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The history cannot be read or written.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A file is none of runs.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Standard output cannot be written to.
    #[error("standard output cannot be written to: {0}")]
    Stdout(#[from] io::Error),
    /// Two executables cannot be compared.
    #[error(transparent)]
    LockStep(#[from] LockStepError),
    /// The new side cannot be judged: it does not build.
    #[error("the new side cannot be measured: {0}")]
    Unjudged(String),
    /// What was asked for is not there, or contradicts itself: what, and the way out.
    #[error("{0}")]
    Refused(String),
}

impl CommandError {
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::Refused(message.into())
    }

    /// Says it to the user, and gives back the exit code.
    pub(super) fn say(&self) -> u8 {
        eprintln!("error: {self}");
        self.code()
    }

    fn code(&self) -> u8 {
        match self {
            Self::LockStep(LockStepError::Interrupted) => 130,
            // `git bisect run` skips such a commit.
            Self::Unjudged(_) => 125,
            _ => 2,
        }
    }
}
