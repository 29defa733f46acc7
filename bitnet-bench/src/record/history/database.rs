//! One set of statements, two databases: both take `$1` for a value, and what differs is in the [`Dialect`].

use super::error::HistoryError;

/// A value that goes into a statement.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Text(&'a str),
    MaybeText(Option<&'a str>),
    Integer(i64),
    Real(f64),
    MaybeReal(Option<f64>),
    Boolean(bool),
    MaybeBoolean(Option<bool>),
}

/// A value that comes out of one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Real(f64),
}

/// What the databases call differently.
pub(super) struct Dialect {
    /// The type of a number that the database gives out.
    pub(super) identity: &'static str,
    /// What makes a table lie in the order of its key.
    pub(super) clustered: &'static str,
    /// The type of a document, and how a text becomes one.
    pub(super) document: &'static str,
    /// Begins a transaction that writes, in turn with those of other processes.
    pub(super) begin: &'static str,
}

/// A row of an answer.
pub(super) struct Row(pub(super) Vec<Cell>);

impl Row {
    pub(super) fn maybe_text(&mut self, column: usize) -> Option<String> {
        match std::mem::replace(&mut self.0[column], Cell::Null) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn text(&mut self, column: usize) -> String {
        self.maybe_text(column).unwrap_or_default()
    }

    pub(super) fn integer(&self, column: usize) -> i64 {
        match self.0[column] {
            Cell::Integer(integer) => integer,
            _ => 0,
        }
    }

    pub(super) fn maybe_real(&self, column: usize) -> Option<f64> {
        match self.0[column] {
            Cell::Real(real) => Some(real),
            Cell::Integer(integer) => Some(integer as f64),
            _ => None,
        }
    }

    /// Truth values are 0 and 1: SQLite has none of its own.
    pub(super) fn maybe_boolean(&self, column: usize) -> Option<bool> {
        match self.0[column] {
            Cell::Integer(integer) => Some(integer != 0),
            _ => None,
        }
    }
}

/// A database that is open.
pub(super) trait Database {
    /// Its file or address, for errors.
    fn name(&self) -> &str;

    /// What it calls differently.
    fn dialect(&self) -> &'static Dialect;

    /// Carries out statements without values.
    fn batch(&mut self, statements: &str) -> Result<(), HistoryError>;

    /// Carries out a statement.
    fn execute(&mut self, statement: &str, values: &[Value<'_>]) -> Result<(), HistoryError>;

    /// The rows of a statement.
    fn query(&mut self, statement: &str, values: &[Value<'_>]) -> Result<Vec<Row>, HistoryError>;
}

/// Does work that is seen as a whole or not at all.
pub(super) fn transact<T>(
    database: &mut dyn Database,
    work: impl FnOnce(&mut dyn Database) -> Result<T, HistoryError>,
) -> Result<T, HistoryError> {
    let begun = database.batch(database.dialect().begin);
    let done = begun.and_then(|()| work(database)).and_then(|done| database.batch("COMMIT").map(|()| done));
    if done.is_err() {
        // What never began, or was lost, has nothing to roll back.
        let _ = database.batch("ROLLBACK");
    }
    done
}

/// `($1, $2), ($3, $4)`: places for so many rows of so many values.
pub(super) fn places(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
