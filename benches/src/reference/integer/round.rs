//! From weights to codes.

use super::Uniform;
use crate::reference::prefetch;
use crate::reference::widths::widest;

/// Number of running extremes.
const LANES: usize = 16;
/// Weights that are looked at in one go.
const BLOCK: usize = 256;
/// The greatest magnitude that is taken: with it every level, half a step beyond the weights, is finite.
pub(super) const GREATEST: f32 = (1_u128 << 126) as f32;

/// The least and the greatest of some weights, with 0 among them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    least: f32,
    greatest: f32,
    /// Whether every weight is finite and not beyond [`GREATEST`].
    fits: bool,
}

/// What the codes of a granule mean: (c − zero) · step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Granule {
    pub(super) step: f32,
    pub(super) zero: u8,
}

widest! {
    /// The extent of `weights`.
    pub(super) fn extent(weights: &[f32]) -> Extent {
        let (mut least, mut greatest, mut misfits) = ([0.0_f32; LANES], [0.0_f32; LANES], [false; LANES]);
        for block in weights.chunks(BLOCK) {
            prefetch::ahead(block);
            let (lines, rest) = block.as_chunks::<LANES>();
            let mut last = [0.0; LANES];
            last[..rest.len()].copy_from_slice(rest);
            for line in lines.iter().chain(Some(&last).filter(|_| !rest.is_empty())) {
                for (lane, &weight) in line.iter().enumerate() {
                    least[lane] = if weight < least[lane] { weight } else { least[lane] };
                    greatest[lane] = if weight > greatest[lane] { weight } else { greatest[lane] };
                    misfits[lane] |= !fits(weight);
                }
            }
        }
        Extent {
            least: reduce(least, |a, b| if b < a { b } else { a }),
            greatest: reduce(greatest, |a, b| if b > a { b } else { a }),
            fits: !reduce(misfits, |a, b| a | b),
        }
    }
}

/// Brings the lanes down to one, the upper half onto the lower.
#[inline(always)]
fn reduce<T: Copy>(mut lanes: [T; LANES], join: impl Fn(T, T) -> T) -> T {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] = join(lanes[lane], lanes[lane + width]);
        }
        width /= 2;
    }
    lanes[0]
}

/// Whether a weight can be quantized: neither NaN nor infinite, nor beyond [`GREATEST`].
#[inline(always)]
pub(super) fn fits(weight: f32) -> bool {
    weight.abs() <= GREATEST
}

impl Extent {
    /// The levels that span these weights; none if a weight does not fit.
    pub(super) fn granule(&self, uniform: &Uniform) -> Option<Granule> {
        if !self.fits {
            return None;
        }
        let (least, greatest) = (f64::from(self.least), f64::from(self.greatest));
        if uniform.symmetric {
            let step = step(greatest.max(-least) / f64::from(uniform.middle() - 1));
            return Some(Granule { step, zero: uniform.middle() });
        }
        let step = step((greatest - least) / f64::from(uniform.greatest_code()));
        let zero = if step == 0.0 { 0.0 } else { (-least / f64::from(step)).round_ties_even() };
        Some(Granule { step, zero: (zero as u8).min(uniform.greatest_code()) })
    }
}

/// The step as `f32`: the nearest, but among the denormal ones, which are too far apart for that, the next greater, so
/// that the levels still span the weights.
fn step(exact: f64) -> f32 {
    let nearest = exact as f32;
    if nearest < f32::MIN_POSITIVE && f64::from(nearest) < exact { nearest.next_up() } else { nearest }
}

widest! {
    /// The codes of the weights of a granule, up to `greatest`: clip(round(w / step) + zero), half to even.
    pub(super) fn round(weights: &[f32], granule: Granule, greatest: u8, codes: &mut [u8]) {
        /// 1.5 · 2¹²: a sum with it has steps of 2⁻⁴⁰.
        const TIDY: f64 = 6_144.0;
        /// 1.5 · 2⁵²: a sum with it has steps of 1, so adding it rounds, and its low bits are the integer.
        const ROUND: f64 = 6_755_399_441_055_744.0;

        // The product with one over the step is within 2⁻⁴³ of the quotient, which is exactly a half between two
        // codes or at least 2⁻²⁶ away from it. So rounding the product to a multiple of 2⁻⁴⁰ makes a half one again.
        let per_step = if granule.step == 0.0 { 0.0 } else { 1.0 / f64::from(granule.step) };
        let (zero, greatest) = (i32::from(granule.zero), i32::from(greatest));
        for (&weight, code) in weights.iter().zip(codes) {
            let steps = (f64::from(weight) * per_step + TIDY) - TIDY;
            let steps = (steps + ROUND).to_bits() as i32;
            *code = (steps + zero).clamp(0, greatest) as u8;
        }
    }
}
