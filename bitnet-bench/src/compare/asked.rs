//! The questions that two stored runs ask, and from their answers the compared cases.

use std::collections::BTreeMap;

use super::figures::{Kind, MetricFigures};
use super::judge::{Figures, Question, Rule, judge};
use super::metrics::is_idle_counter;
use super::model::{Absence, CaseComparison, Change, MetricComparison, Unmatched};
use crate::measure::Direction;

/// The effect floor of times at which another number of outputs was alive: that alone can make an allocator half as
/// fast (docs/statistics.md).
const UNLIKE_FLOOR: f64 = 1.0;

/// Questions about cases, each case's one after the other, its time first.
#[derive(Default)]
pub(super) struct Asked<'a> {
    questions: Vec<Question<'a>>,
    cases: Vec<AskedCase<'a>>,
    /// What only one side has, and in how many cases.
    one_sided: BTreeMap<String, usize>,
}

struct AskedCase<'a> {
    id: &'a str,
    questions: usize,
    /// Rates of the same amount on both sides: they follow the time, and to judge them as well would count it twice.
    rates: Vec<(&'a MetricFigures, f64)>,
}

impl<'a> Asked<'a> {
    /// Asks about the metrics of a case that both sides have. A calibrated floor is that of times, and so of every
    /// figure that the state of the machine can move.
    pub(super) fn add(&mut self, id: &'a str, new: &'a [MetricFigures], old: &'a [MetricFigures], floor: f64) {
        let before = self.questions.len();
        let mut rates = Vec::new();
        for metric in new {
            let Some(was) = old.iter().find(|was| was.name == metric.name) else {
                self.count(format!("`{}` was not measured before", metric.name));
                continue;
            };
            if was.unit != metric.unit || was.direction != metric.direction {
                self.count(format!("`{}` is not compared: its unit or its direction is another", metric.name));
                continue;
            }
            match (metric.kind, was.kind) {
                (Kind::Rate { amount: Some(amount) }, Kind::Rate { amount: Some(same) }) if amount == same => {
                    rates.push((metric, amount));
                }
                _ if is_idle_counter(metric, was) => {}
                _ => self.questions.push(question(metric, was, floor)),
            }
        }
        for was in old.iter().filter(|was| new.iter().all(|metric| metric.name != was.name)) {
            self.count(format!("`{}` is no longer measured", was.name));
        }
        self.cases.push(AskedCase { id, questions: self.questions.len() - before, rates });
    }

    fn count(&mut self, what: String) {
        *self.one_sided.entry(what).or_default() += 1;
    }

    /// What only one side has, and in how many cases.
    pub(super) fn one_sided(&mut self) -> BTreeMap<String, usize> {
        std::mem::take(&mut self.one_sided)
    }

    /// The compared cases. Those without a time on both sides go to the others.
    pub(super) fn answers(self, rule: &Rule, unmatched: &mut Vec<Unmatched>) -> Vec<CaseComparison> {
        let mut answers = judge(&self.questions, rule).into_iter();
        let mut cases = Vec::with_capacity(self.cases.len());
        for case in self.cases {
            let mut own = answers.by_ref().take(case.questions);
            let time = own.next().flatten();
            let judged: Vec<MetricComparison> = own.flatten().collect();
            let Some(time) = time else {
                let why = Absence::NotComparable("a side has no raw samples of it".to_owned());
                unmatched.push(Unmatched { id: case.id.to_owned(), why });
                continue;
            };
            let follow = |(rate, amount): &(&MetricFigures, f64)| follow(&time, rate, *amount);
            let mut metrics: Vec<_> = case.rates.iter().filter_map(follow).collect();
            metrics.extend(judged);
            cases.push(CaseComparison { id: case.id.to_owned(), time, metrics });
        }
        cases
    }
}

fn question<'a>(new: &'a MetricFigures, old: &'a MetricFigures, floor: f64) -> Question<'a> {
    let (envelope, least) = match (new.kind, old.kind) {
        (Kind::Time { minimum: new, held }, Kind::Time { minimum: old, held: held_before }) => {
            let unlike = held.is_some() && held_before.is_some() && held != held_before;
            (Some(new / old), if unlike { UNLIKE_FLOOR } else { 0.0 })
        }
        _ => (None, 0.0),
    };
    Question {
        metric: new.name.clone().into_owned(),
        unit: new.unit.clone().into_owned(),
        direction: new.direction,
        figures: Figures::Independent { old: old.launches.as_slice().into(), new: new.launches.as_slice().into() },
        envelope,
        in_cycles: in_cycles(new, old),
        floor: floor.max(least),
    }
}

/// Times in cycles of the core's clock, if that is known on both sides.
fn in_cycles(new: &MetricFigures, old: &MetricFigures) -> Option<Figures<'static>> {
    let cycles = |metric: &MetricFigures| -> Vec<f64> {
        metric.launches.iter().zip(&metric.core_hz).map(|(ns, hertz)| ns * hertz / 1e9).collect()
    };
    let (old, new) = (cycles(old), cycles(new));
    let are_known =
        |cycles: &[f64]| !cycles.is_empty() && cycles.iter().all(|cycles| cycles.is_finite() && *cycles > 0.0);
    (are_known(&old) && are_known(&new)).then_some(Figures::Independent { old: old.into(), new: new.into() })
}

/// The comparison of a rate, an amount in the time that was compared; none of what takes no time.
fn follow(time: &MetricComparison, rate: &MetricFigures, amount: f64) -> Option<MetricComparison> {
    let in_a_second = |ns: f64| amount / ns * 1e9;
    let change = Change::Ratio(time.ratio()?.inverted());
    Some(MetricComparison {
        metric: rate.name.clone().into_owned(),
        unit: rate.unit.clone().into_owned(),
        direction: Direction::HigherIsBetter,
        old: in_a_second(time.old),
        new: in_a_second(time.new),
        change,
        follows_time: true,
        ..time.clone()
    })
}
