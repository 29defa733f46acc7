//! Lending: how the harness' bencher reaches a benchmark's closure through functions that know nothing
//! of it.
//!
//! A target takes a `&mut Criterion`, which has no lifetime that could hold a bencher, so the thread
//! holds it while the target runs.

use std::cell::Cell;
use std::ptr::NonNull;

use super::bencher::Bencher;
use super::measurement::Measurement;
use crate::measure;

thread_local! {
    /// The bencher that is lent, and that nobody has borrowed.
    static LENT: Cell<Option<NonNull<measure::Bencher<'static>>>> = const { Cell::new(None) };
}

/// Takes the bencher back, however the work ended.
struct TakesBack;

impl Drop for TakesBack {
    fn drop(&mut self) {
        LENT.set(None);
    }
}

/// Does the work, in which the bencher can be borrowed.
pub(super) fn lend<T>(bencher: &mut measure::Bencher<'_>, work: impl FnOnce() -> T) -> T {
    let _takes_back = TakesBack;
    LENT.set(Some(NonNull::from(bencher).cast()));
    work()
}

/// Runs a closure with the bencher that is lent. False if there is none: it can be borrowed once.
pub(super) fn borrow<M: Measurement>(measurement: &M, run: impl FnOnce(&mut Bencher<'_, M>)) -> bool {
    let Some(mut lent) = LENT.take() else { return false };
    // SAFETY: `lend` holds the exclusive reference that this pointer was made of, on this thread and for
    // as long as the pointer can be taken, which is once. The lifetime of what the bencher refers to,
    // which the pointer has lost, is longer than that of `lend`'s call, in which this one lies. The
    // closure cannot keep what it is handed, and nothing in this module puts another bencher in its place.
    let inner = unsafe { lent.as_mut() };
    run(&mut Bencher { inner, measurement });
    true
}
