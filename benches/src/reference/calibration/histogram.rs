//! A histogram of magnitudes whose range grows with what it sees.

use crate::reference::widths::widest;

/// How many of the magnitudes seen so far lie in each of `BINS` bins of equal width, from 0 up.
///
/// The range that the bins divide is the least power of two above every magnitude. When a greater one comes, the range
/// is doubled as often as needed and neighbouring bins are merged, so no value is ever counted anew, and the bins are
/// those that one pass over all values would have given. More than half of them are below the greatest magnitude.
/// Values that are not finite are not counted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Histogram<const BINS: usize> {
    counts: Vec<u64>,
    /// The range is two to the power of this.
    exponent: i32,
    greatest: f32,
}

impl<const BINS: usize> Default for Histogram<BINS> {
    fn default() -> Self {
        const { assert!(BINS.is_power_of_two(), "bins are merged in pairs") };
        // The range of the least magnitude, 2⁻¹⁴⁹.
        Self { counts: vec![0; BINS], exponent: -148, greatest: 0.0 }
    }
}

impl<const BINS: usize> Histogram<BINS> {
    /// Counts the magnitudes of `values`.
    pub(super) fn add(&mut self, values: &[f32]) {
        self.greatest = self.greatest.max(greatest(values));
        self.grow(exponent_above(self.greatest));
        let per_width = 1.0 / self.width();
        for value in values {
            let magnitude = value.abs();
            if magnitude < f32::INFINITY {
                // Exact: the width is a power of two.
                self.counts[(f64::from(magnitude) * per_width) as usize] += 1;
            }
        }
    }

    /// The greatest finite magnitude so far, 0 if there is none.
    pub(super) fn greatest(&self) -> f32 {
        self.greatest
    }

    /// The counts, up to the bin of the greatest magnitude: bin i holds the magnitudes from i widths to below i + 1.
    pub(super) fn bins(&self) -> &[u64] {
        &self.counts[..=(f64::from(self.greatest) / self.width()) as usize]
    }

    /// The width of a bin, in the unit of the values.
    pub(super) fn width(&self) -> f64 {
        power_of_two(self.exponent) / BINS as f64
    }

    /// `magnitude` as something to clip at: above 0, and no greater than the greatest seen. 0 if only zeros were.
    pub(super) fn clip_at(&self, magnitude: f64) -> f32 {
        (magnitude as f32).max(f32::from_bits(1)).min(self.greatest)
    }

    /// Makes the range two to the power of `exponent`, if it is not that great yet.
    fn grow(&mut self, exponent: i32) {
        let doublings = exponent - self.exponent;
        if doublings > 0 {
            // Beyond a shift of all their bits, every bin becomes the first.
            let shift = doublings.min(BINS.ilog2() as i32);
            for bin in 1..BINS {
                let count = std::mem::take(&mut self.counts[bin]);
                self.counts[bin >> shift] += count;
            }
            self.exponent = exponent;
        }
    }
}

/// The exponent of the least power of two above `magnitude`; a very small one for 0.
fn exponent_above(magnitude: f32) -> i32 {
    // Every `f32` above 0 is a normal `f64`, so its exponent is in its bits.
    (f64::from(magnitude).to_bits() >> 52) as i32 - 1022
}

/// Two to the power of `exponent`, which is within ±1022.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

widest! {
    /// The greatest finite magnitude among `values`, 0 if there is none.
    pub(super) fn greatest(values: &[f32]) -> f32 {
        const INFINITY: u32 = f32::INFINITY.to_bits();
        // Magnitudes are ordered as their bits are, and whole numbers are compared in any order.
        let bits = values.iter().map(|value| value.abs().to_bits()).map(|bits| if bits < INFINITY { bits } else { 0 });
        f32::from_bits(bits.max().unwrap_or(0))
    }
}
