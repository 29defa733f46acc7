//! The columns of the table, and what each shows of a case.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::change;
use super::super::ink::Ink;
use super::super::label;
use super::super::text::{plain, shorten};
use super::super::units::{Quantity, number, percent, plus_minus};
use crate::compare::{Comparison, Verdict};
use crate::record::{CaseRecord, Measured, Outcome};

/// A title that is the benchmark's own, or a baseline's name, gives way to the figures below it.
const LONGEST_TITLE: usize = 17;

/// A text in an ink.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) ink: Ink,
}

impl Cell {
    pub(super) fn new(ink: Ink, text: &str) -> Self {
        Self { text: plain(text).into_owned(), ink }
    }
}

/// One column: what it shows of each case, and how much it matters.
pub(super) struct Column {
    pub(super) title: String,
    pub(super) rank: Rank,
    /// Whether it holds words, which start in line, rather than figures, which end in line.
    pub(super) words: bool,
    pub(super) cells: Vec<Cell>,
}

/// How much a column matters: the least of them come into the table last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Labels are shortened to make room for it.
    Essential(u8),
    /// Said beneath the case where the table has no room: the benchmark's own metrics.
    Said,
    /// In the table where there is room.
    Further(u8),
    /// Never in the table: beneath the case, for those who ask for everything.
    Beneath,
}

/// The columns of some cases, under construction.
pub(super) struct Columns<'a> {
    cases: &'a [&'a CaseRecord],
    columns: Vec<Column>,
}

/// Every column that has something to show of these cases, in the order of the table.
pub(super) fn columns<'a>(
    cases: &'a [&'a CaseRecord],
    marked: &HashSet<&str>,
    comparison: Option<&Comparison>,
) -> Vec<Column> {
    let mut columns = Columns { cases, columns: Vec::new() };
    columns.times(marked);
    columns.rates();
    columns.counts();
    columns.metrics();
    columns.samples();
    columns.source();
    if let Some(comparison) = comparison {
        columns.changes(comparison);
    }
    columns.columns.retain(|column| column.cells.iter().any(|cell| !cell.text.is_empty()));
    columns.columns
}

impl<'a> Columns<'a> {
    fn add(&mut self, title: &str, rank: Rank, cell: impl Fn(&CaseRecord) -> Option<Cell>) {
        let cells = self.cases.iter().map(|case| cell(case).unwrap_or(Cell::new(Ink::Plain, ""))).collect();
        self.columns.push(Column { title: plain(title).into_owned(), rank, words: false, cells });
    }

    /// A column of figures that only measured cases have.
    fn figure(&mut self, title: &str, rank: Rank, ink: Ink, figure: impl Fn(&Measured) -> Option<String>) {
        self.add(title, rank, |case| match &case.outcome {
            Outcome::Measured(measured) => figure(measured).map(|text| Cell::new(ink, &text)),
            _ => None,
        });
    }

    fn times(&mut self, marked: &HashSet<&str>) {
        let show = |ns: f64| Some(Quantity::TIME.show(ns));
        self.add("median", Rank::Essential(0), |case| match &case.outcome {
            Outcome::Measured(measured) => show(measured.time.median.value).map(|text| Cell::new(Ink::Bold, &text)),
            Outcome::Failed { .. } => Some(Cell::new(Ink::Red, "failed")),
            Outcome::Skipped { .. } => Some(Cell::new(Ink::Dim, "skipped")),
        });
        self.add("±", Rank::Essential(1), |case| match &case.outcome {
            Outcome::Measured(measured) => {
                let ink = if measured.precise { Ink::Dim } else { Ink::Yellow };
                let half = plus_minus(&measured.time.median);
                // One launch does not know how launches differ: its interval is only its own.
                let half = if measured.launches.len() == 1 { format!("({half})") } else { half };
                Some(Cell::new(ink, &half))
            }
            _ => None,
        });
        self.add("", Rank::Essential(2), |case| marked.contains(case.id.as_str()).then(|| Cell::new(Ink::Yellow, "!")));
        let level = self.cases.iter().find_map(|case| match &case.outcome {
            Outcome::Measured(measured) => Some(measured.time.median.level),
            _ => None,
        });
        let title = format!("{} % interval", number(((level.unwrap_or(0.0)) * 1e4).round() / 1e2));
        self.figure(&title, Rank::Further(1), Ink::Dim, |m| Some(Quantity::TIME.show_interval(&m.time.median)));
        self.figure("minimum", Rank::Further(4), Ink::Plain, |m| show(m.time.minimum.value));
        self.figure("mean", Rank::Further(9), Ink::Plain, |m| show(m.time.mean.value));
    }

    fn rates(&mut self) {
        let most = self.measured().map(|measured| measured.throughput.len()).max().unwrap_or(0);
        for place in 0..most {
            let rank = if place == 0 { Rank::Essential(4) } else { Rank::Further(10) };
            self.figure("throughput", rank, Ink::Plain, |measured| {
                let throughput = measured.throughput.get(place)?;
                Some(Quantity::per_second(&throughput.amount).show(throughput.per_second.value))
            });
        }
    }

    fn counts(&mut self) {
        let counters = self.measured().filter_map(|measured| measured.counters.known());
        let counters = counters.flat_map(|counters| &counters.counts);
        let names: BTreeSet<_> = counters.map(|counter| label::counter(counter.kind, &counter.name)).collect();
        for name in names {
            let rank = if name.ends_with("instructions") { Rank::Further(5) } else { Rank::Beneath };
            let quantity = if name == "task-clock" { Quantity::TIME } else { Quantity::COUNT };
            self.figure(&name, rank, Ink::Plain, |measured| {
                let mut counters = measured.counters.known()?.counts.iter();
                let counter = counters.find(|counter| label::counter(counter.kind, &counter.name) == name)?;
                // What was counted part of the time is an estimate.
                let about = if counter.running.is_some() { "~" } else { "" };
                Some(format!("{about}{}", quantity.show(counter.per_iteration)))
            });
        }
        self.figure("IPC", Rank::Further(6), Ink::Plain, |measured| {
            measured.counters.known()?.ipc().map(|ipc| format!("{ipc:.2}"))
        });
        self.figure("allocs", Rank::Further(3), Ink::Plain, |measured| {
            measured.allocations.known().map(|profile| Quantity::COUNT.show(profile.allocations))
        });
        self.figure("allocated", Rank::Beneath, Ink::Plain, |measured| {
            measured.allocations.known().map(|profile| Quantity::BYTES.show(profile.bytes))
        });
        self.figure("peak", Rank::Beneath, Ink::Plain, |measured| {
            measured.allocations.known().map(|profile| Quantity::BYTES.show(profile.peak_bytes))
        });
        self.figure("retained", Rank::Beneath, Ink::Plain, |measured| {
            let profile = measured.allocations.known().filter(|profile| profile.retained_bytes > 0.0);
            profile.map(|profile| Quantity::BYTES.show(profile.retained_bytes))
        });
    }

    fn metrics(&mut self) {
        let mut names: Vec<&str> = Vec::new();
        for metric in self.measured().flat_map(|measured| &measured.metrics) {
            if !names.contains(&metric.name.as_str()) {
                names.push(&metric.name);
            }
        }
        for name in names {
            self.figure(&shorten(name, LONGEST_TITLE), Rank::Said, Ink::Plain, |measured| {
                let metric = measured.metrics.iter().find(|metric| metric.name == name)?;
                Some(format!("{} {}", number(metric.estimate.value), metric.unit).trim_end().to_owned())
            });
        }
    }

    fn samples(&mut self) {
        self.figure("scatter (between)", Rank::Further(7), Ink::Dim, |measured| {
            let between = if measured.launches.len() > 1 { measured.time.scatter_between } else { f64::NAN };
            Some(format!("{} ({})", percent(measured.time.scatter_within), percent(between)))
        });
        self.figure("samples", Rank::Further(8), Ink::Dim, |measured| {
            let launches = measured.launches.len();
            let samples: usize = measured.launches.iter().map(|launch| launch.samples_ns.len()).sum();
            Some(format!("{launches}×{}", samples.checked_div(launches).unwrap_or(0)))
        });
        self.figure("outliers", Rank::Beneath, Ink::Plain, |measured| {
            let outliers = measured.shape.outliers;
            let severe = outliers.low_severe + outliers.high_severe;
            let all = severe + outliers.low_mild + outliers.high_mild;
            Some(format!("{all} of {}, {severe} severe", outliers.samples))
        });
        let coefficient = |value: Option<f64>| value.map(|value| format!("{value:.2}"));
        self.figure("skewness", Rank::Beneath, Ink::Plain, |m| coefficient(m.shape.skewness));
        self.figure("autocorrelation", Rank::Beneath, Ink::Plain, |m| coefficient(m.shape.autocorrelation));
        self.figure("multimodal launches", Rank::Beneath, Ink::Plain, |m| m.shape.multimodal_launches.map(percent));
    }

    fn source(&mut self) {
        self.add("defined at", Rank::Beneath, |case| Some(Cell::new(Ink::Plain, &case.source)));
        self.add("tags", Rank::Beneath, |case| Some(Cell::new(Ink::Plain, &case.tags.join(", "))));
        self.add("settings", Rank::Beneath, |case| {
            let settings = case.settings.iter().map(|(key, set)| format!("{key}={} ({})", set.value, set.origin));
            Some(Cell::new(Ink::Plain, &settings.collect::<Vec<_>>().join(", ")))
        });
    }

    fn changes(&mut self, comparison: &Comparison) {
        let by_id: HashMap<&str, _> = comparison.cases.iter().map(|case| (case.id.as_str(), case)).collect();
        self.add("detects", Rank::Further(2), |case| {
            by_id
                .get(case.id.as_str())
                .map(|compared| Cell::new(Ink::Dim, &format!("±{}", percent(compared.detectable))))
        });
        let title = format!("vs {}", comparison.baseline);
        self.add(&shorten(&title, LONGEST_TITLE), Rank::Essential(3), |case| {
            match (&case.outcome, by_id.get(case.id.as_str())) {
                (_, Some(compared)) => Some(Cell::new(ink(compared.verdict), &change::brief(compared))),
                (Outcome::Measured(_), None) => Some(Cell::new(Ink::Dim, "new")),
                (_, None) => None,
            }
        });
        self.columns.last_mut().into_iter().for_each(|column| column.words = true);
    }

    fn measured(&self) -> impl Iterator<Item = &'a Measured> + use<'a> {
        self.cases.iter().filter_map(|case| match &case.outcome {
            Outcome::Measured(measured) => Some(&**measured),
            _ => None,
        })
    }
}

/// The ink of a verdict.
pub(super) fn ink(verdict: Verdict) -> Ink {
    match verdict {
        Verdict::Improved => Ink::Green,
        Verdict::Regressed => Ink::Red,
        Verdict::Unchanged => Ink::Dim,
        Verdict::Inconclusive => Ink::Yellow,
    }
}
