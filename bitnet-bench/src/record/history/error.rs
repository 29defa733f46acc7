//! What went wrong with a history.

use std::io;
use std::path::PathBuf;

use crate::record::StoreError;

/// What went wrong with a history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The database cannot be reached or used.
    #[error("{name}: {reason}")]
    Database {
        /// The database's file, or its address without the password.
        name: String,
        /// What it says.
        reason: String,
    },
    /// Another process holds the database.
    #[error("{name} is held by another process for longer than {seconds} s; wait for it to end, then try again")]
    Held {
        /// The database.
        name: String,
        /// How long was waited.
        seconds: u64,
    },
    /// The file is no database, or a damaged one.
    #[error("{name} is damaged ({reason}); `history rebuild` makes the index of a store anew from its documents")]
    Damaged {
        /// The database.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The database was made by a newer bitnet-bench.
    #[error("{name} has schema version {found}, and this bitnet-bench knows {known}: update bitnet-bench")]
    Newer {
        /// The database.
        name: String,
        /// Its version.
        found: i64,
        /// The newest known.
        known: i64,
    },
    /// PostgreSQL is a feature that this program does not have.
    #[error("this bitnet-bench was built without PostgreSQL: build it with `--features companion,postgres`")]
    NoPostgres,
    /// No case has the id that was asked for.
    #[error("{0}")]
    NoCase(String),
    /// A file of the store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An archive cannot be imported.
    #[error("{archive}: {reason}; nothing was imported")]
    Archive {
        /// The archive.
        archive: String,
        /// Which line, and what is wrong.
        reason: String,
    },
}

impl HistoryError {
    /// Whether making the index anew helps.
    pub(super) fn is_curable(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Newer { .. })
    }
}
