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
    let turns: Vec<_> = taken.turns.iter().filter_map(|turn| turn.figures(taken.iterations)).collect();
    let (old_ns, new_ns) = summed_up(&turns)?;
    let metrics = pairs(metrics(&taken.old), &metrics(&taken.new));
    Some(DiffPair { launch, iterations: taken.iterations, old_ns, new_ns, turns, metrics })
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
pub(super) fn questions(pairs: &[DiffPair], looks: u32, floor: f64) -> Vec<Question> {
    let Some(last) = pairs.last() else { return Vec::new() };
    let question = |metric: &str, unit: &str, direction, floor, pairs| Question {
        metric: metric.to_owned(),
        unit: unit.to_owned(),
        direction,
        figures: Figures::Paired { pairs, looks },
        envelope: None,
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
