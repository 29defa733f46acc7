//! Comparisons in a terminal.

use super::super::change::{brief, full, interval, size, tally, tally_of_others};
use super::super::ink::{Ink, Palette, of_verdict as ink};
use super::super::text::{flow, list, plain, shorten, width, wrap};
use super::super::units::{number, percent};
use super::figures::before_and_after;
use super::{Compared, ComparisonOptions, chosen, matrix};
use crate::compare::{Absence, CaseComparison, Comparison, MetricComparison, Verdict};
use crate::order::order;

/// Narrower, figures would no longer stand side by side.
const LEAST_WIDTH: usize = 60;
/// The cases of a section, and the lines of a list of names, unless all is asked for.
const MOST_CASES: usize = 20;
const LINES_OF_NAMES: usize = 2;
/// A metric's name gives way to its figures.
const LONGEST_NAME: usize = 17;

/// Comparisons as text: for each target a tally, what changed, the worst first, and of what it could not be told;
/// what did not change is counted only. Of several runs a matrix. Every line ends with a line feed.
pub fn terminal(compared: &[Compared<'_>], options: &ComparisonOptions<'_>) -> String {
    let options = ComparisonOptions { width: options.width.max(LEAST_WIDTH), ..*options };
    let mut text = String::new();
    for target in compared {
        let lines = match &target.runs[..] {
            [(name, comparison)] => Page { options: &options }.lines(target.target, name, comparison),
            _ => matrix::terminal(target, &options),
        };
        if !text.is_empty() {
            text.push('\n');
        }
        for line in lines {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

struct Page<'a> {
    options: &'a ComparisonOptions<'a>,
}

/// A section: its title, and which verdicts it lists.
const SECTIONS: [(&str, Verdict); 4] = [
    ("Regressed", Verdict::Regressed),
    ("Improved", Verdict::Improved),
    ("Can't tell", Verdict::Inconclusive),
    ("Unchanged", Verdict::Unchanged),
];

impl Page<'_> {
    fn lines(&self, target: Option<&str>, name: &str, comparison: &Comparison) -> Vec<String> {
        let of_target = target.map_or(String::new(), |target| format!("{target}: "));
        let title = format!("{of_target}{name} compared with {}: {}", comparison.baseline, tally(comparison));
        let mut lines = self.wrapped(0, Ink::Bold, &title);
        lines.extend(tally_of_others(comparison).iter().flat_map(|others| self.wrapped(0, Ink::Plain, others)));
        for warning in &comparison.warnings {
            lines.extend(self.wrapped(1, Ink::Yellow, &format!("! {warning}")));
        }
        for (title, verdict) in SECTIONS {
            lines.extend(self.section(title, verdict, comparison));
        }
        lines.extend(self.absences(comparison));
        lines
    }

    /// The cases of which the worst that is shown has this verdict.
    fn section(&self, title: &str, verdict: Verdict, comparison: &Comparison) -> Vec<String> {
        let mut cases: Vec<(&CaseComparison, Vec<&MetricComparison>)> = Vec::new();
        for case in &comparison.cases {
            let metrics = chosen(case, self.options.metrics);
            if gravest(&metrics) == Some(verdict) {
                cases.push((case, metrics));
            }
        }
        if cases.is_empty() {
            return Vec::new();
        }
        if verdict == Verdict::Unchanged && !self.options.verbose {
            let floor = cases.iter().map(|(case, _)| case.time.floor).fold(0.0, f64::max);
            let text = format!("{} unchanged: a change of the time would be below {}", cases.len(), percent(floor));
            return [vec![String::new()], self.wrapped(0, Ink::Dim, &text)].concat();
        }
        let worst = |at: usize| cases[at].1.iter().map(|metric| metric.worse_by()).fold(f64::NEG_INFINITY, f64::max);
        let places = match verdict {
            Verdict::Unchanged => (0..cases.len()).collect(),
            _ => order(cases.len(), &|one, other| worst(other).total_cmp(&worst(one))),
        };
        let most = if self.options.verbose { usize::MAX } else { MOST_CASES };
        let mut lines = vec![String::new(), self.paint(Ink::Bold, title)];
        for at in places.iter().take(most) {
            let (case, metrics) = &cases[*at];
            lines.push(format!("  {}", shorten(&plain(&case.id), self.options.width - 2)));
            lines.extend(self.rows(case, metrics));
        }
        if cases.len() > most {
            lines.push(self.paint(Ink::Dim, &format!("  and {} more", cases.len() - most)));
        }
        lines
    }

    /// The metrics of a case: its time, and others where they changed or were asked for.
    fn rows(&self, case: &CaseComparison, metrics: &[&MetricComparison]) -> Vec<String> {
        let asked = !self.options.metrics.is_empty() || self.options.verbose;
        let is_shown = |metric: &&&MetricComparison| {
            let changed = matches!(metric.verdict, Verdict::Regressed | Verdict::Improved);
            asked || changed || std::ptr::eq(**metric, &case.time)
        };
        let shown: Vec<&MetricComparison> = metrics.iter().filter(is_shown).copied().collect();
        let cells = |metric: &MetricComparison| {
            let (change, interval) = match metric.verdict {
                Verdict::Inconclusive => (full(metric), String::new()),
                Verdict::Unchanged if size(metric).is_empty() => (brief(metric), interval(metric)),
                Verdict::Unchanged => (format!("unchanged ({})", size(metric)), interval(metric)),
                _ => (brief(metric), interval(metric)),
            };
            let name = shorten(&plain(&metric.metric), LONGEST_NAME).into_owned();
            [name, change, interval, before_and_after(metric)].map(|cell| plain(&cell).into_owned())
        };
        let table: Vec<[String; 4]> = shown.iter().map(|metric| cells(metric)).collect();
        let widest = |column: usize| table.iter().map(|row| width(&row[column])).max().unwrap_or(0);
        let widths = [widest(0), widest(1), widest(2), widest(3)];
        let fits = 4 + widths.iter().filter(|width| **width > 0).map(|width| width + 2).sum::<usize>()
            <= self.options.width + 2;
        let mut lines = Vec::new();
        for (metric, row) in shown.iter().zip(&table) {
            lines.extend(self.row(metric, row, if fits { widths } else { [0; 4] }));
        }
        lines
    }

    fn row(&self, metric: &MetricComparison, row: &[String; 4], widths: [usize; 4]) -> Vec<String> {
        let mut pieces = Vec::new();
        for (cell, room) in row.iter().zip(widths) {
            let blanks = " ".repeat(room.saturating_sub(width(cell)));
            if !cell.is_empty() || room > 0 {
                pieces.push(format!("{cell}{blanks}"));
            }
        }
        let mut lines = flow(&pieces, "  ", self.options.width - 4);
        if self.options.verbose {
            let (p, detects, floor) = (number(metric.p_adjusted), percent(metric.detectable), percent(metric.floor));
            lines.push(format!("  p {p} · detects ±{detects} · floor {floor}"));
        }
        for (at, line) in lines.iter_mut().enumerate() {
            let ink = if at == 0 { ink(metric.verdict) } else { Ink::Dim };
            *line = format!("    {}", self.paint(ink, line.trim_end()));
        }
        lines
    }

    /// The cases that could not be compared, by what became of them.
    fn absences(&self, comparison: &Comparison) -> Vec<String> {
        let mut lines = Vec::new();
        for (title, cases) in absences(comparison, self.options.verbose) {
            lines.extend(self.wrapped(1, Ink::Plain, &title));
            let most = if self.options.verbose { usize::MAX } else { LINES_OF_NAMES };
            for line in list(&cases, self.options.width - 4, most) {
                lines.push(format!("    {}", self.paint(Ink::Dim, &line)));
            }
        }
        if !lines.is_empty() {
            lines.splice(0..0, [String::new(), self.paint(Ink::Bold, "Not compared")]);
        }
        lines
    }

    fn paint(&self, ink: Ink, text: &str) -> String {
        Palette { color: self.options.color }.paint(ink, text)
    }

    fn wrapped(&self, steps: usize, ink: Ink, text: &str) -> Vec<String> {
        let indent = "  ".repeat(steps);
        let lines = wrap(text, self.options.width - indent.len());
        lines.iter().map(|line| format!("{indent}{}", self.paint(ink, line))).collect()
    }
}

/// The verdict that decides in which section a case is: what became worse comes first. That another metric than the
/// time, or one that was asked for, cannot be told does not put a case among those of which nothing can be told.
pub(super) fn gravest(metrics: &[&MetricComparison]) -> Option<Verdict> {
    let any = |verdict: Verdict| metrics.iter().any(|metric| metric.verdict == verdict);
    let first = metrics.first()?.verdict;
    match () {
        () if any(Verdict::Regressed) => Some(Verdict::Regressed),
        () if any(Verdict::Improved) => Some(Verdict::Improved),
        () => Some(first),
    }
}

/// Why cases were not compared, each reason with its cases. That neither side measured a case is of no interest, unless
/// all is asked for.
pub(super) fn absences(comparison: &Comparison, verbose: bool) -> Vec<(String, Vec<&str>)> {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for case in &comparison.unmatched {
        let why = match &case.why {
            Absence::Failed(reason) => format!("failed: {}", first_line(reason)),
            Absence::Removed => format!("only in {}", comparison.baseline),
            Absence::Skipped(reason) => format!("skipped: {}", first_line(reason)),
            Absence::Added => "new".to_owned(),
            Absence::NotMeasuredBefore(reason) => format!("not measured before: {}", first_line(reason)),
            Absence::NotComparable(reason) => first_line(reason).to_owned(),
            Absence::Carried(run) => format!("carried over from {run}, not measured anew"),
            Absence::NeverMeasured(_) if !verbose => continue,
            Absence::NeverMeasured(reason) => format!("measured on neither side: {}", first_line(reason)),
        };
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, cases)) => cases.push(&case.id),
            None => reasons.push((why, vec![&case.id])),
        }
    }
    reasons
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
