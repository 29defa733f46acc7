//! The mistakes found in one annotation, so that all of them are reported at once.

use std::fmt::Display;

use quote::ToTokens;
use syn::{Error, Result};

/// Collects errors while reading goes on.
#[derive(Default)]
pub(crate) struct Mistakes(Option<Error>);

impl Mistakes {
    /// Notes a mistake at these tokens.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(Error::new_spanned(tokens, message));
    }

    /// Notes a mistake.
    pub(crate) fn add(&mut self, error: Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            none => *none = Some(error),
        }
    }

    /// Notes the mistake, if the result is one, and goes on without the value.
    pub(crate) fn or<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// The value, if there was no mistake.
    pub(crate) fn finish<T>(self, value: impl FnOnce() -> T) -> Result<T> {
        match self.0 {
            None => Ok(value()),
            Some(error) => Err(error),
        }
    }
}
