//! The shape of a launch's samples: is it lopsided, has it several peaks, does it remember?
//!
//! Each test says what an eye would see in the plot, with a p-value, so that the report can warn
//! of a figure that does not describe its samples. Samples are finite, in any unit. `None` means
//! that the test cannot be made: too few samples, all equal, or one not finite.

mod autocorrelation;
mod dip;
mod dip_table;
mod skewness;

pub use autocorrelation::lag_one_autocorrelation;
pub use dip::dip;
pub use skewness::skewness;

/// The outcome of a test of one property of the samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapeTest {
    /// The measured property; each test says which.
    pub statistic: f64,
    /// The probability of a statistic at least as extreme where the property is absent.
    pub p_value: f64,
}

/// The fewest samples with which any of the tests is made: below eight, neither normal theory nor
/// the table of the dip holds.
const FEWEST_SAMPLES: usize = 8;

/// Whether a test of these samples can say anything.
fn testable(samples: &[f64]) -> bool {
    samples.len() >= FEWEST_SAMPLES
        && samples.iter().all(|sample| sample.is_finite())
        && samples.iter().any(|sample| *sample != samples[0])
}

/// The samples' distances from their mean, in units of the largest, so that no power overflows.
fn centred(samples: &[f64]) -> Vec<f64> {
    let mean = samples.iter().sum::<f64>() / samples.len() as f64;
    let largest = samples.iter().map(|sample| (sample - mean).abs()).fold(0.0, f64::max);
    samples.iter().map(|sample| (sample - mean) / largest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_tested_gives_nothing() {
        let mut broken = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, f64::NAN];
        for test in [skewness, dip, lag_one_autocorrelation] {
            assert_eq!(test(&[]), None);
            assert_eq!(test(&[1.0, 2.0, 4.0]), None);
            assert_eq!(test(&[3.3; 50]), None);
            assert_eq!(test(&broken), None);
        }
        broken[7] = 9.0;
        for test in [skewness, dip, lag_one_autocorrelation] {
            assert!(test(&broken).is_some());
        }
    }

    /// Neither the unit nor an offset changes a shape.
    #[test]
    fn the_unit_does_not_matter() {
        let samples: Vec<f64> = (0..60).map(|index| f64::from(index * index % 61)).collect();
        for test in [skewness, dip, lag_one_autocorrelation] {
            let plain = test(&samples).unwrap();
            for factor in [1e-200, 1e200] {
                let scaled: Vec<f64> = samples.iter().map(|sample| sample * factor).collect();
                let scaled = test(&scaled).unwrap();
                assert!((plain.statistic - scaled.statistic).abs() < 1e-9);
                assert!((plain.p_value - scaled.p_value).abs() < 1e-9);
            }
        }
    }
}
