//! Has the distribution more than one peak?

use super::super::descriptive::sorted;
use super::dip_table;
use super::{ShapeTest, testable};

/// Hartigan's dip test: J. A. & P. M. Hartigan, *The dip test of unimodality*, Annals of Statistics
/// 13 (1985).
///
/// The statistic is the dip, the largest distance between the samples' distribution function and
/// the nearest one with a single peak (no unit, 1∕2n to 1∕4). The p-value is the probability of
/// such a dip among as many uniform samples, the hardest single peak; it is never given as less
/// than 0.0005, where the table ends. A normal distribution is called multimodal far less often
/// than the p-value says.
///
/// A clock that ticks makes equal samples, and to the bare test every tick is a peak. So equal
/// samples are first spread evenly over the cell of their tick, whose width is the smallest gap
/// between unequal ones. Two values and no others are thereby read as two ticks of a coarse clock.
pub fn dip(samples: &[f64]) -> Option<ShapeTest> {
    if !testable(samples) {
        return None;
    }
    let statistic = dip_of_sorted(&spread_ties(sorted(samples)));
    let p_value = dip_table::p_value(statistic, samples.len());
    Some(ShapeTest { statistic, p_value })
}

/// Spreads equal samples evenly over one tick around their value. Differences within the rounding
/// of a division (four units in the last place) count as equal.
fn spread_ties(mut sorted: Vec<f64>) -> Vec<f64> {
    let largest = sorted.iter().fold(0.0_f64, |largest, sample| largest.max(sample.abs()));
    let equal = |pair: &[f64]| pair[1] - pair[0] <= 4.0 * f64::EPSILON * largest;
    let gaps = sorted.windows(2).filter(|pair| !equal(pair)).map(|pair| pair[1] - pair[0]);
    let tick = gaps.fold(f64::INFINITY, f64::min);
    if !tick.is_finite() {
        return sorted;
    }
    for run in sorted.chunk_by_mut(|one, next| equal(&[*one, *next])) {
        let count = run.len() as f64;
        for (place, sample) in run.iter_mut().enumerate() {
            *sample += tick * ((place as f64 + 0.5) / count - 0.5);
        }
    }
    sorted
}

/// The dip of samples in ascending order.
///
/// Heights are counted in samples. The nearest single-peaked function follows the greatest convex
/// minorant up to a modal interval and the least concave majorant after it. Starting from all
/// samples, the interval shrinks to where minorant and majorant lie furthest apart, for as long as
/// that distance exceeds what was already lost outside.
fn dip_of_sorted(x: &[f64]) -> f64 {
    let (mut low, mut high) = (0, x.len() - 1);
    // Twice the dip, in samples. A step function cannot be followed closer than half a step.
    let mut twice_dip = 1.0_f64;
    loop {
        let minorant = Hull::below(x, low, high);
        let majorant = Hull::above(x, low, high);
        let widest = widest_gap(&minorant, &majorant);
        if widest.gap < twice_dip {
            // What would be lost further in is at most this gap.
            break;
        }
        let before = (low..=widest.low).map(|at| at as f64 - minorant.height(at) + 1.0);
        let after = (widest.high..=high).map(|at| majorant.height(at) - at as f64 + 1.0);
        twice_dip = before.chain(after).fold(twice_dip, f64::max);
        if (low, high) == (widest.low, widest.high) {
            break;
        }
        (low, high) = (widest.low, widest.high);
    }
    twice_dip / (2 * x.len()) as f64
}

/// Where the minorant and the majorant lie furthest apart: the next modal interval.
struct Widest {
    gap: f64,
    low: usize,
    high: usize,
}

/// The gap is largest at a corner of either hull. The interval runs from the minorant's corner at
/// or before that place to the majorant's corner at or after it.
fn widest_gap(minorant: &Hull<'_>, majorant: &Hull<'_>) -> Widest {
    let mut widest = Widest { gap: 0.0, low: 0, high: 0 };
    for &at in minorant.corners.iter().chain(&majorant.corners) {
        let gap = majorant.height(at) - minorant.height(at) + 1.0;
        if gap > widest.gap {
            widest = Widest { gap, low: minorant.corner_before(at), high: majorant.corner_after(at) };
        }
    }
    widest
}

/// A piecewise linear hull of the points (xᵢ, i) for i from `low` to `high`.
struct Hull<'a> {
    x: &'a [f64],
    /// The indices of its corners, ascending, from `low` to `high`.
    corners: Vec<usize>,
}

impl<'a> Hull<'a> {
    /// The greatest convex minorant: the slopes rise.
    fn below(x: &'a [f64], low: usize, high: usize) -> Self {
        Self::with_turns(x, low, high, |first, second| first >= second)
    }

    /// The least concave majorant: the slopes fall.
    fn above(x: &'a [f64], low: usize, high: usize) -> Self {
        Self::with_turns(x, low, high, |first, second| first <= second)
    }

    /// Andrew's monotone chain; `drops` says of two slopes, each multiplied by both widths, whether
    /// the corner between them is to go.
    fn with_turns(x: &'a [f64], low: usize, high: usize, drops: fn(f64, f64) -> bool) -> Self {
        let mut corners: Vec<usize> = Vec::new();
        for next in low..=high {
            while let [.., before, last] = corners[..] {
                let first = (last - before) as f64 * (x[next] - x[last]);
                let second = (next - last) as f64 * (x[last] - x[before]);
                if !drops(first, second) {
                    break;
                }
                corners.pop();
            }
            corners.push(next);
        }
        Self { x, corners }
    }

    /// Its height at sample `at`.
    fn height(&self, at: usize) -> f64 {
        let (left, right) = (self.corner_before(at), self.corner_after(at));
        let width = self.x[right] - self.x[left];
        if width > 0.0 {
            left as f64 + (right - left) as f64 * ((self.x[at] - self.x[left]) / width)
        } else {
            left as f64
        }
    }

    /// The last corner at or before sample `at`.
    fn corner_before(&self, at: usize) -> usize {
        self.corners[self.corners.partition_point(|&corner| corner <= at) - 1]
    }

    /// The first corner at or after sample `at`.
    fn corner_after(&self, at: usize) -> usize {
        self.corners[self.corners.partition_point(|&corner| corner < at)]
    }
}

#[cfg(test)]
#[path = "dip_tests.rs"]
mod tests;
