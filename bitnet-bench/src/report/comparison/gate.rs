//! What a gate found, a line each.

use super::super::ink::{Ink, Palette};
use super::super::text::plain;
use crate::compare::gate::{GateOutcome, Violation};
use crate::config::{SettingValue, Severity};

/// What a gate found: every violation on a line of its own, the worst first, behind its severity; what is excused; and a
/// last line that says how it ended.
pub fn gate(outcome: &GateOutcome, color: bool) -> String {
    let palette = Palette { color };
    let mut text = String::new();
    for excused in &outcome.excused {
        let line = format!("excused until {}: {} ({})", excused.until, said(&excused.violation), excused.reason);
        text += &format!("{}\n", palette.paint(Ink::Dim, &plain(&line)));
    }
    for violation in &outcome.violations {
        let ink = if violation.severity == Severity::Minor { Ink::Yellow } else { Ink::Red };
        let severity = palette.paint(ink, &violation.severity.show());
        text += &format!("{severity}: {}\n", plain(&said(violation)));
    }
    let end = match outcome.violations.len() {
        0 => palette.paint(Ink::Green, "gate: passed"),
        1 => palette.paint(Ink::Red, "gate: 1 violation"),
        count => palette.paint(Ink::Red, &format!("gate: {count} violations")),
    };
    text + &end + "\n"
}

pub(super) fn said(violation: &Violation) -> String {
    let metric = violation.metric.as_ref().map_or(String::new(), |metric| format!("{metric} "));
    format!("{}: {metric}{}", violation.case, violation.why)
}
