//! Checks of the calibrators against plain `f64` versions that see every value.

use proptest::prelude::*;

use super::histogram::Histogram;
use super::*;
use crate::reference::data::{self, Distribution};
use crate::subject::Calibrator;

/// Activations of every distribution, and some that ReLU² would give: half of them zeros.
fn samples(len: usize) -> Vec<Vec<f32>> {
    let mut samples: Vec<_> = Distribution::ALL.map(|one| one.generate_activations(1, [len / 500, 500])).to_vec();
    samples.push(data::normal(2, len).iter().map(|x| x.max(0.0).powi(2)).collect());
    samples.push(data::normal(3, len).iter().map(|x| x * 1e-30).collect());
    samples.push(data::heavy_tailed(4, len).iter().map(|x| x * 1e30).collect());
    samples
}

/// The clip after one sample.
fn clip(mut calibrator: impl Calibrator, activations: &[f32]) -> f32 {
    calibrator.observe(activations);
    calibrator.clip()
}

/// The clip after samples of `size` values, the last ones first.
fn in_parts(mut calibrator: impl Calibrator, activations: &[f32], size: usize) -> f32 {
    activations.chunks(size).rev().for_each(|part| calibrator.observe(part));
    calibrator.clip()
}

/// The clip of every calibrator.
fn clips(activations: &[f32]) -> [f32; 5] {
    [
        clip(MinMax::default(), activations),
        clip(Percentile::new(99.9), activations),
        clip(Percentile::new(50.0), activations),
        clip(Mse::default(), activations),
        clip(Entropy::default(), activations),
    ]
}

/// Finite magnitudes, the least first.
fn sorted(activations: &[f32]) -> Vec<f64> {
    let mut magnitudes: Vec<_> = activations.iter().map(|x| f64::from(x.abs())).filter(|x| x.is_finite()).collect();
    magnitudes.sort_by(f64::total_cmp);
    magnitudes
}

#[test]
fn percentiles_are_those_of_sorted_values_to_the_bin() {
    for activations in samples(50_000) {
        let sorted = sorted(&activations);
        let greatest = sorted[sorted.len() - 1];
        for percent in [0.001, 1.0, 50.0, 90.0, 99.0, 99.9, 99.99, 100.0] {
            let found = f64::from(clip(Percentile::new(percent), &activations));
            let rank = (percent * sorted.len() as f64 / 100.0).ceil() as usize;
            let exact = sorted[rank - 1];
            assert!((exact..=exact + greatest / 4096.0).contains(&found), "{percent} %: {found} is not {exact}");
        }
    }
}

/// The sum of squared errors of rounding to the 127 multiples of a 127th of `clip`, value by value.
fn squared_error(magnitudes: &[f64], clip: f64) -> f64 {
    let step = clip / 127.0;
    magnitudes.iter().map(|x| (x - (x / step).round().min(127.0) * step).powi(2)).sum()
}

#[test]
fn the_error_at_the_mse_clip_is_within_a_hundredth_of_the_least() {
    for activations in samples(10_000) {
        let sorted = sorted(&activations);
        let greatest = sorted[sorted.len() - 1];
        let dense = (1..=500).map(|at| squared_error(&sorted, greatest * f64::from(at) / 500.0));
        let least = dense.fold(f64::INFINITY, f64::min);
        let found = clip(Mse::default(), &activations);
        let error = squared_error(&sorted, f64::from(found));
        assert!(error <= 1.01 * least, "clip {found} of {greatest}: {error}, where {least} is possible");
    }
}

#[test]
fn the_mse_clip_leaves_out_one_outlier_among_very_many() {
    // With n values of variance 1 and one of v, a clip c far above 1 costs (v − c)² and n · (c / 127)² / 12, which is
    // least at c = v / (1 + n / (12 · 127²)).
    let (count, outlier) = (1 << 20, 1000.0);
    let mut calibrator = Mse::default();
    calibrator.observe(&data::normal(5, count));
    calibrator.observe(&[outlier]);
    let exact = f64::from(outlier) / (1.0 + count as f64 / (12.0 * 127.0_f64.powi(2)));
    assert!((f64::from(calibrator.clip()) / exact - 1.0).abs() < 0.01, "{} is not {exact}", calibrator.clip());
}

/// The published algorithm, step by step: the number of bins that are kept, and every divergence from 128 bins on.
fn published_entropy(bins: &[u64]) -> (usize, Vec<f64>) {
    let mut bins: Vec<f64> = bins.iter().map(|&count| count as f64).collect();
    bins[0] = bins[1];
    let divergences: Vec<f64> = (128..=bins.len()).map(|kept| published_divergence(&bins, kept)).collect();
    let least = divergences.iter().copied().fold(f64::INFINITY, f64::min);
    let best = divergences.iter().rposition(|&divergence| divergence == least).unwrap();
    (128 + best, divergences)
}

fn published_divergence(bins: &[f64], kept: usize) -> f64 {
    let mut p = bins[..kept].to_vec();
    p[kept - 1] += bins[kept..].iter().sum::<f64>();

    let level_of = |bin: usize| bin * 128 / kept;
    let (mut sums, mut filled) = ([0.0; 128], [0.0; 128]);
    for (bin, &count) in bins[..kept].iter().enumerate().filter(|(_, count)| **count > 0.0) {
        sums[level_of(bin)] += count;
        filled[level_of(bin)] += 1.0;
    }
    let spread = |bin: usize| if bins[bin] > 0.0 { sums[level_of(bin)] / filled[level_of(bin)] } else { 0.0 };
    let q: Vec<f64> = (0..kept).map(spread).collect();

    let (p_sum, q_sum) = (p.iter().sum::<f64>(), q.iter().sum::<f64>());
    p.iter().zip(&q).filter(|(p, _)| **p > 0.0).fold(0.0, |sum, (p, q)| {
        let divergence = if *q > 0.0 { (p / p_sum) * ((p / p_sum) / (q / q_sum)).ln() } else { f64::INFINITY };
        sum + divergence
    })
}

#[test]
fn the_entropy_clip_is_that_of_the_published_algorithm() {
    for activations in samples(50_000) {
        let mut histogram = Histogram::<2048>::default();
        histogram.add(&activations);
        let (kept, divergences) = published_entropy(histogram.bins());
        let found = f64::from(clip(Entropy::default(), &activations));
        let exact = (kept as f64 * histogram.width()).min(f64::from(histogram.greatest()));
        // Sums in another order may choose another one of clips that are equally good.
        let found_kept = (found / histogram.width()).round().min(histogram.bins().len() as f64) as usize;
        let worse = divergences[found_kept.max(128) - 128] - divergences[kept - 128];
        assert!(found == exact || worse < 1e-12, "{found} is not {exact}: worse by {worse}");
    }
}

#[test]
fn the_histogram_is_that_of_one_pass_over_all() {
    for activations in samples(5_000) {
        let mut whole = Histogram::<2048>::default();
        whole.add(&activations);
        let width = whole.width();
        assert!(whole.bins().len() > 1024 && whole.bins().len() <= 2048);
        let mut plain = vec![0; whole.bins().len()];
        activations.iter().for_each(|x| plain[(f64::from(x.abs()) / width).floor() as usize] += 1);
        assert_eq!(whole.bins(), plain);
    }
}

#[test]
fn nothing_and_zeros_have_no_clip() {
    for activations in [&[][..], &[0.0; 1000], &[-0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY]] {
        assert_eq!(clips(activations), [0.0; 5], "{activations:?}");
    }
}

#[test]
fn one_value_is_the_clip_however_often_it_comes() {
    let least = f32::from_bits(1);
    for value in [1.0, 1.5, -0.3, 1e-20, f32::MAX, f32::MIN_POSITIVE, least, -5.0 * least, 1.0_f32.next_down()] {
        for len in [1, 2, 10_000] {
            let found = clips(&vec![value; len]);
            // The first percentile below the greatest value is the end of its bin, which is cut to the value.
            assert_eq!(found, [value.abs(); 5], "{len} times {value}");
        }
    }
}

#[test]
fn a_clip_too_small_for_a_number_is_the_least_number() {
    let least = f32::from_bits(1);
    let mut activations = vec![0.0; 999];
    activations.push(least);
    assert_eq!(clips(&activations), [least; 5]);
}

#[test]
fn what_is_not_finite_does_not_count() {
    let clean = data::normal(6, 3000);
    let mut dirty = clean.clone();
    for (at, bad) in [(0, f32::NAN), (1, f32::INFINITY), (1500, f32::NEG_INFINITY), (3003, -f32::NAN)] {
        dirty.insert(at, bad);
    }
    assert_eq!(clips(&dirty), clips(&clean));
}

#[test]
fn names_say_which() {
    assert_eq!(Percentile::new(99.9).name(), "percentile-99.9");
    assert_eq!(
        [MinMax::default().name(), Mse::default().name(), Entropy::default().name()],
        ["min-max", "mse", "entropy"]
    );
}

#[test]
#[should_panic(expected = "0 is no percentage")]
fn no_percentage_is_refused() {
    Percentile::new(0.0);
}

/// Any finite or other number, most of them of usual size.
fn number() -> impl Strategy<Value = f32> {
    prop_oneof![3 => -4.0_f32..4.0, 1 => any::<f32>(), 1 => any::<u32>().prop_map(f32::from_bits)]
}

proptest! {
    #[test]
    fn neither_order_nor_division_into_samples_matter(
        activations in prop::collection::vec(number(), 1..200),
        size in 1_usize..50,
    ) {
        let whole = clips(&activations);
        prop_assert_eq!(in_parts(MinMax::default(), &activations, size), whole[0]);
        prop_assert_eq!(in_parts(Percentile::new(99.9), &activations, size), whole[1]);
        prop_assert_eq!(in_parts(Percentile::new(50.0), &activations, size), whole[2]);
        prop_assert_eq!(in_parts(Mse::default(), &activations, size), whole[3]);
        prop_assert_eq!(in_parts(Entropy::default(), &activations, size), whole[4]);
    }

    #[test]
    fn a_clip_keeps_what_its_trait_says(activations in prop::collection::vec(number(), 0..200)) {
        let greatest = sorted(&activations).last().copied().unwrap_or(0.0);
        for clip in clips(&activations) {
            prop_assert!(f64::from(clip) <= greatest);
            prop_assert!(clip > 0.0 || (clip == 0.0 && greatest == 0.0));
        }
    }
}
