//! A configuration file as a tree, whichever language it was written in: every scalar is a text,
//! and everything has its place.

use super::origin::Position;
use super::table::Form;
use super::words;

/// A value in a file.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) value: Value,
}

/// What a value is made of.
#[derive(Debug)]
pub(super) enum Value {
    /// A key without a value.
    #[cfg_attr(not(feature = "yaml"), expect(dead_code, reason = "in TOML every key has a value"))]
    Nothing,
    /// A string, number, boolean or date.
    Text(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) at: Position,
    pub(super) key: String,
    pub(super) node: Node,
}

impl Node {
    /// The text of a value that may be written in a certain form; `None` if it is written in another.
    pub(super) fn text(&self, form: Form) -> Option<String> {
        let items = match &self.value {
            Value::Text(text) => return Some(text.clone()),
            Value::List(items) => {
                let mut texts = Vec::new();
                for item in items {
                    let Value::Text(text) = &item.value else { return None };
                    texts.push(text.as_str());
                }
                texts
            }
            Value::Nothing | Value::Table(_) => return None,
        };
        match form {
            Form::Words => Some(words::join(&items)),
            Form::Shape => Some(items.join("x")),
            Form::Plain | Form::Path => None,
        }
    }

    /// The value as a message quotes it.
    pub(super) fn show(&self) -> String {
        match &self.value {
            Value::Nothing => String::new(),
            Value::Text(text) => text.clone(),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(Self::show).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Table(entries) => {
                let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
                format!("{{{}}}", keys.join(", "))
            }
        }
    }
}
