//! Does a 95 % interval hold the truth 95 times of 100? The simulations that the claims of this
//! room rest on; `examples/coverage.rs` is the long form, with the tables in `docs/statistics.md`.
//!
//! Of 2,000 independent repetitions 93 to 97 % must cover: four standard errors (0.49 %) around
//! 95 %. The truth is in closed form, see [`Shape::true_median`].

use super::simulation::{Shape, Source};
use super::{Estimate, across_launches, mean, median, stop, within_launch};

const REPETITIONS: usize = 2000;
const SAMPLES: usize = 15;
const CLAIMED: std::ops::RangeInclusive<f64> = 0.93..=0.97;

/// The share of repetitions whose interval, from the medians of 5 and of 20 launches, covers.
fn coverage_of_medians(shape: Shape, between: f64) -> [f64; 2] {
    let mut source = Source::new(2024);
    let mut covered = [0; 2];
    let mut samples = Vec::new();
    let truth = shape.true_median();
    for _ in 0..REPETITIONS {
        let mut draw = || {
            shape.launch(&mut source, between, SAMPLES, &mut samples);
            median(&samples).unwrap()
        };
        let medians: [f64; 20] = std::array::from_fn(|_| draw());
        for (covered, launches) in covered.iter_mut().zip([5, 20]) {
            let estimate = across_launches(&medians[..launches], 0.95).unwrap();
            *covered += usize::from(estimate.contains(truth));
        }
    }
    covered.map(|covered| covered as f64 / REPETITIONS as f64)
}

fn assert_coverage_of_medians(shape: Shape) {
    let [of_5, of_20] = coverage_of_medians(shape, 0.02);
    assert!(CLAIMED.contains(&of_5), "{shape:?}, 5 launches: {of_5}");
    assert!(CLAIMED.contains(&of_20), "{shape:?}, 20 launches: {of_20}");
}

#[test]
fn statistics_cover_normal_samples() {
    assert_coverage_of_medians(Shape::Normal);
}

#[test]
fn statistics_cover_log_normal_samples() {
    assert_coverage_of_medians(Shape::LogNormal);
}

#[test]
fn statistics_cover_bimodal_samples() {
    assert_coverage_of_medians(Shape::Bimodal);
}

#[test]
fn statistics_cover_samples_with_spikes() {
    assert_coverage_of_medians(Shape::Spikes);
}

#[test]
fn statistics_cover_autocorrelated_samples() {
    assert_coverage_of_medians(Shape::Autocorrelated);
}

#[test]
fn statistics_cover_launches_with_two_layouts() {
    assert_coverage_of_medians(Shape::Layouts);
}

/// What the launch as replicate is for: an interval from all samples pooled, as if independent,
/// misses most of the time. If this ever covers, the simulation has no variance between launches.
#[test]
fn statistics_of_pooled_samples_do_not_cover() {
    let mut source = Source::new(7);
    let (mut samples, mut covered) = (Vec::new(), 0);
    for _ in 0..300 {
        let mut pooled = Vec::new();
        for _ in 0..10 {
            Shape::Normal.launch(&mut source, 0.05, SAMPLES, &mut samples);
            pooled.extend_from_slice(&samples);
        }
        covered += usize::from(across_launches(&pooled, 0.95).unwrap().contains(100.0));
    }
    assert!(covered < 200, "{covered} of 300");
}

/// The share of repetitions that cover when launches are made until they are `enough`, 10 at most;
/// medians of launches that scatter by `scatter` around 1.
fn coverage_when_stopping(
    scatter: f64,
    enough: fn(&[f64]) -> bool,
    estimate: fn(&[f64], f64) -> Option<Estimate>,
) -> f64 {
    const REPETITIONS: usize = 4000;
    let mut source = Source::new(99);
    let mut covered = 0;
    for _ in 0..REPETITIONS {
        let figures: [f64; 10] = std::array::from_fn(|_| (scatter * source.normal()).exp());
        let made = (1..10).find(|&made| enough(&figures[..made])).unwrap_or(10);
        covered += usize::from(estimate(&figures[..made], 0.95).unwrap().contains(1.0));
    }
    covered as f64 / REPETITIONS as f64
}

#[test]
fn statistics_cover_when_launches_stop_at_a_precision() {
    for scatter in [0.001, 0.005, 0.01, 0.014, 0.02, 0.05] {
        let enough = |figures: &[f64]| stop::precise_enough(figures, 0.95, 0.01);
        let rate = coverage_when_stopping(scatter, enough, stop::across_launches);
        assert!(CLAIMED.contains(&rate), "a scatter of {scatter}: {rate}");
    }
}

/// The reason for [`stop`]: the plain interval, peeked at, does not cover what it claims.
#[test]
fn statistics_of_naive_stopping_do_not_cover() {
    let enough =
        |figures: &[f64]| figures.len() >= 5 && across_launches(figures, 0.95).unwrap().relative_half_width() <= 0.01;
    let rate = coverage_when_stopping(0.015, enough, across_launches);
    assert!(rate < 0.935, "{rate}");
}

/// The share of launches whose own interval of the median covers their own truth.
fn coverage_within(shape: Shape, count: usize) -> f64 {
    let mut source = Source::new(4711);
    let mut samples = Vec::new();
    let covered = (0..REPETITIONS).filter(|_| {
        shape.launch(&mut source, 0.0, count, &mut samples);
        within_launch(&samples, 0.95).unwrap().contains(shape.true_median())
    });
    covered.count() as f64 / REPETITIONS as f64
}

/// Ranks are whole, so the interval covers at least what it claims, and up to 98 % with few samples.
#[test]
fn statistics_cover_within_a_launch() {
    for shape in [Shape::Normal, Shape::LogNormal, Shape::Bimodal, Shape::Spikes] {
        let rate = coverage_within(shape, 30);
        assert!((0.94..=0.985).contains(&rate), "{shape:?}: {rate}");
    }
    for (count, least) in [(10, 0.935), (30, 0.95), (100, 0.96)] {
        let rate = coverage_within(Shape::Autocorrelated, count);
        assert!((least..=0.99).contains(&rate), "{count} autocorrelated: {rate}");
    }
}

/// The simulated truths agree with the closed forms where both exist: 40,000 launches of 25.
#[test]
fn statistics_of_the_worlds_are_as_stated() {
    let mut source = Source::new(3);
    let mut samples = Vec::new();
    for shape in Shape::ALL {
        let (mut all, mut means) = (Vec::new(), 0.0);
        for _ in 0..2000 {
            shape.launch(&mut source, 0.0, 25, &mut samples);
            means += mean(&samples).unwrap() / 2000.0;
            all.extend_from_slice(&samples);
        }
        assert!((means / shape.true_mean() - 1.0).abs() < 0.006, "{shape:?}: mean {means}");
        let median = median(&all).unwrap();
        assert!((median / shape.true_median() - 1.0).abs() < 0.002, "{shape:?}: median {median}");
    }
    assert!(Shape::Normal.true_minimum(3) < 99.0);
}
