//! A command as one text: split into its words, and joined from them, by the rules that a shell
//! user expects.
//!
//! Blanks separate words. Between single quotes every character stands for itself; between double
//! quotes a backslash makes `"` and `\` stand for themselves; outside quotes it does so with any
//! character. Nothing is expanded: no variables, no patterns, no `~`.

use super::table::Form;
use super::value::SettingValue;

/// The words of a text; `None` if a quote is not closed, or a backslash has nothing to stand before.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            words.extend(word.take());
            continue;
        }
        // An empty pair of quotes is a word as well, so the word begins before its first character.
        let word = word.get_or_insert_default();
        match character {
            '\'' => loop {
                match characters.next()? {
                    '\'' => break,
                    other => word.push(other),
                }
            },
            '"' => loop {
                match characters.next()? {
                    '"' => break,
                    '\\' => match characters.next()? {
                        escaped @ ('"' | '\\') => word.push(escaped),
                        other => word.extend(['\\', other]),
                    },
                    other => word.push(other),
                }
            },
            '\\' => word.push(characters.next()?),
            other => word.push(other),
        }
    }
    words.extend(word);
    Some(words)
}

/// One text that [`split`] takes apart into these words again.
pub(super) fn join(words: &[impl AsRef<str>]) -> String {
    let mut text = String::new();
    for word in words {
        add(&mut text, word.as_ref());
    }
    text
}

/// Adds a word, behind a blank unless it is the first, with quotes if it needs them.
fn add(text: &mut String, word: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    if word.is_empty() || word.contains(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '\\')) {
        text.push('\'');
        text.push_str(&word.replace('\'', r"'\''"));
        text.push('\'');
    } else {
        text.push_str(word);
    }
}

/// A command: its program and arguments; empty where there is none.
impl SettingValue for Vec<String> {
    const FORM: Form = Form::Words;

    fn parse(text: &str) -> Option<Self> {
        split(text)
    }

    fn show(&self) -> String {
        join(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{join, split};

    fn words(text: &str) -> Vec<String> {
        split(text).unwrap_or_else(|| panic!("{text:?} has no words"))
    }

    #[test]
    fn words_are_split_as_a_shell_would() {
        assert_eq!(words("valgrind  --tool=none\t"), ["valgrind", "--tool=none"]);
        assert_eq!(
            words(r#"ssh 'my host' "a \"b\" \n" c\ d e'f'"g""#),
            ["ssh", "my host", r#"a "b" \n"#, "c d", "efg"]
        );
        assert_eq!(words("a '' b"), ["a", "", "b"]);
        assert_eq!(words("$HOME ~ *"), ["$HOME", "~", "*"]);
        assert_eq!(words(" \n "), Vec::<String>::new());
    }

    #[test]
    fn what_is_left_open_is_no_command() {
        for text in ["'a", "\"a", "a\\", "\"a\\", "a 'b\"c"] {
            assert_eq!(split(text), None, "{text:?}");
        }
    }

    #[test]
    fn joined_words_split_into_the_same_words() {
        let awkward = ["", "a", "a b", "it's", r"back\slash", "\"quoted\"", "line\nbreak", "größe", "'", r"\"];
        assert_eq!(words(&join(&awkward)), awkward);
        assert_eq!(join(&["ssh", "my host"]), "ssh 'my host'");
    }
}
