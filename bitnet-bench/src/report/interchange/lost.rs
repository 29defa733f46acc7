//! What a format has no place for.

use std::collections::BTreeMap;

/// How many cases are named.
const NAMED: usize = 3;

/// What a format has no place for, and of which cases.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lost(BTreeMap<String, Vec<String>>);

impl Lost {
    /// Something of a case is lost.
    pub(super) fn add(&mut self, what: &str, case: &str) {
        self.0.entry(what.to_owned()).or_default().push(case.to_owned());
    }

    /// Nothing is lost.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One line for each thing that is lost, for a person.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(what, cases)| {
            let named = cases.iter().take(NAMED).map(|case| format!("`{}`", brief(case)));
            let named = named.collect::<Vec<_>>().join(", ");
            let more = cases.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{what}: {named}{more}")
        })
    }
}

/// An id on a part of a line.
fn brief(id: &str) -> std::borrow::Cow<'_, str> {
    const COLUMNS: usize = 60;
    crate::report::text::shorten(id, COLUMNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_few_cases_and_counts_the_others() {
        let mut lost = Lost::default();
        assert!(lost.is_empty());
        for case in 0..5 {
            lost.add("a metric", &format!("case {case}"));
        }
        lost.add("a unit", &"x".repeat(2_000));
        let lines: Vec<String> = lost.lines().collect();
        assert_eq!(lines[0], "a metric: `case 0`, `case 1`, `case 2` and 2 more");
        assert!(lines[1].starts_with("a unit: `xxx") && lines[1].chars().count() < 75, "{}", lines[1]);
    }
}
