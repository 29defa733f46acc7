//! The progress line: on a terminal's standard error, and nowhere else.

use std::cell::Cell;
use std::time::{Duration, Instant};

use console::Term;

/// The progress line of a run.
pub(super) struct Progress {
    /// The terminal; `None` shows nothing.
    terminal: Option<Term>,
    begun: Instant,
    all: u64,
    done: Cell<u64>,
    shown: Cell<Option<Instant>>,
}

/// Columns of the bar.
const BAR: usize = 24;
/// Shown no more often than this: drawing costs the processor that is measured.
const EVERY: Duration = Duration::from_millis(100);

impl Progress {
    /// A line for that many measurements; none is shown if `quiet`, or standard error is no
    /// terminal.
    pub(super) fn new(measurements: u64, quiet: bool) -> Self {
        let terminal = Some(Term::stderr()).filter(|terminal| !quiet && terminal.is_term());
        Self { terminal, begun: Instant::now(), all: measurements, done: Cell::new(0), shown: Cell::new(None) }
    }

    /// Shows what is measured now.
    pub(super) fn show(&self, launch: u32, case: &str) {
        let Some(terminal) = &self.terminal else { return };
        if self.shown.get().is_some_and(|shown| shown.elapsed() < EVERY) {
            return;
        }
        self.shown.set(Some(Instant::now()));
        let width = usize::from(terminal.size().1).saturating_sub(1);
        let line = self.line(launch, case);
        let line: String = line.chars().take(width).collect();
        // A terminal that has gone away shows nothing, which is all that can be done.
        let _ = terminal.clear_line().and_then(|()| terminal.write_str(&line));
    }

    fn line(&self, launch: u32, case: &str) -> String {
        let share = self.done.get() as f64 / self.all.max(1) as f64;
        let filled = (share * BAR as f64) as usize;
        let bar = format!("{}{}", "━".repeat(filled), "─".repeat(BAR - filled.min(BAR)));
        // A guess from the first few measurements would only mislead.
        let left = match share {
            share if share < 0.05 => String::new(),
            share => format!(", {:.0} s left", self.begun.elapsed().as_secs_f64() * (1.0 - share) / share),
        };
        format!("{bar} {:3.0} %  launch {}{left}  {case}", 100.0 * share, launch + 1)
    }

    /// Takes note of how many measurements are still to come, at most. Cases that are done early
    /// take their remaining launches with them, so the line moves in leaps, and never backwards.
    pub(super) fn remaining(&self, measurements: u64) {
        self.done.set(self.all.saturating_sub(measurements));
    }

    /// Removes the line.
    pub(super) fn finish(&self) {
        if let (Some(terminal), Some(_)) = (&self.terminal, self.shown.get()) {
            let _ = terminal.clear_line();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_how_far_the_run_is() {
        let progress = Progress::new(40, true);
        assert!(progress.line(0, "a/b@cpu").ends_with("0 %  launch 1  a/b@cpu"));
        progress.remaining(10);
        let line = progress.line(3, "a/b@cpu");
        assert!(line.starts_with(&"━".repeat(18)) && line.contains(" 75 %  launch 4, 0 s left  a/b@cpu"), "{line}");
        progress.remaining(0);
        assert_eq!(progress.line(9, "x").matches('━').count(), BAR);
    }
}
