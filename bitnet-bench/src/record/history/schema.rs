//! The tables, in numbered migrations: each is carried out once, and never changed after it was published.

use super::database::{Database, Dialect, Value, transact};
use super::error::HistoryError;

/// The migrations, from version 1 on. `{identity}`, `{clustered}` and `{document}` are the dialect's.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE runs (
        number {identity} PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        target TEXT NOT NULL,
        package TEXT,
        started_at TEXT NOT NULL,
        machine_key TEXT NOT NULL,
        processor TEXT,
        commit_hash TEXT,
        branch TEXT,
        dirty BOOLEAN,
        toolchain TEXT NOT NULL,
        harness TEXT NOT NULL,
        executable TEXT NOT NULL,
        interrupted BOOLEAN NOT NULL,
        measured BIGINT NOT NULL,
        failed BIGINT NOT NULL,
        skipped BIGINT NOT NULL,
        fingerprint TEXT NOT NULL,
        file_modified BIGINT NOT NULL,
        file_bytes BIGINT NOT NULL
    );
    CREATE INDEX runs_by_start ON runs (started_at);
    CREATE TABLE cases (
        number {identity} PRIMARY KEY,
        id TEXT NOT NULL UNIQUE
    );
    CREATE TABLE metrics (
        number {identity} PRIMARY KEY,
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        direction TEXT NOT NULL,
        UNIQUE (name, unit, direction)
    );
    CREATE TABLE figures (
        case_number BIGINT NOT NULL REFERENCES cases,
        metric_number BIGINT NOT NULL REFERENCES metrics,
        run_number BIGINT NOT NULL REFERENCES runs ON DELETE CASCADE,
        value DOUBLE PRECISION NOT NULL,
        lower_end DOUBLE PRECISION,
        upper_end DOUBLE PRECISION,
        level DOUBLE PRECISION,
        launches BIGINT NOT NULL,
        PRIMARY KEY (case_number, metric_number, run_number)
    ) {clustered};
    CREATE INDEX figures_by_run ON figures (run_number);
    CREATE TABLE documents (
        run_number BIGINT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
        body {document} NOT NULL
    );
"];

/// The version that this program knows.
pub(super) const KNOWN: i64 = MIGRATIONS.len() as i64;

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS schema_versions (version BIGINT PRIMARY KEY)";
const NEWEST: &str = "SELECT MAX(version) FROM schema_versions";

/// Brings the tables to the version that this program knows.
pub(super) fn migrate(database: &mut dyn Database) -> Result<(), HistoryError> {
    // What is up to date is not written to, and so waits for nobody.
    if database.query(NEWEST, &[]).is_ok_and(|rows| rows.first().is_some_and(|row| row.integer(0) == KNOWN)) {
        return Ok(());
    }
    transact(database, |database| {
        database.batch(VERSIONS)?;
        let found = database.query(NEWEST, &[])?.first().map_or(0, |row| row.integer(0));
        if found > KNOWN {
            return Err(HistoryError::Newer { name: database.name().to_owned(), found, known: KNOWN });
        }
        for version in found + 1..=KNOWN {
            let statements = worded(MIGRATIONS[version as usize - 1], database.dialect());
            database.batch(&statements)?;
            database.execute("INSERT INTO schema_versions (version) VALUES ($1)", &[Value::Integer(version)])?;
        }
        Ok(())
    })
}

fn worded(statements: &str, dialect: &Dialect) -> String {
    let statements = statements.replace("{identity}", dialect.identity).replace("{clustered}", dialect.clustered);
    statements.replace("{document}", dialect.document)
}
