//! A run as CSV (RFC 4180), one row a case, for a spreadsheet or a data frame.
//!
//! Figures are unscaled, in base units: nanoseconds, bytes, shares of 1. What is not known is
//! empty. The columns, in this order:
//!
//! | columns | content |
//! |---|---|
//! | `run`, `id`, `group`, `name`, `device` | which run and which case |
//! | `outcome`, `reason` | `measured`, `failed` or `skipped`, and why |
//! | `carried_from` | the run that measured it, where that is not this one |
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

use super::change;
use super::label;
use super::remarks::figures;
use crate::compare::{CaseComparison, Comparison};
use crate::order::insert;
use crate::record::{CaseRecord, Measured, Outcome, Record};
use crate::stats::Estimate;

const AMOUNTS: [&str; 4] = ["bytes", "items", "flops", "tokens"];

/// The run as CSV, with a header line; lines end as RFC 4180 has it, with CR LF.
pub fn render(record: &Record, comparison: Option<&Comparison>) -> String {
    let named = Named::of(record);
    let compared = comparison.map(change::by_id).unwrap_or_default();
    // The header is the names of a row in which nothing is known.
    let mut text = row(record, None, None, &named).names;
    end_line(&mut text);
    for case in &record.cases {
        text.push_str(&row(record, Some(case), compared.get(case.id.as_str()).copied(), &named).values);
        end_line(&mut text);
    }
    text
}

/// The columns that depend on what was measured.
struct Named<'a> {
    axes: Vec<&'a str>,
    counters: Vec<String>,
    /// Names and units.
    metrics: Vec<(&'a str, &'a str)>,
}

impl<'a> Named<'a> {
    fn of(record: &'a Record) -> Self {
        let (mut axes, mut metrics, mut measured) = (Vec::new(), Vec::new(), Vec::new());
        for case in &record.cases {
            for value in &case.point {
                insert(&mut axes, value.axis.as_str());
            }
            measured.extend(figures(case));
        }
        for measured in &measured {
            for metric in &measured.metrics {
                insert(&mut metrics, (metric.name.as_str(), metric.unit.as_str()));
            }
        }
        Self { axes, counters: label::counters(&measured), metrics }
    }
}

/// The names of the columns and one case's values, each a line without its end.
#[derive(Default)]
struct Row {
    names: String,
    values: String,
}

impl Row {
    fn text(&mut self, name: &str, value: Option<&str>) {
        add_field(&mut self.names, name);
        add_field(&mut self.values, value.unwrap_or_default());
    }

    fn number(&mut self, name: &str, value: Option<f64>) {
        let value = value.filter(|value| value.is_finite()).map(|value| value.to_string());
        self.text(name, value.as_deref());
    }

    /// Three columns: the value, and the ends of its interval.
    fn estimate(&mut self, name: &str, estimate: Option<Estimate>) {
        self.number(name, estimate.map(|estimate| estimate.value));
        self.number(&format!("{name}_lower"), estimate.map(|estimate| estimate.lower));
        self.number(&format!("{name}_upper"), estimate.map(|estimate| estimate.upper));
    }
}

fn row(record: &Record, case: Option<&CaseRecord>, compared: Option<&CaseComparison>, named: &Named<'_>) -> Row {
    let mut row = Row::default();
    let measured = case.and_then(figures);
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
        let count = measured.and_then(|measured| label::counter(measured, counter));
        row.number(&format!("counter:{counter}"), count.map(|count| count.per_iteration));
    }
    for (name, unit) in &named.metrics {
        let metrics = measured.map_or(&[][..], |measured| &measured.metrics);
        let metric = metrics.iter().find(|metric| metric.name == *name && metric.unit == *unit);
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
    row.text("carried_from", case.and_then(|case| case.carried_from.as_deref()));
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
        let declared = measured.map_or(&[][..], |measured| &measured.throughput);
        let throughput = declared.iter().find(|throughput| throughput.amount == amount);
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
    row.estimate("ratio", compared.and_then(|case| case.time.ratio()));
    row.text("verdict", compared.map(|case| change::word(case.time.verdict)));
    row.number("p_adjusted", compared.map(|case| case.time.p_adjusted));
    row.number("detectable", compared.map(|case| case.time.detectable));
}

/// Adds a field and the comma behind it; one that holds a comma, a quote or a line break is quoted,
/// its quotes doubled.
pub(super) fn add_field(line: &mut String, field: &str) {
    if field.contains([',', '"', '\r', '\n']) {
        line.push('"');
        line.push_str(&field.replace('"', "\"\""));
        line.push('"');
    } else {
        line.push_str(field);
    }
    line.push(',');
}

/// Ends a line, which has a comma behind its last field still.
pub(super) fn end_line(text: &mut String) {
    text.pop();
    text.push_str("\r\n");
}
