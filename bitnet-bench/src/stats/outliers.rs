//! Samples that lie far from the rest: Tukey's fences (J. W. Tukey, *Exploratory Data Analysis*,
//! 1977, chapter 2).
//!
//! The fences say which samples are unusual, not which are wrong: an interrupt is real, too. So
//! outliers are always counted, and left out only where the configuration says so.

use super::descriptive::{quantile_of_sorted, sorted};

/// How many interquartile ranges beyond the quartiles the mild fences stand.
const MILD: f64 = 1.5;
/// How many interquartile ranges beyond the quartiles the severe fences stand.
const SEVERE: f64 = 3.0;

/// The four fences around a list of samples, in the unit of the samples. A sample that lies
/// exactly on a fence is inside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fences {
    /// Below this a sample is severely low: Q1 − 3·IQR.
    pub low_severe: f64,
    /// Below this a sample is at least mildly low: Q1 − 1.5·IQR.
    pub low_mild: f64,
    /// Above this a sample is at least mildly high: Q3 + 1.5·IQR.
    pub high_mild: f64,
    /// Above this a sample is severely high: Q3 + 3·IQR.
    pub high_severe: f64,
}

/// How many samples lie outside the fences; each sample is counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutlierCounts {
    /// Below the severe low fence.
    pub low_severe: usize,
    /// Between the two low fences.
    pub low_mild: usize,
    /// Between the two high fences.
    pub high_mild: usize,
    /// Above the severe high fence.
    pub high_severe: usize,
}

impl OutlierCounts {
    /// All outliers together.
    pub fn total(&self) -> usize {
        self.low_severe + self.low_mild + self.high_mild + self.high_severe
    }
}

impl Fences {
    /// The fences of `samples`, with quartiles of Hyndman & Fan's type 7; `None` without samples.
    ///
    /// Where half of the samples or more are equal (a coarse clock), the range is zero, all fences
    /// stand on that value, and every other sample is severe. That is Tukey's rule taken at its
    /// word: a caller that knows the clock's resolution should take longer samples.
    pub fn of(samples: &[f64]) -> Option<Self> {
        let sorted = sorted(samples);
        let first = quantile_of_sorted(&sorted, 0.25)?;
        let third = quantile_of_sorted(&sorted, 0.75)?;
        let range = third - first;
        Some(Self {
            low_severe: first - SEVERE * range,
            low_mild: first - MILD * range,
            high_mild: third + MILD * range,
            high_severe: third + SEVERE * range,
        })
    }

    /// Counts the samples that lie outside.
    pub fn count(&self, samples: &[f64]) -> OutlierCounts {
        let mut counts = OutlierCounts::default();
        for &sample in samples {
            if sample < self.low_severe {
                counts.low_severe += 1;
            } else if sample < self.low_mild {
                counts.low_mild += 1;
            } else if sample > self.high_severe {
                counts.high_severe += 1;
            } else if sample > self.high_mild {
                counts.high_mild += 1;
            }
        }
        counts
    }

    /// The samples without any outlier, in their order.
    pub fn without_mild(&self, samples: &[f64]) -> Vec<f64> {
        between(samples, self.low_mild, self.high_mild)
    }

    /// The samples without severe outliers, in their order; mild ones stay.
    pub fn without_severe(&self, samples: &[f64]) -> Vec<f64> {
        between(samples, self.low_severe, self.high_severe)
    }
}

fn between(samples: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut between = samples.to_vec();
    between.retain(|sample| (low..=high).contains(sample));
    between
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quartiles 10 and 14 by hand, so the fences are −2, 4, 20 and 26.
    const SAMPLES: [f64; 9] = [-3.0, 4.0, 10.0, 11.0, 12.0, 13.0, 14.0, 26.0, 26.5];

    #[test]
    fn fences_stand_where_tukey_puts_them() {
        let fences = Fences::of(&SAMPLES).unwrap();
        let expected = Fences { low_severe: -2.0, low_mild: 4.0, high_mild: 20.0, high_severe: 26.0 };
        assert_eq!(fences, expected);
    }

    #[test]
    fn each_outlier_is_counted_once_and_a_fence_is_inside() {
        let counts = Fences::of(&SAMPLES).unwrap().count(&SAMPLES);
        let expected = OutlierCounts { low_severe: 1, low_mild: 0, high_mild: 1, high_severe: 1 };
        assert_eq!(counts, expected);
        assert_eq!(counts.total(), 3);
        assert_eq!(Fences::of(&SAMPLES).unwrap().count(&[3.9]).low_mild, 1);
    }

    #[test]
    fn filters_keep_the_order() {
        let fences = Fences::of(&SAMPLES).unwrap();
        assert_eq!(fences.without_severe(&SAMPLES), SAMPLES[1..8]);
        assert_eq!(fences.without_mild(&SAMPLES), SAMPLES[1..7]);
        assert_eq!(fences.without_mild(&[14.0, 10.0, 99.0, 12.0]), [14.0, 10.0, 12.0]);
    }

    #[test]
    fn constants_and_nothing_have_no_outliers() {
        assert_eq!(Fences::of(&[]), None);
        let fences = Fences::of(&[7.0; 5]).unwrap();
        assert_eq!(fences.count(&[7.0; 5]).total(), 0);
        assert_eq!(fences.without_mild(&[7.0; 5]).len(), 5);
        assert_eq!(fences.count(&[7.1]).high_severe, 1);
    }
}
