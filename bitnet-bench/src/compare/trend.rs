//! The history of a case: how it went from commit to commit, and which commits changed it.

use std::collections::HashMap;

use serde::Serialize;

use super::model::Verdict;
use crate::measure::Direction;
use crate::stats::{self, ChangePoint, ChangeRule, Estimate};

/// So many commits back is looked: shuffling takes time with the square of it, and older changes were seen when they were new.
const LONGEST: usize = 200;
/// A slope is given over so many commits.
const STRETCH: f64 = 10.0;

/// One metric of one case on one kind of machine, as it was measured over time.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The case.
    pub case: String,
    /// The metric.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The machine key, of all observations: figures of different machines are different histories.
    pub machine_key: String,
    /// The figures in the order of time.
    pub observations: Vec<Observation>,
    /// How many there were that do not count.
    pub left_out: usize,
}

/// A figure of one run.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The commit, where it is known.
    pub commit: Option<String>,
    /// When the run started, RFC 3339, UTC.
    pub started_at: String,
    /// The figure.
    pub value: f64,
}

/// All runs of one commit; or one run, where there are no commits to go by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrendPoint {
    /// The commit.
    pub commit: Option<String>,
    /// When its last run started.
    pub started_at: String,
    /// Its place: how many commits of the line came before it.
    pub place: usize,
    /// The figure: the median of its runs.
    pub value: f64,
    /// How many runs it is from.
    pub runs: usize,
}

/// A change of level, and the commits that it came with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelChange {
    /// For the better or the worse.
    pub verdict: Verdict,
    /// The median before.
    pub before: f64,
    /// The median after.
    pub after: f64,
    /// New over old level.
    pub ratio: Estimate,
    /// The probability without a change, adjusted over all histories that were looked at together.
    pub p_adjusted: f64,
    /// The last point at the old level, by its place in the list of points.
    pub last_before: usize,
    /// The first at the new one. The change came with one of the commits behind the former, up to this.
    pub first_after: usize,
    /// How many commits (or runs) are behind that one.
    pub behind: usize,
}

/// How a metric of a case went.
#[derive(Clone, Debug, Serialize)]
pub struct Trend {
    /// The case.
    pub case: String,
    /// The metric.
    pub metric: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The machine.
    pub machine_key: String,
    /// Its figures, in the order of the commits.
    pub points: Vec<TrendPoint>,
    /// How many runs do not count: their commit is not on the line, or they have none, or it is not what was measured.
    pub left_out: usize,
    /// The changes of level, the oldest first.
    pub changes: Vec<LevelChange>,
    /// The relative drift over ten commits since the last change, where there are points enough to say.
    pub drift: Option<Estimate>,
    /// The standard deviation of the figures around their levels, relative to these.
    pub noise: Option<f64>,
    /// The smallest relative step that would probably have been found; `None` if there are too few points for any.
    pub detectable: Option<f64>,
}

/// The trends of several histories, which are judged together. `line` is the line of commits that counts, the oldest
/// first; without one, runs are in the order of time.
pub fn trends(observed: Vec<Observed>, line: Option<&[String]>, rule: &ChangeRule) -> Vec<Trend> {
    let places: Option<HashMap<&str, usize>> =
        line.map(|line| line.iter().enumerate().map(|(place, commit)| (commit.as_str(), place)).collect());
    let end = line.map(<[String]>::len);
    let placed: Vec<_> = observed.iter().map(|one| in_order(&one.observations, places.as_ref())).collect();
    let series: Vec<Vec<f64>> =
        placed.iter().map(|(points, _)| points.iter().map(|point| point.value).collect()).collect();
    let found = stats::change_points(&series, rule);
    let mut trends = Vec::with_capacity(observed.len());
    for (((one, (points, left_out)), figures), changes) in observed.into_iter().zip(placed).zip(&series).zip(found) {
        let noise = stats::noise(figures, &changes);
        let level = changes.last().map_or(0, |change| change.at);
        trends.push(Trend {
            drift: drift(&points[level..], rule),
            detectable: noise.and_then(|noise| stats::detectable(figures.len(), noise, series.len(), rule)),
            noise,
            changes: changes.iter().map(|change| level_change(change, &points, end, one.direction)).collect(),
            case: one.case,
            metric: one.metric,
            unit: one.unit,
            direction: one.direction,
            machine_key: one.machine_key,
            points,
            left_out: one.left_out + left_out,
        });
    }
    trends
}

/// The newest points, and how many runs belong to no commit of the line.
fn in_order(observations: &[Observation], places: Option<&HashMap<&str, usize>>) -> (Vec<TrendPoint>, usize) {
    let mut of_place: Vec<(usize, Vec<&Observation>)> = Vec::new();
    let mut left_out = 0;
    for (at, observation) in observations.iter().enumerate() {
        let place = match places {
            Some(places) => observation.commit.as_deref().and_then(|commit| places.get(commit).copied()),
            None => Some(at),
        };
        let Some(place) = place.filter(|_| observation.value.is_finite()) else {
            left_out += 1;
            continue;
        };
        match of_place.binary_search_by_key(&place, |(place, _)| *place) {
            Ok(there) => of_place[there].1.push(observation),
            Err(there) => of_place.insert(there, (place, vec![observation])),
        }
    }
    let newest = of_place.len().saturating_sub(LONGEST);
    (of_place.drain(newest..).map(|(place, runs)| point(place, &runs)).collect(), left_out)
}

fn point(place: usize, runs: &[&Observation]) -> TrendPoint {
    let values: Vec<f64> = runs.iter().map(|run| run.value).collect();
    let last = runs.iter().map(|run| run.started_at.as_str()).max().unwrap_or_default();
    TrendPoint {
        commit: runs.first().and_then(|run| run.commit.clone()),
        started_at: last.to_owned(),
        place,
        value: stats::median(&values).unwrap_or(f64::NAN),
        runs: runs.len(),
    }
}

fn level_change(change: &ChangePoint, points: &[TrendPoint], end: Option<usize>, direction: Direction) -> LevelChange {
    let is_worse = match direction {
        Direction::LowerIsBetter => change.ratio.value > 1.0,
        Direction::HigherIsBetter => change.ratio.value < 1.0,
    };
    let end = end.or_else(|| Some(points.last()?.place + 1)).unwrap_or(0);
    LevelChange {
        verdict: if is_worse { Verdict::Regressed } else { Verdict::Improved },
        before: change.before,
        after: change.after,
        ratio: change.ratio,
        p_adjusted: change.p_adjusted,
        last_before: change.at - 1,
        first_after: change.at,
        behind: end.saturating_sub(points[change.at].place + 1),
    }
}

/// The relative slope over ten commits, of at least as many points as a side of a change needs.
fn drift(points: &[TrendPoint], rule: &ChangeRule) -> Option<Estimate> {
    if points.len() < rule.least_side {
        return None;
    }
    let values: Vec<f64> = points.iter().map(|point| point.value).collect();
    let level = stats::median(&values).map(f64::abs).filter(|level| *level > 0.0)?;
    let at = |point: &TrendPoint| (point.place as f64 / STRETCH, point.value / level);
    let relative: Vec<(f64, f64)> = points.iter().map(at).collect();
    stats::theil_sen(&relative, rule.level)
}

impl Trend {
    /// The newest change, if it is for the worse and came with one of the last so many commits.
    pub fn recent_regression(&self, commits: usize) -> Option<&LevelChange> {
        self.changes.last().filter(|change| change.verdict == Verdict::Regressed && change.behind < commits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(place: usize) -> String {
        format!("{place:040x}")
    }

    fn observed(observations: Vec<Observation>, direction: Direction) -> Observed {
        Observed {
            case: "k/a@cpu".to_owned(),
            metric: "time".to_owned(),
            unit: "ns".to_owned(),
            direction,
            machine_key: "m".to_owned(),
            observations,
            left_out: 0,
        }
    }

    /// One run for each commit, in another order than the commits': a step of 10 % at the thirtieth.
    fn stepped() -> Vec<Observation> {
        let mut random = fastrand::Rng::with_seed(2);
        let mut value = |place: usize| (if place < 30 { 100.0 } else { 110.0 }) * (1.0 + 0.01 * random.f64());
        let mut observations: Vec<Observation> = (0..40)
            .map(|place| Observation {
                commit: Some(commit(place)),
                started_at: format!("2026-01-01T00:00:{:02}Z", 59 - place),
                value: value(place),
            })
            .collect();
        observations.reverse();
        observations
    }

    #[test]
    fn commits_are_in_the_order_of_the_line_and_not_of_time() {
        let line: Vec<String> = (0..42).map(commit).collect();
        let mut observations = stepped();
        let elsewhere = |commit| Observation { commit, started_at: "2026-01-02T00:00:00Z".to_owned(), value: 500.0 };
        observations.extend([elsewhere(None), elsewhere(Some("f".repeat(40)))]);
        let trends = trends(vec![observed(observations, Direction::LowerIsBetter)], Some(&line), &ChangeRule::DEFAULT);
        let trend = &trends[0];
        assert_eq!((trend.points.len(), trend.left_out, trend.changes.len()), (40, 2, 1));
        let change = &trend.changes[0];
        assert_eq!(change.verdict, Verdict::Regressed);
        assert_eq!(trend.points[change.last_before].commit, Some(commit(29)));
        assert_eq!(trend.points[change.first_after].commit, Some(commit(30)));
        // Commits 31 to 41 are behind it, of which two were not measured.
        assert_eq!(change.behind, 11);
        assert!(trend.recent_regression(12).is_some() && trend.recent_regression(11).is_none());
    }

    #[test]
    fn the_direction_decides_what_is_worse() {
        let mut observations = stepped();
        observations.reverse();
        let of =
            |direction| trends(vec![observed(observations.clone(), direction)], None, &ChangeRule::DEFAULT).remove(0);
        assert_eq!(of(Direction::LowerIsBetter).changes[0].verdict, Verdict::Regressed);
        let faster = of(Direction::HigherIsBetter);
        assert_eq!(faster.changes[0].verdict, Verdict::Improved);
        assert!(faster.recent_regression(100).is_none());
    }

    #[test]
    fn runs_of_one_commit_are_one_point() {
        let run = |value| Observation { commit: Some(commit(0)), started_at: String::new(), value };
        let line = [commit(0)];
        let one = observed([1.0, 9.0, 2.0].map(run).to_vec(), Direction::LowerIsBetter);
        let trends = trends(vec![one], Some(&line), &ChangeRule::DEFAULT);
        assert_eq!((trends[0].points[0].runs, trends[0].points[0].value), (3, 2.0));
        assert!(trends[0].detectable.is_none() && trends[0].drift.is_none());
    }

    #[test]
    fn drift_is_per_ten_commits_and_since_the_last_change() {
        let run = |place: usize| Observation {
            commit: Some(commit(2 * place)),
            started_at: String::new(),
            value: 100.0 + place as f64 * 0.1,
        };
        let line: Vec<String> = (0..100).map(commit).collect();
        let one = observed((0..20).map(run).collect(), Direction::LowerIsBetter);
        let trend = trends(vec![one], Some(&line), &ChangeRule::DEFAULT).remove(0);
        // Every second commit was measured, and each is 0.1 % slower than the one before.
        let drift = trend.drift.expect("there are points enough");
        assert!((drift.value - 0.005).abs() < 1e-4 && drift.lower > 0.0, "{drift:?}");
    }
}
