use super::*;
use crate::stats::simulation::Source;

fn assert_close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-8 * expected.abs().max(1e-3), "{found} is not {expected}");
}

/// The data of Yuen (1974), as quoted in the documentation of `scipy.stats.ttest_ind`, where
/// `trim=.2, equal_var=False` gives t = 4.5916, p = 0.009990 (SciPy 1.17): one of seven is cut on
/// one side, none of three on the other.
#[test]
fn agrees_with_scipy_on_yuen_s_example() {
    let a = [56.0, 128.6, 12.0, 123.8, 64.34, 78.0, 763.3];
    let found = yuen_welch(&a, &[1.1, 2.9, 4.2], 0.95).unwrap();
    assert_close(found.estimate.value, 87.41466666666666);
    assert_close(found.estimate.value / found.standard_error, 4.591598691181999);
    assert_close(found.degrees_of_freedom, 4.017849270599219);
    assert_close(found.p_value, 0.009989092520784214);
    assert_close(found.estimate.lower, 34.6492990977429);
    assert_close(found.estimate.upper, 140.18003423559043);
}

const A: [f64; 10] = [1.00, 1.02, 0.99, 1.01, 1.03, 0.98, 1.00, 1.04, 1.01, 1.50];
const B: [f64; 10] = [1.05, 1.07, 1.02, 1.06, 1.09, 1.04, 1.05, 1.08, 1.06, 1.07];

/// `scipy.stats.ttest_ind(A, B, equal_var=False, trim=.2)`, and without `trim` on five and four.
#[test]
fn agrees_with_scipy_on_ten_launches_and_on_few() {
    let found = yuen_welch(&A, &B, 0.99).unwrap();
    assert_close(found.p_value, 0.00043970669419016596);
    assert_close(found.degrees_of_freedom, 8.985025215803967);
    assert_close(found.estimate.lower, -0.07747353159219968);
    assert_close(found.estimate.upper, -0.019193135074467887);
    let found = yuen_welch(&A[..5], &B[..4], 0.95).unwrap();
    assert_close(found.p_value, 0.02440594286473939);
    assert_close(found.degrees_of_freedom, 5.381165919282511);
}

/// From NumPy and SciPy 1.17: `trim_mean`, `mstats.winsorize`, and `t.ppf` and `t.sf` with 4.2, 3.543 and 4 degrees.
#[test]
fn agrees_with_scipy_on_pairs() {
    let all = [0.031, 0.018, 0.025, -0.004, 0.027, 0.022, 0.4, 0.019, 0.021, 0.024];
    for (count, value, standard_error, lower, p_value) in [
        (10, 0.023, 0.0018797162906495578, 0.017877636410138367, 1.9243072603806083e-04),
        (7, 0.0246, 0.003014251861692099, 0.015787523537682934, 0.00202859608618657),
        (5, 0.0194, 0.006217716622683925, 0.002136851117442263, 0.03552262676686587),
    ] {
        let found = yuen_paired(&all[..count], 0.95).unwrap();
        assert_close(found.estimate.value, value);
        assert_close(found.standard_error, standard_error);
        assert_close(found.estimate.lower, lower);
        assert!((found.p_value - p_value).abs() < 1e-9, "{found:?}");
    }
}

#[test]
fn few_figures_are_not_trimmed() {
    let cuts = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 14, 15, 20].map(cut);
    assert_eq!(cuts, [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4]);
}

#[test]
fn swapping_the_sides_changes_the_sign_only() {
    let (one, other) = (yuen_welch(&A, &B, 0.95).unwrap(), yuen_welch(&B, &A, 0.95).unwrap());
    assert_eq!(one.estimate.value, -other.estimate.value);
    assert_eq!(one.p_value, other.p_value);
    assert_eq!(one.estimate, other.estimate.scaled(-1.0));
}

#[test]
fn equal_figures_are_no_evidence() {
    for count in [2, 3, 10] {
        let figures = vec![0.3; count];
        assert_eq!(yuen_welch(&figures, &figures, 0.95).unwrap().p_value, 1.0);
        assert_eq!(yuen_paired(&vec![0.0; count], 0.95).unwrap().p_value, 1.0);
    }
}

/// Without scatter the p-value is that of an exact test, so three launches never prove anything.
#[test]
fn a_difference_without_scatter_is_as_certain_as_its_number_allows() {
    let (three, ten) = (yuen_paired(&[0.1; 3], 0.95).unwrap(), yuen_paired(&[0.1; 10], 0.99).unwrap());
    assert_close(three.p_value, 0.25);
    assert_eq!(three.estimate.upper, f64::INFINITY);
    assert_close(ten.p_value, 2.0 / 1024.0);
    assert_eq!((ten.estimate.lower, ten.estimate.upper), (0.1, 0.1));
    let few = yuen_welch(&[0.1; 3], &[0.2; 3], 0.95).unwrap();
    assert_close(few.p_value, 0.1);
    assert_eq!(few.detectable, f64::INFINITY);
    let many = yuen_welch(&[0.1; 10], &[0.2; 10], 0.99).unwrap();
    assert_close(many.p_value * 1e5, 2e5 / 184_756.0);
    assert_eq!((many.estimate.value, many.estimate.upper), (-0.1, -0.1));
}

/// The trimmed ends count in the exact test, although they do not count in the scatter.
#[test]
fn a_trimmed_exception_weakens_the_exact_test() {
    let mut differences = [0.1; 10];
    differences[3] = -0.5;
    let found = yuen_paired(&differences, 0.95).unwrap();
    assert_eq!((found.estimate.value, found.standard_error), (0.1, 0.0));
    assert_close(found.p_value, 2.0 * 11.0 / 1024.0);
}

#[test]
fn scatter_on_one_side_suffices() {
    let found = yuen_welch(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0], 0.95).unwrap();
    assert_close(found.degrees_of_freedom, 2.0);
    assert_close(found.standard_error, (1.0_f64 / 3.0).sqrt());
}

#[test]
fn too_few_or_not_finite_is_none() {
    assert_eq!(yuen_paired(&[], 0.95), None);
    assert_eq!(yuen_paired(&[1.0], 0.95), None);
    assert_eq!(yuen_paired(&[1.0, f64::INFINITY, 2.0], 0.95), None);
    assert_eq!(yuen_welch(&[1.0], &[1.0, 2.0], 0.95), None);
    assert_eq!(yuen_welch(&[1.0, 2.0], &[1.0, f64::NAN], 0.95), None);
}

/// Rates at which ten pairs are called different at p < 0.01: with a true difference of `shift`
/// standard deviations, one pair in ten disturbed by ten deviations either way if `disturbed`.
fn rate(shift: f64, disturbed: bool, seed: u64) -> f64 {
    let mut source = Source::new(seed);
    let repetitions = 3000;
    let found = (0..repetitions).filter(|_| {
        let mut draw = || source.normal() * if disturbed && source.uniform() < 0.1 { 10.0 } else { 1.0 };
        let pairs: Vec<f64> = (0..10).map(|_| shift + draw()).collect();
        yuen_paired(&pairs, 0.99).is_some_and(|difference| difference.p_value < 0.01)
    });
    found.count() as f64 / f64::from(repetitions)
}

#[test]
fn statistics_of_false_alarms_and_power() {
    let (quiet, disturbed) = (rate(0.0, false, 31), rate(0.0, true, 32));
    assert!((0.004..0.02).contains(&quiet), "{quiet} false alarms");
    assert!(disturbed < 0.02, "{disturbed} false alarms with disturbed launches");
    let (quiet, disturbed) = (rate(2.0, false, 33), rate(2.0, true, 34));
    assert!(quiet > 0.8, "power {quiet}");
    assert!(disturbed > 0.67, "power {disturbed} with disturbed launches");
}

/// A look at hundreds of cases asks for p of 1e-4 and less. With h − 1 degrees of freedom 370 are found where 200 are
/// due.
#[test]
fn statistics_of_the_far_tail() {
    let mut source = Source::new(36);
    let found = (0..400_000).filter(|_| {
        let pairs: [f64; 10] = std::array::from_fn(|_| source.normal());
        yuen_paired(&pairs, 0.99).is_some_and(|difference| difference.p_value < 5e-4)
    });
    let found = found.count();
    assert!((100..250).contains(&found), "{found} where 200 are due");
}

/// A change of the size called detectable is found in about four of five repetitions.
#[test]
fn statistics_of_the_detectable_difference() {
    let mut source = Source::new(35);
    let (mut found, mut detectable) = (0, 0.0);
    let repetitions = 3000;
    // The mean detectable difference of five standard-normal pairs; t has four degrees, and the
    // mean of the standard deviation falls short of one by the factor 0.94.
    let shift = 3.782262873680625 / 5.0_f64.sqrt();
    for _ in 0..repetitions {
        let pairs: Vec<f64> = (0..5).map(|_| shift + source.normal()).collect();
        let difference = yuen_paired(&pairs, 0.95).unwrap();
        found += usize::from(difference.p_value < 0.05);
        detectable += difference.detectable;
    }
    let (power, detectable) = (found as f64 / 3000.0, detectable / 3000.0);
    assert!((0.77..0.84).contains(&power), "power {power}");
    assert!((detectable / shift - 0.94).abs() < 0.02, "{detectable} against {shift}");
}
