//! TL1: a 4-bit index for two weights, as *bitnet.cpp* codes them on ARM (arXiv 2502.11880, section 3.1).

use super::ternary::are_ternary;
use super::{Layout, Packed, Scales};
use crate::reference::widths::widest;

/// Weights that are checked and then packed at a time.
const RUN: usize = 256;
/// The greatest index.
const LAST: u8 = 8;
/// The four weights of each byte: of its high half, then of its low half.
const WEIGHTS: [[i8; 4]; 256] = {
    let mut table = [[0; 4]; 256];
    let mut byte = 0;
    while byte < 256 {
        let [high, low] = [(byte >> 4) as i8, (byte & 15) as i8];
        table[byte] = [high / 3 - 1, high % 3 - 1, low / 3 - 1, low % 3 - 1];
        byte += 1;
    }
    table
};

/// A ternary matrix of N rows and K columns in the TL1 coding, with one scale.
///
/// | bytes | hold |
/// |---|---|
/// | ⌈K/4⌉ for each row | the index 3w₀ + w₁ + 4 of weights 4b and 4b+1 in the high half of byte b, of 4b+2 and 4b+3 in the low |
/// | 32 | the scale γ as a little-endian `f32`, then zeros |
///
/// A K that is no multiple of 4 is filled up with zero weights at the end of each row.
///
/// The index is that of bitnet.cpp (`preprocess_weights_tl1` in `utils/convert-hf-to-gguf-bitnet.py`), and so is the
/// earlier one in the high half. The order of the bytes is not: bitnet.cpp orders them in tiles of BM rows by BK
/// columns, with sizes that it chooses for each kernel, shape and processor, and keeps the scale in a tensor of its
/// own. Here they are in plain row-major order.
pub type TL1 = Packed<TL1Layout>;

/// The layout of [`TL1`].
#[derive(Clone, PartialEq)]
pub struct TL1Layout;

impl Layout for TL1Layout {
    const NAME: &'static str = "TL1";
    const SCALES: Scales = Scales::Tensor;

    #[inline]
    fn row_bytes(columns: usize) -> usize {
        columns.div_ceil(4)
    }

    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        pack_row(weights, packed)
    }

    fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        unpack_row(packed, weights);
    }

    fn find_invalid(packed: &[u8], _columns: usize) -> Option<usize> {
        packed.iter().position(|byte| byte >> 4 > LAST || byte & 15 > LAST)
    }
}

widest! {
    /// Packs one row, up to a run with a weight that is not ternary; gives whether there was none.
    fn pack_row(weights: &[i8], packed: &mut [u8]) -> bool {
        for (run, packed) in weights.chunks(RUN).zip(packed.chunks_mut(RUN / 4)) {
            if !are_ternary(run) {
                return false;
            }
            pack_run(run, packed);
        }
        true
    }
}

widest! {
    /// Unpacks one row.
    fn unpack_row(packed: &[u8], weights: &mut [i8]) {
        let (fours, rest) = weights.as_chunks_mut::<4>();
        for (four, byte) in fours.iter_mut().zip(packed) {
            *four = WEIGHTS[usize::from(*byte)];
        }
        if !rest.is_empty() {
            let four = WEIGHTS[usize::from(packed[fours.len()])];
            rest.copy_from_slice(&four[..rest.len()]);
        }
    }
}

/// Packs weights, filled up with zeros to whole bytes.
#[inline(always)]
fn pack_run(weights: &[i8], packed: &mut [u8]) {
    let (fours, rest) = weights.as_chunks::<4>();
    for (byte, four) in packed.iter_mut().zip(fours) {
        *byte = pack_byte(*four);
    }
    if !rest.is_empty() {
        let mut four = [0; 4];
        four[..rest.len()].copy_from_slice(rest);
        packed[fours.len()] = pack_byte(four);
    }
}

/// Packs four weights, as the four bytes of one number so that the compiler takes many at once.
#[inline(always)]
fn pack_byte(weights: [i8; 4]) -> u8 {
    const LOW_BITS: u32 = 0x0303_0303;
    let weights = u32::from_le_bytes(weights.map(|weight| weight as u8));
    // The low bits of −1, 0 and 1 are 3, 0 and 1; one more is 0, 1 and 2, with no carry into the next byte.
    let digits = ((weights & LOW_BITS) + 0x0101_0101) & LOW_BITS;
    // Bytes 1 and 3 become 3 times the byte before, plus their own: (3w₀ + 3) + (w₁ + 1).
    let indices = digits + (digits << 8) * 3;
    (indices >> 4 & 0xF0 | indices >> 24) as u8
}
