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
    let mut problems = Vec::new();
    let mut last = None;
    for error in &errors {
        let (at, message) = problem(text, error);
        // The reader says the same of each bracket that was left open.
        if last.as_ref() != Some(&(at, message.clone())) {
            problems.push((at, Problem::Syntax { language: "TOML", message: message.clone() }));
        }
        last = Some((at, message));
    }
    Err(problems)
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
    let mut entries: Vec<Entry> = Vec::new();
    for (key, value) in table {
        let at = Position::of(text, key.span().start);
        // The table is sorted by name; mistakes are reported in the order in which they were made.
        let place = entries.partition_point(|entry| entry.at < at);
        entries.insert(place, Entry { at, key: key.into_inner().into_owned(), node: node(text, value) });
    }
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
        DeValue::Array(items) => {
            let mut nodes = Vec::new();
            for item in items {
                nodes.push(node(text, item));
            }
            Value::List(nodes)
        }
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
