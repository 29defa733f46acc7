//! Clipping nothing.

use super::histogram::greatest;
use crate::subject::Calibrator;

/// Clips at the greatest magnitude, so that no value is clipped: one outlier decides the scale of all.
#[derive(Clone, Debug, Default)]
pub struct MinMax {
    greatest: f32,
}

impl Calibrator for MinMax {
    fn name(&self) -> String {
        "min-max".to_owned()
    }

    fn observe(&mut self, activations: &[f32]) {
        self.greatest = self.greatest.max(greatest(activations));
    }

    fn clip(&self) -> f32 {
        self.greatest
    }
}
