//! Reads TOML into a tree.

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::error::Problem;
use super::node::{Entry, Node, Value};
use super::origin::Position;
use super::table::legible;

/// The tree of a TOML text, or every place where it is not TOML.
pub(super) fn read(text: &str) -> Result<Node, Vec<(Position, Problem)>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(Node { at: Position::of(text, 0), value: Value::Table(entries(text, table.into_inner())) });
    }
    let mut problems: Vec<_> = errors.iter().map(|error| problem(text, error)).collect();
    // The reader says the same of each bracket that was left open.
    problems.dedup_by(|later, earlier| later == earlier);
    Err(problems.into_iter().map(|(at, message)| (at, Problem::Syntax { language: "TOML", message })).collect())
}

/// The place that an error of the reader is about, and its message with the words at that place.
fn problem(text: &str, error: &toml::de::Error) -> (Position, String) {
    let span = error.span().unwrap_or_default();
    let message = error.message().replace('\n', "; ");
    let words = text.get(span.clone()).unwrap_or("").trim();
    let message = if words.is_empty() { message } else { format!("{message}: `{}`", legible(words)) };
    (Position::of(text, span.start), message)
}

fn entries(text: &str, table: DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| Entry {
            at: Position::of(text, key.span().start),
            key: key.into_inner().into_owned(),
            node: node(text, value),
        })
        .collect();
    // The table is sorted by name; mistakes are reported in the order in which they were made.
    entries.sort_by_key(|entry| entry.at);
    entries
}

fn node(text: &str, value: Spanned<DeValue<'_>>) -> Node {
    let at = Position::of(text, value.span().start);
    let value = match value.into_inner() {
        DeValue::String(string) => Value::Text(string.into_owned()),
        DeValue::Integer(number) => Value::Text(decimal(&number)),
        DeValue::Float(number) => Value::Text(number.as_str().to_owned()),
        DeValue::Boolean(boolean) => Value::Text(boolean.to_string()),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| node(text, item)).collect()),
        DeValue::Table(table) => Value::Table(entries(text, table)),
    };
    Node { at, value }
}

/// A number in base ten; one that is too large for any setting stays as it was written.
fn decimal(number: &DeInteger<'_>) -> String {
    match i128::from_str_radix(number.as_str(), number.radix()) {
        Ok(value) => value.to_string(),
        Err(_) => number.to_string(),
    }
}
