//! Seeded test data, the same on every platform.
//!
//! Every suite, check and test takes its numbers from here. A value is a pure function of the seed and of its index,
//! computed with integers, exact conversions and single IEEE 754 operations, so a seed names the same data on every
//! processor, in every build and in every launch.
//! Making 17.7 million normal values, the largest layer of BitNet b1.58 2B-4T, takes about 40 ms and the time that
//! the system needs to hand out the memory; as many heavy-tailed ones take about three times as long.
//!
//! | generator | values | for |
//! |---|---|---|
//! | [`normal`] | `f32`, mean 0, standard deviation 1 | weights and activations |
//! | [`uniform`] | `f32`, evenly over −1..1 | weights without tails |
//! | [`heavy_tailed`] | `f32`, Student's t, 4 degrees of freedom, standard deviation 1 | values with rare great ones |
//! | [`real_like_weights`] | `f32`, normal, a scale for each row, a few greater | weights of trained models |
//! | [`real_like_activations`] | `f32`, the same by column, a few 20 to 100 times greater | their activations |
//! | [`ternary`] | `i8`, −1, 0 and 1, each as likely | quantized weights |
//! | [`int8`] | `i8`, evenly over −128..=127 | quantized activations |
//!
//! [`Distribution`] chooses among the first five, as a value of an axis.

mod distribution;
mod heavy_tailed;
mod real_like;
#[cfg(test)]
mod validation;

pub use distribution::Distribution;
pub use heavy_tailed::heavy_tailed;
pub use real_like::{real_like_activations, real_like_weights};

/// A source of random 64-bit words: wyrand, from wyhash final version 4.2 (Wang Yi, 2023).
///
/// Its state is a counter, so consecutive words do not wait for each other.
#[derive(Clone, Debug)]
struct Words(u64);

impl Words {
    #[inline(always)]
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x2D35_8DCC_AA6C_78A5);
        let product = u128::from(self.0) * u128::from(self.0 ^ 0x8BB8_4B93_962E_ACC9);
        (product ^ (product >> 64)) as u64
    }
}

/// The start of the sequence for `seed`: neighbouring seeds must not give shifted copies of one sequence.
fn words(seed: u64) -> Words {
    Words(Words(seed).next())
}

/// `len` values of a normal distribution with mean 0 and standard deviation 1.
///
/// Each is the scaled sum of eight uniform 16-bit numbers (Irwin–Hall), which needs no logarithm and so cannot differ
/// between platforms. It departs from the true normal in its tails: no value beyond ±4.9, kurtosis 2.85 instead of 3;
/// its distribution function is within 0.004 of the normal one everywhere.
pub fn normal(seed: u64, len: usize) -> Vec<f32> {
    /// Mean of the sum of eight numbers from 0..65536.
    const MEAN: i32 = 4 * 65_535;
    /// One over their standard deviation, √(8 · (65536² − 1) / 12).
    const SCALE: f32 = 1.868_812_4e-5;
    /// Every second 16-bit part of a word.
    const EVEN: u64 = 0x0000_FFFF_0000_FFFF;

    let mut words = words(seed);
    (0..len)
        .map(|_| {
            let (a, b) = (words.next(), words.next());
            let pairs = (a & EVEN) + ((a >> 16) & EVEN) + (b & EVEN) + ((b >> 16) & EVEN);
            let sum = (pairs as u32).wrapping_add((pairs >> 32) as u32);
            (sum as i32 - MEAN) as f32 * SCALE
        })
        .collect()
}

/// `len` values spread evenly over −1..1, in steps of 2⁻²³.
pub fn uniform(seed: u64, len: usize) -> Vec<f32> {
    let mut words = words(seed);
    (0..len).map(|_| ((words.next() as i64) >> 40) as f32 / (1 << 23) as f32).collect()
}

/// `len` weights of −1, 0 and 1, each as likely as the others to within 1 in 65,536.
pub fn ternary(seed: u64, len: usize) -> Vec<i8> {
    sixteens(seed, len, |part| ((u32::from(part) * 3) >> 16) as i8 - 1)
}

/// `len` activations spread evenly over −128..=127.
pub fn int8(seed: u64, len: usize) -> Vec<i8> {
    sixteens(seed, len, |part| (part >> 8) as i8)
}

/// `len` values, each made from 16 random bits, four to a word.
fn sixteens(seed: u64, len: usize, value: impl Fn(u16) -> i8) -> Vec<i8> {
    let mut words = words(seed);
    let mut values = vec![0; len];
    for four in values.chunks_mut(4) {
        let word = words.next();
        for (place, slot) in four.iter_mut().enumerate() {
            *slot = value((word >> (16 * place)) as u16);
        }
    }
    values
}
