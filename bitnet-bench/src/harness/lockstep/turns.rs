//! What the turns of a pair of workers come to: one figure a side, and the questions that they answer.

use super::pair::Launched;
use crate::compare::{DiffPair, Figures, MetricPair, Question};
use crate::host::Stated;
use crate::measure::{Direction, MetricValue};
use crate::record::LaunchRecord;
use crate::stats;

/// One turn of each side: their samples, in nanoseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct TurnPair {
    pub(super) old: Vec<f64>,
    pub(super) new: Vec<f64>,
}

impl TurnPair {
    /// The figure of each side: the least of its samples, in nanoseconds an iteration. A switch, an interrupt or cold
    /// caches at the start of the turn only ever add time.
    fn figures(&self, iterations: u64) -> Option<(f64, f64)> {
        let figure =
            |samples: &[f64]| Some(stats::minimum(samples)? / iterations as f64).filter(|figure| *figure > 0.0);
        Some((figure(&self.old)?, figure(&self.new)?))
    }
}

/// What the document keeps of a pair; `None` if its times are no figures.
pub(super) fn document(taken: Launched, launch: u32) -> Option<DiffPair> {
    let turns: Vec<_> = taken.turns.iter().filter_map(|turn| turn.figures(taken.batching.iterations)).collect();
    let (old_ns, new_ns) = summed_up(&turns)?;
    let metrics = pairs(metrics(&taken.old), &metrics(&taken.new));
    Some(DiffPair { launch, iterations: taken.batching.iterations, old_ns, new_ns, turns, metrics })
}

/// One figure a side from those of all turns: the median of the old side's, and that times the median of the
/// turns' ratios. What slowed one turn of both sides is in no ratio.
fn summed_up(turns: &[(f64, f64)]) -> Option<(f64, f64)> {
    let olds: Vec<f64> = turns.iter().map(|(old, _)| *old).collect();
    let ratios: Vec<f64> = turns.iter().map(|(old, new)| (new / old).ln()).collect();
    let old = stats::median(&olds)?;
    Some((old, old * stats::median(&ratios)?.exp()))
}

/// The metrics of a launch besides its time: the benchmark's own, and allocations.
fn metrics(launch: &LaunchRecord) -> Vec<MetricValue> {
    let mut metrics = launch.metrics.clone();
    if let Stated::Known(counted) = &launch.allocations {
        for (name, unit, value) in [("allocations", "", counted.allocations), ("allocated bytes", "B", counted.bytes)] {
            let direction = Direction::LowerIsBetter;
            metrics.push(MetricValue { name: name.to_owned(), unit: unit.to_owned(), direction, value });
        }
    }
    metrics
}

/// Those that both sides have.
fn pairs(olds: Vec<MetricValue>, news: &[MetricValue]) -> Vec<MetricPair> {
    let pair = |old: MetricValue| {
        let new = news.iter().find(|new| new.name == old.name && new.unit == old.unit)?;
        let MetricValue { name, unit, value, .. } = old;
        Some(MetricPair { name, unit, direction: new.direction, old: value, new: new.value })
    };
    olds.into_iter().filter_map(pair).collect()
}

/// What is asked of a case: of its time first, then of each metric that every pair has, and has above zero.
pub(super) fn questions(pairs: &[DiffPair], floor: f64) -> Vec<Question<'static>> {
    let Some(last) = pairs.last() else { return Vec::new() };
    let question = |metric: &str, unit: &str, direction, floor, pairs| Question {
        metric: metric.to_owned(),
        unit: unit.to_owned(),
        direction,
        figures: Figures::Paired(pairs),
        envelope: None,
        in_cycles: None,
        floor,
    };
    let times = pairs.iter().map(|pair| (pair.old_ns, pair.new_ns)).collect();
    let mut questions = vec![question("time", "ns", Direction::LowerIsBetter, floor, times)];
    for metric in &last.metrics {
        let of = |pair: &DiffPair| {
            let found = pair.metrics.iter().find(|other| other.name == metric.name)?;
            (found.old > 0.0 && found.new > 0.0).then_some((found.old, found.new))
        };
        if let Some(figures) = pairs.iter().map(of).collect::<Option<Vec<_>>>() {
            questions.push(question(&metric.name, &metric.unit, metric.direction, LEAST_CHANGE, figures));
        }
    }
    questions
}

/// A relative change of a metric other than time below this is none.
const LEAST_CHANGE: f64 = 0.001;

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(old: &[f64], new: &[f64]) -> TurnPair {
        TurnPair { old: old.to_vec(), new: new.to_vec() }
    }

    /// The processor changes its clock from turn to turn, and once a side is switched away from: the ratio is that of the
    /// work all the same, which neither the medians nor the minima of all samples tell.
    #[test]
    fn what_slows_both_sides_of_a_turn_is_in_no_ratio() {
        let turns: Vec<_> = [1.0, 1.05, 1.05, 0.95, 1.0, 1.05, 0.95]
            .iter()
            .map(|clock| turn(&[130.0 * clock, 100.0 * clock], &[132.0 * clock, 102.0 * clock]))
            .chain([turn(&[100.0, 100.0], &[900.0, 3_000.0])])
            .collect();
        let figures: Vec<_> = turns.iter().filter_map(|turn| turn.figures(1)).collect();
        let (old, new) = summed_up(&figures).expect("there are turns");
        assert!((new / old - 1.02).abs() < 1e-12, "{}", new / old);
        assert_eq!(old, 100.0);
    }

    #[test]
    fn figures_are_those_of_an_iteration_and_no_time_is_none() {
        assert_eq!(turn(&[30.0, 20.0], &[40.0]).figures(10), Some((2.0, 4.0)));
        assert_eq!(turn(&[0.0], &[40.0]).figures(10), None);
        assert_eq!(turn(&[], &[40.0]).figures(10), None);
        assert_eq!(summed_up(&[]), None);
    }

    fn pair(metrics: &[(&str, f64, f64)]) -> DiffPair {
        let metric = |(name, old, new): &(&str, f64, f64)| MetricPair {
            name: (*name).to_owned(),
            unit: String::new(),
            direction: Direction::LowerIsBetter,
            old: *old,
            new: *new,
        };
        let metrics = metrics.iter().map(metric).collect();
        DiffPair { launch: 0, iterations: 1, old_ns: 1.0, new_ns: 2.0, turns: Vec::new(), metrics }
    }

    #[test]
    fn the_time_is_asked_first_and_metrics_that_every_pair_has() {
        let pairs =
            [pair(&[("a", 1.0, 1.0), ("b", 1.0, 0.0)]), pair(&[("c", 1.0, 1.0), ("b", 1.0, 1.0), ("a", 2.0, 1.0)])];
        let asked: Vec<String> = questions(&pairs, 0.01).into_iter().map(|question| question.metric).collect();
        assert_eq!(asked, ["time", "a"], "b has no ratio, and c is in one pair only");
        assert!(questions(&[], 0.01).is_empty());
    }
}
