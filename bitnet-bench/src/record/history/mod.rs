//! The history: an index over the stored runs, in SQLite or PostgreSQL. The documents are the truth, and the index can be made
//! anew from them at any time.
//!
//! | file | idea |
//! |---|---|
//! | `digest` | what the index needs of a document |
//! | `database`, `sqlite`, `postgres` | one set of statements, two databases |
//! | `schema` | the tables, in numbered migrations |
//! | `index` | runs in, runs out |
//! | `sync` | brings an index up to what is in the store, or another database up to the store |
//! | `query` | runs, and the figures of cases over them |
//! | `glob` | cases by a pattern |
//! | `archive` | all runs in one file, and back |
//! | `retention` | which runs may go |

mod archive;
mod database;
mod digest;
mod error;
mod index;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
mod retention;
mod schema;
mod sqlite;
mod sync;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use database::Database;

pub use archive::{Imported, export, import};
pub use error::HistoryError;
pub use query::{CaseHistory, Figure, Filter, RunEntry, Selected};
pub use retention::{Keep, Retention, prune};
pub use sync::Synchronised;

use super::store::Store;

/// An index that is open.
pub struct History {
    database: Box<dyn Database>,
}

impl History {
    /// Where the index of a store is.
    pub fn path_of(store: &Store) -> PathBuf {
        store.home().join("history.sqlite")
    }

    /// Opens the index of a store, and makes it where there is none. It holds what it held:
    /// [`History::synchronise`] brings it up to date.
    ///
    /// # Errors
    /// If it cannot be opened, is damaged, was made by a newer bitnet-bench, or another process holds it for long.
    pub fn of(store: &Store) -> Result<Self, HistoryError> {
        Self::at_path(&Self::path_of(store))
    }

    /// Opens the database of a team: `postgres://…`, or the path of an SQLite file. [`History::push`] fills it.
    ///
    /// # Errors
    /// As [`History::of`]; or if this bitnet-bench was built without PostgreSQL.
    pub fn at(url: &str) -> Result<Self, HistoryError> {
        if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
            return Self::at_path(Path::new(url.strip_prefix("sqlite://").unwrap_or(url)));
        }
        #[cfg(feature = "postgres")]
        return Self::with(Box::new(postgres::Postgres::connect(url)?));
        #[cfg(not(feature = "postgres"))]
        Err(HistoryError::NoPostgres)
    }

    fn at_path(path: &Path) -> Result<Self, HistoryError> {
        Self::with(Box::new(sqlite::Sqlite::open(path)?))
    }

    fn with(mut database: Box<dyn Database>) -> Result<Self, HistoryError> {
        schema::migrate(&mut *database)?;
        Ok(Self { database })
    }

    /// Makes the index of a store anew from its documents, whatever became of the old one.
    ///
    /// # Errors
    /// If the index cannot be written, or the store cannot be read.
    pub fn rebuild(store: &Store) -> Result<(Self, Synchronised), HistoryError> {
        let mut history = match Self::of(store) {
            Err(error) if error.is_curable() => {
                sqlite::remove(&Self::path_of(store))?;
                Self::of(store)?
            }
            opened => opened?,
        };
        let done = sync::anew(&mut *history.database, store)?;
        Ok((history, done))
    }

    /// Brings the index up to what is in its store: reads the documents that are new or have changed, and forgets those
    /// that are gone.
    ///
    /// # Errors
    /// If the index cannot be written, or the folder of the runs cannot be read. A document that cannot be read is
    /// named in the answer and passed over.
    pub fn synchronise(&mut self, store: &Store) -> Result<Synchronised, HistoryError> {
        sync::update(&mut *self.database, store)
    }

    /// Adds the runs of a store that a team's database does not have, with their documents.
    ///
    /// # Errors
    /// If the database cannot be written, or the folder of the runs cannot be read.
    pub fn push(&mut self, store: &Store) -> Result<Synchronised, HistoryError> {
        sync::push(&mut *self.database, store)
    }

    /// The runs that pass a filter, the oldest first.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn runs(&mut self, filter: &Filter) -> Result<Vec<RunEntry>, HistoryError> {
        query::runs(&mut *self.database, filter)
    }

    /// The figures of the cases that a pattern names (`*` stands for any text, `?` for one character), over the runs that
    /// pass a filter.
    ///
    /// # Errors
    /// If no case has such an id, with the ids that are near; or the index cannot be read.
    pub fn cases(&mut self, pattern: &str, filter: &Filter) -> Result<Selected, HistoryError> {
        query::cases(&mut *self.database, pattern, filter)
    }
}
