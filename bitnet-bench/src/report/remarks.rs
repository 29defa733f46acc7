//! What a reader should know besides the figures: each thing said once, with the cases it holds for.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::host::Stated;
use crate::order::insert;
use crate::record::{CaseRecord, Measured, Outcome, Record};

/// Something said of one or more cases, or, without any, of the whole run.
#[derive(Debug, PartialEq)]
pub(super) struct Remark<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) cases: Vec<&'a str>,
}

/// How many cases came to which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) measured: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
}

/// Remarks in the order in which they were first made; the same text is one remark.
#[derive(Default)]
struct Remarks<'a> {
    remarks: Vec<Remark<'a>>,
    places: HashMap<Cow<'a, str>, usize>,
}

impl<'a> Remarks<'a> {
    fn add(&mut self, text: Cow<'a, str>, case: Option<&'a str>) {
        let place = *self.places.entry(text.clone()).or_insert(self.remarks.len());
        if place == self.remarks.len() {
            self.remarks.push(Remark { text, cases: Vec::new() });
        }
        self.remarks[place].cases.extend(case);
    }
}

/// How many of the measured cases were measured by an earlier run, and carried over.
pub(super) fn carried(record: &Record) -> usize {
    record.cases.iter().filter(|case| case.carried_from.is_some()).count()
}

/// The figures of a case, if it was measured.
pub(super) fn figures(case: &CaseRecord) -> Option<&Measured> {
    match &case.outcome {
        Outcome::Measured(measured) => Some(measured),
        _ => None,
    }
}

/// The measured cases of a record, with their figures.
pub(super) fn measured(record: &Record) -> Vec<(&CaseRecord, &Measured)> {
    let mut cases = Vec::new();
    for case in &record.cases {
        if let Some(measured) = figures(case) {
            cases.push((case, measured));
        }
    }
    cases
}

/// How many cases were measured, failed and skipped.
pub(super) fn tally(record: &Record) -> Tally {
    let mut tally = Tally::default();
    for case in &record.cases {
        match case.outcome {
            Outcome::Measured(_) => tally.measured += 1,
            Outcome::Failed { .. } => tally.failed += 1,
            Outcome::Skipped { .. } => tally.skipped += 1,
        }
    }
    tally
}

/// What to know of the figures: how the executable was built, and the notes of the cases.
pub(super) fn notes(record: &Record) -> Vec<Remark<'_>> {
    let mut notes = Remarks::default();
    let toolchain = &record.toolchain;
    if toolchain.debug_assertions || toolchain.opt_level == "0" {
        let text = "built without optimisation or with debug assertions: a release build runs at another speed";
        notes.add(text.into(), None);
    }
    for (case, measured) in measured(record) {
        if let Some(run) = &case.carried_from {
            notes.add(format!("carried over from the run {run}, not measured in this one").into(), Some(&case.id));
        }
        // Of one launch alone, its own note says what the interval is worth.
        if !measured.precise && measured.launches.len() > 1 {
            notes.add("the interval is wider than `precision` asks".into(), Some(&case.id));
        }
        for note in &measured.notes {
            notes.add(note.into(), Some(&case.id));
        }
    }
    notes.remarks
}

/// The cases whose figures a note singles out, sorted: not those that share their note with every
/// other.
pub(super) fn singled_out<'a>(notes: &[Remark<'a>], tally: Tally) -> Vec<&'a str> {
    let mut cases = Vec::new();
    for note in notes {
        if note.cases.len() >= tally.measured {
            continue;
        }
        for case in &note.cases {
            insert(&mut cases, *case);
        }
    }
    cases
}

/// The reasons for which cases were skipped.
pub(super) fn skips(record: &Record) -> Vec<Remark<'_>> {
    let mut skips = Remarks::default();
    for case in &record.cases {
        if let Outcome::Skipped { reason } = &case.outcome {
            skips.add(reason.into(), Some(&case.id));
        }
    }
    skips.remarks
}

/// What is not known of the measured cases, each with the reason: counters, allocations.
pub(super) fn unknowns(record: &Record) -> Vec<Remark<'_>> {
    let mut unknowns = Remarks::default();
    for (case, measured) in measured(record) {
        match &measured.counters {
            Stated::Unknown(reason) => unknowns.add(format!("no counters: {reason}").into(), Some(&case.id)),
            Stated::Known(counters) => {
                let mut reasons = Remarks::default();
                for missing in &counters.missing {
                    reasons.add((&missing.reason).into(), Some(&missing.name));
                }
                for Remark { text: reason, cases: names } in reasons.remarks {
                    unknowns.add(format!("no {}: {reason}", names.join(", ")).into(), Some(&case.id));
                }
            }
        }
        if let Stated::Unknown(reason) = &measured.allocations {
            unknowns.add(format!("no allocations: {reason}").into(), Some(&case.id));
        }
    }
    unknowns.remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_one_remark() {
        let mut remarks = Remarks::default();
        for (text, case) in [("noisy", "a"), ("short", "b"), ("noisy", "c")] {
            remarks.add(text.into(), Some(case));
        }
        remarks.add("of the run".into(), None);
        let found: Vec<_> = remarks.remarks.iter().map(|remark| (&*remark.text, &*remark.cases)).collect();
        assert_eq!(found, [("noisy", &["a", "c"][..]), ("short", &["b"]), ("of the run", &[])]);
    }

    #[test]
    fn what_holds_for_every_case_singles_none_out() {
        let remark = |cases: &[&'static str]| Remark { text: "noisy".into(), cases: cases.to_vec() };
        let tally = Tally { measured: 2, ..Tally::default() };
        let marked = singled_out(&[remark(&["a", "b"]), remark(&["b"]), remark(&[])], tally);
        assert_eq!(marked.into_iter().collect::<Vec<_>>(), ["b"]);
    }
}
