//! A configuration file: its bytes, its text, its tree. From the tree on, the languages are one.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::discovery::Language;
use super::error::{Mistake, Problem};
use super::node::Node;
use super::origin::{Origin, Position};
use super::sections::{self, Contents};
use super::suites::Problems;
use super::toml_reader;

/// The most bytes that are read. A larger file was named by mistake.
const LARGEST: usize = 1 << 18;

/// Reads a file, named by an origin or found ([`Origin::Default`]); what is wrong with it is added
/// to the mistakes.
pub(super) fn read(path: &Path, named_by: &Origin, mistakes: &mut Vec<Mistake>) -> Contents {
    match language_and_text(path, named_by) {
        Ok((language, text)) => parse(path, language, &text, mistakes),
        Err((position, what)) => {
            mistakes.push(Mistake { at: Origin::File { path: path.to_owned(), position }, what });
            Contents::default()
        }
    }
}

/// Reads the text of a file.
pub(super) fn parse(path: &Path, language: Language, text: &str, mistakes: &mut Vec<Mistake>) -> Contents {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (contents, problems) = match tree(language, text) {
        Ok(root) => sections::read(&root, path),
        Err(problems) => (Contents::default(), problems),
    };
    for (at, what) in problems {
        mistakes.push(Mistake { at: Origin::File { path: path.to_owned(), position: Some(at) }, what });
    }
    contents
}

fn tree(language: Language, text: &str) -> Result<Node, Problems> {
    match language {
        Language::Toml => toml_reader::read(text),
        #[cfg(feature = "yaml")]
        Language::Yaml => super::yaml_reader::read(text),
        #[cfg(not(feature = "yaml"))]
        Language::Yaml => Err(vec![(Position::of(text, 0), Problem::NoYaml)]),
    }
}

fn language_and_text(path: &Path, named_by: &Origin) -> Result<(Language, String), (Option<Position>, Problem)> {
    let language = Language::of(path).ok_or((None, Problem::UnknownLanguage))?;
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| (None, Problem::Unreadable { named_by: named_by.clone(), error }))?;
    if bytes.len() > LARGEST {
        return Err((None, Problem::TooLarge { most: LARGEST }));
    }
    String::from_utf8(bytes).map(|text| (language, text)).map_err(|error| {
        let (valid, bytes) = (error.utf8_error().valid_up_to(), error.as_bytes());
        (Some(Position::of(&String::from_utf8_lossy(bytes), valid)), Problem::NotUtf8)
    })
}
