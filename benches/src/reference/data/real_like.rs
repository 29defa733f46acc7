//! Weights and activations that are uneven in the way of trained transformers: channel by channel.
//!
//! The constants for weights are those of the two models that `scripts/models.sh` downloads. There, the values of one
//! row are nearly normal (median kurtosis 3.0 to 4.6), most rows of a matrix have between 0.6 and 1.6 times the
//! root mean square of its median row, and the greatest row 1.3 to 5 times. Columns of weights differ little.
//!
//! Activations differ by column: LLM.int8() (arXiv 2208.07339, sections 1 and 4) finds features up to 20 times greater
//! than the others, the same few for every token, about 0.1 % of them; SmoothQuant (arXiv 2211.10438, section 3) finds
//! 100 times.

use super::{Words, normal, words};

/// How the channels of a matrix differ.
struct Channels {
    /// One in each so many channels is an outlier, and one at least.
    every: usize,
    /// An outlier is greater than other channels by a factor from `least` to `least + spread`, evenly.
    least: f32,
    spread: f32,
}

const ROWS: Channels = Channels { every: 256, least: 2.0, spread: 2.0 };
const COLUMNS: Channels = Channels { every: 512, least: 20.0, spread: 80.0 };

/// Row-major weights of shape `[N, K]`: normal values, times a scale for each row.
///
/// Scales are spread over 3/5 to 5/3, a factor as likely as its inverse; in each 256 rows, or part of them, one row is
/// greater by a further factor from 2 to 4. The standard deviation of all is 1.1.
pub fn real_like_weights(seed: u64, [rows, columns]: [usize; 2]) -> Vec<f32> {
    let mut values = normal(seed, rows * columns);
    let scales = ROWS.scales(seed, rows);
    for (row, scale) in values.chunks_mut(columns.max(1)).zip(scales) {
        row.iter_mut().for_each(|value| *value *= scale);
    }
    values
}

/// Activations of M tokens with K values each, shape `[M, K]`: normal values, times a scale for each column.
///
/// Scales are spread over 3/5 to 5/3, a factor as likely as its inverse; in each 512 columns, or part of them, one
/// column is greater by a further factor from 20 to 100. The columns are the same for every token.
pub fn real_like_activations(seed: u64, [tokens, columns]: [usize; 2]) -> Vec<f32> {
    let mut values = normal(seed, tokens * columns);
    let scales = COLUMNS.scales(seed, columns);
    for token in values.chunks_mut(columns.max(1)) {
        token.iter_mut().zip(&scales).for_each(|(value, scale)| *value *= scale);
    }
    values
}

impl Channels {
    /// A scale for each of `count` channels.
    fn scales(&self, seed: u64, count: usize) -> Vec<f32> {
        // Not the words that the values are made of.
        let mut words = words(!seed);
        let mut scales: Vec<f32> = (0..count).map(|_| scale(&mut words)).collect();
        for part in scales.chunks_mut(self.every) {
            let outlier = (fraction(&mut words) * part.len() as f32) as usize;
            part[outlier] *= self.least + self.spread * fraction(&mut words);
        }
        scales
    }
}

/// (1 + a) / (1 − a) with `a` evenly over −1/4..1/4: to change the sign of `a` is to take the inverse.
fn scale(words: &mut Words) -> f32 {
    let a = 0.5 * fraction(words) - 0.25;
    (1.0 + a) / (1.0 - a)
}

/// Evenly over 0..1, in steps of 2⁻²⁴; an integer below 2²⁴ times it, rounded down, is below that integer.
fn fraction(words: &mut Words) -> f32 {
    (words.next() >> 40) as f32 / (1 << 24) as f32
}
