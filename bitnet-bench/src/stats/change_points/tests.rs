//! Series whose answer is plain.

use super::{ChangePoint, ChangeRule, change_points, noise};

const RULE: ChangeRule = ChangeRule::DEFAULT;

/// Figures that scatter by about 1 % around each level in turn, so many at each; the same every time.
fn levels(levels: &[(f64, usize)]) -> Vec<f64> {
    let mut figures = Vec::new();
    let mut random = fastrand::Rng::with_seed(11);
    for &(level, count) in levels {
        figures.extend((0..count).map(|_| level * (1.0 + 0.02 * (random.f64() - 0.5))));
    }
    figures
}

fn of(figures: &[f64]) -> Vec<ChangePoint> {
    change_points(&[figures.to_vec()], &RULE).remove(0)
}

fn places(figures: &[f64]) -> Vec<usize> {
    of(figures).iter().map(|change| change.at).collect()
}

#[test]
fn a_step_is_found_where_it_is_and_as_large_as_it_is() {
    let found = of(&levels(&[(100.0, 30), (105.0, 5)]));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].at, 30);
    assert!(found[0].ratio.contains(1.05) && (found[0].magnitude() - 0.05).abs() < 0.01, "{found:?}");
    assert!((found[0].before - 100.0).abs() < 1.0 && (found[0].after - 105.0).abs() < 1.0);
}

#[test]
fn several_steps_are_found_up_and_down() {
    assert_eq!(places(&levels(&[(100.0, 20), (110.0, 20), (90.0, 20)])), [20, 40]);
    assert_eq!(places(&levels(&[(100.0, 25), (120.0, 8), (100.0, 25)])), [25, 33]);
}

#[test]
fn what_is_too_small_too_short_or_a_spike_is_not_found() {
    assert!(places(&levels(&[(100.0, 40), (102.0, 40)])).is_empty());
    assert!(places(&levels(&[(100.0, 40), (110.0, 4)])).is_empty());
    assert!(places(&levels(&[(100.0, 5), (150.0, 4)])).is_empty());
    let mut spiked = levels(&[(100.0, 60)]);
    for at in [10, 40, 57, 59] {
        spiked[at] = 200.0;
    }
    assert!(places(&spiked).is_empty());
    for short in 0..10 {
        assert!(places(&vec![1.0; short]).is_empty());
    }
}

#[test]
fn a_step_beside_a_spike_is_found() {
    let mut figures = levels(&[(100.0, 30), (106.0, 10)]);
    figures[12] = 300.0;
    figures[34] = 300.0;
    assert_eq!(places(&figures), [30]);
}

/// An instruction count does not scatter, and a change of it is a change.
#[test]
fn a_history_without_scatter_is_no_reason_for_silence() {
    let mut counts = vec![1000.0; 30];
    assert!(places(&counts).is_empty());
    counts.extend([1050.0; 5]);
    let found = of(&counts);
    assert_eq!((found.len(), found[0].at), (1, 30));
    assert!((found[0].ratio.value - 1.05).abs() < 1e-9);
    counts.extend([1060.0; 5]);
    assert_eq!(places(&counts), [30]);
}

#[test]
fn figures_need_not_be_positive() {
    let allocations = [vec![0.0; 20], vec![3.0; 10]].concat();
    let found = of(&allocations);
    assert_eq!((found.len(), found[0].at, found[0].ratio.value), (1, 20, f64::INFINITY));
    let decibels: Vec<f64> = levels(&[(10.0, 20), (12.0, 20)]).iter().map(|figure| figure - 20.0).collect();
    let found = of(&decibels);
    assert_eq!((found.len(), found[0].at), (1, 20));
    assert!((found[0].ratio.value - 1.2).abs() < 0.02, "{found:?}");
}

#[test]
fn the_same_figures_give_the_same_answer_in_any_unit() {
    let figures = levels(&[(100.0, 30), (104.0, 12)]);
    let found = of(&figures);
    assert_eq!(found, of(&figures));
    let scaled: Vec<f64> = figures.iter().map(|figure| figure * 1e-6).collect();
    assert_eq!(places(&scaled), places(&figures));
}

/// One series of five hundred has changed, and is found among them.
#[test]
fn a_change_is_found_among_many_series() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut series: Vec<Vec<f64>> = (0..500).map(|_| (0..40).map(|_| 100.0 + 2.0 * random.f64()).collect()).collect();
    for figure in &mut series[123][33..] {
        *figure *= 1.06;
    }
    let found = change_points(&series, &RULE);
    let changed: Vec<usize> = (0..500).filter(|at| !found[*at].is_empty()).collect();
    assert_eq!((changed, found[123][0].at), (vec![123], 33));
}

#[test]
fn noise_is_taken_around_the_levels() {
    let figures = levels(&[(100.0, 50), (200.0, 50)]);
    let found = of(&figures);
    // Uniform over ±1 %: the median absolute deviation is 0.5 %.
    let noise = noise(&figures, &found).expect("there are figures");
    assert!((noise - 0.005 * super::TO_DEVIATION).abs() < 0.001, "{noise}");
}
