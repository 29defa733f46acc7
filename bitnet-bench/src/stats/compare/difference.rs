//! The outcome of a comparison.

use super::super::distribution::{student_factor, student_two_sided};
use super::super::estimate::Estimate;

/// The standard normal distribution's 80 % point: the power at which a change counts as detectable.
const POWER_POINT: f64 = 0.8416212335729143;

/// A difference between two sets of figures, in the unit of the figures. Of logarithms it is the
/// logarithm of a ratio: [`Estimate::exponentiated`] gives the ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// The difference with its interval. Unbounded where the figures cannot bound it.
    pub estimate: Estimate,
    /// Its standard error; zero where the figures do not scatter.
    pub standard_error: f64,
    /// The degrees of freedom of the t statistic.
    pub degrees_of_freedom: f64,
    /// The two-sided probability of a difference at least as large where there is none.
    pub p_value: f64,
    /// The smallest true difference that a repetition of this measurement would find with a
    /// probability of 80 %, testing at 1 − level. Zero where figures do not scatter and are
    /// enough to tell, infinite where they are too few.
    pub detectable: f64,
}

impl Difference {
    /// From a difference whose ratio to its standard error (above zero) follows Student's t.
    ///
    /// The detectable difference inverts the normal approximation to the noncentral t, Abramowitz &
    /// Stegun 26.7.10: with t the critical value, (t·(1 − 1∕4ν) + z₀.₈·√(1 + t²∕2ν)) standard
    /// errors. Against the exact distribution its power is 80.0 to 81.3 % from 2 degrees on.
    pub(super) fn from_student(value: f64, standard_error: f64, freedom: f64, level: f64) -> Self {
        let factor = student_factor(level, freedom);
        let half = factor * standard_error;
        let noncentrality =
            factor * (1.0 - 0.25 / freedom) + POWER_POINT * (1.0 + factor * factor / (2.0 * freedom)).sqrt();
        Self {
            estimate: Estimate { value, lower: value - half, upper: value + half, level },
            standard_error,
            degrees_of_freedom: freedom,
            p_value: student_two_sided(value / standard_error, freedom),
            detectable: noncentrality * standard_error,
        }
    }

    /// From figures without scatter, for which t would be infinite or undefined.
    ///
    /// Such figures do occur (instruction counts, allocations), and then a difference is real, but
    /// no better proven than their number allows. So the probability is that of an exact test,
    /// `p_value`; and the interval is the point only where an exact test of so many figures,
    /// `attainable` at best, can reach the level. Else it is unbounded.
    pub(super) fn without_scatter(value: f64, p_value: f64, attainable: f64, freedom: f64, level: f64) -> Self {
        let reached = if value == 0.0 { attainable } else { p_value };
        // A hair of room, so that rounding does not decide whether 0.05 reaches 1 − 0.95.
        let told = reached <= (1.0 - level) * (1.0 + 1e-9);
        let unbounded = Estimate { value, lower: f64::NEG_INFINITY, upper: f64::INFINITY, level };
        let point = Estimate { value, lower: value, upper: value, level };
        Self {
            estimate: if told { point } else { unbounded },
            standard_error: 0.0,
            degrees_of_freedom: freedom,
            p_value,
            detectable: if told { 0.0 } else { f64::INFINITY },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SciPy 1.17: with this noncentrality `1 - nct.cdf(t.ppf(.975, df), df, nc)` is 0.8041 at 4
    /// degrees and 0.8009 at 9. The values themselves are from the formula, in Python.
    #[test]
    fn detectable_differences_have_the_power_promised() {
        for (freedom, noncentrality) in [(4.0, 3.782262873680625), (9.0, 3.153102299938288)] {
            let found = Difference::from_student(0.0, 2.0, freedom, 0.95);
            assert!((found.detectable - 2.0 * noncentrality).abs() < 1e-6, "{found:?}");
        }
    }

    #[test]
    fn without_scatter_the_number_of_figures_decides() {
        let told = Difference::without_scatter(1.0, 0.002, 0.002, 9.0, 0.95);
        assert_eq!((told.estimate.lower, told.estimate.upper, told.detectable), (1.0, 1.0, 0.0));
        let open = Difference::without_scatter(1.0, 0.1, 0.1, 2.0, 0.95);
        assert_eq!((open.estimate.upper, open.detectable), (f64::INFINITY, f64::INFINITY));
        let same = Difference::without_scatter(0.0, 1.0, 0.002, 9.0, 0.95);
        assert_eq!((same.estimate.lower, same.estimate.upper, same.p_value), (0.0, 0.0, 1.0));
        let edge = Difference::without_scatter(1.0, 0.05, 0.05, 9.0, 0.95);
        assert!(edge.estimate.is_bounded());
    }
}
