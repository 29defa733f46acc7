//! Is the distribution lopsided?

use super::super::distribution::normal_two_sided;
use super::{ShapeTest, centred, testable};

/// Sample skewness, and D'Agostino's test that the samples come from a normal distribution's
/// symmetry.
///
/// The statistic is √b₁ = m₃ ∕ m₂^(3∕2) (no unit; above zero for a long tail to the right), with
/// mₖ = Σ(x − x̄)ᵏ ∕ n. The p-value, two-sided, comes from the transformation to normality of
/// D'Agostino, *Transformation to normality of the null distribution of g₁*, Biometrika 57 (1970),
/// which holds from eight samples on.
pub fn skewness(samples: &[f64]) -> Option<ShapeTest> {
    if !testable(samples) {
        return None;
    }
    let count = samples.len() as f64;
    let distances = centred(samples);
    let moment = |power| distances.iter().map(|distance| distance.powi(power)).sum::<f64>() / count;
    let statistic = moment(3) / moment(2).powf(1.5);
    let p_value = normal_two_sided(normal_score(statistic, count));
    Some(ShapeTest { statistic, p_value })
}

/// The z-score of a skewness among `n` normal samples.
fn normal_score(skewness: f64, n: f64) -> f64 {
    let standardised = skewness * ((n + 1.0) * (n + 3.0) / (6.0 * (n - 2.0))).sqrt();
    let kurtosis =
        3.0 * (n * n + 27.0 * n - 70.0) * (n + 1.0) * (n + 3.0) / ((n - 2.0) * (n + 5.0) * (n + 7.0) * (n + 9.0));
    let w_squared = (2.0 * (kurtosis - 1.0)).sqrt() - 1.0;
    let delta = 1.0 / (0.5 * w_squared.ln()).sqrt();
    let alpha = (2.0 / (w_squared - 1.0)).sqrt();
    delta * (standardised / alpha).asinh()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Statistics and p-values of `scipy.stats.skew` and `skewtest`, SciPy 1.17; the first three
    /// lists are the examples in SciPy's own documentation.
    #[test]
    fn agrees_with_scipy() {
        let long_tail = [2.1, 3.4, 1.9, 8.8, 2.7, 2.2, 3.0, 2.4, 5.9, 2.6, 2.3, 4.1];
        for (samples, statistic, p_value) in [
            (&[2.0, 8.0, 0.0, 4.0, 1.0, 9.0, 9.0, 0.0][..], 0.2650554122698573, 0.6554066631275459),
            (&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8000.0], 2.2677845680005277, 0.0003545719905823133),
            (&long_tail, 1.8071454640482068, 0.0028414551338163236),
        ] {
            let found = skewness(samples).unwrap();
            assert!((found.statistic - statistic).abs() < 1e-12, "{found:?}");
            assert!((found.p_value - p_value).abs() < 1e-9, "{found:?}");
        }
    }

    /// D'Agostino, Belanger & D'Agostino, *A suggestion for using powerful and informative tests of
    /// normality*, The American Statistician 44 (1990): 62 cholesterol values with √b₁ = 1.02 have
    /// Z = 3.14.
    #[test]
    fn agrees_with_the_published_example() {
        assert!((3.13..3.15).contains(&normal_score(1.02, 62.0)));
    }

    #[test]
    fn a_mirror_image_leans_the_other_way() {
        let samples = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 30.0];
        let mirrored = samples.map(|sample| -sample);
        let (found, mirrored) = (skewness(&samples).unwrap(), skewness(&mirrored).unwrap());
        assert_eq!(found.statistic, -mirrored.statistic);
        assert!((found.p_value - mirrored.p_value).abs() < 1e-12);
    }
}
