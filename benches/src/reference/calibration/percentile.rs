//! Clipping a share of the values.

use super::histogram::Histogram;
use crate::subject::Calibrator;

/// Clips at the magnitude that a given percentage of all values does not exceed, by nearest rank.
///
/// It is found to the bin: at least so many values are no greater than the clip, and the clip is above the exact
/// percentile by no more than 1/4096 of the greatest magnitude.
#[derive(Clone, Debug)]
pub struct Percentile {
    percent: f64,
    magnitudes: Histogram<8192>,
}

impl Percentile {
    /// For `percent` of the values, such as 99.9.
    ///
    /// # Panics
    ///
    /// When `percent` is not above 0 and at most 100.
    pub fn new(percent: f64) -> Self {
        assert!(percent > 0.0 && percent <= 100.0, "{percent} is no percentage from above 0 to 100");
        Self { percent, magnitudes: Histogram::default() }
    }
}

impl Calibrator for Percentile {
    fn name(&self) -> String {
        format!("percentile-{}", self.percent)
    }

    fn observe(&mut self, activations: &[f32]) {
        self.magnitudes.add(activations);
    }

    fn clip(&self) -> f32 {
        let bins = self.magnitudes.bins();
        let rank = (self.percent * bins.iter().sum::<u64>() as f64 / 100.0).ceil();
        let mut below = 0;
        let bin = bins.iter().position(|count| {
            below += count;
            below as f64 >= rank
        });
        self.magnitudes.clip_at(bin.map_or(0.0, |bin| (bin + 1) as f64 * self.magnitudes.width()))
    }
}
