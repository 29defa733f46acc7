//! The distributions behind intervals and tests, asked in the form in which they are needed here.
//!
//! Degrees of freedom and probabilities come from this room's own code; where they are outside the
//! domain the answer is NaN rather than a panic.

use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Normal, StudentsT};

/// Student's t with `freedom` degrees of freedom (not necessarily whole): the value that is
/// exceeded with probability `1 − probability`.
pub(super) fn student_quantile(probability: f64, freedom: f64) -> f64 {
    match StudentsT::new(0.0, 1.0, freedom) {
        Ok(student) if (0.0..=1.0).contains(&probability) => student.inverse_cdf(probability),
        _ => f64::NAN,
    }
}

/// The factor on a standard error that gives a two-sided interval at `level`.
pub(super) fn student_factor(level: f64, freedom: f64) -> f64 {
    student_quantile(0.5 + level / 2.0, freedom)
}

/// The probability of |t| or more under Student's t with `freedom` degrees of freedom.
pub(super) fn student_two_sided(t: f64, freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |student| 2.0 * student.sf(t.abs()))
}

/// The probability of |z| or more under the standard normal distribution.
pub(super) fn normal_two_sided(z: f64) -> f64 {
    2.0 * Normal::standard().sf(z.abs())
}

/// The standard normal distribution: the value that is exceeded with probability `1 − probability`.
pub(super) fn normal_quantile(probability: f64) -> f64 {
    if (0.0..=1.0).contains(&probability) { Normal::standard().inverse_cdf(probability) } else { f64::NAN }
}

/// The number of standard deviations that a normal figure keeps within with the probability `level`.
#[cfg(feature = "history")]
pub(super) fn normal_factor(level: f64) -> f64 {
    Normal::standard().inverse_cdf(0.5 + level / 2.0)
}

/// The probability of at most `successes` heads in `tosses` tosses of a fair coin.
pub(super) fn coin_at_most(successes: u64, tosses: u64) -> f64 {
    Binomial::new(0.5, tosses).map_or(f64::NAN, |coin| coin.cdf(successes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two-sided 95 % and 99 % points from the t table of the NIST/SEMATECH e-Handbook, 1.3.6.7.2.
    #[test]
    fn student_agrees_with_the_printed_table() {
        for (level, freedom, printed) in [
            (0.95, 1.0, 12.706),
            (0.95, 4.0, 2.776),
            (0.95, 9.0, 2.262),
            (0.95, 19.0, 2.093),
            (0.99, 4.0, 4.604),
            (0.99, 7.0, 3.499),
            (0.99, 100.0, 2.626),
        ] {
            let found = student_factor(level, freedom);
            assert!((found - printed).abs() < 5.1e-4, "t({level}, {freedom}) = {found}");
        }
    }

    /// `scipy.stats.t.ppf(.975, 5.32)` and friends, SciPy 1.17.
    #[test]
    fn student_takes_fractional_freedom() {
        assert!((student_quantile(0.975, 5.32) - 2.5247641186391028).abs() < 1e-9);
        assert!((student_quantile(0.8, 9.0) - 0.8834038596855346).abs() < 1e-9);
        let p = student_two_sided(student_quantile(0.975, 5.32), 5.32);
        assert!((p - 0.05).abs() < 1e-9);
    }

    #[test]
    fn tails_are_two_sided() {
        assert!((normal_two_sided(1.959963984540054) - 0.05).abs() < 1e-10);
        assert_eq!(normal_two_sided(1.3), normal_two_sided(-1.3));
        assert!((coin_at_most(1, 4) - 5.0 / 16.0).abs() < 1e-12);
    }

    #[test]
    fn outside_the_domain_is_nan() {
        assert!(student_quantile(0.975, 0.0).is_nan());
        assert!(student_quantile(1.5, 3.0).is_nan());
        assert!(student_two_sided(1.0, f64::NAN).is_nan());
    }
}
