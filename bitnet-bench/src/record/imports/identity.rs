//! What another tool's benchmarks are called here, and a record of them.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use crate::record::model::{AxisLabel, CaseRecord, Outcome};

/// The name of a case and its parts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Names {
    pub(super) id: String,
    group: String,
    name: String,
    point: Vec<AxisLabel>,
    device: String,
}

impl Names {
    /// A benchmark at a point.
    pub(super) fn new(group: &str, name: &str, point: &[(&str, &str)], device: &str) -> Self {
        let labels: Vec<String> = point.iter().map(|(axis, label)| format!("{axis}={label}")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("[{}]", labels.join(",")) };
        let label = |(axis, label): &(&str, &str)| AxisLabel { axis: (*axis).to_owned(), label: (*label).to_owned() };
        Self {
            id: format!("{group}/{name}{labels}@{device}"),
            group: group.to_owned(),
            name: name.to_owned(),
            point: point.iter().map(label).collect(),
            device: device.to_owned(),
        }
    }

    /// A benchmark of which the tool has nothing but a text: one of our ids that has been exported stays what it
    /// was; anything else is a benchmark of the target.
    pub(super) fn of_text(text: &str, target: &str) -> Self {
        Self::of_id(text).unwrap_or_else(|| Self::new(target, text, &[], "cpu"))
    }

    /// The parts of one of our ids: `group/name[axis=value,…]@device`.
    pub(super) fn of_id(id: &str) -> Option<Self> {
        let (case, device) = id.rsplit_once('@')?;
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if device.is_empty() || !device.chars().all(sound) {
            return None;
        }
        let (benchmark, labels) = match case.strip_suffix(']').and_then(|case| case.split_once('[')) {
            Some((benchmark, labels)) => (benchmark, labels),
            None => (case, ""),
        };
        let (group, name) =
            benchmark.rsplit_once('/').filter(|(group, name)| !(group.is_empty() || name.is_empty()))?;
        Some(Self {
            id: id.to_owned(),
            group: group.to_owned(),
            name: name.to_owned(),
            point: point(labels),
            device: device.to_owned(),
        })
    }

    /// Gives one of several with the same name a number.
    pub(super) fn number(&mut self, number: usize) {
        self.id.push_str(&format!("#{number}"));
    }

    pub(super) fn case(self, source: &str, outcome: Outcome) -> CaseRecord {
        CaseRecord {
            id: self.id,
            group: self.group,
            name: self.name,
            point: self.point,
            device: self.device,
            tags: Vec::new(),
            source: source.to_owned(),
            carried_from: None,
            settings: BTreeMap::new(),
            outcome,
        }
    }
}

/// The labels of a point. A comma within a label is told from one between two by the `=` that follows.
fn point(labels: &str) -> Vec<AxisLabel> {
    let mut point = Vec::<AxisLabel>::new();
    for piece in labels.split(',') {
        match (piece.split_once('='), point.last_mut()) {
            (Some((axis, label)), _) => point.push(AxisLabel { axis: axis.to_owned(), label: label.to_owned() }),
            (None, Some(last)) => {
                last.label.push(',');
                last.label.push_str(piece);
            }
            (None, None) => {}
        }
    }
    point
}

/// The id of a run: the same results always become the same run, and are not there twice.
pub(super) fn run_id(started_at: &str, target: &str, cases: &[CaseRecord]) -> String {
    let compact: String = started_at.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let content = serde_json::to_string(cases).unwrap_or_default();
    format!("{compact}-{target}-{:016x}", hash(&content))
}

/// FNV-1a, 64 bits: it tells texts apart, and guards nothing.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A time with its offset from UTC, such as `2026-11-23T21:27:47+01:00`, as RFC 3339 in UTC; `None` if it is none.
pub(super) fn in_utc(text: &str) -> Option<String> {
    let (local, offset) = match text.strip_suffix(['Z', 'z']) {
        Some(local) => (local, 0),
        None => split_offset(text)?,
    };
    let local: SystemTime = humantime::parse_rfc3339(&format!("{local}Z")).ok()?;
    let shift = Duration::from_secs(offset.unsigned_abs());
    let utc = if offset < 0 { local.checked_add(shift)? } else { local.checked_sub(shift)? };
    (utc >= SystemTime::UNIX_EPOCH).then(|| humantime::format_rfc3339_seconds(utc).to_string())
}

/// The time without its offset, and the offset in seconds.
fn split_offset(text: &str) -> Option<(&str, i64)> {
    let (local, offset) = text.split_at_checked(text.len().checked_sub("+00:00".len())?)?;
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let seconds = (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?) * 60;
    match offset.as_bytes()[0] {
        b'+' => Some((local, seconds)),
        b'-' => Some((local, -seconds)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_moved_to_utc() {
        let moved = [
            ("2026-11-23T21:27:47+00:00", Some("2026-11-23T21:27:47Z")),
            ("2026-11-23T21:27:47+05:30", Some("2026-11-23T15:57:47Z")),
            ("2026-11-23T21:27:47-08:00", Some("2026-11-24T05:27:47Z")),
            ("2025-04-24T11:58:50Z", Some("2025-04-24T11:58:50Z")),
            ("1970-01-01T00:00:00+01:00", None),
            ("yesterday", None),
            ("ü+00:00", None),
            ("", None),
        ];
        for (text, utc) in moved {
            assert_eq!(in_utc(text).as_deref(), utc, "{text}");
        }
    }

    #[test]
    fn our_ids_come_apart_and_others_do_not() {
        let names = Names::of_id("a/b/gemv[size=2x3,bits=1,5]@cpu").expect("it is one of ours");
        assert_eq!((names.group.as_str(), names.name.as_str(), names.device.as_str()), ("a/b", "gemv", "cpu"));
        let labels: Vec<(&str, &str)> = names.point.iter().map(|p| (p.axis.as_str(), p.label.as_str())).collect();
        assert_eq!(labels, [("size", "2x3"), ("bits", "1,5")]);
        for foreign in ["", "@", "a@cpu", "a/b", "a/b@", "a/@cpu", "fold ü/64", "a/b@c d"] {
            assert_eq!(Names::of_id(foreign), None, "{foreign}");
        }
        assert_eq!(Names::of_text("fold ü/64", "x").id, "x/fold ü/64@cpu");
    }
}
