//! Short labels: the cases of one benchmark share a heading, and each shows only its point.

use super::text::{plain, width};
use crate::host::Stated;
use crate::measure::{Counter, CounterKind};
use crate::order::insert;
use crate::record::{CaseRecord, Measured};

/// The cases of one benchmark, in the record's order.
pub(super) struct Block<'a> {
    /// `group/name[axes]@device`, above the cases; none where the one case is its own heading.
    pub(super) heading: Option<String>,
    pub(super) cases: Vec<&'a CaseRecord>,
    /// What tells the cases apart, one label a case, its values in line with those above.
    pub(super) labels: Vec<String>,
}

/// The names of the counters of some cases, sorted.
pub(super) fn counters(measured: &[&Measured]) -> Vec<String> {
    let mut names = Vec::new();
    for measured in measured {
        let Stated::Known(counters) = &measured.counters else { continue };
        for counter in &counters.counts {
            insert(&mut names, counter_name(counter));
        }
    }
    names
}

/// The counter of that name.
pub(super) fn counter<'a>(measured: &'a Measured, name: &str) -> Option<&'a Counter> {
    measured.counters.known()?.counts.iter().find(|counter| counter_name(counter) == name)
}

/// The name of a counter, which says so where a simulated processor was counted.
fn counter_name(counter: &Counter) -> String {
    match counter.kind {
        CounterKind::Simulated => format!("simulated {}", counter.name),
        CounterKind::Hardware | CounterKind::Software => counter.name.clone(),
    }
}

/// The names of the metrics that the benchmarks of some cases reported, in their order.
pub(super) fn metrics<'a>(measured: &[&'a Measured]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for measured in measured {
        for metric in &measured.metrics {
            if !names.contains(&metric.name.as_str()) {
                names.push(&metric.name);
            }
        }
    }
    names
}

/// Cases that follow each other and belong to one benchmark.
pub(super) fn blocks<'a>(cases: &[&'a CaseRecord]) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    for cases in cases.chunk_by(|one, next| (&one.group, &one.name) == (&next.group, &next.name)) {
        blocks.push(Block::of(cases));
    }
    blocks
}

impl<'a> Block<'a> {
    fn of(cases: &[&'a CaseRecord]) -> Self {
        let first = cases[0];
        if cases.len() == 1 {
            return Self { heading: None, cases: cases.to_vec(), labels: vec![plain(&first.id).into_owned()] };
        }
        let one_device = cases.iter().all(|case| case.device == first.device);
        let mut heading = format!("{}/{}", first.group, first.name);
        for (at, value) in first.point.iter().enumerate() {
            heading.push(if at == 0 { '[' } else { ',' });
            heading.push_str(&value.axis);
        }
        if !first.point.is_empty() {
            heading.push(']');
        }
        if one_device {
            heading.push('@');
            heading.push_str(&first.device);
        }
        let mut rows = Vec::new();
        for case in cases {
            rows.push(values(case, !one_device));
        }
        Self { heading: Some(plain(&heading).into_owned()), cases: cases.to_vec(), labels: in_line(rows) }
    }
}

/// The values that a label shows: those of the axes, and the device where it is not the same for all.
fn values(case: &CaseRecord, with_device: bool) -> Vec<String> {
    let mut values = Vec::new();
    for value in &case.point {
        values.push(plain(&value.label).into_owned());
    }
    if with_device {
        values.push(format!("@{}", plain(&case.device)));
    }
    values
}

/// Pads each value to the widest of its axis, numbers on the left, and joins each row.
fn in_line(mut rows: Vec<Vec<String>>) -> Vec<String> {
    let axes = rows.iter().map(Vec::len).max().unwrap_or(0);
    for axis in 0..axes {
        let (mut widest, mut numeric) = (0, true);
        for row in &rows {
            let Some(value) = row.get(axis) else { continue };
            widest = widest.max(width(value));
            numeric &= value.parse::<f64>().is_ok();
        }
        for row in &mut rows {
            let Some(value) = row.get_mut(axis) else { continue };
            let blanks = " ".repeat(widest - width(value));
            value.insert_str(if numeric { 0 } else { value.len() }, &blanks);
        }
    }
    let mut lines = Vec::new();
    for row in rows {
        lines.push(row.join("  ").trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_line() {
        let rows = [["1", "avx2"], ["1024", "scalar"], ["16", "日本"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec()).to_vec();
        assert_eq!(in_line(rows), ["   1  avx2", "1024  scalar", "  16  日本"]);
    }

    #[test]
    fn a_benchmark_without_axes_has_labels_all_the_same() {
        assert_eq!(in_line(vec![Vec::new(), Vec::new()]), ["", ""]);
    }
}
