//! A comparison in lock-step as a person reads it in a terminal.

use std::collections::HashMap;

use super::change;
use super::ink::{Ink, Palette, of_verdict as ink};
use super::text::{plain, shorten, width, wrap};
use super::units::{Quantity, UNKNOWN, number, percent, wall_time};
use crate::compare::{Absence, CaseComparison, DiffRecord, MetricComparison, Verdict};

/// Narrower, figures and names would no longer stand side by side.
const LEAST_WIDTH: usize = 60;
/// From this width on there is room for what else is known of a case.
const WIDE: usize = 110;
/// What a case's name keeps, at least.
const LEAST_NAME: usize = 20;
/// Blanks between two columns.
const GAP: usize = 2;
/// The columns behind the name.
const TITLES: [&str; 6] = ["old", "new", "change", "interval", "sees", "launches"];
/// The place of the change among them, which is always shown, and that of its interval.
const CHANGE: usize = 2;
const INTERVAL: usize = 3;

/// The comparison as text: a table of the cases, what could not be compared, and a summary. Every line ends with
/// a line feed, and none is longer than `width` (below 60 it counts as 60).
pub fn render(record: &DiffRecord, width: usize, color: bool) -> String {
    let page = Page { record, width: width.max(LEAST_WIDTH), palette: Palette { color } };
    let sections = [page.head(), page.table(), page.unmatched(), page.summary()];
    let sections: Vec<String> =
        sections.iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n")).collect();
    format!("{}\n", sections.join("\n\n"))
}

struct Page<'a> {
    record: &'a DiffRecord,
    width: usize,
    palette: Palette,
}

impl Page<'_> {
    fn head(&self) -> Vec<String> {
        let (old, new) = (plain(&self.record.old.name), plain(&self.record.new.name));
        let title = format!("{old} → {new}, measured in turn");
        let mut lines = vec![self.palette.paint(Ink::Bold, &shorten(&title, self.width))];
        for warning in &self.record.comparison.warnings {
            lines.extend(wrap(warning, self.width).iter().map(|line| self.palette.paint(Ink::Yellow, line)));
        }
        lines
    }

    fn table(&self) -> Vec<String> {
        let cases = &self.record.comparison.cases;
        let mut launches = HashMap::new();
        for case in &self.record.cases {
            launches.insert(case.id.as_str(), case.pairs.len());
        }
        let rows: Vec<_> = cases.iter().map(|case| row(case, launches.get(case.id.as_str()).copied())).collect();
        let mut widths = TITLES.map(width).to_vec();
        for row in &rows {
            for (room, cell) in widths.iter_mut().zip(row) {
                *room = width(cell).max(*room);
            }
        }
        widths.truncate(if self.width < WIDE { INTERVAL + 1 } else { TITLES.len() });
        let figures = |widths: &[usize]| widths.iter().map(|room| GAP + room).sum::<usize>();
        while widths.len() > CHANGE + 1 && figures(&widths) + LEAST_NAME > self.width {
            widths.pop();
        }
        let names = cases.iter().map(|case| width(&case.id)).max().unwrap_or(0);
        let name = names.min(self.width.saturating_sub(figures(&widths)));
        let mut lines = Vec::new();
        if !rows.is_empty() {
            lines.push(self.line("", &TITLES.map(str::to_owned), &widths, name, Ink::Dim));
        }
        for (case, row) in cases.iter().zip(&rows) {
            lines.push(self.line(&plain(&case.id), row, &widths, name, ink(case.time.verdict)));
            lines.extend(case.metrics.iter().filter(|metric| has_changed(metric)).map(|metric| self.metric(metric)));
        }
        lines
    }

    /// A row: the name, then the figures, of which the change stands out.
    fn line(&self, id: &str, cells: &[String], widths: &[usize], name: usize, ink: Ink) -> String {
        let id = shorten(id, name);
        let mut line = format!("{id}{}", " ".repeat(name - width(&id)));
        for (at, (cell, room)) in cells.iter().zip(widths).enumerate() {
            let blanks = " ".repeat(GAP + room - width(cell));
            let ink = if at == CHANGE || id.is_empty() { ink } else { Ink::Plain };
            line.push_str(&format!("{blanks}{}", self.palette.paint(ink, cell)));
        }
        line.truncate(line.trim_end().len());
        line
    }

    fn metric(&self, metric: &MetricComparison) -> String {
        let unit = if metric.unit.is_empty() { String::new() } else { format!(" {}", metric.unit) };
        let word = if metric.verdict == Verdict::Regressed { "worse" } else { "better" };
        let text = format!("  {}: {} → {}{unit}, {word}", metric.metric, number(metric.old), number(metric.new));
        self.palette.paint(ink(metric.verdict), &shorten(&plain(&text), self.width))
    }

    fn unmatched(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for case in &self.record.comparison.unmatched {
            let (ink, why) = match &case.why {
                Absence::Added => (Ink::Dim, format!("only in {}", self.record.new.name)),
                Absence::Removed => (Ink::Dim, format!("only in {}", self.record.old.name)),
                Absence::Failed(reason) => (Ink::Red, format!("failed in {}: {reason}", self.record.new.name)),
                Absence::Skipped(reason) | Absence::NeverMeasured(reason) => (Ink::Dim, format!("skipped: {reason}")),
                Absence::Carried(run) => (Ink::Dim, format!("carried over from {run}")),
                Absence::NotComparable(reason) => (Ink::Yellow, format!("cannot be compared: {reason}")),
                Absence::NotMeasuredBefore(reason) => {
                    (Ink::Yellow, format!("not measured in {}: {reason}", self.record.old.name))
                }
            };
            let text = plain(&format!("{}: {why}", case.id)).into_owned();
            lines.extend(wrap(&text, self.width).iter().map(|line| self.palette.paint(ink, line)));
        }
        lines
    }

    fn summary(&self) -> Vec<String> {
        let comparison = &self.record.comparison;
        let launches = self.record.cases.iter().map(|case| case.pairs.len()).max().unwrap_or(0);
        let time = wall_time(self.record.duration_ns);
        let mut text = format!("{}; up to {launches} launches of each side in {time}", change::tally(comparison));
        let mut seen: Vec<f64> = comparison.cases.iter().map(sees).collect();
        seen.sort_by(f64::total_cmp);
        if let (Some(least), Some(most)) = (seen.first(), seen.last()) {
            let (least, most) = (change_seen(*least), change_seen(*most));
            let range = if least == most { least } else { format!("{least} to {most}") };
            text.push_str(&format!("; a change of {range} would probably have been seen"));
        }
        if self.record.interrupted {
            text.push_str("; interrupted: this is what was measured until then");
        }
        wrap(&text, self.width)
    }
}

/// From a change of so much on nothing was measured, and digits would only look like knowledge.
const ABSURD: f64 = 10.0;

fn change_seen(change: f64) -> String {
    if change < ABSURD { percent(change) } else { format!(">{}", percent(ABSURD)) }
}

/// The smallest change that would probably have been seen: below the floor none is claimed.
fn sees(case: &CaseComparison) -> f64 {
    case.time.detectable.max(case.time.floor)
}

/// The figures of a case, those first that matter most.
fn row(case: &CaseComparison, launches: Option<usize>) -> [String; TITLES.len()] {
    let (old, new) = (Quantity::TIME.show(case.time.old), Quantity::TIME.show(case.time.new));
    let launches = launches.map_or(UNKNOWN.to_owned(), |launches| launches.to_string());
    let interval = if sees(case) < ABSURD { change::interval(&case.time) } else { UNKNOWN.to_owned() };
    [old, new, change::brief(&case.time), interval, change_seen(sees(case)), launches]
}

fn has_changed(metric: &MetricComparison) -> bool {
    matches!(metric.verdict, Verdict::Improved | Verdict::Regressed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Change, Comparison, DIFF_SCHEMA_VERSION, DiffSide, Looks, Unmatched};
    use crate::host::Host;
    use crate::measure::Direction;
    use crate::stats::Estimate;

    fn metric(name: &str, ratio: f64, verdict: Verdict) -> MetricComparison {
        MetricComparison {
            metric: name.to_owned(),
            unit: String::new(),
            direction: Direction::LowerIsBetter,
            old: 2_000.0,
            new: 2_000.0 * ratio,
            change: Change::Ratio(Estimate { value: ratio, lower: ratio - 0.002, upper: ratio + 0.002, level: 0.99 }),
            follows_time: false,
            verdict,
            p_adjusted: 0.001,
            detectable: 0.004,
            floor: 0.01,
        }
    }

    fn record() -> DiffRecord {
        let case = |id: &str, time, metrics| CaseComparison { id: id.to_owned(), time, metrics };
        let absent = |id: &str, why| Unmatched { id: id.to_owned(), why };
        let side = |name: &str| DiffSide { name: name.to_owned(), executables: Vec::new() };
        let long = "kernels/a_kernel_with_a_name_that_nobody_would_want_to_type[size=4096x4096,bits=1.58]@cpu";
        let cases = vec![
            case(
                "kernels/pack@cpu",
                metric("time", 1.021, Verdict::Regressed),
                vec![metric("allocations", 2.0, Verdict::Regressed), metric("bytes", 1.0, Verdict::Unchanged)],
            ),
            case(long, metric("time", 1.0, Verdict::Unchanged), Vec::new()),
        ];
        let unmatched = vec![
            absent("kernels/new@cpu", Absence::Added),
            absent("kernels/bad@cpu", Absence::Failed("panicked: \u{1b}[31mred\nwith a second line".to_owned())),
        ];
        DiffRecord {
            schema_version: DIFF_SCHEMA_VERSION,
            id: "20261123T000000Z-diff-1".to_owned(),
            started_at: "2026-11-23T00:00:00Z".to_owned(),
            duration_ns: 3e9,
            harness_version: "0.1.0".to_owned(),
            interrupted: true,
            host: Host::describe(),
            seed: 1,
            looks: Looks::between(10, 50),
            old: side("main"),
            new: side("branch"),
            cases: Vec::new(),
            comparison: Comparison {
                baseline: "main".to_owned(),
                cases,
                unmatched,
                warnings: vec!["the compiler differs: `rustc 1.89.0` then, `rustc 1.90.0` now".to_owned()],
            },
        }
    }

    #[test]
    fn a_comparison_fits_into_its_columns_and_says_everything() {
        for columns in [0, 60, 80, 120, 200] {
            let text = render(&record(), columns, false);
            assert!(text.lines().all(|line| width(line) <= columns.max(LEAST_WIDTH)), "{columns}\n{text}");
            assert!(!text.contains('\u{1b}'));
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for said in [
                "main → branch",
                "the compiler differs",
                "+2.1 % slower",
                "allocations: 2000 → 4000, worse",
                "kernels/new@cpu: only in branch",
                "failed in branch: panicked: red with a second line",
                "1 regressed, 1 unchanged",
                "a change of 1.0 % would",
                "interrupted",
            ] {
                assert!(words.contains(said), "{said}\n{text}");
            }
            assert_eq!(words.contains("[+1.9, +2.3] %"), columns >= 80);
            assert!(!words.contains("bytes"), "what has not changed is not listed");
            assert_eq!(words.contains("launches sees") || words.contains("sees launches"), columns >= WIDE);
        }
        assert!(render(&record(), 80, true).contains("\u{1b}[31m+2.1 % slower\u{1b}[0m"));
    }

    #[test]
    fn what_two_launches_bound_by_thirty_digits_is_not_bounded() {
        let mut record = record();
        let time = &mut record.comparison.cases[0].time;
        let open = Estimate { value: 1.0, lower: 1e-30, upper: 1e30, level: 0.99 };
        (time.verdict, time.detectable, time.change) = (Verdict::Inconclusive, 1e27, Change::Ratio(open));
        let text = render(&record, 120, false);
        assert!(text.contains(">1000 %") && text.lines().all(|line| !line.contains("00000")), "{text}");
    }

    #[test]
    fn the_document_reads_back_as_it_was() {
        let store = crate::host::FakeRoot::new(&[("runs/a.json", "{}")]);
        let path = record().save(&crate::record::Store::at(store.folder(""))).expect("it can be written");
        let read = DiffRecord::read(&path).expect("it can be read");
        assert_eq!(render(&read, 80, false), render(&record(), 80, false));
        for (content, complaint) in
            [("{", "EOF"), ("{}", "no `schema_version`"), ("{\"schema_version\": 2}", "version 2")]
        {
            std::fs::write(&path, content).expect("it can be written");
            let error = DiffRecord::read(&path).expect_err("it is damaged").to_string();
            assert!(error.contains(complaint), "{error}");
        }
    }
}
