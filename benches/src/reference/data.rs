//! Seeded test data, the same on every platform.
//!
//! Every suite, check and test takes its numbers from here. A value is a pure function of the seed and of its index, computed with integers and one exact conversion, so a seed names the same data on every processor, in every build
//! and in every launch.
//! Making 17.7 million normal values, the largest layer of BitNet b1.58 2B-4T, takes about 40 ms and the time that
//! the system needs to hand out the memory.
//!
//! | generator | values | for |
//! |---|---|---|
//! | [`normal`] | `f32`, mean 0, standard deviation 1 | weights and activations |
//! | [`uniform`] | `f32`, evenly over −1..1 | weights without tails |
//! | [`ternary`] | `i8`, −1, 0 and 1, each as likely | quantized weights |
//! | [`int8`] | `i8`, evenly over −128..=127 | quantized activations |

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

#[cfg(test)]
mod validation {
    use super::*;

    const MANY: usize = 1 << 20;

    /// Mean, standard deviation and kurtosis.
    fn moments(values: &[f32]) -> [f64; 3] {
        let mean_of = |power: i32, centre: f64| {
            values.iter().map(|&value| (f64::from(value) - centre).powi(power)).sum::<f64>() / values.len() as f64
        };
        let mean = mean_of(1, 0.0);
        let variance = mean_of(2, mean);
        [mean, variance.sqrt(), mean_of(4, mean) / variance.powi(2)]
    }

    fn close(found: [f64; 3], expected: [f64; 3]) {
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() < 0.01, "{found} is not {expected}");
        }
    }

    #[test]
    fn a_seed_names_the_same_values_everywhere() {
        // From an independent program that follows the definitions above.
        assert_eq!(words(2).next(), 0xD5ED_BD62_776C_9874);
        assert_eq!(normal(1, 4), [-47_440, -43_529, 35_625, 28_653].map(|sum| sum as f32 * 1.868_812_4e-5));
        assert_eq!(uniform(1, 4), [6_816_159, -6_992_807, 2_041_882, -2_959_252].map(|step| step as f32 / 8_388_608.0));
        assert_eq!(ternary(1, 8), [-1, -1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(int8(1, 8), [36, 55, -97, 104, -125, 112, 89, -107]);
    }

    #[test]
    fn a_longer_sequence_begins_with_the_shorter() {
        assert_eq!(normal(9, 100)[..37], normal(9, 37));
        assert_eq!(ternary(9, 100)[..37], ternary(9, 37));
        assert!(normal(9, 0).is_empty() && int8(9, 0).is_empty());
    }

    #[test]
    fn seeds_give_different_data() {
        let (a, b) = (normal(1, MANY), normal(2, MANY));
        let correlation = a.iter().zip(&b).map(|(a, b)| f64::from(a * b)).sum::<f64>() / MANY as f64;
        assert!(correlation.abs() < 0.01, "{correlation}");
    }

    #[test]
    fn normal_has_the_moments_it_claims() {
        close(moments(&normal(4, MANY)), [0.0, 1.0, 2.85]);
    }

    #[test]
    fn normal_has_the_tails_of_a_normal_distribution() {
        let values = normal(5, MANY);
        for (limit, share) in [(0.5, 0.3829), (1.0, 0.6827), (2.0, 0.9545), (3.0, 0.9973)] {
            let within = values.iter().filter(|value| value.abs() < limit).count() as f64 / MANY as f64;
            assert!((within - share).abs() < 0.008, "{within} of the values are within {limit}, not {share}");
        }
    }

    #[test]
    fn uniform_has_the_moments_of_a_uniform_distribution() {
        let values = uniform(6, MANY);
        assert!(values.iter().all(|value| (-1.0..1.0).contains(value)));
        close(moments(&values), [0.0, 1.0 / 3f64.sqrt(), 1.8]);
    }

    #[test]
    fn integers_are_spread_evenly() {
        for (values, kinds) in [(ternary(7, MANY), 3), (int8(8, MANY), 256)] {
            let mut counts = [0_usize; 256];
            for value in values {
                counts[usize::from(value as u8)] += 1;
            }
            let expected = (MANY / kinds) as f64;
            let seen: Vec<_> = counts.into_iter().filter(|&count| count > 0).collect();
            assert_eq!(seen.len(), kinds);
            assert!(seen.iter().all(|&count| (count as f64 - expected).abs() < 6.0 * expected.sqrt()), "{seen:?}");
        }
    }
}
