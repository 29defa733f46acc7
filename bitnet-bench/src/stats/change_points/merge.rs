//! Drops the splits whose sides differ by less than is of interest: the second step of M. Fleming et al., *Hunter:
//! Using Change Point Detection to Hunt for Performance Regressions*, ICPE 2023.

use std::ops::Range;

use super::scale::Scale;
use super::{ChangePoint, ChangeRule, shift};
use crate::stats::median;

/// The changes of level that the splits (places and adjusted probabilities, in order) leave. The least is dropped
/// first, since that moves the levels beside it; a split that is not settled counts as none at all.
pub(super) fn merge(
    figures: &[f64],
    scale: Scale,
    mut splits: Vec<(usize, f64)>,
    rule: &ChangeRule,
) -> Vec<ChangePoint> {
    loop {
        let changes = changes(figures, scale, &splits, rule);
        let begin = |place: usize| place.checked_sub(1).map_or(0, |before| splits[before].0);
        let end = |place: usize| splits.get(place + 1).map_or(figures.len(), |(next, _)| *next);
        let magnitudes = changes.iter().enumerate().map(|(place, change)| {
            let is_settled = is_settled(figures, change, begin(place)..end(place), rule);
            (place, if is_settled { change.magnitude() } else { 0.0 })
        });
        match magnitudes.min_by(|(_, one), (_, other)| one.total_cmp(other)) {
            Some((least, magnitude)) if magnitude < rule.least_magnitude => {
                splits.remove(least);
            }
            _ => return changes,
        }
    }
}

/// Whether the level of a side that has no more figures than it must have begins where the split is. Where it has
/// fewer, the split is as near to them as it may be, and in the wrong place.
fn is_settled(figures: &[f64], change: &ChangePoint, part: Range<usize>, rule: &ChangeRule) -> bool {
    let is_new = |figure: f64| (figure - change.after).abs() < (figure - change.before).abs();
    let old_is_long = change.at - part.start > rule.least_side;
    let new_is_long = part.end - change.at > rule.least_side;
    (new_is_long || is_new(figures[change.at])) && (old_is_long || !is_new(figures[change.at - 1]))
}

fn changes(figures: &[f64], scale: Scale, splits: &[(usize, f64)], rule: &ChangeRule) -> Vec<ChangePoint> {
    let mut changes = Vec::with_capacity(splits.len());
    let mut begin = 0;
    for (place, (at, p_adjusted)) in splits.iter().copied().enumerate() {
        let end = splits.get(place + 1).map_or(figures.len(), |(next, _)| *next);
        let (old, new) = (&figures[begin..at], &figures[at..end]);
        changes.push(ChangePoint {
            at,
            before: median(old).unwrap_or(f64::NAN),
            after: median(new).unwrap_or(f64::NAN),
            ratio: shift::ratio(old, new, scale, rule.level),
            p_adjusted,
        });
        begin = at;
    }
    changes
}
