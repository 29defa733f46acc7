//! Clipping for the least loss of information.

use super::histogram::Histogram;
use crate::subject::Calibrator;

/// Bins of the histogram, as published.
const BINS: usize = 2048;
/// Levels of a magnitude in `i8`, as published.
const LEVELS: usize = 128;

/// Clips where the distribution of the quantized values tells the most about that of the values: least Kullback–Leibler
/// divergence, as TensorRT calibrates (Migacz, *8-bit Inference with TensorRT*, GTC 2017).
///
/// For each i from 128 to the last bin, P is the first i bins of the histogram, with all that lies beyond counted in
/// the last of them; Q is the same bins without what lies beyond, divided into 128 levels, each level's sum spread
/// evenly over those of its bins that are not empty. The clip is the end of the i bins for which Σ P ln (P/Q) is least.
///
/// What the publication leaves open is as in NVIDIA's `pytorch-quantization` (`_compute_amax_entropy`): the first bin,
/// which holds the zeros, counts as much as the second, and bin j belongs to level ⌊128 j / i⌋. One thing differs, so
/// that one pass is enough: the range of the 2048 bins is the least power of two above the greatest magnitude. No clip
/// is below 1/16 of that range.
#[derive(Clone, Debug, Default)]
pub struct Entropy {
    magnitudes: Histogram<BINS>,
}

impl Calibrator for Entropy {
    fn name(&self) -> String {
        "entropy".to_owned()
    }

    fn observe(&mut self, activations: &[f32]) {
        self.magnitudes.add(activations);
    }

    fn clip(&self) -> f32 {
        let sums = Sums::of(self.magnitudes.bins());
        let best = (LEVELS..sums.count.len())
            .map(|kept| (kept, sums.divergence(kept)))
            .min_by(|(_, a), (_, b)| a.total_cmp(b));
        self.magnitudes.clip_at(best.map_or(0.0, |(kept, _)| kept as f64 * self.magnitudes.width()))
    }
}

/// Sums over the first bins, so that a divergence takes a step for each level and not for each bin. Entry i of each is
/// the sum over the first i bins.
struct Sums {
    /// Of the counts c.
    count: Vec<f64>,
    /// Of the bins that are not empty.
    filled: Vec<f64>,
    /// Of c · ln c.
    information: Vec<f64>,
}

impl Sums {
    fn of(bins: &[u64]) -> Self {
        let count = |bin: usize| bins[if bin == 0 { 1.min(bins.len() - 1) } else { bin }] as f64;
        Self {
            count: running(bins.len(), count),
            filled: running(bins.len(), |bin| if count(bin) > 0.0 { 1.0 } else { 0.0 }),
            information: running(bins.len(), |bin| information(count(bin))),
        }
    }

    /// Σ P ln (P/Q) where the first `kept` bins are kept; infinite where Q is 0 and P is not.
    fn divergence(&self, kept: usize) -> f64 {
        let (inside, total) = (self.count[kept], self.count[self.count.len() - 1]);
        let (last, outside) = (inside - self.count[kept - 1], total - inside);
        if last == 0.0 && outside > 0.0 {
            return f64::INFINITY;
        }
        // With p and q before they are divided by their sums: Σ p ln p − Σ p ln q, over all and level by level.
        let own = self.information[kept - 1] + information(last + outside);
        let cross: f64 = (0..LEVELS)
            .map(|level| {
                let (first, end) = ((level * kept).div_ceil(LEVELS), ((level + 1) * kept).div_ceil(LEVELS));
                let sum = self.count[end] - self.count[first];
                let filled = self.filled[end] - self.filled[first];
                let beyond = if end == kept { outside } else { 0.0 };
                if sum > 0.0 { (sum + beyond) * (sum / filled).ln() } else { 0.0 }
            })
            .sum();
        (own - cross) / total + (inside / total).ln()
    }
}

/// c · ln c, 0 for 0.
fn information(count: f64) -> f64 {
    if count > 0.0 { count * count.ln() } else { 0.0 }
}

/// The sums of the first 0, 1, … `len` terms.
fn running(len: usize, term: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sum = 0.0;
    let rest = (0..len).map(|at| {
        sum += term(at);
        sum
    });
    std::iter::once(0.0).chain(rest).collect()
}
