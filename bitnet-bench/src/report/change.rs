//! How a comparison reads: one wording for the terminal and for Markdown.

use std::collections::HashMap;

use super::units::{UNKNOWN, percent};
use crate::compare::{Absence, CaseComparison, Comparison, Verdict};
use crate::order::order;

/// The word for a verdict.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Improved => "improved",
        Verdict::Regressed => "regressed",
        Verdict::Unchanged => "unchanged",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// A change in a few words: `+5.2 % slower`, `3.40× faster`, `unchanged`, `can't tell`.
pub(super) fn brief(case: &CaseComparison) -> String {
    match case.time.verdict {
        Verdict::Regressed => size(case.time.ratio.value, "slower"),
        Verdict::Improved => size(case.time.ratio.value, "faster"),
        Verdict::Unchanged => "unchanged".to_owned(),
        Verdict::Inconclusive => "can't tell".to_owned(),
    }
}

/// A change in full: what could not be told says how large a change would have been seen.
pub(super) fn full(case: &CaseComparison) -> String {
    match case.time.verdict {
        Verdict::Inconclusive => format!("can't tell (could see ±{})", percent(case.time.detectable)),
        _ => brief(case),
    }
}

/// The interval of a change, in the terms of [`brief`]: `[+4.8, +5.6] %`, `[3.21, 3.25]×`.
pub(super) fn interval(case: &CaseComparison) -> String {
    let (lower, upper) = (case.time.ratio.lower, case.time.ratio.upper);
    if !(lower.is_finite() && upper.is_finite() && lower > 0.0) {
        return UNKNOWN.to_owned();
    }
    match case.time.ratio.value {
        ratio if ratio >= 2.0 => format!("[{lower:.2}, {upper:.2}]×"),
        ratio if ratio <= 0.5 => format!("[{:.2}, {:.2}]×", 1.0 / upper, 1.0 / lower),
        _ => format!("[{}, {}] %", signed(lower - 1.0), signed(upper - 1.0)),
    }
}

/// The verdicts and how often each was given, as `2 improved, 1 regressed`; none that was not.
pub(super) fn tally(comparison: &Comparison) -> String {
    let mut tally = Vec::new();
    for verdict in [Verdict::Regressed, Verdict::Improved, Verdict::Unchanged, Verdict::Inconclusive] {
        let count = comparison.cases.iter().filter(|case| case.time.verdict == verdict).count();
        if count > 0 {
            tally.push(format!("{count} {}", word(verdict)));
        }
    }
    if tally.is_empty() { "no case to compare".to_owned() } else { tally.join(", ") }
}

/// The cases that changed, the worst first, down to those that improved the most.
pub(super) fn changed(comparison: &Comparison) -> Vec<&CaseComparison> {
    let cases = &comparison.cases;
    let mut changed = Vec::new();
    for at in order(cases.len(), &|one, other| cases[other].time.ratio.value.total_cmp(&cases[one].time.ratio.value)) {
        if matches!(cases[at].time.verdict, Verdict::Regressed | Verdict::Improved) {
            changed.push(&cases[at]);
        }
    }
    changed
}

/// The compared cases by their ids.
pub(super) fn by_id(comparison: &Comparison) -> HashMap<&str, &CaseComparison> {
    let mut by_id = HashMap::new();
    for case in &comparison.cases {
        by_id.insert(case.id.as_str(), case);
    }
    by_id
}

/// The cases of which nothing can be told, and what would have been seen in them.
pub(super) fn inconclusive(comparison: &Comparison) -> Option<(String, Vec<&str>)> {
    let (mut detectable, mut cases) = (Vec::new(), Vec::new());
    for case in &comparison.cases {
        if case.time.verdict == Verdict::Inconclusive {
            detectable.push(case.time.detectable);
            cases.push(case.id.as_str());
        }
    }
    detectable.sort_unstable_by(f64::total_cmp);
    let (least, most) = (percent(*detectable.first()?), percent(*detectable.last()?));
    let range = if least == most { least } else { format!("{least} to {most}") };
    Some((format!("can't tell; a change of {range} would probably have been seen"), cases))
}

/// The cases of the baseline that the run did not measure.
pub(super) fn removed(comparison: &Comparison) -> Vec<&str> {
    let mut removed = Vec::new();
    for case in &comparison.unmatched {
        if case.why == Absence::Removed {
            removed.push(case.id.as_str());
        }
    }
    removed
}

/// The size of a change from the ratio of the new time to the old one; a factor from 2 on, where
/// percentages no longer read well.
fn size(ratio: f64, direction: &str) -> String {
    if !ratio.is_finite() || ratio <= 0.0 {
        return format!("{UNKNOWN} {direction}");
    }
    let factor = ratio.max(1.0 / ratio);
    if factor >= 2.0 { format!("{factor:.2}× {direction}") } else { format!("{} % {direction}", signed(ratio - 1.0)) }
}

fn signed(share: f64) -> String {
    let sign = if share < 0.0 { '−' } else { '+' };
    format!("{sign}{:.1}", share.abs() * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::MetricComparison;
    use crate::measure::Direction;
    use crate::stats::Estimate;

    fn case(verdict: Verdict, ratio: f64) -> CaseComparison {
        let ratio = Estimate { value: ratio, lower: ratio - 0.004, upper: ratio + 0.004, level: 0.95 };
        let time = MetricComparison {
            metric: "time".to_owned(),
            unit: "ns".to_owned(),
            direction: Direction::LowerIsBetter,
            old: 100.0,
            new: 100.0 * ratio.value,
            ratio,
            verdict,
            p_adjusted: 0.001,
            detectable: 0.04,
            floor: 0.03,
        };
        CaseComparison { id: "a/b@cpu".to_owned(), time, metrics: Vec::new() }
    }

    #[test]
    fn reads_as_a_person_would_say_it() {
        assert_eq!(brief(&case(Verdict::Regressed, 1.052)), "+5.2 % slower");
        assert_eq!(brief(&case(Verdict::Improved, 0.969)), "−3.1 % faster");
        assert_eq!(brief(&case(Verdict::Regressed, 3.4)), "3.40× slower");
        assert_eq!(brief(&case(Verdict::Improved, 0.25)), "4.00× faster");
        assert_eq!(brief(&case(Verdict::Regressed, f64::NAN)), "– slower");
        assert_eq!(full(&case(Verdict::Unchanged, 1.001)), "unchanged");
        assert_eq!(full(&case(Verdict::Inconclusive, 1.02)), "can't tell (could see ±4.0 %)");
        assert_eq!(interval(&case(Verdict::Regressed, 1.052)), "[+4.8, +5.6] %");
        assert_eq!(interval(&case(Verdict::Regressed, 3.4)), "[3.40, 3.40]×");
        assert_eq!(interval(&case(Verdict::Improved, 0.25)), "[3.94, 4.07]×");
        assert_eq!(interval(&case(Verdict::Regressed, f64::INFINITY)), UNKNOWN);
    }

    #[test]
    fn counts_verdicts_and_sorts_changes_by_size() {
        let cases = vec![
            case(Verdict::Improved, 0.9),
            case(Verdict::Regressed, 1.05),
            case(Verdict::Unchanged, 1.0),
            case(Verdict::Regressed, 1.5),
        ];
        let comparison = Comparison { baseline: "main".to_owned(), cases, unmatched: Vec::new(), warnings: Vec::new() };
        assert_eq!(tally(&comparison), "2 regressed, 1 improved, 1 unchanged");
        let ratios: Vec<f64> = changed(&comparison).iter().map(|case| case.time.ratio.value).collect();
        assert_eq!(ratios, [1.5, 1.05, 0.9]);
    }
}
