//! Codes of 2, 4 or 8 bits, several to a byte: the first in the lowest bits.

use crate::reference::widths::widest;

widest! {
    /// Packs the codes of one row; each must fit in `bits`. Bits after the last code become 0.
    pub(super) fn pack(bits: u32, codes: &[u8], packed: &mut [u8]) {
        match bits {
            2 => pack_in(codes, packed, |codes: [u8; 4]| {
                let word = u32::from_le_bytes(codes);
                (word | word >> 6 | word >> 12 | word >> 18) as u8
            }),
            4 => pack_in(codes, packed, |codes: [u8; 2]| {
                let word = u16::from_le_bytes(codes);
                (word | word >> 4) as u8
            }),
            _ => packed.copy_from_slice(codes),
        }
    }
}

widest! {
    /// Unpacks the codes of one row.
    pub(super) fn unpack(bits: u32, packed: &[u8], codes: &mut [u8]) {
        match bits {
            2 => unpack_in(packed, codes, |byte| {
                let word = u32::from(byte);
                ((word | word << 6 | word << 12 | word << 18) & 0x03_03_03_03).to_le_bytes()
            }),
            4 => unpack_in(packed, codes, |byte| {
                let word = u16::from(byte);
                ((word | word << 4) & 0x0F_0F).to_le_bytes()
            }),
            _ => codes.copy_from_slice(packed),
        }
    }
}

/// Packs `N` codes a byte.
#[inline(always)]
fn pack_in<const N: usize>(codes: &[u8], packed: &mut [u8], join: impl Fn([u8; N]) -> u8) {
    let (whole, rest) = codes.as_chunks::<N>();
    let (bytes, last) = packed.split_at_mut(whole.len());
    for (byte, &codes) in bytes.iter_mut().zip(whole) {
        *byte = join(codes);
    }
    if let [last] = last {
        let mut codes = [0; N];
        codes[..rest.len()].copy_from_slice(rest);
        *last = join(codes);
    }
}

/// Unpacks `N` codes a byte.
#[inline(always)]
fn unpack_in<const N: usize>(packed: &[u8], codes: &mut [u8], split: impl Fn(u8) -> [u8; N]) {
    let (whole, rest) = codes.as_chunks_mut::<N>();
    for (codes, &byte) in whole.iter_mut().zip(packed) {
        *codes = split(byte);
    }
    if let Some(&last) = packed.get(whole.len()) {
        rest.copy_from_slice(&split(last)[..rest.len()]);
    }
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::data;

    /// Code `index`, read as the layout is defined.
    fn code(bits: u32, packed: &[u8], index: usize) -> u8 {
        let bit = index * bits as usize;
        packed[bit / 8] >> (bit % 8) & (u8::MAX >> (8 - bits))
    }

    #[test]
    fn codes_lie_where_the_definition_says() {
        for bits in [2, 4, 8] {
            for len in [0, 1, 2, 3, 4, 5, 31, 63, 64, 65, 127, 257, 6912] {
                let codes = data::int8(5, len).iter().map(|&x| x as u8 >> (8 - bits)).collect::<Vec<_>>();
                let mut packed = vec![0xAA; len.div_ceil(8 / bits as usize)];
                pack(bits, &codes, &mut packed);
                assert!((0..len).map(|index| code(bits, &packed, index)).eq(codes.iter().copied()), "{bits} bits");
                let mut back = vec![0xAA; len];
                unpack(bits, &packed, &mut back);
                assert_eq!(back, codes, "{bits} bits");
            }
        }
    }

    #[test]
    fn bytes_worked_out_by_hand() {
        let mut packed = [0xFF; 2];
        pack(2, &[1, 2, 3, 0, 3], &mut packed);
        assert_eq!(packed, [0b00_11_10_01, 0b11]);
        pack(4, &[0x1, 0xF, 0x7], &mut packed);
        assert_eq!(packed, [0xF1, 0x07]);
        pack(8, &[0x12, 0xFE], &mut packed);
        assert_eq!(packed, [0x12, 0xFE]);
    }
}
