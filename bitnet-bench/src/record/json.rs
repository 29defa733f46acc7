//! Reading JSON, always by way of a tree: the compiler then makes the reader of each type once, and
//! not once for text and once more for trees.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a value from JSON.
///
/// # Errors
/// If the text is no JSON, or not that of such a value.
pub fn from_json<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_value(serde_json::from_str::<Value>(text)?)
}
