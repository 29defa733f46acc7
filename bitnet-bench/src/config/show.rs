//! What `--show-config` prints: every value with its origin, as a file that could be read back.

use super::error::ConfigError;
use super::load::Config;
use super::options::OPTION_KEYS;
use super::origin::Origin;
use super::settings::KEYS;
use super::suites::ReadBy;

/// One value as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The section of a file in which it can be given.
    pub section: &'static str,
    /// Its key.
    pub key: &'static str,
    /// The value as a TOML file would have it.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
    /// What it means, on one line.
    pub meaning: String,
    /// Whether it has an effect in this version.
    pub has_effect: bool,
}

impl Config {
    /// Every setting and option, and what the file says about suites, each with its origin.
    /// Settings are those of a case whose group and attribute say nothing.
    ///
    /// # Errors
    /// If the settings contradict each other.
    pub fn show(&self) -> Result<Vec<Shown>, ConfigError> {
        let resolved = self.settings_for(None, None)?;
        let tables = [
            ("measure", KEYS, resolved.settings.to_texts(), &resolved.origins),
            ("run", OPTION_KEYS, self.options().to_texts(), self.option_origins()),
        ];
        let mut shown = Vec::new();
        for (section, keys, texts, origins) in tables {
            for (key, (_, text)) in keys.iter().zip(texts) {
                shown.push(Shown {
                    section,
                    key: key.name,
                    value: in_toml(&text),
                    origin: origins.of(key.name).clone(),
                    meaning: key.meaning_line(),
                    has_effect: true,
                });
            }
        }
        for given in self.given() {
            shown.push(Shown {
                section: given.key.section,
                key: given.key.name,
                value: given.text.clone(),
                origin: given.origin.clone(),
                meaning: given.key.meaning_line(),
                has_effect: given.key.read_by != ReadBy::Nothing,
            });
        }
        Ok(shown)
    }
}

/// The values as aligned text: a TOML file with each value's origin as a comment.
pub fn render(rows: &[Shown]) -> String {
    /// A longer value pushes its own comment to the right, not everybody's.
    const WIDEST: usize = 24;
    let (mut keys, mut values) = (0, 0);
    for row in rows {
        keys = keys.max(row.key.len());
        let value = row.value.chars().count();
        values = if value <= WIDEST { values.max(value) } else { values };
    }
    let mut text = String::new();
    let mut section = "";
    for row in rows {
        if row.section != section {
            section = row.section;
            text += &format!("{}[{section}]\n", if text.is_empty() { "" } else { "\n" });
        }
        let note = if row.has_effect { "" } else { "; no effect in this version" };
        text += &format!("{:keys$} = {:values$}  # {}{note}\n", row.key, row.value, row.origin);
    }
    text
}

/// A value's text as a TOML value: a number as itself, anything else as a string.
pub(super) fn in_toml(text: &str) -> String {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = digits(text) && text.parse::<i64>().is_ok() && (text == "0" || !text.starts_with('0'));
    let fraction = text.split_once('.').is_some_and(|(whole, fraction)| {
        digits(whole) && digits(fraction) && (whole == "0" || !whole.starts_with('0'))
    });
    if whole || fraction {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control.is_control() => quoted += &format!("\\u{:04X}", control as u32),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::in_toml;

    #[test]
    fn a_text_is_shown_as_toml_reads_it() {
        assert_eq!(in_toml("10"), "10");
        assert_eq!(in_toml("0.0001"), "0.0001");
        assert_eq!(in_toml("007"), "\"007\"");
        assert_eq!(in_toml("18446744073709551615"), "\"18446744073709551615\"", "TOML's numbers are signed");
        assert_eq!(in_toml("1s"), "\"1s\"");
        assert_eq!(in_toml(""), "\"\"");
        assert_eq!(in_toml("a\"b\\c\nd"), "\"a\\\"b\\\\c\\u000Ad\"");
    }
}
