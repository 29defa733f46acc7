//! JSON that somebody else wrote: every mistake in it is named with its place.

use std::path::Path;

use serde_json::Value;

use super::ImportError;

/// The objects of a file: those of its one array, or one a line, or its only one.
pub(super) struct Documents<'a> {
    path: &'a Path,
    objects: Vec<Value>,
    /// Whether they stand in an array.
    listed: bool,
}

impl<'a> Documents<'a> {
    pub(super) fn read(path: &'a Path, text: &str) -> Result<Self, ImportError> {
        match serde_json::from_str(text) {
            Ok(Value::Array(objects)) => Ok(Self { path, objects, listed: true }),
            Ok(one) => Ok(Self { path, objects: vec![one], listed: false }),
            Err(source) => Self::lines(path, text).unwrap_or_else(|| {
                let line = source.line();
                Err(ImportError::NoJson { path: path.into(), line, source })
            }),
        }
    }

    /// One object a line; `None` if not even the first line is one.
    fn lines(path: &'a Path, text: &str) -> Option<Result<Self, ImportError>> {
        let mut objects = Vec::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match serde_json::from_str(line) {
                Ok(object) => objects.push(object),
                Err(_) if objects.is_empty() => return None,
                Err(source) => return Some(Err(ImportError::NoJson { path: path.into(), line: at + 1, source })),
            }
        }
        Some(Ok(Self { path, objects, listed: false }))
    }

    pub(super) fn first(&self) -> Option<&Value> {
        self.objects.first()
    }

    /// Each object with its place.
    pub(super) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        self.objects.iter().enumerate().map(|(at, value)| {
            let place = match (self.listed, self.objects.len()) {
                (true, _) => format!("[{at}]"),
                (false, 1) => String::new(),
                (false, _) => format!("object {}", at + 1),
            };
            Node { path: self.path, place, value }
        })
    }
}

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) path: &'a Path,
    pub(super) place: String,
    pub(super) value: &'a Value,
}

impl<'a> Node<'a> {
    /// The whole document of a file.
    pub(super) fn root(path: &'a Path, value: &'a Value) -> Self {
        Self { path, place: String::new(), value }
    }

    /// A member that may be missing, or `null`.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let dot = if self.place.is_empty() { "" } else { "." };
        Some(Node { path: self.path, place: format!("{}{dot}{key}", self.place), value })
    }

    /// A member that has to be there.
    pub(super) fn need(&self, key: &str) -> Result<Node<'a>, ImportError> {
        self.get(key).ok_or_else(|| self.wrong(format!("it has no `{key}`")))
    }

    pub(super) fn wrong(&self, problem: String) -> ImportError {
        ImportError::Wrong { path: self.path.into(), place: self.place.clone(), problem }
    }

    pub(super) fn text(&self) -> Result<&'a str, ImportError> {
        self.value.as_str().ok_or_else(|| self.wrong("it is no text".to_owned()))
    }

    pub(super) fn number(&self) -> Result<f64, ImportError> {
        self.value.as_f64().ok_or_else(|| self.wrong("it is no number".to_owned()))
    }

    /// A number that is not below zero.
    pub(super) fn amount(&self) -> Result<f64, ImportError> {
        let number = self.number()?;
        if number < 0.0 {
            return Err(self.wrong(format!("it is {number}, and cannot be below zero")));
        }
        Ok(number)
    }

    /// The items of an array.
    pub(super) fn items(&self) -> Result<Vec<Node<'a>>, ImportError> {
        let items = self.value.as_array().ok_or_else(|| self.wrong("it is no list".to_owned()))?;
        let node = |(at, value)| Node { path: self.path, place: format!("{}[{at}]", self.place), value };
        Ok(items.iter().enumerate().map(node).collect())
    }

    /// Numbers that are not below zero.
    pub(super) fn amounts(&self) -> Result<Vec<f64>, ImportError> {
        self.items()?.iter().map(Node::amount).collect()
    }

    /// The text of a member that may be missing.
    pub(super) fn optional_text(&self, key: &str) -> Result<Option<&'a str>, ImportError> {
        self.get(key).map(|node| node.text()).transpose()
    }
}
