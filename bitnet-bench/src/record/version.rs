//! The version of a document, before the rest of it is understood.

use std::fmt;

use serde::Deserializer;
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};

/// The `schema_version` of a JSON document; `None` if it has none. It stands in front, and what follows it is not looked
/// at: a record may have hundreds of megabytes.
///
/// # Errors
/// If the text up to there is no JSON object.
pub(super) fn of(text: &str) -> serde_json::Result<Option<u64>> {
    let mut found = None;
    let read = serde_json::Deserializer::from_str(text).deserialize_map(Finder { found: &mut found });
    match found {
        Some(version) => Ok(Some(version)),
        None => read.map(|()| None),
    }
}

struct Finder<'a> {
    found: &'a mut Option<u64>,
}

impl<'de> Visitor<'de> for Finder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if name == "schema_version" {
                *self.found = members.next_value()?;
                // To leave before the end is an error, which nobody hears of once the version is known.
                return Err(A::Error::custom("the version is no whole number"));
            }
            members.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_version_is_found_wherever_it_is() {
        assert_eq!(of(r#"{"schema_version":7, then what is no JSON"#).unwrap(), Some(7));
        assert_eq!(of(r#"{"run":{"schema_version":2},"schema_version":1}"#).unwrap(), Some(1));
        assert_eq!(of(r#"{"run":{"schema_version":2}}"#).unwrap(), None);
        for text in ["", "[1]", "{", r#"{"schema_version":"one"}"#, r#"{"schema_version":null}"#] {
            assert!(of(text).is_err(), "{text}");
        }
    }
}
