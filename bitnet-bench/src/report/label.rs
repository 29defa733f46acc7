//! Short labels: the cases of one benchmark share a heading, and each shows only its point.

use std::borrow::Cow;

use super::text::{plain, width};
use crate::measure::CounterKind;
use crate::record::CaseRecord;

/// The cases of one benchmark, in the record's order.
pub(super) struct Block<'a> {
    /// `group/name[axes]@device`, above the cases; none where the one case is its own heading.
    pub(super) heading: Option<String>,
    pub(super) cases: Vec<&'a CaseRecord>,
    /// What tells the cases apart, one label a case, its values in line with those above.
    pub(super) labels: Vec<String>,
}

/// The name of a counter, which says so where a simulated processor was counted.
pub(super) fn counter(kind: CounterKind, name: &str) -> Cow<'_, str> {
    match kind {
        CounterKind::Simulated => Cow::Owned(format!("simulated {name}")),
        CounterKind::Hardware | CounterKind::Software => Cow::Borrowed(name),
    }
}

/// Cases that follow each other and belong to one benchmark.
pub(super) fn blocks<'a>(cases: &[&'a CaseRecord]) -> Vec<Block<'a>> {
    cases.chunk_by(|one, next| (&one.group, &one.name) == (&next.group, &next.name)).map(Block::of).collect()
}

impl<'a> Block<'a> {
    fn of(cases: &[&'a CaseRecord]) -> Self {
        let first = cases[0];
        if cases.len() == 1 {
            return Self { heading: None, cases: cases.to_vec(), labels: vec![plain(&first.id).into_owned()] };
        }
        let one_device = cases.iter().all(|case| case.device == first.device);
        let axes: Vec<&str> = first.point.iter().map(|value| value.axis.as_str()).collect();
        let mut heading = format!("{}/{}", first.group, first.name);
        if !axes.is_empty() {
            heading.push_str(&format!("[{}]", axes.join(",")));
        }
        if one_device {
            heading.push_str(&format!("@{}", first.device));
        }
        let rows = cases.iter().map(|case| values(case, !one_device)).collect();
        Self { heading: Some(plain(&heading).into_owned()), cases: cases.to_vec(), labels: in_line(rows) }
    }
}

/// The values that a label shows: those of the axes, and the device where it is not the same for all.
fn values(case: &CaseRecord, with_device: bool) -> Vec<String> {
    let mut values: Vec<String> = case.point.iter().map(|value| plain(&value.label).into_owned()).collect();
    if with_device {
        values.push(format!("@{}", plain(&case.device)));
    }
    values
}

/// Pads each value to the widest of its axis, numbers on the left, and joins each row.
fn in_line(mut rows: Vec<Vec<String>>) -> Vec<String> {
    let axes = rows.iter().map(Vec::len).max().unwrap_or(0);
    for axis in 0..axes {
        let values = || rows.iter().filter_map(|row| row.get(axis));
        let widest = values().map(|value| width(value)).max().unwrap_or(0);
        let numeric = values().all(|value| value.parse::<f64>().is_ok());
        for value in rows.iter_mut().filter_map(|row| row.get_mut(axis)) {
            let blanks = " ".repeat(widest - width(value));
            *value = if numeric { blanks + value } else { value.clone() + &blanks };
        }
    }
    rows.into_iter().map(|row| row.join("  ").trim_end().to_owned()).collect()
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
