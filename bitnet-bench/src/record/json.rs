//! Reading JSON, always from text: the compiler then makes the reader of each type once, and not once for text and once
//! more for trees. A tree of a large record would also take many times its memory.

use serde::de::DeserializeOwned;

/// Reads a value from JSON.
///
/// # Errors
/// If the text is no JSON, or not that of such a value.
pub fn from_json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text)
}
