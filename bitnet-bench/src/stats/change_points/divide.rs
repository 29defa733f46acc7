//! Splits a series, then its parts, while the split is improbable without a change.

use std::ops::Range;

use super::ChangeRule;
use super::energy;
use super::scale::drawn_in;

/// A split that was looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Split {
    /// The first figure of the second side.
    pub(super) at: usize,
    /// The probability of one as clear without a change.
    pub(super) p_value: f64,
    /// The split that the part comes from, by its place in the list.
    pub(super) parent: Option<usize>,
}

/// Every split that was looked at; a part comes behind what it is a part of. Parts are looked at where the split that
/// made them is improbable on its own: whether it is among everything else is known only afterwards.
pub(super) fn divide(scaled: &[f64], shuffles: usize, rule: &ChangeRule) -> Vec<Split> {
    let mut splits: Vec<Split> = Vec::new();
    let mut parts: Vec<(Range<usize>, Option<usize>)> = vec![(0..scaled.len(), None)];
    let mut random = fastrand::Rng::with_seed(rule.seed);
    while let Some((part, parent)) = parts.pop() {
        if part.len() < rule.least_figures() {
            continue;
        }
        let figures = drawn_in(&scaled[part.clone()], rule.least_magnitude);
        let Some(split) = energy::split(&figures, rule.least_side) else {
            // Equal figures were looked at too, and have not changed.
            splits.push(Split { at: part.start, p_value: 1.0, parent });
            continue;
        };
        let at = part.start + split.at;
        let p_value = energy::p_value(figures, split, rule.least_side, shuffles, &mut random);
        splits.push(Split { at, p_value, parent });
        if p_value <= rule.false_discovery_rate {
            let made = Some(splits.len() - 1);
            parts.push((at..part.end, made));
            parts.push((part.start..at, made));
        }
    }
    splits
}

/// The places and adjusted probabilities of the splits that hold, and whose parts' splits hold, in order.
pub(super) fn accepted(splits: &[(Split, f64)], rule: &ChangeRule) -> Vec<(usize, f64)> {
    let mut holds: Vec<bool> = Vec::with_capacity(splits.len());
    for (split, p_adjusted) in splits {
        let is_part_of_one = split.parent.is_none_or(|parent| holds[parent]);
        holds.push(is_part_of_one && *p_adjusted <= rule.false_discovery_rate);
    }
    let kept = splits.iter().zip(holds).filter(|(_, holds)| *holds);
    let mut kept: Vec<(usize, f64)> = kept.map(|((split, p_adjusted), _)| (split.at, *p_adjusted)).collect();
    kept.sort_by_key(|(at, _)| *at);
    kept
}
