//! Where a value came from.

use std::fmt;
use std::path::PathBuf;

/// A place in a text, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// The place of a byte of a text.
    pub(super) fn of(text: &str, byte: usize) -> Self {
        let before = &text.as_bytes()[..byte.min(text.len())];
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
        Self {
            line: 1 + before.iter().filter(|&&byte| byte == b'\n').count(),
            column: 1 + String::from_utf8_lossy(&before[start..]).chars().count(),
        }
    }
}

/// Where a value came from: the layer, and the place in it. It shows itself as a person would name
/// the place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    #[default]
    Default,
    /// A configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The place in it, where it is known.
        position: Option<Position>,
    },
    /// The environment.
    Environment {
        /// The variable.
        variable: String,
    },
    /// `#[bitnet_bench_group]` on the module around the benchmark.
    Group {
        /// `file:line` of the group.
        source: String,
    },
    /// `#[bitnet_bench]` on the benchmark.
    Attribute {
        /// `file:line` of the benchmark.
        source: String,
    },
    /// A call in the program that runs the suite.
    Program,
    /// The command line.
    CommandLine {
        /// The flag, with its dashes.
        flag: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, position: None } => write!(f, "{}", path.display()),
            Self::File { path, position: Some(at) } => write!(f, "{}:{}", path.display(), at.line),
            Self::Environment { variable } => write!(f, "environment variable {variable}"),
            Self::Group { source } => write!(f, "group at {source}"),
            Self::Attribute { source } => write!(f, "attribute at {source}"),
            Self::Program => f.write_str("the program"),
            Self::CommandLine { flag } => f.write_str(flag),
        }
    }
}

/// The origin of each value of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origins {
    /// Only what is not a default, which most values are, sorted by key.
    given: Vec<(&'static str, Origin)>,
}

impl Origins {
    /// Where the value of a key came from.
    pub fn of(&self, key: &str) -> &Origin {
        self.place(key).map_or(&Origin::Default, |place| &self.given[place].1)
    }

    pub(super) fn set(&mut self, key: &'static str, origin: Origin) {
        match self.place(key) {
            Ok(place) => self.given[place].1 = origin,
            Err(place) => self.given.insert(place, (key, origin)),
        }
    }

    /// Where a key stands, or where it would.
    fn place(&self, key: &str) -> Result<usize, usize> {
        self.given.binary_search_by(|(given, _)| given.cmp(&key))
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, Position};

    #[test]
    fn an_origin_reads_like_a_place() {
        let at = Some(Position { line: 3, column: 12 });
        assert_eq!(Origin::File { path: "bitnet-bench.toml".into(), position: at }.to_string(), "bitnet-bench.toml:3");
        assert_eq!(Origin::Group { source: "src/lib.rs:7".into() }.to_string(), "group at src/lib.rs:7");
        assert_eq!(Origin::CommandLine { flag: "--time".into() }.to_string(), "--time");
        assert_eq!(Origin::default().to_string(), "default");
    }

    #[test]
    fn a_position_counts_lines_and_characters() {
        let text = "a\nzwölf = 1\r\nx";
        assert_eq!(Position::of(text, 0), Position { line: 1, column: 1 });
        assert_eq!(Position::of(text, text.find('=').unwrap()), Position { line: 2, column: 7 });
        assert_eq!(Position::of(text, text.find('x').unwrap()), Position { line: 3, column: 1 });
        assert_eq!(Position::of(text, 1000), Position { line: 3, column: 2 });
        assert_eq!(Position::of("", 0), Position { line: 1, column: 1 });
    }
}
