//! A value, or the reason why there is none: what cannot be had is never shown as zero.

use serde::{Deserialize, Serialize};

/// A value, or the reason why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Stated<T> {
    /// The value.
    Known(T),
    /// Why it is not known.
    Unknown(String),
}

impl<T> Stated<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// A value that is not known, with the reason.
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown(reason.into())
    }
}
