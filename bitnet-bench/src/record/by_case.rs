//! Reading a document case by case: a large record is gigabytes of raw samples, and who compares takes little of them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::model::SCHEMA_VERSION;
use super::store::StoreError;
use super::version;

/// How much is read at once; more where a value is larger.
const PIECE: usize = 1 << 20;

/// Reads a record's document: `each` of its cases as soon as it was read, the rest of the document as a `Head`.
///
/// # Errors
/// If the file cannot be read, is no record, or was written by a newer version. What `each` was given then is worthless.
pub fn read_case_by_case<Head: DeserializeOwned, Case: DeserializeOwned>(
    path: &Path,
    each: impl FnMut(Case),
) -> Result<Head, StoreError> {
    let unreadable = |source| StoreError::Read { path: path.into(), source };
    let file = File::open(path).map_err(unreadable)?;
    read(file, PIECE, each).map_err(|error| match error {
        Unread::Source(source) => unreadable(source),
        Unread::Damaged(reason) => StoreError::Damaged { path: path.into(), reason },
        Unread::Newer(found) => StoreError::Newer { path: path.into(), found },
    })
}

/// Why a document was not read.
#[derive(Debug)]
enum Unread {
    Source(io::Error),
    Damaged(String),
    Newer(u64),
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Source(error)
    }
}

fn read<Head: DeserializeOwned, Case: DeserializeOwned>(
    source: impl Read,
    piece: usize,
    mut each: impl FnMut(Case),
) -> Result<Head, Unread> {
    let mut window = Window::on(source, piece);
    let mut head = b"{".to_vec();
    window.list(b'{', b'}', |window| {
        if head.len() > 1 {
            head.push(b',');
        }
        let name: String = window.value(&mut |text| head.extend(text))?;
        window.expect(b':')?;
        head.push(b':');
        if name != "cases" {
            let IgnoredAny = window.value(&mut |text| head.extend(text))?;
            // What comes after the version of a newer document may be of another kind, but is not damaged.
            return if name == "schema_version" { version_of(&head).map(drop) } else { Ok(()) };
        }
        head.extend(b"[]");
        window.list(b'[', b']', |window| window.value(&mut |_| ()).map(&mut each))
    })?;
    window.end()?;
    head.push(b'}');
    let no_record = |error: serde_json::Error| Unread::Damaged(error.to_string());
    if version_of(&head)?.is_none() {
        return Err(Unread::Damaged("it has no `schema_version`".to_owned()));
    }
    serde_json::from_slice(&head).map_err(no_record)
}

/// The version of a document of which this is the beginning, or all.
fn version_of(head: &[u8]) -> Result<Option<u64>, Unread> {
    let text = String::from_utf8_lossy(head);
    match version::of(&text) {
        Ok(Some(found)) if found > u64::from(SCHEMA_VERSION) => Err(Unread::Newer(found)),
        Ok(found) => Ok(found),
        Err(error) => Err(Unread::Damaged(error.to_string())),
    }
}

/// What of a text was read and not yet understood.
struct Window<R> {
    source: R,
    /// How much is read at once.
    piece: usize,
    bytes: Vec<u8>,
    /// Where in `bytes` the reading is.
    at: usize,
    /// How much stood before `bytes`.
    passed: usize,
    /// Whether the text ends where `bytes` ends.
    whole: bool,
}

impl<R: Read> Window<R> {
    fn on(source: R, piece: usize) -> Self {
        Self { source, piece, bytes: Vec::new(), at: 0, passed: 0, whole: false }
    }

    /// Reads on: a piece, or as much again as what was not understood without more.
    fn read_on(&mut self) -> io::Result<()> {
        self.bytes.drain(..self.at);
        self.passed += std::mem::take(&mut self.at);
        let wanted = self.piece.max(self.bytes.len());
        let got = self.source.by_ref().take(wanted as u64).read_to_end(&mut self.bytes)?;
        self.whole = got < wanted;
        Ok(())
    }

    /// The next value; `text` is handed what it was written as.
    fn value<T: DeserializeOwned>(&mut self, text: &mut dyn FnMut(&[u8])) -> Result<T, Unread> {
        loop {
            let bytes = &self.bytes[self.at..];
            let mut values = serde_json::Deserializer::from_slice(bytes).into_iter();
            let value = values.next();
            let length = values.byte_offset();
            match value {
                // A number may go on in the next piece.
                Some(Ok(value)) if self.whole || length < bytes.len() => {
                    text(&bytes[..length]);
                    self.at += length;
                    return Ok(value);
                }
                // What seems to be wrong at the end may only be cut off there.
                Some(Err(error)) if self.whole || place(bytes, &error) + 1 < bytes.len() => {
                    return Err(self.damage(&error));
                }
                None if self.whole => return Err(self.cut_off()),
                _ => self.read_on()?,
            }
        }
    }

    /// The next character that is no blank; it is not passed.
    fn peek(&mut self) -> Result<Option<u8>, Unread> {
        loop {
            self.at += self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            match self.bytes.get(self.at) {
                Some(byte) => return Ok(Some(*byte)),
                None if self.whole => return Ok(None),
                None => self.read_on()?,
            }
        }
    }

    /// Passes a character, which must come next.
    fn expect(&mut self, character: u8) -> Result<(), Unread> {
        match self.peek()? {
            Some(found) if found == character => self.at += 1,
            Some(_) => {
                let place = self.passed + self.at;
                return Err(Unread::Damaged(format!("expected `{}` at byte {place}", char::from(character))));
            }
            None => return Err(self.cut_off()),
        }
        Ok(())
    }

    /// Passes a list in these brackets, each of its items by `item`.
    fn list(
        &mut self,
        open: u8,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Result<(), Unread>,
    ) -> Result<(), Unread> {
        self.expect(open)?;
        if self.peek()? != Some(close) {
            item(self)?;
            while self.peek()? == Some(b',') {
                self.at += 1;
                item(self)?;
            }
        }
        self.expect(close)
    }

    /// Makes sure that nothing follows.
    fn end(&mut self) -> Result<(), Unread> {
        match self.peek()? {
            None => Ok(()),
            Some(_) => Err(Unread::Damaged(format!("something follows its end, at byte {}", self.passed + self.at))),
        }
    }

    fn cut_off(&self) -> Unread {
        Unread::Damaged(format!("it is cut off after {} bytes", self.passed + self.bytes.len()))
    }

    /// What is wrong with the value that comes next, and where in the whole text.
    fn damage(&self, error: &serde_json::Error) -> Unread {
        if error.is_eof() {
            return self.cut_off();
        }
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        Unread::Damaged(format!("{what} at byte {}", self.passed + self.at + place(&self.bytes[self.at..], error)))
    }
}

/// How many bytes come before the place that an error names by line and column.
fn place(bytes: &[u8], error: &serde_json::Error) -> usize {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    before + error.column()
}

#[cfg(test)]
#[path = "by_case_tests.rs"]
mod tests;
