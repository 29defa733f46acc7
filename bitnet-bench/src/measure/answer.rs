//! What a check may say of a result.

use std::any::Any;
use std::fmt::Display;

use super::failure::Failure;

/// What a check may say.
#[diagnostic::on_unimplemented(
    message = "a check says `bool`, `Result<(), E>` or nothing (when it asserts), not `{Self}`",
    label = "this is what the check says"
)]
pub trait Answer {
    /// A failure, if it says that the result is wrong; `condition` is what did not hold.
    ///
    /// # Errors
    /// With the condition that did not hold, or the error that the check returned.
    fn answer(self, condition: &str) -> Result<(), Failure>;
}

impl Answer for () {
    fn answer(self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

impl Answer for bool {
    fn answer(self, condition: &str) -> Result<(), Failure> {
        if self { Ok(()) } else { Err(Failure::check(format_args!("{condition} does not hold"))) }
    }
}

impl<E: Display + Any> Answer for Result<(), E> {
    fn answer(self, _: &str) -> Result<(), Failure> {
        // A failure says already what it is.
        self.map_err(|error| (&error as &dyn Any).downcast_ref().cloned().unwrap_or_else(|| Failure::check(error)))
    }
}

/// The condition of a check that is a closure, whose text nobody knows.
pub(super) const UNNAMED: &str = "the check's condition";
