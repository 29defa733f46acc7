//! How a comparison reads: one wording for the terminal and for Markdown.

use std::collections::HashMap;

use super::units::{UNKNOWN, number, percent};
use crate::compare::{Absence, CaseComparison, Change, Comparison, MetricComparison, TIME, Verdict};
use crate::order::order;
use crate::stats::Estimate;

/// The word for a verdict.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Improved => "improved",
        Verdict::Regressed => "regressed",
        Verdict::Unchanged => "unchanged",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// A change in a few words: `+5.2 % slower`, `3.40× faster`, `−0.3 dB worse`, `unchanged`, `can't tell`.
pub(crate) fn brief(metric: &MetricComparison) -> String {
    match metric.verdict {
        Verdict::Unchanged => "unchanged".to_owned(),
        Verdict::Inconclusive => "can't tell".to_owned(),
        Verdict::Improved | Verdict::Regressed => format!("{} {}", size(metric), way(metric)),
    }
}

/// A change in full: what could not be told says what was seen, and how large a change would have been told.
pub(crate) fn full(metric: &MetricComparison) -> String {
    match metric.verdict {
        Verdict::Inconclusive if metric.detectable.is_finite() => {
            format!("can't tell: {} (could see ±{})", size(metric), percent(metric.detectable))
        }
        Verdict::Inconclusive => format!("can't tell: {} (too few launches)", size(metric)),
        _ => brief(metric),
    }
}

/// Which way a change went.
fn way(metric: &MetricComparison) -> &'static str {
    match (metric.verdict, metric.metric.as_str()) {
        (Verdict::Improved, TIME) => "faster",
        (Verdict::Improved, _) => "better",
        (_, TIME) => "slower",
        _ => "worse",
    }
}

/// The interval of a change, in the terms of [`size`]: `[+4.8, +5.6] %`, `[3.21, 3.25]×`.
pub(crate) fn interval(metric: &MetricComparison) -> String {
    let Estimate { value, lower, upper, .. } = metric.change.estimate();
    match metric.change {
        _ if !(lower.is_finite() && upper.is_finite()) => UNKNOWN.to_owned(),
        _ if lower == upper => "exact".to_owned(),
        Change::Difference(_) => {
            let unit = if metric.unit.is_empty() { String::new() } else { format!(" {}", metric.unit) };
            format!("[{}, {}]{unit}", number(lower), number(upper))
        }
        Change::Ratio(_) if lower <= 0.0 => UNKNOWN.to_owned(),
        Change::Ratio(_) if value >= 2.0 => format!("[{lower:.2}, {upper:.2}]×"),
        Change::Ratio(_) if value <= 0.5 => format!("[{:.2}, {:.2}]×", 1.0 / upper, 1.0 / lower),
        Change::Ratio(_) => format!("[{}, {}] %", signed(lower - 1.0), signed(upper - 1.0)),
    }
}

/// The size of a change; a factor from 2 on, where percentages no longer read well, and a difference where there is no
/// ratio. It says by how much the figure itself moved: `−4.8 %` of a rate for a time of `+5.0 %`.
pub(super) fn size(metric: &MetricComparison) -> String {
    match metric.change {
        Change::Difference(change) => {
            let sign = if change.value > 0.0 { "+" } else { "" };
            format!("{sign}{} {}", number(change.value), metric.unit).trim_end().to_owned()
        }
        Change::Ratio(ratio) if !ratio.value.is_finite() || ratio.value <= 0.0 => UNKNOWN.to_owned(),
        Change::Ratio(ratio) => {
            let factor = ratio.value.max(1.0 / ratio.value);
            if factor >= 2.0 { format!("{factor:.2}×") } else { format!("{} %", signed(ratio.value - 1.0)) }
        }
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

/// How many other metrics changed, as `other metrics: 1 regressed, 2 improved`.
pub(super) fn tally_of_others(comparison: &Comparison) -> Option<String> {
    let mut tally = Vec::new();
    for verdict in [Verdict::Regressed, Verdict::Improved] {
        let judged = comparison.cases.iter().flat_map(|case| &case.metrics).filter(|metric| !metric.follows_time);
        let count = judged.filter(|metric| metric.verdict == verdict).count();
        if count > 0 {
            tally.push(format!("{count} {}", word(verdict)));
        }
    }
    (!tally.is_empty()).then(|| format!("other metrics: {}", tally.join(", ")))
}

/// The metrics of a case other than its time that changed by themselves, the worst first.
pub(super) fn changed_others(case: &CaseComparison) -> Vec<&MetricComparison> {
    let mut changed = Vec::new();
    for metric in &case.metrics {
        if !metric.follows_time && matches!(metric.verdict, Verdict::Regressed | Verdict::Improved) {
            changed.push(metric);
        }
    }
    let worse = |one: usize, other: usize| changed[other].worse_by().total_cmp(&changed[one].worse_by());
    order(changed.len(), &worse).into_iter().map(|at| changed[at]).collect()
}

/// The cases whose time changed, the worst first, down to those that improved the most.
pub(super) fn changed(comparison: &Comparison) -> Vec<&CaseComparison> {
    let cases = &comparison.cases;
    let mut changed = Vec::new();
    let worse = |one: usize, other: usize| cases[other].time.worse_by().total_cmp(&cases[one].time.worse_by());
    for at in order(cases.len(), &worse) {
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

fn signed(share: f64) -> String {
    let sign = if share < 0.0 { '−' } else { '+' };
    format!("{sign}{:.1}", share.abs() * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Direction;

    fn estimate(value: f64, half: f64) -> Estimate {
        Estimate { value, lower: value - half, upper: value + half, level: 0.95 }
    }

    fn metric(verdict: Verdict, ratio: f64) -> MetricComparison {
        MetricComparison {
            metric: TIME.to_owned(),
            unit: "ns".to_owned(),
            direction: Direction::LowerIsBetter,
            old: 100.0,
            new: 100.0 * ratio,
            change: Change::Ratio(estimate(ratio, 0.004)),
            verdict,
            p_adjusted: 0.001,
            detectable: 0.04,
            floor: 0.03,
            follows_time: false,
        }
    }

    fn of_quality(verdict: Verdict, difference: f64) -> MetricComparison {
        MetricComparison {
            metric: "SQNR".to_owned(),
            unit: "dB".to_owned(),
            direction: Direction::HigherIsBetter,
            change: Change::Difference(estimate(difference, 0.25)),
            ..metric(verdict, 1.0)
        }
    }

    fn case(verdict: Verdict, ratio: f64) -> CaseComparison {
        CaseComparison { id: "a/b@cpu".to_owned(), time: metric(verdict, ratio), metrics: Vec::new() }
    }

    #[test]
    fn reads_as_a_person_would_say_it() {
        assert_eq!(brief(&metric(Verdict::Regressed, 1.052)), "+5.2 % slower");
        assert_eq!(brief(&metric(Verdict::Improved, 0.969)), "−3.1 % faster");
        assert_eq!(brief(&metric(Verdict::Regressed, 3.4)), "3.40× slower");
        assert_eq!(brief(&metric(Verdict::Improved, 0.25)), "4.00× faster");
        assert_eq!(brief(&metric(Verdict::Regressed, f64::NAN)), "– slower");
        assert_eq!(brief(&of_quality(Verdict::Regressed, -0.5)), "−0.5000 dB worse");
        assert_eq!(brief(&of_quality(Verdict::Improved, 2.0)), "+2 dB better");
        assert_eq!(full(&metric(Verdict::Unchanged, 1.001)), "unchanged");
        assert_eq!(full(&metric(Verdict::Inconclusive, 1.02)), "can't tell: +2.0 % (could see ±4.0 %)");
        let alone = MetricComparison { detectable: f64::INFINITY, ..metric(Verdict::Inconclusive, 0.9) };
        assert_eq!(full(&alone), "can't tell: −10.0 % (too few launches)");
        assert_eq!(interval(&metric(Verdict::Regressed, 1.052)), "[+4.8, +5.6] %");
        assert_eq!(interval(&metric(Verdict::Regressed, 3.4)), "[3.40, 3.40]×");
        assert_eq!(interval(&metric(Verdict::Improved, 0.25)), "[3.94, 4.07]×");
        assert_eq!(interval(&metric(Verdict::Regressed, f64::INFINITY)), UNKNOWN);
        assert_eq!(interval(&of_quality(Verdict::Regressed, -0.5)), "[−0.7500, −0.2500] dB");
        let exact = Change::Ratio(estimate(1.01, 0.0));
        assert_eq!(interval(&MetricComparison { change: exact, ..metric(Verdict::Regressed, 1.01) }), "exact");
    }

    #[test]
    fn counts_verdicts_and_sorts_changes_by_size() {
        let mut cases = vec![
            case(Verdict::Improved, 0.9),
            case(Verdict::Regressed, 1.05),
            case(Verdict::Unchanged, 1.0),
            case(Verdict::Regressed, 1.5),
        ];
        let follower = MetricComparison { follows_time: true, ..of_quality(Verdict::Regressed, -9.0) };
        cases[2].metrics = vec![of_quality(Verdict::Improved, 0.5), of_quality(Verdict::Regressed, -0.5), follower];
        let others: Vec<_> = changed_others(&cases[2]).iter().map(|metric| metric.verdict).collect();
        assert_eq!(others, [Verdict::Regressed, Verdict::Improved]);
        let comparison = Comparison { baseline: "main".to_owned(), cases, unmatched: Vec::new(), warnings: Vec::new() };
        assert_eq!(tally(&comparison), "2 regressed, 1 improved, 1 unchanged");
        assert_eq!(tally_of_others(&comparison).as_deref(), Some("other metrics: 1 regressed, 1 improved"));
        let times: Vec<f64> = changed(&comparison).iter().map(|case| case.time.times_worse()).collect();
        assert!(times.iter().zip([1.5, 1.05, 0.9]).all(|(found, expected)| (found - expected).abs() < 1e-12));
    }
}
