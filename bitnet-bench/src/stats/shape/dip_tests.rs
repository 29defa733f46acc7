use super::*;
use crate::stats::simulation::Source;

/// Knuth's MMIX generator, upper 53 bits: the same list in Rust and in Python.
fn mmix(count: usize, mut state: u64) -> Vec<f64> {
    let mut draw = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..count).map(|_| draw()).collect()
}

fn dip_of(samples: &[f64]) -> f64 {
    dip(samples).expect("they can be tested").statistic
}

/// Expected dips from the Python package `diptest` 0.12 (its own port of Maechler's corrected AS
/// 217): `dipstat` of `u`, of `-log1p(-u)`, and of `u` with 0.9 added to every even place.
#[test]
fn agrees_with_another_implementation() {
    for (count, seed, expected) in [
        (8, 1, [0.08213291205196649, 0.08504196424782555, 0.1622677818991192]),
        (20, 2, [0.056945008457949586, 0.05052946368289759, 0.046768854915729394]),
        (50, 3, [0.04075383258264706, 0.03881899181348304, 0.055100730272473836]),
        (200, 4, [0.025127824835435738, 0.017036386551755066, 0.02102587444797516]),
        (1000, 5, [0.01031882262689885, 0.006903173319057715, 0.011900114260500643]),
    ] {
        let uniform = mmix(count, seed);
        let exponential: Vec<f64> = uniform.iter().map(|u| -(-u).ln_1p()).collect();
        let apart = |(place, u): (usize, &f64)| if place % 2 == 1 { *u } else { u + 0.9 };
        let two: Vec<f64> = uniform.iter().enumerate().map(apart).collect();
        for (samples, expected) in [uniform, exponential, two].iter().zip(expected) {
            let found = dip_of(samples);
            assert!((found - expected).abs() < 1e-12, "n = {count}: {found} is not {expected}");
        }
    }
}

/// From the definition: evenly spaced samples follow a straight line, half a step away from it;
/// and two far clusters of half the samples each cannot be followed closer than a quarter.
#[test]
fn extremes_are_those_of_the_definition() {
    let even: Vec<f64> = (0..50).map(f64::from).collect();
    assert_eq!(dip_of(&even), 0.01);
    let clusters: Vec<f64> = (0..400).map(|i| f64::from(i / 200) + 1e-9 * f64::from(i)).collect();
    assert!((dip_of(&clusters) - 0.25).abs() < 0.003);
}

fn alarms(repetitions: usize, mut draw: impl FnMut() -> Vec<f64>) -> f64 {
    let alarms = (0..repetitions).filter(|_| dip(&draw()).is_some_and(|test| test.p_value < 0.05));
    alarms.count() as f64 / repetitions as f64
}

#[test]
fn statistics_of_false_alarms() {
    let mut source = Source::new(21);
    for count in [10, 40, 150] {
        let uniform = alarms(1500, || (0..count).map(|_| source.uniform()).collect());
        assert!((0.03..0.07).contains(&uniform), "{uniform} of {count} uniform samples");
        let normal = alarms(500, || (0..count).map(|_| source.normal()).collect());
        assert!(normal < 0.03, "{normal} of {count} normal samples");
    }
}

/// A clock that ticks six times within the scatter must not look like six peaks.
#[test]
fn ticks_are_not_peaks() {
    let mut source = Source::new(22);
    let mut ticking = |tick: f64| alarms(300, || (0..100).map(|_| (source.normal() / tick).round() * tick).collect());
    for tick in [0.1, 0.7, 2.0] {
        let rate = ticking(tick);
        assert!(rate < 0.05, "{rate} with a tick of {tick}");
    }
    let (coarse, finer) = ([1.0, 2.0].repeat(20), [1.0, 1.0, 2.0, 50.0].repeat(20));
    assert!(dip(&coarse).unwrap().p_value > 0.5);
    // A tick that was divided by a number of iterations may come back one rounding away.
    let rounded: Vec<f64> = coarse.iter().flat_map(|tick| [tick / 3.0, (tick / 3.0).next_up()]).collect();
    assert!(dip(&rounded).unwrap().p_value > 0.5);
    assert!(dip(&finer).unwrap().p_value < 0.01);
}

#[test]
fn statistics_of_power() {
    let mut source = Source::new(23);
    let mut bimodal = |apart: f64| {
        alarms(300, || {
            let mut draw = || source.normal() + if source.uniform() < 0.6 { 0.0 } else { apart };
            (0..60).map(|_| draw()).collect()
        })
    };
    let (clear, faint) = (bimodal(7.0), bimodal(3.0));
    assert!(clear > 0.95, "{clear} of two peaks seven deviations apart");
    assert!(faint < clear, "{faint} of two peaks three deviations apart");
}

/// Samples that differ by less than a spread tie can resolve do not break the hulls.
#[test]
fn nearly_equal_samples_are_no_trouble() {
    let base = 1e9_f64;
    let samples: Vec<f64> = (0..300).map(|i| base + f64::from(i % 3) * 1e-6).collect();
    let found = dip(&samples).unwrap();
    assert!(found.statistic.is_finite() && found.p_value.is_finite());
}
