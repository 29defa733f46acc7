//! Panics are data: what a benchmark panicked with, and where.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use super::failure::{Failure, FailureKind};

thread_local! {
    /// Where the thread's last panic happened; the payload does not tell.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs the work; a panic becomes a failure. The payload is given back as well, for those that
/// carry a meaning.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, (Failure, Box<dyn Any + Send>)> {
    remember_places();
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let place = PLACE.take().map_or(String::new(), |place| format!(" ({place})"));
        (Failure::new(FailureKind::Panicked, format!("{}{place}", message(&*payload))), payload)
    })
}

/// The text of a panic's payload.
fn message(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a value that is no text".to_owned()
    }
}

/// Adds a hook before the one that is there: it remembers where a panic happened.
fn remember_places() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            PLACE.set(info.location().map(ToString::to_string));
            before(info);
        }));
    });
}
