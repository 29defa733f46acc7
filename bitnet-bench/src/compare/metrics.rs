//! From the figures of a case to its metrics: which take part in a comparison, and which way each is better.

use std::borrow::Cow;

use super::figures::{Kind, MetricFigures};
use super::model::TIME;
use super::taken::{TakenFigures, TakenLaunch};
use crate::measure::{AllocationProfile, COST_COUNTERS, CounterKind, Direction, LEAST_COUNT};

/// An allocation figure: its name, its unit, where it is.
type OfProfile = (&'static str, &'static str, fn(&AllocationProfile) -> f64);

const ALLOCATIONS: [OfProfile; 3] = [
    ("allocations", "", |profile| profile.allocations),
    ("allocated", "B", |profile| profile.bytes),
    ("peak", "B", |profile| profile.peak_bytes),
];

/// The metrics of a case, the time first. A figure that is not finite is none.
pub(super) fn of(measured: &TakenFigures<'_>) -> Vec<MetricFigures> {
    let launches = &measured.launches;
    let medians: Vec<f64> = launches.iter().map(median).collect();
    let mut metrics = vec![MetricFigures {
        name: Cow::Borrowed(TIME),
        unit: Cow::Borrowed("ns"),
        direction: Direction::LowerIsBetter,
        kind: Kind::Time { minimum: measured.time.minimum.value, held: launches.first().and_then(|first| first.held) },
        launches: finite(medians.iter().copied()),
        core_hz: core_clocks(launches, &medians),
    }];
    rates(measured, &medians, &mut metrics);
    reported(launches, &mut metrics);
    for (name, unit, of) in ALLOCATIONS {
        let figures = launches.iter().filter_map(|launch| launch.allocations.as_ref().map(of));
        add(&mut metrics, Cow::Borrowed(name), Cow::Borrowed(unit), figures);
    }
    counters(launches, &mut metrics);
    metrics
}

/// A launch's median, in nanoseconds an iteration.
fn median(launch: &TakenLaunch<'_>) -> f64 {
    launch.median_ns.map_or(f64::NAN, |median| median / launch.iterations as f64)
}

/// The clock of the core in each launch that has a median, if it is known of every one.
fn core_clocks(launches: &[TakenLaunch<'_>], medians: &[f64]) -> Vec<f64> {
    let timed = launches.iter().zip(medians).filter(|(_, median)| median.is_finite());
    timed.map(|(launch, _)| launch.core_hz).collect::<Option<_>>().unwrap_or_default()
}

fn finite(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    figures.filter(|figure| figure.is_finite()).collect()
}

/// Adds a metric of which less is better, unless it has no figure.
fn add(
    metrics: &mut Vec<MetricFigures>,
    name: Cow<'static, str>,
    unit: Cow<'static, str>,
    figures: impl Iterator<Item = f64>,
) {
    let launches = finite(figures);
    if !launches.is_empty() {
        metrics.push(MetricFigures {
            name,
            unit,
            direction: Direction::LowerIsBetter,
            kind: Kind::Other,
            launches,
            core_hz: Vec::new(),
        });
    }
}

/// Adds the throughputs, in amounts a second over all threads.
fn rates(measured: &TakenFigures<'_>, medians: &[f64], metrics: &mut Vec<MetricFigures>) {
    let launches = &measured.launches;
    let Some(last) = launches.last() else { return };
    for throughput in &measured.throughput {
        let of = |launch: &TakenLaunch<'_>| launch.amounts.get(&throughput.amount).unwrap_or(f64::NAN);
        let threads = throughput.per_iteration / of(last);
        let amounts = || launches.iter().map(|launch| of(launch) * threads);
        let rates = finite(amounts().zip(medians).map(|(amount, time)| amount / time * 1e9));
        if rates.is_empty() {
            continue;
        }
        let same = amounts().all(|amount| amount == throughput.per_iteration);
        let (name, unit) = rate_name(&throughput.amount);
        metrics.push(MetricFigures {
            name,
            unit,
            direction: Direction::HigherIsBetter,
            kind: Kind::Rate { amount: same.then_some(throughput.per_iteration) },
            launches: rates,
            core_hz: Vec::new(),
        });
    }
}

/// The name and the unit of a throughput.
fn rate_name(amount: &str) -> (Cow<'static, str>, Cow<'static, str>) {
    let known = ["bytes/s", "items/s", "flops/s", "tokens/s"];
    match known.into_iter().find(|name| name.strip_suffix("/s") == Some(amount)) {
        Some(name) => (Cow::Borrowed(name), Cow::Borrowed(name)),
        None => (Cow::Owned(format!("{amount}/s")), Cow::Owned(format!("{amount}/s"))),
    }
}

/// Adds what the benchmark itself reported.
fn reported(launches: &[TakenLaunch<'_>], metrics: &mut Vec<MetricFigures>) {
    for metric in launches.last().map_or(&[][..], |last| &last.metrics) {
        let of = |launch: &TakenLaunch<'_>| launch.metrics.iter().find(|m| m.name == metric.name).map(|m| m.value);
        let figures = finite(launches.iter().filter_map(of));
        if !figures.is_empty() {
            metrics.push(MetricFigures {
                name: Cow::Owned(metric.name.clone().into_owned()),
                unit: Cow::Owned(metric.unit.clone().into_owned()),
                direction: metric.direction,
                kind: Kind::Other,
                launches: figures,
                core_hz: Vec::new(),
            });
        }
    }
}

fn counters(launches: &[TakenLaunch<'_>], metrics: &mut Vec<MetricFigures>) {
    for (name, simulated) in COST_COUNTERS.into_iter().flat_map(|name| [(name, false), (name, true)]) {
        let of = |launch: &TakenLaunch<'_>| {
            let is_it = |kind: CounterKind| (kind == CounterKind::Simulated) == simulated;
            let counter = launch.counters.as_ref()?.counts.iter().find(|c| c.name == name && is_it(c.kind))?;
            Some(counter.per_iteration)
        };
        let name = if simulated { Cow::Owned(format!("simulated {name}")) } else { Cow::Borrowed(name) };
        add(metrics, name, Cow::Borrowed(""), launches.iter().filter_map(of));
    }
}

/// Whether a metric is a counter that has next to nothing to count.
pub(super) fn is_idle_counter(one: &MetricFigures, other: &MetricFigures) -> bool {
    let name = one.name.strip_prefix("simulated ").unwrap_or(&one.name);
    let idle = |metric: &MetricFigures| metric.launches.iter().all(|count| *count < LEAST_COUNT);
    one.kind == Kind::Other && COST_COUNTERS.contains(&name) && idle(one) && idle(other)
}
