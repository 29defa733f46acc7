//! A calibration as a person reads it in a terminal.

use super::text::{shorten, width, wrap};
use super::units::percent;
use crate::compare::CaseCalibration;
use crate::stats;

/// Narrower, figures and names would no longer stand side by side.
const LEAST_WIDTH: usize = 60;
/// Columns that the figures take, and blanks before each.
const FIGURE: usize = 10;
const TITLES: [&str; 4] = ["lock-step", "stored", "sees", "alarms"];

/// The entries as a table, and how often they cried wolf. Every line ends with a line feed.
pub fn render<'a>(
    cases: impl Iterator<Item = (&'a str, &'a CaseCalibration)>,
    machine_key: &str,
    columns: usize,
) -> String {
    let cases: Vec<_> = cases.collect();
    let columns = columns.max(LEAST_WIDTH);
    let name = cases.iter().map(|(id, _)| width(id)).max().unwrap_or(0).min(columns - TITLES.len() * FIGURE);
    let mut lines = vec![format!("How much unchanged code seems to change on {machine_key}"), String::new()];
    lines.push(row("", name, &TITLES.map(str::to_owned)));
    let (mut alarms, mut verdicts) = (0, 0);
    for (id, case) in &cases {
        alarms += case.false_alarms;
        verdicts += case.verdicts;
        let seen = format!("{} of {}", case.false_alarms, case.verdicts);
        lines.push(row(id, name, &[percent(case.lock_step), percent(case.stored), percent(case.detectable), seen]));
    }
    lines.push(String::new());
    if let Some(share) = stats::proportion(alarms, verdicts, 0.95) {
        let (lower, upper) = (percent(share.lower), percent(share.upper));
        let rate = format!("{alarms} false alarms in {verdicts} verdicts: {} [{lower}, {upper}]", percent(share.value));
        lines.extend(wrap(&rate, columns));
    }
    lines.extend(wrap(MEANING, columns));
    lines.join("\n") + "\n"
}

const MEANING: &str = "lock-step, stored: below that a comparison of that kind claims nothing; sees: the smallest change that ten \
                       launches would probably find.";

fn row(name: &str, room: usize, figures: &[String; 4]) -> String {
    let name = shorten(name, room);
    let mut line = format!("{name}{}", " ".repeat(room - width(&name)));
    for figure in figures {
        line.push_str(&format!("{}{figure}", " ".repeat(FIGURE.saturating_sub(width(figure)).max(1))));
    }
    line
}
