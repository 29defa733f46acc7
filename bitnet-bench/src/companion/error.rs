//! Why a command could not be carried out.

use std::io;

use crate::config::ConfigError;
use crate::record::StoreError;
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
    /// A file is none of runs.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Standard output cannot be written to.
    #[error("standard output cannot be written to: {0}")]
    Stdout(#[from] io::Error),
    /// What was asked for is not there, or contradicts itself: what, and the way out.
    #[error("{0}")]
    Refused(String),
}

impl CommandError {
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::Refused(message.into())
    }

    /// The exit code.
    pub(super) fn code(&self) -> u8 {
        2
    }
}
