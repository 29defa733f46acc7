//! A share that was counted, with its interval.

use super::distribution::normal_quantile;
use super::estimate::Estimate;

/// The share of `count` in `of` trials, with an interval at `level`: the score interval of E. B. Wilson, *Probable
/// inference, the law of succession, and statistical inference*, JASA 22 (1927). It says something of none in a few,
/// too. `None` without trials.
pub fn proportion(count: usize, of: usize, level: f64) -> Option<Estimate> {
    if of == 0 || count > of {
        return None;
    }
    let (trials, share) = (of as f64, count as f64 / of as f64);
    let z = normal_quantile(0.5 + level / 2.0);
    let squared = z * z / trials;
    let middle = (share + squared / 2.0) / (1.0 + squared);
    let half = z * (share * (1.0 - share) / trials + squared / (4.0 * trials)).sqrt() / (1.0 + squared);
    let (lower, upper) = ((middle - half).max(0.0), (middle + half).min(1.0));
    Some(Estimate { value: share, lower: lower.min(share), upper: upper.max(share), level })
}

#[cfg(test)]
mod tests {
    use super::proportion;

    /// `statsmodels.stats.proportion.proportion_confint(count, nobs, 0.05, "wilson")`, and by hand: with none in n
    /// the upper end is z² ∕ (n + z²).
    #[test]
    fn agrees_with_the_formula_at_its_ends_and_in_the_middle() {
        let none = proportion(0, 60, 0.95).expect("there are trials");
        let squared = 1.959963984540054_f64.powi(2);
        assert!((none.value, none.lower) == (0.0, 0.0) && (none.upper - squared / (60.0 + squared)).abs() < 1e-9);
        let half = proportion(5, 10, 0.95).expect("there are trials");
        assert!((half.lower - 0.236593).abs() < 1e-5 && (half.upper - 0.763407).abs() < 1e-5, "{half:?}");
        let all = proportion(60, 60, 0.95).expect("there are trials");
        assert!((all.lower - (1.0 - none.upper)).abs() < 1e-12 && all.upper == 1.0);
        assert_eq!(proportion(0, 0, 0.95), None);
        assert_eq!(proportion(2, 1, 0.95), None);
    }
}
