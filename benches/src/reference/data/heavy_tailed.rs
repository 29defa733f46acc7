//! Values with heavy tails.

use super::{Words, words};

/// `len` values of Student's t distribution with 4 degrees of freedom, divided by √2: mean 0, standard deviation 1.
///
/// One value in 76 is beyond ±3 and one in 6,900 beyond ±10, where a normal distribution has one in 370 and none; the
/// fourth moment is infinite. Each is made from a point in the unit disc by the polar method of Bailey
/// (*Mathematics of Computation* 62, 1994), t = u · √(ν · (W^(−2/ν) − 1) / W) with W = u² + v². For ν = 4 its power is
/// a square root, which IEEE 754 rounds in one way only.
pub fn heavy_tailed(seed: u64, len: usize) -> Vec<f32> {
    let mut words = words(seed);
    (0..len)
        .map(|_| {
            let (u, square) = in_disc(&mut words);
            // ν = 4 and the division by √2 leave a factor of 2 under the root.
            (u * (2.0 * (1.0 / square.sqrt() - 1.0) / square).sqrt()) as f32
        })
        .collect()
}

/// A point in the unit disc, without its centre: one coordinate, and the square of its distance from the centre.
fn in_disc(words: &mut Words) -> (f64, f64) {
    /// One over 2³¹.
    const UNIT: f64 = 1.0 / (1_u64 << 31) as f64;

    loop {
        let word = words.next();
        let (u, v) = (f64::from(word as i32) * UNIT, f64::from((word >> 32) as i32) * UNIT);
        let square = u * u + v * v;
        if square > 0.0 && square < 1.0 {
            return (u, square);
        }
    }
}
