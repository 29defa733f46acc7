//! Does a sample resemble the one before it?

use super::super::distribution::normal_two_sided;
use super::{ShapeTest, centred, testable};

/// The lag-1 autocorrelation of samples in the order in which they were taken, and the test that
/// it is zero.
///
/// The statistic is r = Σ(xᵢ − x̄)(xᵢ₊₁ − x̄) ∕ Σ(xᵢ − x̄)² (no unit, −1 to 1). The p-value is
/// two-sided, with the mean −1∕n and the variance (n − 2)² ∕ (n²(n − 1)) that r has among
/// independent normal samples (Moran, *Some theorems on time series II*, Biometrika 35, 1948).
pub fn lag_one_autocorrelation(samples: &[f64]) -> Option<ShapeTest> {
    if !testable(samples) {
        return None;
    }
    let distances = centred(samples);
    let products: f64 = distances.windows(2).map(|pair| pair[0] * pair[1]).sum();
    let squares: f64 = distances.iter().map(|distance| distance * distance).sum();
    let statistic = products / squares;
    let count = samples.len() as f64;
    let deviation = (count - 2.0) / (count * (count - 1.0).sqrt());
    let p_value = normal_two_sided((statistic + 1.0 / count) / deviation);
    Some(ShapeTest { statistic, p_value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::simulation::Source;

    /// `(c[1:] * c[:-1]).sum() / (c * c).sum()` in NumPy.
    #[test]
    fn agrees_with_numpy() {
        let samples = [2.1, 3.4, 1.9, 8.8, 2.7, 2.2, 3.0, 2.4, 5.9, 2.6, 2.3, 4.1];
        let found = lag_one_autocorrelation(&samples).unwrap();
        assert!((found.statistic + 0.326536312849162).abs() < 1e-12, "{found:?}");
    }

    fn alarms(samples: usize, memory: f64, repetitions: usize) -> f64 {
        let mut source = Source::new(11);
        let mut alarms = 0;
        for _ in 0..repetitions {
            let series = source.autoregression(samples, memory);
            alarms += usize::from(lag_one_autocorrelation(&series).unwrap().p_value < 0.05);
        }
        alarms as f64 / repetitions as f64
    }

    #[test]
    fn statistics_of_false_alarms_and_power() {
        for samples in [8, 30, 100] {
            let rate = alarms(samples, 0.0, 2000);
            assert!((0.03..0.07).contains(&rate), "{rate} of {samples} independent samples");
        }
        assert!(alarms(50, 0.5, 200) > 0.8);
    }

    #[test]
    fn a_drift_is_positive_and_a_seesaw_negative() {
        let drift: Vec<f64> = (0..20).map(f64::from).collect();
        let seesaw: Vec<f64> = (0..20).map(|index| f64::from(index % 2)).collect();
        let (drift, seesaw) = (lag_one_autocorrelation(&drift), lag_one_autocorrelation(&seesaw));
        assert!(drift.is_some_and(|test| test.statistic > 0.8 && test.p_value < 0.001));
        assert!(seesaw.is_some_and(|test| test.statistic < -0.9 && test.p_value < 0.001));
    }
}
