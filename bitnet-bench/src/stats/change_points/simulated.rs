//! Histories whose truth is known: false alarms and detection, the short form of `examples/trends.rs`.

use super::{ChangeRule, change_points, detectable};
use crate::stats::simulation::{History, Source};

const RULE: ChangeRule = ChangeRule::DEFAULT;
const LENGTH: usize = 60;
const REPETITIONS: usize = 50;

/// The share of histories in which a change is claimed, each looked at alone.
fn claimed(history: History, step: f64, is_found: impl Fn(usize) -> bool) -> f64 {
    let mut source = Source::new(42);
    let mut claimed = 0;
    for _ in 0..REPETITIONS {
        let mut figures = history.figures(&mut source, LENGTH);
        for figure in &mut figures[LENGTH - 5..] {
            *figure *= 1.0 + step;
        }
        claimed += usize::from(change_points(&[figures], &RULE)[0].iter().any(|change| is_found(change.at)));
    }
    claimed as f64 / REPETITIONS as f64
}

#[test]
fn statistics_of_trends_raise_few_false_alarms() {
    for history in [History::Normal, History::Spikes, History::Drift] {
        let rate = claimed(history, 0.0, |_| true);
        assert!(rate <= 0.04, "{history:?}: {rate}");
    }
}

#[test]
fn statistics_of_trends_find_a_step_five_points_before_the_end() {
    let near = |at: usize| (LENGTH - 6..=LENGTH - 4).contains(&at);
    for (history, least) in [(History::Normal, 0.94), (History::Spikes, 0.85), (History::Drift, 0.85)] {
        let rate = claimed(history, 0.05, near);
        assert!(rate >= least, "{history:?}: {rate}");
    }
}

/// Why the machine key separates series: two kinds of machine in one are changes without end.
#[test]
fn statistics_of_mixed_machines_say_nothing() {
    let rate = claimed(History::Mixed, 0.05, |at| (LENGTH - 6..=LENGTH - 4).contains(&at));
    assert!(rate <= 0.5, "{rate}");
}

/// What is said to be detectable is found in about four of five histories.
#[test]
fn statistics_of_what_is_detectable_are_honest() {
    let step = detectable(LENGTH, 0.02, 1, &RULE).expect("the history is long enough");
    let mut source = Source::new(7);
    let mut found = 0;
    for _ in 0..REPETITIONS {
        let mut figures: Vec<f64> = (0..LENGTH).map(|_| (0.02 * source.normal()).exp()).collect();
        for figure in &mut figures[LENGTH - 5..] {
            *figure *= 1.0 + step;
        }
        found += usize::from(!change_points(&[figures], &RULE)[0].is_empty());
    }
    let rate = found as f64 / REPETITIONS as f64;
    assert!((0.6..=0.97).contains(&rate), "{step}: {rate}");
    assert_eq!(detectable(9, 0.01, 1, &RULE), None);
    assert_eq!(detectable(60, 0.0, 1, &RULE), Some(RULE.least_magnitude));
}
