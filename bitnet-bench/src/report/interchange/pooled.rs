//! The samples of all launches together, as tools see them that know of no launches.

use crate::record::Measured;
use crate::stats::{self, Estimate};

/// From the median absolute deviation to the standard deviation of normal samples, as criterion scales it.
const NORMAL: f64 = 1.4826;

/// The samples of all launches together, and what the launches say of their scatter.
pub(super) struct Pooled {
    /// Iterations of each sample.
    pub(super) iterations: Vec<f64>,
    /// Time of each sample, in nanoseconds.
    pub(super) times: Vec<f64>,
    /// Nanoseconds an iteration, sample by sample.
    pub(super) per_iteration: Vec<f64>,
    /// Standard deviation of the samples within a launch.
    pub(super) deviation: Figure,
    /// Median absolute deviation, scaled to agree with the standard deviation of normal samples.
    pub(super) absolute_deviation: Figure,
    /// The medians, one a launch.
    medians: Vec<f64>,
    /// The means, one a launch.
    means: Vec<f64>,
}

/// An estimate with its standard error.
#[derive(Clone, Copy)]
pub(super) struct Figure {
    pub(super) estimate: Estimate,
    pub(super) standard_error: f64,
}

impl Pooled {
    pub(super) fn of(measured: &Measured) -> Self {
        let (mut iterations, mut times, mut per_iteration) = (Vec::new(), Vec::new(), Vec::new());
        let mut launches = Vec::new();
        for launch in &measured.launches {
            let count = launch.iterations as f64;
            let samples: Vec<f64> = launch.samples_ns.iter().map(|sample| sample / count).collect();
            iterations.extend(samples.iter().map(|_| count));
            times.extend(&launch.samples_ns);
            per_iteration.extend(&samples);
            launches.push(samples);
        }
        let of = |figure: &dyn Fn(&[f64]) -> Option<f64>| -> Vec<f64> {
            launches.iter().filter_map(|samples| figure(samples)).collect()
        };
        let level = measured.time.median.level;
        // Without samples there is what the tool that took them said.
        let known = measured.time.scatter_within * measured.time.median.value;
        let deviation = Figure::across(&of(&stats::standard_deviation), level, known);
        let scaled = |samples: &[f64]| stats::median_absolute_deviation(samples).map(|deviation| deviation * NORMAL);
        let absolute_deviation = Figure::across(&of(&scaled), level, known);
        let (medians, means) = (of(&stats::median), of(&stats::mean));
        Self { iterations, times, per_iteration, deviation, absolute_deviation, medians, means }
    }

    /// The record's estimate of the median, with its standard error.
    pub(super) fn median(&self, measured: &Measured) -> Figure {
        let estimate = measured.time.median;
        Figure { estimate, standard_error: self.standard_error(&self.medians, estimate) }
    }

    /// The record's estimate of the mean, with its standard error.
    pub(super) fn mean(&self, measured: &Measured) -> Figure {
        let estimate = measured.time.mean;
        Figure { estimate, standard_error: self.standard_error(&self.means, estimate) }
    }

    /// From the scatter between launches; of one launch, from the scatter of its samples; without any, from the
    /// interval, as that of a normal distribution.
    fn standard_error(&self, launches: &[f64], estimate: Estimate) -> f64 {
        standard_error(launches).or_else(|| standard_error(&self.per_iteration)).unwrap_or_else(|| {
            const DEVIATIONS: f64 = 1.96;
            let error = (estimate.upper - estimate.lower) / 2.0 / DEVIATIONS;
            if error.is_finite() { error } else { 0.0 }
        })
    }
}

impl Figure {
    fn across(launches: &[f64], level: f64, known: f64) -> Self {
        let otherwise = Estimate { value: known, lower: 0.0, upper: f64::INFINITY, level };
        let estimate = stats::across_launches(launches, level).unwrap_or(otherwise);
        Self { estimate, standard_error: standard_error(launches).unwrap_or(0.0) }
    }
}

/// s ∕ √n; `None` for fewer than two figures.
fn standard_error(figures: &[f64]) -> Option<f64> {
    Some(stats::standard_deviation(figures)? / (figures.len() as f64).sqrt())
}
