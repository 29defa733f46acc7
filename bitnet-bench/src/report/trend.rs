//! How cases went from commit to commit: for a person in a terminal, for GitHub, for a program.

use super::history::{figure, short_commit, short_time};
use super::text::{flow, plain, shorten, width};
use super::units::{UNKNOWN, percent};
use crate::compare::Verdict;
use crate::compare::trend::{LevelChange, Trend, TrendPoint};
use crate::stats::{ChangeRule, Estimate, median};

/// The widest line.
const WIDTH: usize = 80;
/// The widest sparkline.
const SPARKS: usize = 60;
/// A sparkline spans at least so much of the figures, so that noise stays low.
const LEAST_SPAN: f64 = 0.05;

/// The steps of a sparkline.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// The same for a terminal that has no blocks.
const ASCII: [char; 8] = ['_', '.', '-', '~', '=', '+', '*', '#'];

/// The trends for a terminal, 80 columns wide; `ascii` draws sparklines without block characters.
pub fn terminal(trends: &[Trend], rule: &ChangeRule, ascii: bool) -> String {
    let several = trends.iter().any(|trend| trend.machine_key != trends[0].machine_key);
    let mut text = String::new();
    for trend in trends {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&heading(trend, several));
        for line in body(trend, rule, if ascii { &ASCII } else { &BLOCKS }) {
            for line in flow(&line.split(' ').collect::<Vec<_>>(), " ", WIDTH - 2) {
                text.push_str(&format!("  {line}\n"));
            }
        }
    }
    text
}

fn heading(trend: &Trend, several: bool) -> String {
    let machine = if several { format!(" · {}", plain(&trend.machine_key)) } else { String::new() };
    let end = format!(" · {}{machine}", plain(&trend.metric));
    format!("{}{end}\n", shorten(&plain(&trend.case), WIDTH.saturating_sub(width(&end)).max(20)))
}

fn body(trend: &Trend, rule: &ChangeRule, steps: &[char; 8]) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((first, last)) = trend.points.first().zip(trend.points.last()) {
        lines.push(sparkline(&trend.points, steps));
        lines.push(format!("{}, {} to {}", length(trend), day(first), day(last)));
        lines.push(standing(trend, last));
    }
    for change in trend.changes.iter().rev() {
        lines.push(change_line(trend, change));
    }
    if trend.changes.is_empty() {
        lines.push(nothing(trend, rule));
    }
    lines
}

fn day(point: &TrendPoint) -> String {
    plain(point.started_at.get(..10).unwrap_or(&point.started_at)).into_owned()
}

/// What a point is.
fn unit_of_place(trend: &Trend) -> &'static str {
    if trend.points.iter().all(|point| point.commit.is_some()) { "commit" } else { "run" }
}

fn length(trend: &Trend) -> String {
    let mut length = counted(trend.points.len(), unit_of_place(trend));
    let runs: usize = trend.points.iter().map(|point| point.runs).sum();
    if runs > trend.points.len() {
        length.push_str(&format!(" in {runs} runs"));
    }
    if trend.left_out > 0 {
        length.push_str(&format!(" ({} left out)", counted(trend.left_out, "run")));
    }
    length
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// The last figure, the noise band, and the drift.
fn standing(trend: &Trend, last: &TrendPoint) -> String {
    let mut line = format!("last {}", figure(last.value, &trend.metric, &trend.unit));
    if let Some(noise) = trend.noise {
        line.push_str(&format!(", noise ±{}", percent(noise)));
    }
    if let Some(drift) = trend.drift {
        let (value, lower, upper) = (signed(drift.value), signed(drift.lower), signed(drift.upper));
        line.push_str(&format!(", drift {value} in 10 {}s", unit_of_place(trend)));
        if drift.is_bounded() {
            line.push_str(&format!(" [{lower}, {upper}]"));
        }
    }
    line
}

fn change_line(trend: &Trend, change: &LevelChange) -> String {
    let (before, after) = (&trend.points[change.last_before], &trend.points[change.first_after]);
    let behind = match change.behind {
        0 => "the newest".to_owned(),
        behind => format!("{behind} before the newest"),
    };
    format!(
        "{} {}, from {} to {}: after {}, up to {} ({behind})",
        word(change.verdict),
        ratio(&change.ratio),
        figure(change.before, &trend.metric, &trend.unit),
        figure(change.after, &trend.metric, &trend.unit),
        place(before),
        place(after),
    )
}

fn place(point: &TrendPoint) -> String {
    let commit = point.commit.as_deref().map(|commit| plain(short_commit(commit)).into_owned());
    commit.unwrap_or_else(|| plain(&short_time(&point.started_at)).into_owned())
}

/// What no change means: how long the history is, and what would have been seen in it.
fn nothing(trend: &Trend, rule: &ChangeRule) -> String {
    let least = rule.least_figures();
    match trend.detectable {
        Some(step) => format!(
            "no change of level; a step of {} or more would probably have been found {} {}s later",
            percent(step),
            rule.least_side,
            unit_of_place(trend)
        ),
        None => format!(
            "too short to tell: a change needs {least} points, {} on each side, and there are {}",
            rule.least_side,
            trend.points.len()
        ),
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Regressed => "regressed",
        Verdict::Improved => "improved",
        Verdict::Unchanged => "unchanged",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// A ratio as a change: `+5.0 % [+4.1 %, +5.9 %]`.
fn ratio(ratio: &Estimate) -> String {
    let change = |end: f64| signed(end - 1.0);
    if !ratio.is_bounded() {
        return change(ratio.value);
    }
    format!("{} [{}, {}]", change(ratio.value), change(ratio.lower), change(ratio.upper))
}

/// A share with its sign; beyond all bounds where something came from nothing.
fn signed(share: f64) -> String {
    match share {
        share if share.is_infinite() => if share > 0.0 { "+∞" } else { "−∞" }.to_owned(),
        share if share.is_nan() => UNKNOWN.to_owned(),
        share if share < 0.0 => format!("−{}", percent(-share)),
        share => format!("+{}", percent(share)),
    }
}

/// The figures as a line of steps; where there are more than fit, each step is the median of its neighbours.
fn sparkline(points: &[TrendPoint], steps: &[char; 8]) -> String {
    let columns = points.len().min(SPARKS);
    let column = |at: usize| {
        let of = &points[at * points.len() / columns..(at + 1) * points.len() / columns];
        median(&of.iter().map(|point| point.value).collect::<Vec<_>>()).unwrap_or(0.0)
    };
    let figures: Vec<f64> = (0..columns).map(column).collect();
    let lowest = figures.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = figures.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let span = (highest - lowest).max(LEAST_SPAN * highest.abs().max(lowest.abs()));
    let step = |figure: f64| {
        // All zero: nothing to span.
        let share = if span > 0.0 { (figure - lowest) / span } else { 0.0 };
        steps[((share * 8.0) as usize).min(7)]
    };
    figures.into_iter().map(step).collect()
}

/// The trends as a Markdown table, those with changes first.
pub fn markdown(trends: &[Trend], rule: &ChangeRule) -> String {
    let (changed, quiet): (Vec<&Trend>, Vec<&Trend>) = trends.iter().partition(|trend| !trend.changes.is_empty());
    let mut text =
        "| case | metric | history | last | newest change | commits |\n|---|---|---|--:|---|---|\n".to_owned();
    for trend in changed.into_iter().chain(quiet) {
        let last = trend.points.last().map(|last| figure(last.value, &trend.metric, &trend.unit));
        let (change, commits) = match trend.changes.last() {
            Some(change) => {
                let range = (&trend.points[change.last_before], &trend.points[change.first_after]);
                let range = format!("`{}..{}`", place(range.0), place(range.1));
                (format!("**{}** {}", word(change.verdict), ratio(&change.ratio)), range)
            }
            None => (nothing(trend, rule), String::new()),
        };
        let cells = [
            format!("`{}`", trend.case.replace('|', "\\|")),
            cell(&trend.metric),
            sparkline(&trend.points, &BLOCKS),
            last.unwrap_or_else(|| UNKNOWN.to_owned()),
            change,
            commits,
        ];
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

fn cell(text: &str) -> String {
    plain(text).replace('|', "\\|")
}

/// The trends as JSON.
///
/// # Errors
/// If a value cannot be written as JSON.
pub fn json(trends: &[Trend]) -> Result<String, serde_json::Error> {
    Ok(format!("{}\n", serde_json::to_string_pretty(trends)?))
}

/// What the whole says in one line, for the end of the terminal's output.
pub fn summary(trends: &[Trend]) -> String {
    let newest = |verdict| {
        let is_it = |trend: &&Trend| trend.changes.last().is_some_and(|change| change.verdict == verdict);
        trends.iter().filter(is_it).count()
    };
    let (worse, better) = (newest(Verdict::Regressed), newest(Verdict::Improved));
    let none = trends.len() - worse - better;
    let histories = if trends.len() == 1 { "history" } else { "histories" };
    format!(
        "{} {histories}; newest change for the worse in {worse}, the better in {better}, none in {none}\n",
        trends.len()
    )
}
