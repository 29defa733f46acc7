//! Right matrices pass, and every way to get one wrong is caught.

use proptest::prelude::*;

use super::*;
use crate::reference::data;
use crate::subject::Granularity;

const SHAPE: [usize; 2] = [6, 50];
const INT4: Claim = Claim::Uniform { bits: 4, symmetric: true, granularity: Granularity::Channel };

/// Ternary weights as the formula has them.
fn absmean(weights: &[f32]) -> Vec<f32> {
    let gamma = weights.iter().map(|weight| weight.abs()).sum::<f32>() / weights.len().max(1) as f32;
    weights
        .iter()
        .map(|weight| if gamma == 0.0 { 0.0 } else { (weight / gamma).round().clamp(-1.0, 1.0) * gamma })
        .collect()
}

/// Levels as the definition has them, for granules that are rows or parts of rows.
fn uniform(weights: &[f32], columns: usize, span: usize, bits: i32, symmetric: bool) -> Vec<f32> {
    let granules = weights.chunks(columns).flat_map(|row| row.chunks(span));
    granules.flat_map(|granule| levels(granule, bits, symmetric, f32::round_ties_even)).collect()
}

/// One granule on its levels.
fn levels(granule: &[f32], bits: i32, symmetric: bool, round: fn(f32) -> f32) -> Vec<f32> {
    let (codes, step) = (2f32.powi(bits), step(granule, bits, symmetric));
    let least = granule.iter().copied().fold(0.0, f32::min);
    let low = if symmetric { 1.0 - codes / 2.0 } else { -(-least / step).round_ties_even() };
    let high = if symmetric { -low } else { low + codes - 1.0 };
    granule.iter().map(|w| if step == 0.0 { 0.0 } else { round(w / step).clamp(low, high) * step }).collect()
}

/// What lies between two levels of a granule.
fn step(granule: &[f32], bits: i32, symmetric: bool) -> f32 {
    let least = granule.iter().copied().fold(0.0, f32::min);
    let greatest = granule.iter().copied().fold(0.0, f32::max);
    let codes = 2f32.powi(bits);
    if symmetric { greatest.max(-least) / (codes / 2.0 - 1.0) } else { (greatest - least) / (codes - 1.0) }
}

/// Normal weights, and some with heavy tails.
fn inputs() -> [Vec<f32>; 2] {
    let normal = data::normal(11, SHAPE[0] * SHAPE[1]);
    let heavy = normal.iter().map(|weight| weight.powi(3)).collect();
    [normal, heavy]
}

/// What is wrong with the right result once it is changed.
fn caught(claim: &Claim, right: &[f32], original: &[f32], change: impl Fn(&mut Vec<f32>)) -> String {
    assert_eq!(conforms(claim, original, right, SHAPE), Ok(()));
    let mut wrong = right.to_vec();
    change(&mut wrong);
    conforms(claim, original, &wrong, SHAPE).expect_err("the change goes unnoticed")
}

/// Each claim with its right result.
fn claims(original: &[f32]) -> Vec<(Claim, Vec<f32>)> {
    let columns = SHAPE[1];
    let mut claims = vec![(Claim::Absmean, absmean(original))];
    for (bits, symmetric) in [(2, true), (2, false), (3, true), (4, true), (4, false), (8, true), (8, false)] {
        for (granularity, span) in [(Granularity::Channel, columns), (Granularity::Group(16), 16)] {
            let claim = Claim::Uniform { bits, symmetric, granularity };
            claims.push((claim, uniform(original, columns, span, bits as i32, symmetric)));
        }
        let claim = Claim::Uniform { bits, symmetric, granularity: Granularity::Tensor };
        claims.push((claim, levels(original, bits as i32, symmetric, f32::round_ties_even)));
    }
    claims
}

#[test]
fn right_results_pass_and_wrong_ones_are_caught() {
    for original in inputs() {
        for (claim, right) in claims(&original) {
            let caught = |change: &dyn Fn(&mut Vec<f32>)| caught(&claim, &right, &original, change);
            let lost_negatives = caught(&|weights| weights.iter_mut().for_each(|weight| *weight = weight.max(0.0)));
            assert!(lost_negatives.contains("found 0"), "{lost_negatives}");
            caught(&|weights| weights.iter_mut().for_each(|weight| *weight = weight.abs()));
            caught(&|weights| weights.iter_mut().for_each(|weight| *weight *= 1.001));
            caught(&|weights| weights.iter_mut().for_each(|weight| *weight *= 0.5));
            caught(&|weights| weights[..2 * SHAPE[1]].rotate_left(SHAPE[1]));
            caught(&|weights| weights.rotate_right(1));
            caught(&|weights| weights.fill(0.0));
            caught(&|weights| weights.copy_from_slice(&original));
        }
    }
}

#[test]
fn rounding_down_is_caught() {
    for original in inputs() {
        for (bits, symmetric) in [(2, true), (4, true), (4, false), (8, false)] {
            let claim = Claim::Uniform { bits, symmetric, granularity: Granularity::Tensor };
            let floor = levels(&original, bits as i32, symmetric, f32::floor);
            assert!(conforms(&claim, &original, &floor, SHAPE).unwrap_err().contains("within half a step"));
        }
        let gamma = original.iter().map(|weight| weight.abs()).sum::<f32>() / original.len() as f32;
        let floor = original.iter().map(|weight| (weight / gamma).floor().clamp(-1.0, 1.0) * gamma);
        assert!(conforms(&Claim::Absmean, &original, &floor.collect::<Vec<_>>(), SHAPE).is_err());
    }
}

#[test]
fn a_clipped_maximum_is_caught_and_named() {
    let original = data::normal(11, SHAPE[0] * SHAPE[1]);
    let row = &original[..SHAPE[1]];
    let most = (0..SHAPE[1]).max_by(|&a, &b| row[a].abs().total_cmp(&row[b].abs())).unwrap();
    let right = uniform(&original, SHAPE[1], SHAPE[1], 4, true);
    let reason = caught(&INT4, &right, &original, |weights| weights[most] *= 6.0 / 7.0);
    assert!(reason.starts_with(&format!("weight {most} (row 0, column {most}) of {}", row[most])), "{reason}");
    assert!(reason.contains("expected a weight within half a step of 0."), "{reason}");
}

#[test]
fn one_level_too_many_is_caught() {
    // Δ = 1 from −0.5 to 2.5: the levels are −1 to 2 or 0 to 3, but not both −1 and 3.
    let claim = Claim::Uniform { bits: 2, symmetric: false, granularity: Granularity::Tensor };
    let original = [-0.5, 0.0, 1.0, 2.5];
    assert_eq!(conforms(&claim, &original, &[-1.0, 0.0, 1.0, 2.0], [1, 4]), Ok(()));
    assert_eq!(conforms(&claim, &original, &[0.0, 0.0, 1.0, 3.0], [1, 4]), Ok(()));
    let reason = conforms(&claim, &original, &[-1.0, 0.0, 1.0, 3.0], [1, 4]).unwrap_err();
    assert_eq!(
        reason,
        "weight 3 (row 0, column 3) of 2.5: expected a level no more than 3 steps of 1 from any other; found 3"
    );
}

#[test]
fn either_side_of_a_half_is_right_and_nothing_between() {
    // γ is 1.
    let original = [0.5, -0.5, 2.0, 1.0];
    for restored in [[0.0, 0.0, 1.0, 1.0], [1.0, -1.0, 1.0, 1.0], [1.0, 0.0, 1.0, 1.0]] {
        assert_eq!(conforms(&Claim::Absmean, &original, &restored, [1, 4]), Ok(()));
    }
    for restored in [[0.5, 0.0, 1.0, 1.0], [-1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 2.0, 1.0]] {
        assert!(conforms(&Claim::Absmean, &original, &restored, [1, 4]).is_err(), "{restored:?}");
    }
    // γ is 1 here too: so near to a half either side is right, and a little further away it is not.
    for restored in [[0.0, 1.0], [1.0, 1.0]] {
        assert_eq!(conforms(&Claim::Absmean, &[0.500_05, 1.499_95], &restored, [1, 2]), Ok(()));
    }
    assert!(conforms(&Claim::Absmean, &[0.501, 1.499], &[0.0, 1.0], [1, 2]).is_err());
}

#[test]
fn the_least_weights_have_a_gamma_that_is_hardly_right() {
    // γ is 5/3 of the least `f32`, and no `f32`: the nearest is 2, half of which a weight of 1 does not exceed.
    let least = f32::from_bits(1);
    let times = |factors: [f32; 3]| factors.map(|factor| factor * least);
    for restored in [[0.0, 2.0, -2.0], [2.0, 2.0, -2.0], [1.0, 1.0, -1.0]] {
        assert_eq!(conforms(&Claim::Absmean, &times([1.0, 2.0, -2.0]), &times(restored), [1, 3]), Ok(()));
    }
    assert!(conforms(&Claim::Absmean, &times([1.0, 2.0, -2.0]), &times([0.0, 3.0, -2.0]), [1, 3]).is_err());
}

#[test]
fn zeros_and_constants() {
    for (constant, restored) in [(0.0, 0.0), (0.3, 0.3), (-2.0, -2.0)] {
        let original = vec![constant; SHAPE[0] * SHAPE[1]];
        for (claim, right) in claims(&original) {
            assert_eq!(conforms(&claim, &original, &right, SHAPE), Ok(()), "{claim:?}");
            assert!(right.iter().all(|weight| (weight - restored).abs() < 1e-6));
            caught(&claim, &right, &original, |weights| weights[7] += 0.2);
        }
    }
}

#[test]
fn weights_that_are_not_finite_are_always_refused() {
    let claims = [Claim::Absmean, INT4, Claim::AtLeast { bits: 4.0, sqnr: -400.0 }];
    for claim in claims {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let reason = conforms(&claim, &[1.0; 4], &[1.0, 1.0, 1.0, bad], [2, 2]).unwrap_err();
            assert_eq!(reason, format!("weight 3 (row 1, column 1) of 1: expected a finite weight; found {bad}"));
            let reason = conforms(&claim, &[1.0, bad, 1.0, 1.0], &[1.0; 4], [2, 2]).unwrap_err();
            assert!(reason.starts_with("weight 1 (row 0, column 1) is"), "{reason}");
        }
    }
}

#[test]
fn lengths_and_claims_that_make_no_sense_are_refused() {
    let reason = |claim: &Claim, original: &[f32], restored: &[f32], shape| {
        conforms(claim, original, restored, shape).unwrap_err()
    };
    let found = reason(&Claim::Absmean, &[1.0; 6], &[1.0; 5], [2, 3]);
    assert_eq!(found, "expected 2 rows of 3 restored weights; found 5");
    assert!(reason(&Claim::Absmean, &[1.0; 5], &[1.0; 6], [2, 3]).contains("original"));
    assert!(reason(&Claim::Absmean, &[], &[], [usize::MAX, 2]).contains("found 0"));
    for (bits, granularity) in [(1, Granularity::Tensor), (9, Granularity::Tensor), (4, Granularity::Group(0))] {
        let claim = Claim::Uniform { bits, symmetric: true, granularity };
        assert!(reason(&claim, &[1.0], &[1.0], [1, 1]).starts_with("expected a claim of"));
    }
}

#[test]
fn nothing_conforms() {
    for shape in [[0, 0], [0, 3], [3, 0]] {
        for (claim, _) in claims(&[]) {
            assert_eq!(conforms(&claim, &[], &[], shape), Ok(()));
        }
    }
}

#[test]
fn a_ratio_below_the_claim_is_refused() {
    // The signal is 5, the noise 0.05: 20 dB.
    let (original, restored) = ([1.0, 2.0], [0.9, 2.2]);
    let claim = |sqnr| Claim::AtLeast { bits: 4.0, sqnr };
    assert_eq!(conforms(&claim(19.99), &original, &restored, [1, 2]), Ok(()));
    let reason = conforms(&claim(20.01), &original, &restored, [1, 2]).unwrap_err();
    assert!(reason.contains("20.01 dB or more; found 20.00 dB"), "{reason}");
}

proptest! {
    #[test]
    fn a_weight_that_is_off_by_a_step_is_found_wherever_it_is(
        seed in any::<u64>(),
        (rows, columns) in (1_usize..8, 1_usize..40),
        (bits, symmetric) in (2_i32..=8, any::<bool>()),
        place in any::<prop::sample::Index>(),
    ) {
        let original = data::normal(seed, rows * columns);
        let mut restored = uniform(&original, columns, columns, bits, symmetric);
        let claim = Claim::Uniform { bits: bits as u32, symmetric, granularity: Granularity::Channel };
        prop_assert_eq!(conforms(&claim, &original, &restored, [rows, columns]), Ok(()));

        let place = place.index(original.len());
        let row = &original[place / columns * columns..][..columns];
        // Away from the original: half a step to either side would be right too.
        restored[place] += step(row, bits, symmetric).copysign(restored[place] - original[place]);
        let reason = conforms(&claim, &original, &restored, [rows, columns]).unwrap_err();
        prop_assert!(reason.starts_with(&format!("weight {place} ")), "{}", reason);
    }

    #[test]
    fn a_ternary_weight_of_another_level_is_found(
        seed in any::<u64>(),
        (rows, columns) in (1_usize..8, 1_usize..40),
        place in any::<prop::sample::Index>(),
        other in 1..3,
    ) {
        let original = data::normal(seed, rows * columns);
        let gamma = original.iter().map(|weight| weight.abs()).sum::<f32>() / original.len() as f32;
        let mut restored = absmean(&original);
        prop_assert_eq!(conforms(&Claim::Absmean, &original, &restored, [rows, columns]), Ok(()));

        let place = place.index(original.len());
        prop_assume!(((original[place] / gamma).abs() - 0.5).abs() > 1e-3);
        let level = 1 + (restored[place] / gamma).round() as i32;
        restored[place] = ((level + other) % 3 - 1) as f32 * gamma;
        let reason = conforms(&Claim::Absmean, &original, &restored, [rows, columns]).unwrap_err();
        prop_assert!(reason.starts_with(&format!("weight {place} ")), "{}", reason);
    }
}
