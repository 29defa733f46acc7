//! From the launches' raw samples to the figures of a case.

use super::model::{LaunchRecord, Measured, MetricEstimate, OutlierCounts, Shape, Throughput, TimeEstimates};
use crate::config::{Outliers, Settings};
use crate::host::{self, Stated};
use crate::measure::{AllocationProfile, Counters, MetricValue};
use crate::stats::stop::{FEWEST_LAUNCHES, across_launches};
use crate::stats::{self, Estimate};

/// Tests on the shape of the samples are taken at this level: there are many cases, and each is
/// looked at in every launch.
const SHAPE_LEVEL: f64 = 0.01;
/// Modes within a narrower middle half, relative to its lower end, are of no interest.
const LEAST_SPREAD: f64 = 0.02;
/// A launch with more steal than this was disturbed.
const MUCH_STEAL: f64 = 0.02;

/// The figures of a case, or `None` when no launch measured it.
pub fn analyse(launches: Vec<LaunchRecord>, settings: &Settings, threads: usize) -> Option<Measured> {
    let per_iteration: Vec<Vec<f64>> = launches.iter().map(per_iteration).collect();
    let kept: Vec<Vec<f64>> = per_iteration.iter().map(|samples| keep(samples, settings.outliers)).collect();
    let time = time(&kept, settings.confidence)?;
    let precise = launches.len() > 1 && time.median.relative_half_width() <= settings.precision;
    let shape = shape(&per_iteration);
    let throughput = throughput(&launches, &time.median, threads);
    let notes = notes(&launches, &time, &shape, threads);
    Some(Measured {
        throughput,
        metrics: metrics(&launches, settings.confidence),
        counters: counters(&launches),
        allocations: allocations(&launches),
        time,
        shape,
        precise,
        notes,
        launches,
    })
}

/// A launch's samples, in nanoseconds an iteration.
fn per_iteration(launch: &LaunchRecord) -> Vec<f64> {
    launch.samples_ns.iter().map(|sample| sample / launch.iterations as f64).collect()
}

/// The figure of a launch that the precision is judged by: the median of its samples.
pub fn launch_median(launch: &LaunchRecord, settings: &Settings) -> Option<f64> {
    stats::median(&keep(&per_iteration(launch), settings.outliers))
}

fn keep(samples: &[f64], outliers: Outliers) -> Vec<f64> {
    let Some(fences) = stats::Fences::of(samples) else { return samples.to_vec() };
    match outliers {
        Outliers::Keep => samples.to_vec(),
        Outliers::RemoveSevere => fences.without_severe(samples),
        Outliers::RemoveMild => fences.without_mild(samples),
    }
}

fn time(launches: &[Vec<f64>], level: f64) -> Option<TimeEstimates> {
    let figures =
        |of: fn(&[f64]) -> Option<f64>| -> Vec<f64> { launches.iter().filter_map(|samples| of(samples)).collect() };
    let medians = figures(stats::median);
    let means = figures(stats::mean);
    let minima = figures(stats::minimum);
    // One launch tells nothing of the scatter between launches: its own interval has to do for the
    // median, and those of the mean and the minimum are unbounded.
    let median = match launches {
        [only] => stats::within_launch(only, level)?,
        _ => across_launches(&medians, level)?,
    };
    let (mean, minimum) = (across_launches(&means, level)?, across_launches(&minima, level)?);
    let within: Vec<f64> = launches.iter().filter_map(|samples| relative_scatter(samples)).collect();
    Some(TimeEstimates {
        median,
        mean,
        minimum,
        scatter_within: stats::median(&within).unwrap_or(0.0),
        scatter_between: relative_scatter(&medians).unwrap_or(0.0),
    })
}

pub(super) fn relative_scatter(samples: &[f64]) -> Option<f64> {
    let median = stats::median(samples)?;
    let deviation = stats::standard_deviation(samples)?;
    (median > 0.0).then(|| deviation / median)
}

fn throughput(launches: &[LaunchRecord], time: &Estimate, threads: usize) -> Vec<Throughput> {
    let Some(last) = launches.last() else { return Vec::new() };
    let team = last.amounts.iter().map(|(name, amount)| (name, amount * threads as f64));
    team.map(|(name, per_iteration)| Throughput {
        amount: name.clone(),
        per_iteration,
        per_second: time.per_second_of(per_iteration),
    })
    .collect()
}

fn metrics(launches: &[LaunchRecord], level: f64) -> Vec<MetricEstimate> {
    let mut estimates = Vec::new();
    let Some(last) = launches.last() else { return estimates };
    for metric in &last.metrics {
        let of = |launch: &LaunchRecord| launch.metrics.iter().find(|m| m.name == metric.name).map(|m| m.value);
        let values: Vec<f64> = launches.iter().filter_map(of).collect();
        if let Some(estimate) = across_launches(&values, level) {
            let MetricValue { name, unit, direction, .. } = metric.clone();
            estimates.push(MetricEstimate { name, unit, direction, estimate });
        }
    }
    estimates
}

fn counters(launches: &[LaunchRecord]) -> Stated<Counters> {
    let known: Vec<Counters> = launches.iter().filter_map(|launch| launch.counters.known().cloned()).collect();
    match launches.last().map(|launch| &launch.counters) {
        _ if !known.is_empty() => Stated::Known(Counters::median_of(&known)),
        Some(Stated::Unknown(reason)) => Stated::unknown(reason),
        _ => Stated::unknown("no launch has read them"),
    }
}

fn allocations(launches: &[LaunchRecord]) -> Stated<AllocationProfile> {
    launches.last().map_or_else(|| Stated::unknown("no launch has counted them"), |launch| launch.allocations.clone())
}

pub(super) fn shape(launches: &[Vec<f64>]) -> Shape {
    let median_of = |of: fn(&[f64]) -> Option<f64>| -> Option<f64> {
        let values: Vec<f64> = launches.iter().filter_map(|samples| of(samples)).collect();
        stats::median(&values)
    };
    let dips: Vec<bool> = launches
        .iter()
        .filter_map(|samples| Some(stats::dip(samples)?.p_value < SHAPE_LEVEL && modes_matter(samples)))
        .collect();
    let multimodal = dips.iter().filter(|&&multimodal| multimodal).count() as f64;
    Shape {
        outliers: outliers(launches),
        skewness: median_of(|samples| stats::skewness(samples).map(|test| test.statistic)),
        autocorrelation: median_of(|samples| stats::lag_one_autocorrelation(samples).map(|test| test.statistic)),
        multimodal_launches: (!dips.is_empty()).then(|| multimodal / dips.len() as f64),
    }
}

/// Whether the samples' middle half is wide enough for its modes to be of interest: the test alone
/// also finds modes that lie a thousandth apart.
fn modes_matter(samples: &[f64]) -> bool {
    let quartiles = stats::quantile(samples, 0.25).zip(stats::quantile(samples, 0.75));
    quartiles.is_some_and(|(first, third)| third - first > LEAST_SPREAD * first)
}

fn outliers(launches: &[Vec<f64>]) -> OutlierCounts {
    let mut counts = OutlierCounts::default();
    for samples in launches {
        counts.samples += samples.len() as u64;
        let Some(fences) = stats::Fences::of(samples) else { continue };
        let found = fences.count(samples);
        counts.low_severe += found.low_severe as u64;
        counts.low_mild += found.low_mild as u64;
        counts.high_mild += found.high_mild as u64;
        counts.high_severe += found.high_severe as u64;
    }
    counts
}

/// What a reader should know before trusting the figures.
fn notes(launches: &[LaunchRecord], time: &TimeEstimates, shape: &Shape, threads: usize) -> Vec<String> {
    let mut notes = Vec::new();
    let all = launches.len();
    if all == 1 {
        notes.push("measured in one launch: the interval leaves out the scatter between launches".to_owned());
    }
    if all > 1 && all < FEWEST_LAUNCHES {
        notes.push("measured in fewer than five launches: their scatter is hardly known".to_owned());
    }
    let single = launches.iter().filter(|launch| launch.samples_ns.len() == 1).count();
    if single > 0 {
        notes.push("a launch had time for one sample only: raise `time` for more".to_owned());
    }
    let unsettled = launches.iter().filter(|launch| !launch.warmed_up && launch.samples_ns.len() > 1).count();
    if 2 * unsettled > all {
        notes.push("the warm-up did not settle in most launches: raise `warmup`, or look for what drifts".to_owned());
    }
    if threads > host::cores() {
        notes.push("there are more threads than cores: the scheduler is part of what was measured".to_owned());
    }
    if launches.iter().any(too_short) {
        notes.push("samples are too short for the clock: its error may exceed 0.1 %".to_owned());
    }
    let steals: Vec<f64> = launches.iter().filter_map(|launch| launch.steal).collect();
    if stats::mean(&steals).is_some_and(|steal| steal > MUCH_STEAL) {
        notes.push("the hypervisor took more than 2 % of the processor's time".to_owned());
    }
    if shape.multimodal_launches.is_some_and(|share| share > 0.5) {
        notes.push(
            "the samples have more than one mode: the subject, or the machine, switches between states".to_owned(),
        );
    }
    if time.median.value <= 0.0 {
        notes.push("the subject takes no measurable time: was it optimised away? `black_box` its inputs".to_owned());
    }
    notes
}

/// Whether the clock's error is above 0.1 % of the launch's samples.
fn too_short(launch: &LaunchRecord) -> bool {
    let error = launch.clock.resolution_ns + launch.clock.overhead_ns;
    stats::median(&launch.samples_ns).is_some_and(|sample| sample < 1_000.0 * error)
}
