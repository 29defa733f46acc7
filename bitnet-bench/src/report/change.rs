//! How a comparison reads: one wording for the terminal and for Markdown.

use super::units::{UNKNOWN, percent};
use crate::compare::{CaseComparison, Comparison, Verdict};

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
    match case.verdict {
        Verdict::Regressed => size(case.ratio.value, "slower"),
        Verdict::Improved => size(case.ratio.value, "faster"),
        Verdict::Unchanged => "unchanged".to_owned(),
        Verdict::Inconclusive => "can't tell".to_owned(),
    }
}

/// A change in full: what could not be told says how large a change would have been seen.
pub(super) fn full(case: &CaseComparison) -> String {
    match case.verdict {
        Verdict::Inconclusive => format!("can't tell (could see ±{})", percent(case.detectable)),
        _ => brief(case),
    }
}

/// The interval of a change, in the terms of [`brief`]: `[+4.8, +5.6] %`, `[3.21, 3.25]×`.
pub(super) fn interval(case: &CaseComparison) -> String {
    let (lower, upper) = (case.ratio.lower, case.ratio.upper);
    if !(lower.is_finite() && upper.is_finite() && lower > 0.0) {
        return UNKNOWN.to_owned();
    }
    match case.ratio.value {
        ratio if ratio >= 2.0 => format!("[{lower:.2}, {upper:.2}]×"),
        ratio if ratio <= 0.5 => format!("[{:.2}, {:.2}]×", 1.0 / upper, 1.0 / lower),
        _ => format!("[{}, {}] %", signed(lower - 1.0), signed(upper - 1.0)),
    }
}

/// The verdicts and how often each was given, as `2 improved, 1 regressed`; none that was not.
pub(super) fn tally(comparison: &Comparison) -> String {
    let verdicts = [Verdict::Regressed, Verdict::Improved, Verdict::Unchanged, Verdict::Inconclusive];
    let counted = verdicts.into_iter().filter_map(|verdict| {
        let count = comparison.cases.iter().filter(|case| case.verdict == verdict).count();
        (count > 0).then(|| format!("{count} {}", word(verdict)))
    });
    let tally: Vec<String> = counted.collect();
    if tally.is_empty() { "no case to compare".to_owned() } else { tally.join(", ") }
}

/// The cases that changed, the worst first, down to those that improved the most.
pub(super) fn changed(comparison: &Comparison) -> Vec<&CaseComparison> {
    let is_change = |case: &&CaseComparison| matches!(case.verdict, Verdict::Regressed | Verdict::Improved);
    let mut changed: Vec<_> = comparison.cases.iter().filter(is_change).collect();
    changed.sort_by(|one, other| other.ratio.value.total_cmp(&one.ratio.value));
    changed
}

/// The cases of which nothing can be told, and what would have been seen in them.
pub(super) fn inconclusive(comparison: &Comparison) -> Option<(String, Vec<&str>)> {
    let cases = || comparison.cases.iter().filter(|case| case.verdict == Verdict::Inconclusive);
    let least = cases().map(|case| case.detectable).min_by(f64::total_cmp)?;
    let most = cases().map(|case| case.detectable).max_by(f64::total_cmp)?;
    let (least, most) = (percent(least), percent(most));
    let range = if least == most { least } else { format!("{least} to {most}") };
    Some((
        format!("can't tell; a change of {range} would probably have been seen"),
        cases().map(|case| &*case.id).collect(),
    ))
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
    use crate::stats::Estimate;

    fn case(verdict: Verdict, ratio: f64) -> CaseComparison {
        let ratio = Estimate { value: ratio, lower: ratio - 0.004, upper: ratio + 0.004, level: 0.95 };
        CaseComparison { id: "a/b@cpu".to_owned(), ratio, verdict, p_adjusted: 0.001, detectable: 0.04 }
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
        let comparison =
            Comparison { baseline: "main".to_owned(), cases, only_in_baseline: Vec::new(), warnings: Vec::new() };
        assert_eq!(tally(&comparison), "2 regressed, 1 improved, 1 unchanged");
        let ratios: Vec<f64> = changed(&comparison).iter().map(|case| case.ratio.value).collect();
        assert_eq!(ratios, [1.5, 1.05, 0.9]);
    }
}
