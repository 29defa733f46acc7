//! Checks of the generators against values from an independent program and against the distributions they name.

use super::*;

const MANY: usize = 1 << 20;

/// Mean, standard deviation and kurtosis.
fn moments(values: &[f32]) -> [f64; 3] {
    let mean_of = |power: i32, centre: f64| {
        values.iter().map(|&value| (f64::from(value) - centre).powi(power)).sum::<f64>() / values.len() as f64
    };
    let mean = mean_of(1, 0.0);
    let variance = mean_of(2, mean);
    [mean, variance.sqrt(), mean_of(4, mean) / variance.powi(2)]
}

fn close(found: [f64; 3], expected: [f64; 3]) {
    for (found, expected) in found.into_iter().zip(expected) {
        assert!((found - expected).abs() < 0.01, "{found} is not {expected}");
    }
}

#[test]
fn a_seed_names_the_same_values_everywhere() {
    // From an independent program that follows the definitions above.
    assert_eq!(words(2).next(), 0xD5ED_BD62_776C_9874);
    assert_eq!(normal(1, 4), [-47_440, -43_529, 35_625, 28_653].map(|sum| sum as f32 * 1.868_812_4e-5));
    assert_eq!(uniform(1, 4), [6_816_159, -6_992_807, 2_041_882, -2_959_252].map(|step| step as f32 / 8_388_608.0));
    assert_eq!(ternary(1, 8), [-1, -1, 0, 0, 0, 0, 0, 0]);
    assert_eq!(int8(1, 8), [36, 55, -97, 104, -125, 112, 89, -107]);
    assert_eq!(heavy_tailed(1, 4), [0.194_029_88, -1.069_981, 0.946_352_1, -0.252_828_84]);
    let weights = [-1.008_771_1, -0.925_606_97, 1.760_610_5, 1.416_049_7, 0.148_165_2, 0.832_061_77];
    assert_eq!(real_like_weights(1, [3, 2]), weights);
    let activations = [-1.008_771_1, -41.456_398, 0.779_442_55, 0.609_281_54, 6.449_556_4, 0.832_061_77];
    assert_eq!(real_like_activations(1, [2, 3]), activations);
}

#[test]
fn a_longer_sequence_begins_with_the_shorter() {
    assert_eq!(normal(9, 100)[..37], normal(9, 37));
    assert_eq!(ternary(9, 100)[..37], ternary(9, 37));
    assert_eq!(heavy_tailed(9, 100)[..37], heavy_tailed(9, 37));
    assert_eq!(real_like_activations(9, [9, 100])[..300], real_like_activations(9, [3, 100]));
    assert!(normal(9, 0).is_empty() && int8(9, 0).is_empty() && heavy_tailed(9, 0).is_empty());
    for shape in [[0, 0], [0, 7], [7, 0]] {
        assert!(real_like_weights(9, shape).is_empty() && real_like_activations(9, shape).is_empty());
    }
}

#[test]
fn seeds_give_different_data() {
    let (a, b) = (normal(1, MANY), normal(2, MANY));
    let correlation = a.iter().zip(&b).map(|(a, b)| f64::from(a * b)).sum::<f64>() / MANY as f64;
    assert!(correlation.abs() < 0.01, "{correlation}");
}

#[test]
fn normal_has_the_moments_it_claims() {
    close(moments(&normal(4, MANY)), [0.0, 1.0, 2.85]);
}

#[test]
fn normal_has_the_tails_of_a_normal_distribution() {
    let values = normal(5, MANY);
    for (limit, share) in [(0.5, 0.3829), (1.0, 0.6827), (2.0, 0.9545), (3.0, 0.9973)] {
        let within = values.iter().filter(|value| value.abs() < limit).count() as f64 / MANY as f64;
        assert!((within - share).abs() < 0.008, "{within} of the values are within {limit}, not {share}");
    }
}

#[test]
fn uniform_has_the_moments_of_a_uniform_distribution() {
    let values = uniform(6, MANY);
    assert!(values.iter().all(|value| (-1.0..1.0).contains(value)));
    close(moments(&values), [0.0, 1.0 / 3f64.sqrt(), 1.8]);
}

#[test]
fn integers_are_spread_evenly() {
    for (values, kinds) in [(ternary(7, MANY), 3), (int8(8, MANY), 256)] {
        let mut counts = [0_usize; 256];
        for value in values {
            counts[usize::from(value as u8)] += 1;
        }
        let expected = (MANY / kinds) as f64;
        let seen: Vec<_> = counts.into_iter().filter(|&count| count > 0).collect();
        assert_eq!(seen.len(), kinds);
        assert!(seen.iter().all(|&count| (count as f64 - expected).abs() < 6.0 * expected.sqrt()), "{seen:?}");
    }
}

/// P(|t| ≤ limit · √2) for Student's t with 4 degrees of freedom, from its distribution function
/// F(t) = 1/2 + 3/8 · t/√(1 + t²/4) · (1 − 1/12 · t²/(1 + t²/4)).
fn student_within(limit: f64) -> f64 {
    let square = 2.0 * limit * limit;
    let ratio = square / (1.0 + square / 4.0);
    0.75 * ratio.sqrt() * (1.0 - ratio / 12.0)
}

#[test]
fn heavy_tailed_is_student_s_t_from_its_centre_to_its_tails() {
    let values = heavy_tailed(10, MANY);
    let [mean, deviation, _] = moments(&values);
    // The sample's variance converges slowly: the fourth moment is infinite.
    assert!(mean.abs() < 0.005 && (deviation - 1.0).abs() < 0.02, "{mean} {deviation}");
    for limit in [0.01, 0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0] {
        let expected = MANY as f64 * (1.0 - student_within(limit));
        let found = values.iter().filter(|value| f64::from(value.abs()) > limit).count() as f64;
        assert!((found - expected).abs() < 5.0 * expected.sqrt(), "{found} beyond {limit}, not {expected}");
        let positive = values.iter().filter(|&&value| f64::from(value) > limit).count() as f64;
        assert!(
            (2.0 * positive - found).abs() < 5.0 * found.sqrt(),
            "{positive} of {found} beyond {limit} are positive"
        );
    }
}

/// The root mean square of each column of a matrix.
fn columns_rms(values: &[f32], columns: usize) -> Vec<f64> {
    let mut squares = vec![0.0; columns];
    for row in values.chunks(columns) {
        squares.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value).powi(2));
    }
    squares.into_iter().map(|sum| (sum / (values.len() / columns) as f64).sqrt()).collect()
}

/// The channels that are outliers, of whose factors `least` is the least, and that the others keep to their range.
fn outliers(rms: &[f64], least: f64) -> Vec<usize> {
    // The scales of 3/5 to 5/3, and the scatter of a root mean square of 4096 values.
    let (low, high) = (0.6 * 0.95, 5.0 / 3.0 * 1.05);
    let (outliers, others): (Vec<_>, Vec<_>) = rms.iter().copied().enumerate().partition(|&(_, rms)| rms > high);
    assert!(others.iter().all(|&(_, rms)| rms > low), "{others:?}");
    assert!(outliers.iter().all(|&(_, rms)| rms > low * least), "{outliers:?}");
    outliers.into_iter().map(|(channel, _)| channel).collect()
}

#[test]
fn real_like_activations_have_the_same_outlier_columns_in_every_token() {
    let (tokens, columns) = (4096, 1030);
    let values = real_like_activations(11, [tokens, columns]);
    let rms = columns_rms(&values, columns);
    let found = outliers(&rms, 20.0);
    // One of each 512 columns, and one of the 6 that are left.
    assert_eq!(found.iter().map(|column| column / 512).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(found.iter().all(|&column| rms[column] < 100.0 * 5.0 / 3.0 * 1.05));
    let half = values.len() / 2;
    for part in [&values[..half], &values[half..]] {
        assert_eq!(outliers(&columns_rms(part, columns), 20.0), found);
    }
    let elsewhere = real_like_activations(12, [tokens, columns]);
    assert_ne!(outliers(&columns_rms(&elsewhere, columns), 20.0), found);
}

#[test]
fn real_like_weights_are_normal_rows_of_different_scales() {
    let (rows, columns) = (700, 4096);
    let values = real_like_weights(13, [rows, columns]);
    let rms: Vec<f64> = values.chunks(columns).map(|row| moments(row)[1]).collect();
    let (mut greater, mut sorted) = ([0; 3], rms.clone());
    rms.iter().enumerate().filter(|&(_, &rms)| rms > 1.75).for_each(|(row, _)| greater[row / 256] += 1);
    assert!(greater.iter().all(|&count| count <= 1), "{greater:?}");
    assert!(rms.iter().all(|&rms| (0.57..4.0 * 5.0 / 3.0 * 1.05).contains(&rms)));
    sorted.sort_by(f64::total_cmp);
    // The scale (1 + a) / (1 − a) at a = −0.2, 0 and 0.2, which 1, 5 and 9 tenths of the rows are below.
    for (tenths, scale) in [(1, 2.0 / 3.0), (5, 1.0), (9, 1.5)] {
        let found = sorted[rows * tenths / 10];
        assert!((found / scale - 1.0).abs() < 0.08, "{found} is not {scale}");
    }
    for row in values.chunks(columns).step_by(50) {
        let [_, _, kurtosis] = moments(row);
        assert!((kurtosis - 2.85).abs() < 0.5, "{kurtosis}");
    }
}

#[test]
fn every_256_rows_and_the_rest_have_an_outlier() {
    // The only row of the second part: 2 times 3/5 at least, less the scatter of 512 values.
    for seed in 0..20 {
        let values = real_like_weights(seed, [257, 512]);
        let [_, deviation, _] = moments(&values[256 * 512..]);
        assert!(deviation > 1.2 * 0.9, "seed {seed}: {deviation}");
    }
}

#[test]
fn scales_have_the_second_moment_of_their_definition() {
    // E s² = 2 ∫ ((1 + a) / (1 − a))² da over ±1/4 = 8 (4/3 − 4/5) − 8 ln(5/3) + 1, and one row in 256 is greater by
    // a factor f with E f² = 28/3.
    let expected = (8.0 * (4.0 / 3.0 - 0.8) - 8.0 * (5.0_f64 / 3.0).ln() + 1.0) * (255.0 + 28.0 / 3.0) / 256.0;
    let [_, deviation, _] = moments(&real_like_weights(14, [MANY / 16, 16]));
    assert!((deviation - expected.sqrt()).abs() < 0.01, "{deviation} is not {}", expected.sqrt());
}

#[test]
fn a_distribution_is_its_generator() {
    let shape = [5, 60];
    assert_eq!(Distribution::Normal.generate(3, shape), normal(3, 300));
    assert_eq!(Distribution::Uniform.generate_activations(3, shape), uniform(3, 300));
    assert_eq!(Distribution::HeavyTailed.generate(3, shape), heavy_tailed(3, 300));
    assert_eq!(Distribution::RealLike.generate(3, shape), real_like_weights(3, shape));
    assert_eq!(Distribution::RealLike.generate_activations(3, shape), real_like_activations(3, shape));
    assert_eq!(format!("{:?}", Distribution::ALL), "[Uniform, Normal, HeavyTailed, RealLike]");
}
