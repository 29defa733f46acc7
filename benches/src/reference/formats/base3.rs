//! Base 3: five weights a byte, the most that fit (3⁵ = 243).

use super::ternary::are_ternary;
use super::{Layout, Packed, Scales};
use crate::reference::widths::widest;

/// Weights in a byte.
const DIGITS: usize = 5;
/// Weights that are checked and then packed at a time.
const RUN: usize = 320;
/// The greatest number that five digits make.
const LAST: u8 = 242;
/// The five weights of each byte; a byte above [`LAST`] has none, and never occurs.
const WEIGHTS: [[i8; DIGITS]; 256] = {
    let mut table = [[0; DIGITS]; 256];
    let mut byte = 0;
    while byte <= LAST as usize {
        let mut number = byte;
        let mut digit = DIGITS;
        while digit > 0 {
            digit -= 1;
            table[byte][digit] = (number % 3) as i8 - 1;
            number /= 3;
        }
        byte += 1;
    }
    table
};

/// A ternary matrix of N rows and K columns with five weights a byte, with one scale.
///
/// | bytes | hold |
/// |---|---|
/// | ⌈K/5⌉ for each row | byte b is 81t₀ + 27t₁ + 9t₂ + 3t₃ + t₄, where tₙ is weight 5b+n, plus one |
/// | 32 | the scale γ as a little-endian `f32`, then zeros |
///
/// A K that is no multiple of 5 is filled up with zero weights at the end of each row. No other program's format is the
/// same: this is the plain one, to compare with [`TQ1_0`](super::TQ1_0), which keeps fractions that need no division.
pub type Base3 = Packed<Base3Layout>;

/// The layout of [`Base3`].
#[derive(Clone, PartialEq)]
pub struct Base3Layout;

impl Layout for Base3Layout {
    const NAME: &'static str = "Base3";
    const SCALES: Scales = Scales::Tensor;

    #[inline]
    fn row_bytes(columns: usize) -> usize {
        columns.div_ceil(DIGITS)
    }

    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        pack_row(weights, packed)
    }

    fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        let (fives, rest) = weights.as_chunks_mut::<DIGITS>();
        for (five, byte) in fives.iter_mut().zip(packed) {
            *five = WEIGHTS[usize::from(*byte)];
        }
        if !rest.is_empty() {
            let five = WEIGHTS[usize::from(packed[fives.len()])];
            rest.copy_from_slice(&five[..rest.len()]);
        }
    }

    fn find_invalid(packed: &[u8], _columns: usize) -> Option<usize> {
        packed.iter().position(|&byte| byte > LAST)
    }
}

widest! {
    /// Packs one row, up to a run with a weight that is not ternary; gives whether there was none.
    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        for (run, packed) in weights.chunks(RUN).zip(packed.chunks_mut(RUN / DIGITS)) {
            if !are_ternary(run) {
                return false;
            }
            pack_run(run, packed);
        }
        true
    }
}

/// Packs weights, filled up with zeros to whole bytes.
#[inline(always)]
fn pack_run(weights: &[i8], packed: &mut [u8]) {
    let (fives, rest) = weights.as_chunks::<DIGITS>();
    for (byte, five) in packed.iter_mut().zip(fives) {
        *byte = pack_byte(five);
    }
    if !rest.is_empty() {
        let mut five = [0; DIGITS];
        five[..rest.len()].copy_from_slice(rest);
        packed[fives.len()] = pack_byte(&five);
    }
}

/// Packs five weights: 121 is the number of five zeros.
#[inline(always)]
fn pack_byte(weights: &[i8; DIGITS]) -> u8 {
    (121 + weights.iter().fold(0, |number, &weight| 3 * number + i16::from(weight))) as u8
}
