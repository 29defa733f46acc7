//! Reads YAML into a tree. What a configuration has no use for is refused rather than guessed:
//! aliases, several documents in one file, keys that are lists.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::error::Problem;
use super::node::{Entry, Node, Value};
use super::origin::Position;

type Problems = Vec<(Position, Problem)>;

/// The tree of a YAML text, or every place where it is not understood.
pub(super) fn read(text: &str) -> Result<Node, Problems> {
    let mut reader = Reader { events: Parser::new_from_str(text), problems: Vec::new() };
    match reader.document() {
        Ok(node) if reader.problems.is_empty() => Ok(node),
        Ok(_) => Err(reader.problems),
        Err(fatal) => {
            reader.problems.push(fatal);
            Err(reader.problems)
        }
    }
}

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
    /// What reading can go on after.
    problems: Problems,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Position), (Position, Problem)> {
        match self.events.next_event() {
            Some(Ok((event, Span { start, .. }))) => Ok((event, position(&start))),
            Some(Err(error)) => Err(refused(&error)),
            None => Ok((Event::StreamEnd, Position { line: 1, column: 1 })),
        }
    }

    fn document(&mut self) -> Result<Node, (Position, Problem)> {
        let mut root = None;
        loop {
            let (event, at) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) if root.is_some() => {
                    return Err((at, syntax("a configuration is one document")));
                }
                Event::DocumentStart(_) => {
                    let (event, at) = self.next()?;
                    root = Some(self.node(event, at)?);
                }
                _ => break,
            }
        }
        Ok(root.unwrap_or(Node { at: Position { line: 1, column: 1 }, value: Value::Nothing }))
    }

    /// The parser itself refuses what is nested too deeply for this recursion.
    fn node(&mut self, event: Event<'t>, at: Position) -> Result<Node, (Position, Problem)> {
        let value = match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) if matches!(&*text, "" | "~" | "null") => Value::Nothing,
            Event::Scalar(text, ..) => Value::Text(text.into_owned()),
            Event::SequenceStart(..) => Value::List(self.list()?),
            Event::MappingStart(..) => Value::Table(self.table()?),
            Event::Alias(_) => return Err((at, syntax("aliases are not understood here; write the value out"))),
            _ => return Err((at, syntax("a value was expected"))),
        };
        Ok(Node { at, value })
    }

    fn list(&mut self) -> Result<Vec<Node>, (Position, Problem)> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, at) => items.push(self.node(event, at)?),
            }
        }
    }

    fn table(&mut self) -> Result<Vec<Entry>, (Position, Problem)> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (key, at) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(entries),
                (Event::Scalar(key, ..), at) => (key.into_owned(), at),
                (_, at) => return Err((at, syntax("a key is a plain word"))),
            };
            let (event, value_at) = self.next()?;
            let node = self.node(event, value_at)?;
            match entries.iter().find(|entry| entry.key == key) {
                Some(first) => self.problems.push((at, Problem::Duplicate { key, first: first.at })),
                None => entries.push(Entry { at, key, node }),
            }
        }
    }
}

fn position(marker: &Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

fn syntax(message: &str) -> Problem {
    Problem::Syntax { language: "YAML", message: message.to_owned() }
}

fn refused(error: &ScanError) -> (Position, Problem) {
    (position(error.marker()), syntax(error.info()))
}
