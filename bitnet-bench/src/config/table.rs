//! Tables of keys: from one table come a struct, its defaults, its keys and its checks, so that a
//! new setting or option is one entry.

/// One setting or option: its key, what it means, what it takes.
#[derive(Debug)]
pub struct Key {
    /// The key, as files, the environment and the attribute spell it.
    pub name: &'static str,
    /// Its documentation.
    pub meaning: &'static str,
    /// What may be written for it, in words.
    pub takes: &'static str,
    /// How it may be written in a file.
    pub form: Form,
}

impl Key {
    /// Its documentation on one line.
    pub fn meaning_line(&self) -> String {
        one_line(self.meaning)
    }
}

/// The names of keys, in their order.
pub(super) fn names(keys: &'static [Key]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for key in keys {
        names.push(key.name);
    }
    names
}

/// A documentation text on one line.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// How a value may be written in a file, beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As its text (or a number or boolean with that text) only.
    Plain,
    /// Also as a list of words: `["ssh", "host"]` is `ssh host`.
    Words,
    /// Also as a list of lengths: `[1024, 512]` is `1024x512`.
    Shape,
    /// As a path. In a file, a relative one is relative to the file's own folder.
    Path,
}

/// A setting or option that does not exist, or a value that it does not take.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadSetting {
    /// No setting has that name.
    #[error("there is no {kind} `{key}`{}", did_you_mean(*suggestion))]
    Key {
        /// What was looked for: `setting` or `option`.
        kind: &'static str,
        /// What was written.
        key: String,
        /// The one that was probably meant.
        suggestion: Option<&'static str>,
    },
    /// The setting does not take that value.
    #[error("`{key}` takes {takes}, not `{text}`")]
    Value {
        /// The setting.
        key: &'static str,
        /// What was written.
        text: String,
        /// What it takes.
        takes: &'static str,
    },
}

impl BadSetting {
    pub(super) fn value(key: &'static str, text: &str, takes: &'static str) -> Self {
        Self::Value { key, text: legible(text), takes }
    }

    pub(super) fn key(kind: &'static str, key: &str, keys: &'static [Key]) -> Self {
        let suggestion = super::suggest(key, names(keys));
        Self::Key { kind, key: legible(key), suggestion }
    }
}

/// The end of a message that offers a suggestion.
pub(super) fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// A written text as a message quotes it: on one line, and no longer than a reader needs to find it.
pub(super) fn legible(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut quoted = String::new();
    for (at, c) in text.chars().enumerate() {
        if at == LONGEST {
            quoted.push('…');
            break;
        }
        quoted.push(if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    }
    quoted
}

/// Declares a struct of settled values and the list of its keys.
macro_rules! table {
    (
        $(#[doc = $table_doc:literal])+
        struct $table:ident of $kind:literal;
        $(#[doc = $keys_doc:literal])+
        const $keys:ident;
        $( $(#[doc = $doc:literal])+ $key:ident: $type:ty = $default:expr; $takes:literal, $valid:expr; )+
    ) => {
        $(#[doc = $table_doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $table {
            $( $(#[doc = $doc])+ pub $key: $type, )+
        }

        impl Default for $table {
            fn default() -> Self {
                Self { $( $key: $default, )+ }
            }
        }

        impl $table {
            /// Sets one value from its text.
            ///
            /// # Errors
            /// If there is no such key, or the text is not a value that it takes.
            pub fn set(&mut self, key: &str, text: &str) -> Result<(), $crate::config::BadSetting> {
                use $crate::config::{BadSetting, SettingValue};
                match key {
                    $( stringify!($key) => {
                        let valid: fn(&$type) -> bool = $valid;
                        match <$type as SettingValue>::parse(text).filter(valid) {
                            Some(value) => self.$key = value,
                            None => return Err(BadSetting::value(stringify!($key), text, $takes)),
                        }
                    } )+
                    _ => return Err(BadSetting::key($kind, key, $keys)),
                }
                Ok(())
            }

            #[doc = concat!("Every value as text, in the order of [`", stringify!($keys), "`]; `set` reads it back.")]
            pub fn to_texts(&self) -> Vec<(&'static str, String)> {
                use $crate::config::SettingValue;
                vec![ $( (stringify!($key), SettingValue::show(&self.$key)), )+ ]
            }
        }

        $(#[doc = $keys_doc])+
        pub const $keys: &[$crate::config::Key] = &[
            $( $crate::config::Key {
                name: stringify!($key),
                meaning: concat!($($doc, "\n"),+),
                takes: $takes,
                form: <$type as $crate::config::SettingValue>::FORM,
            }, )+
        ];
    };
}

pub(super) use table;

#[cfg(test)]
mod tests {
    use super::legible;

    #[test]
    fn a_quoted_text_stays_on_one_line_and_short() {
        assert_eq!(legible("a\nb\u{1b}"), "a\u{fffd}b\u{fffd}");
        assert_eq!(legible(&"ä".repeat(60)), "ä".repeat(60));
        assert_eq!(legible(&"ä".repeat(61)), "ä".repeat(60) + "…");
    }
}
