//! A run as CSV (RFC 4180), one row a case, for a spreadsheet or a data frame.
//!
//! Figures are unscaled, in base units: nanoseconds, bytes, shares of 1. What is not known is
//! empty. The columns, in this order:
//!
//! | columns | content |
//! |---|---|
//! | `run`, `id`, `group`, `name`, `device` | which run and which case |
//! | `outcome`, `reason` | `measured`, `failed` or `skipped`, and why |
//! | `launches`, `samples` | how many there are, the samples over all launches |
//! | `median_ns`, `mean_ns`, `minimum_ns`, each with `…_lower` and `…_upper` | time of one iteration |
//! | `level`, `precise` | the level of the intervals; whether the median's is as narrow as asked |
//! | `scatter_within`, `scatter_between` | relative standard deviations, within and between launches |
//! | `bytes`, `items`, `flops`, `tokens` | how much of it one iteration processes |
//! | `bytes_per_second`, …, each with `…_lower` and `…_upper`; behind the amount | the throughput |
//! | `allocations`, `reallocations`, `frees`, `allocated_bytes`, `peak_bytes`, `retained_bytes` | of one iteration |
//! | `ratio`, `ratio_lower`, `ratio_upper`, `verdict`, `p_adjusted`, `detectable` | new time ∕ old time; empty without a comparison |
//! | `notes` | what to know of the figures, separated by `; ` |
//! | `axis:NAME` | the case's value of each axis that a case of the run has |
//! | `counter:NAME` | each counter, per iteration; `counter:simulated NAME` where a simulated processor was counted |
//! | `metric:NAME` | each metric that a benchmark reported; its unit stands behind the name in brackets |
//!
//! All before `axis:` is the same for every run.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::change;
use super::label;
use super::remarks::measured;
use crate::compare::{CaseComparison, Comparison};
use crate::record::{CaseRecord, Measured, Outcome, Record};
use crate::stats::Estimate;

const AMOUNTS: [&str; 4] = ["bytes", "items", "flops", "tokens"];

/// The run as CSV, with a header line; lines end as RFC 4180 has it, with CR LF.
pub fn render(record: &Record, comparison: Option<&Comparison>) -> String {
    let named = Named::of(record);
    let compared = comparison.map(|comparison| comparison.cases.as_slice()).unwrap_or_default();
    let compared: HashMap<&str, &CaseComparison> = compared.iter().map(|case| (case.id.as_str(), case)).collect();
    // The header is the names of a row in which nothing is known.
    let header = row(record, None, None, &named).0;
    let mut text = line(header.iter().map(|(name, _)| name.as_str()));
    for case in &record.cases {
        let row = row(record, Some(case), compared.get(case.id.as_str()).copied(), &named).0;
        text.push_str(&line(row.iter().map(|(_, value)| value.as_str())));
    }
    text
}

/// The columns that depend on what was measured.
struct Named<'a> {
    axes: BTreeSet<&'a str>,
    counters: BTreeSet<Cow<'a, str>>,
    /// Names and units.
    metrics: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Named<'a> {
    fn of(record: &'a Record) -> Self {
        let axes = record.cases.iter().flat_map(|case| &case.point).map(|value| value.axis.as_str()).collect();
        let counters = measured(record)
            .filter_map(|(_, measured)| measured.counters.known())
            .flat_map(|counters| counters.counts.iter().map(|counter| label::counter(counter.kind, &counter.name)))
            .collect();
        let metrics = measured(record)
            .flat_map(|(_, measured)| &measured.metrics)
            .map(|metric| (metric.name.as_str(), metric.unit.as_str()))
            .collect();
        Self { axes, counters, metrics }
    }
}

/// The names of the columns and one case's values.
struct Row(Vec<(String, String)>);

impl Row {
    fn text(&mut self, name: &str, value: Option<&str>) {
        self.0.push((name.to_owned(), value.unwrap_or_default().to_owned()));
    }

    fn number(&mut self, name: &str, value: Option<f64>) {
        let value = value.filter(|value| value.is_finite()).map(|value| value.to_string());
        self.0.push((name.to_owned(), value.unwrap_or_default()));
    }

    /// Three columns: the value, and the ends of its interval.
    fn estimate(&mut self, name: &str, estimate: Option<Estimate>) {
        self.number(name, estimate.map(|estimate| estimate.value));
        self.number(&format!("{name}_lower"), estimate.map(|estimate| estimate.lower));
        self.number(&format!("{name}_upper"), estimate.map(|estimate| estimate.upper));
    }
}

fn row(record: &Record, case: Option<&CaseRecord>, compared: Option<&CaseComparison>, named: &Named<'_>) -> Row {
    let mut row = Row(Vec::new());
    let measured = case.and_then(|case| match &case.outcome {
        Outcome::Measured(measured) => Some(&**measured),
        _ => None,
    });
    row.text("run", Some(&record.run.id));
    identity(&mut row, case);
    times(&mut row, measured);
    rates(&mut row, measured);
    comparison(&mut row, compared);
    row.text("notes", measured.map(|measured| measured.notes.join("; ")).as_deref());
    for axis in &named.axes {
        let value = case.and_then(|case| case.point.iter().find(|value| value.axis == *axis));
        row.text(&format!("axis:{axis}"), value.map(|value| value.label.as_str()));
    }
    for counter in &named.counters {
        let counters = measured.and_then(|measured| measured.counters.known()).into_iter();
        let mut counters = counters.flat_map(|counters| &counters.counts);
        let count = counters.find(|count| label::counter(count.kind, &count.name) == *counter);
        row.number(&format!("counter:{counter}"), count.map(|count| count.per_iteration));
    }
    for (name, unit) in &named.metrics {
        let mut metrics = measured.into_iter().flat_map(|measured| &measured.metrics);
        let metric = metrics.find(|metric| metric.name == *name && metric.unit == *unit);
        let name = if unit.is_empty() { format!("metric:{name}") } else { format!("metric:{name} ({unit})") };
        row.number(&name, metric.map(|metric| metric.estimate.value));
    }
    row
}

fn identity(row: &mut Row, case: Option<&CaseRecord>) {
    row.text("id", case.map(|case| case.id.as_str()));
    row.text("group", case.map(|case| case.group.as_str()));
    row.text("name", case.map(|case| case.name.as_str()));
    row.text("device", case.map(|case| case.device.as_str()));
    let (outcome, reason) = match case.map(|case| &case.outcome) {
        None => (None, None),
        Some(Outcome::Measured(_)) => (Some("measured"), None),
        Some(Outcome::Failed { failure, .. }) => (Some("failed"), Some(failure.to_string())),
        Some(Outcome::Skipped { reason }) => (Some("skipped"), Some(reason.clone())),
    };
    row.text("outcome", outcome);
    row.text("reason", reason.as_deref());
}

fn times(row: &mut Row, measured: Option<&Measured>) {
    let time = measured.map(|measured| &measured.time);
    row.number("launches", measured.map(|measured| measured.launches.len() as f64));
    let samples = |measured: &Measured| measured.launches.iter().map(|launch| launch.samples_ns.len()).sum::<usize>();
    row.number("samples", measured.map(|measured| samples(measured) as f64));
    row.estimate("median_ns", time.map(|time| time.median));
    row.estimate("mean_ns", time.map(|time| time.mean));
    row.estimate("minimum_ns", time.map(|time| time.minimum));
    row.number("level", time.map(|time| time.median.level));
    row.text("precise", measured.map(|measured| if measured.precise { "true" } else { "false" }));
    row.number("scatter_within", time.map(|time| time.scatter_within));
    row.number("scatter_between", time.map(|time| time.scatter_between));
}

fn rates(row: &mut Row, measured: Option<&Measured>) {
    for amount in AMOUNTS {
        let mut declared = measured.into_iter().flat_map(|measured| &measured.throughput);
        let throughput = declared.find(|throughput| throughput.amount == amount);
        let rate = format!("{amount}_per_second");
        row.number(amount, throughput.map(|throughput| throughput.per_iteration));
        row.estimate(&rate, throughput.map(|throughput| throughput.per_second));
    }
    let profile = measured.and_then(|measured| measured.allocations.known());
    row.number("allocations", profile.map(|profile| profile.allocations));
    row.number("reallocations", profile.map(|profile| profile.reallocations));
    row.number("frees", profile.map(|profile| profile.frees));
    row.number("allocated_bytes", profile.map(|profile| profile.bytes));
    row.number("peak_bytes", profile.map(|profile| profile.peak_bytes));
    row.number("retained_bytes", profile.map(|profile| profile.retained_bytes));
}

fn comparison(row: &mut Row, compared: Option<&CaseComparison>) {
    row.estimate("ratio", compared.map(|case| case.ratio));
    row.text("verdict", compared.map(|case| change::word(case.verdict)));
    row.number("p_adjusted", compared.map(|case| case.p_adjusted));
    row.number("detectable", compared.map(|case| case.detectable));
}

/// One line: a field that holds a comma, a quote or a line break is quoted, its quotes doubled.
fn line<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    let quoted = fields.map(|field| match field.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field.to_owned(),
    });
    quoted.collect::<Vec<_>>().join(",") + "\r\n"
}
