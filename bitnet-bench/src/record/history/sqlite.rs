//! SQLite, in a file.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, ErrorCode, params_from_iter};

use super::database::{Cell, Database, Dialect, Row, Value};
use super::error::HistoryError;

/// How long to wait for a process that writes.
const PATIENCE: Duration = Duration::from_secs(5);

const DIALECT: Dialect = Dialect {
    identity: "INTEGER",
    clustered: "WITHOUT ROWID",
    document: "TEXT",
    // A transaction that only later finds that it has to write may then be refused at once.
    begin: "BEGIN IMMEDIATE",
};

pub(super) struct Sqlite {
    connection: Connection,
    name: String,
}

impl Sqlite {
    /// Opens the file, and makes it and its folder where there are none.
    pub(super) fn open(path: &Path) -> Result<Self, HistoryError> {
        let name = path.display().to_string();
        let file = |source: io::Error| HistoryError::File { path: path.into(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(file)?;
        }
        let explained = |error: Error| explain(&name, &error);
        let connection = Connection::open(path).map_err(explained)?;
        connection.busy_timeout(PATIENCE).map_err(explained)?;
        // Readers then go on while one process writes. A power cut may lose the last runs, which are read again.
        // Figures lie by case, so that each run is written all over the file: 64 MiB of it are kept at hand.
        let modes = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; \
            PRAGMA cache_size = -65536";
        connection.execute_batch(modes).map_err(explained)?;
        Ok(Self { connection, name })
    }
}

/// Removes the file, and what SQLite keeps beside it.
pub(super) fn remove(path: &Path) -> Result<(), HistoryError> {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match fs::remove_file(&name) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(HistoryError::File { path: name.into(), source });
            }
            _ => {}
        }
    }
    Ok(())
}

impl Database for Sqlite {
    fn name(&self) -> &str {
        &self.name
    }

    fn dialect(&self) -> &'static Dialect {
        &DIALECT
    }

    fn batch(&mut self, statements: &str) -> Result<(), HistoryError> {
        self.connection.execute_batch(statements).map_err(|error| explain(&self.name, &error))
    }

    fn execute(&mut self, statement: &str, values: &[Value<'_>]) -> Result<(), HistoryError> {
        let prepared = self.connection.prepare_cached(statement);
        let done = prepared.and_then(|mut prepared| prepared.execute(params_from_iter(values)));
        done.map(|_| ()).map_err(|error| explain(&self.name, &error))
    }

    fn query(&mut self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, HistoryError> {
        let read = || -> Result<Vec<Row>, Error> {
            let mut prepared = self.connection.prepare_cached(statement)?;
            let columns = prepared.column_count();
            let mut answers = prepared.query(params_from_iter(values))?;
            let mut rows = Vec::new();
            while let Some(answer) = answers.next()? {
                let cells = (0..columns).map(|column| answer.get_ref(column).map(cell));
                rows.push(Row(cells.collect::<Result<_, _>>()?));
            }
            Ok(rows)
        };
        read().map_err(|error| explain(&self.name, &error))
    }
}

fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(integer) => Cell::Integer(integer),
        ValueRef::Real(real) => Cell::Real(real),
        ValueRef::Text(text) | ValueRef::Blob(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Text(text) => text.to_sql(),
            Self::MaybeText(text) => text.to_sql(),
            Self::Integer(integer) => integer.to_sql(),
            Self::Real(real) => real.to_sql(),
            Self::MaybeReal(real) => real.to_sql(),
            Self::Boolean(boolean) => boolean.to_sql(),
            Self::MaybeBoolean(boolean) => boolean.to_sql(),
        }
    }
}

fn explain(name: &str, error: &Error) -> HistoryError {
    let name = name.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            HistoryError::Held { name, seconds: PATIENCE.as_secs() }
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            HistoryError::Damaged { name, reason: error.to_string() }
        }
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => HistoryError::Database {
            name,
            reason: format!(
                "{error}: the file and its folder must be writable, or name a database elsewhere with `--database`"
            ),
        },
        _ => HistoryError::Database { name, reason: error.to_string() },
    }
}
