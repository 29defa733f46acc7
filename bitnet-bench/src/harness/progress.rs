//! The progress line: on a terminal's standard error, and nowhere else.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The progress line of a run.
pub(super) struct Progress {
    bar: ProgressBar,
    most: Cell<u64>,
}

impl Progress {
    /// A line for that many measurements; none is shown if `quiet`, or standard error is no
    /// terminal.
    pub(super) fn new(measurements: u64, quiet: bool) -> Self {
        let hidden = quiet || !std::io::stderr().is_terminal();
        let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
        let bar = ProgressBar::with_draw_target(Some(measurements), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent:>3} %  {prefix}  {wide_msg} {eta:>4}") {
            bar.set_style(style.progress_chars("━╸ "));
        }
        if !hidden {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        Self { bar, most: Cell::new(measurements) }
    }

    /// Shows what is measured now.
    pub(super) fn show(&self, launch: u32, case: &str) {
        self.bar.set_prefix(format!("launch {}", launch + 1));
        self.bar.set_message(case.to_owned());
    }

    /// Shows how far the run is. Cases that are done early take their remaining launches with them,
    /// so the line moves in leaps, and never backwards.
    pub(super) fn remaining(&self, measurements: u64) {
        self.bar.set_position(self.most.get().saturating_sub(measurements));
    }

    /// Removes the line.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
