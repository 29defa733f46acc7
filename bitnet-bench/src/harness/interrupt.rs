//! Ctrl-C: the first one ends the run in order, the second one at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM};

static REQUESTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// The exit code of a process that Ctrl-C ended (128 + SIGINT).
pub(super) const EXIT_CODE: u8 = 130;

/// Begins to listen for interrupts.
pub(super) fn listen() {
    REQUESTED.get_or_init(|| {
        let requested = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            // Without the handlers an interrupt ends the process as usual; the journal keeps what
            // was measured.
            let _ =
                signal_hook::flag::register_conditional_shutdown(signal, i32::from(EXIT_CODE), Arc::clone(&requested));
            let _ = signal_hook::flag::register(signal, Arc::clone(&requested));
        }
        requested
    });
}

/// Whether the user asked to stop.
pub(super) fn requested() -> bool {
    REQUESTED.get().is_some_and(|requested| requested.load(Ordering::Relaxed))
}
