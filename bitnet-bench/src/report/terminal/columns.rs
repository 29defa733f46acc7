//! The columns of the table, and what each shows of a case.

use super::super::change;
use super::super::ink::{Ink, of_verdict as ink};
use super::super::label;
use super::super::remarks::figures;
use super::super::text::{plain, shorten, width};
use super::super::units::{Quantity, number, percent, plus_minus};
use crate::compare::Comparison;
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
    /// What the widest of its cells, or its title, takes of a line.
    pub(super) width: usize,
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
    measured: Vec<&'a Measured>,
    columns: Vec<Column>,
}

/// Every column that has something to show of these cases, in the order of the table.
pub(super) fn columns<'a>(
    cases: &'a [&'a CaseRecord],
    marked: &[&str],
    comparison: Option<&Comparison>,
) -> Vec<Column> {
    let mut columns = Columns { cases, measured: Vec::new(), columns: Vec::new() };
    for case in cases {
        columns.measured.extend(figures(case));
    }
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
    fn add(&mut self, title: &str, rank: Rank, cell: &dyn Fn(&CaseRecord) -> Option<Cell>) {
        let title = plain(title).into_owned();
        let mut column = Column { width: width(&title), title, rank, words: false, cells: Vec::new() };
        for case in self.cases {
            let cell = cell(case).unwrap_or(Cell::new(Ink::Plain, ""));
            column.width = column.width.max(width(&cell.text));
            column.cells.push(cell);
        }
        self.columns.push(column);
    }

    /// A column of figures that only measured cases have.
    fn figure(&mut self, title: &str, rank: Rank, ink: Ink, figure: &dyn Fn(&Measured) -> Option<String>) {
        self.add(title, rank, &|case| {
            let text = figure(figures(case)?)?;
            Some(Cell::new(ink, &text))
        });
    }

    fn times(&mut self, marked: &[&str]) {
        let show = |ns: f64| Some(Quantity::TIME.show(ns));
        self.add("median", Rank::Essential(0), &|case| match &case.outcome {
            Outcome::Measured(measured) => show(measured.time.median.value).map(|text| Cell::new(Ink::Bold, &text)),
            Outcome::Failed { .. } => Some(Cell::new(Ink::Red, "failed")),
            Outcome::Skipped { .. } => Some(Cell::new(Ink::Dim, "skipped")),
        });
        self.add("±", Rank::Essential(1), &|case| match &case.outcome {
            Outcome::Measured(measured) => {
                let ink = if measured.precise { Ink::Dim } else { Ink::Yellow };
                let half = plus_minus(&measured.time.median);
                // One launch does not know how launches differ: its interval is only its own.
                let half = if measured.launches.len() == 1 { format!("({half})") } else { half };
                Some(Cell::new(ink, &half))
            }
            _ => None,
        });
        self.add("", Rank::Essential(2), &|case| {
            marked.binary_search(&case.id.as_str()).is_ok().then(|| Cell::new(Ink::Yellow, "!"))
        });
        let level = self.measured.first().map_or(0.0, |measured| measured.time.median.level);
        let title = format!("{} % interval", number((level * 1e4).round() / 1e2));
        self.figure(&title, Rank::Further(1), Ink::Dim, &|m| Some(Quantity::TIME.show_interval(&m.time.median)));
        self.figure("minimum", Rank::Further(4), Ink::Plain, &|m| show(m.time.minimum.value));
        self.figure("mean", Rank::Further(9), Ink::Plain, &|m| show(m.time.mean.value));
    }

    fn rates(&mut self) {
        let most = self.measured.iter().map(|measured| measured.throughput.len()).max().unwrap_or(0);
        for place in 0..most {
            let rank = if place == 0 { Rank::Essential(4) } else { Rank::Further(10) };
            self.figure("throughput", rank, Ink::Plain, &|measured| {
                let throughput = measured.throughput.get(place)?;
                Some(Quantity::per_second(&throughput.amount).show(throughput.per_second.value))
            });
        }
    }

    fn counts(&mut self) {
        for name in label::counters(&self.measured) {
            let rank = if name.ends_with("instructions") { Rank::Further(5) } else { Rank::Beneath };
            let quantity = if name == "task-clock" { Quantity::TIME } else { Quantity::COUNT };
            self.figure(&name, rank, Ink::Plain, &|measured| {
                let counter = label::counter(measured, &name)?;
                // What was counted part of the time is an estimate.
                let about = if counter.running.is_some() { "~" } else { "" };
                Some(format!("{about}{}", quantity.show(counter.per_iteration)))
            });
        }
        self.figure("IPC", Rank::Further(6), Ink::Plain, &|measured| {
            measured.counters.known()?.ipc().map(|ipc| format!("{ipc:.2}"))
        });
        self.figure("allocs", Rank::Further(3), Ink::Plain, &|measured| {
            measured.allocations.known().map(|profile| Quantity::COUNT.show(profile.allocations))
        });
        self.figure("allocated", Rank::Beneath, Ink::Plain, &|measured| {
            measured.allocations.known().map(|profile| Quantity::BYTES.show(profile.bytes))
        });
        self.figure("peak", Rank::Beneath, Ink::Plain, &|measured| {
            measured.allocations.known().map(|profile| Quantity::BYTES.show(profile.peak_bytes))
        });
        self.figure("retained", Rank::Beneath, Ink::Plain, &|measured| {
            let profile = measured.allocations.known().filter(|profile| profile.retained_bytes > 0.0);
            profile.map(|profile| Quantity::BYTES.show(profile.retained_bytes))
        });
    }

    fn metrics(&mut self) {
        for name in label::metrics(&self.measured) {
            self.figure(&shorten(name, LONGEST_TITLE), Rank::Said, Ink::Plain, &|measured| {
                let metric = measured.metrics.iter().find(|metric| metric.name == name)?;
                Some(format!("{} {}", number(metric.estimate.value), metric.unit).trim_end().to_owned())
            });
        }
    }

    fn samples(&mut self) {
        self.figure("scatter (between)", Rank::Further(7), Ink::Dim, &|measured| {
            let between = if measured.launches.len() > 1 { measured.time.scatter_between } else { f64::NAN };
            Some(format!("{} ({})", percent(measured.time.scatter_within), percent(between)))
        });
        self.figure("samples", Rank::Further(8), Ink::Dim, &|measured| {
            let launches = measured.launches.len();
            let samples: usize = measured.launches.iter().map(|launch| launch.samples_ns.len()).sum();
            Some(format!("{launches}×{}", samples.checked_div(launches).unwrap_or(0)))
        });
        self.figure("outliers", Rank::Beneath, Ink::Plain, &|measured| {
            let outliers = measured.shape.outliers;
            let severe = outliers.low_severe + outliers.high_severe;
            let all = severe + outliers.low_mild + outliers.high_mild;
            Some(format!("{all} of {}, {severe} severe", outliers.samples))
        });
        let coefficient = |value: Option<f64>| value.map(|value| format!("{value:.2}"));
        self.figure("skewness", Rank::Beneath, Ink::Plain, &|m| coefficient(m.shape.skewness));
        self.figure("autocorrelation", Rank::Beneath, Ink::Plain, &|m| coefficient(m.shape.autocorrelation));
        self.figure("multimodal launches", Rank::Beneath, Ink::Plain, &|m| m.shape.multimodal_launches.map(percent));
    }

    fn source(&mut self) {
        self.add("defined at", Rank::Beneath, &|case| Some(Cell::new(Ink::Plain, &case.source)));
        self.add("tags", Rank::Beneath, &|case| Some(Cell::new(Ink::Plain, &case.tags.join(", "))));
        self.add("settings", Rank::Beneath, &|case| {
            let mut settings = Vec::new();
            for (key, set) in &case.settings {
                settings.push(format!("{key}={} ({})", set.value, set.origin));
            }
            Some(Cell::new(Ink::Plain, &settings.join(", ")))
        });
    }

    fn changes(&mut self, comparison: &Comparison) {
        let compared = change::by_id(comparison);
        self.add("detects", Rank::Further(2), &|case| {
            let compared = compared.get(case.id.as_str())?;
            Some(Cell::new(Ink::Dim, &format!("±{}", percent(compared.time.detectable))))
        });
        let title = format!("vs {}", comparison.baseline);
        self.add(&shorten(&title, LONGEST_TITLE), Rank::Essential(3), &|case| match (
            &case.outcome,
            compared.get(case.id.as_str()),
        ) {
            (_, Some(compared)) => Some(Cell::new(ink(compared.time.verdict), &change::brief(&compared.time))),
            (Outcome::Measured(_), None) => Some(Cell::new(Ink::Dim, "new")),
            (_, None) => None,
        });
        if let Some(column) = self.columns.last_mut() {
            column.words = true;
        }
    }
}
