//! Every value of every byte: which ones are read, and which are refused.
//!
//! A byte that is read must be the one that its weights have by definition. So no more than the attainable bytes are
//! read; that all of them are shows their number, counted by hand.

use crate::reference::formats::{
    Base3Layout, FormatError, I2SLayout, Layout, Packed, TL1Layout, TL2Layout, TQ1_0Layout, TQ2_0Layout,
};
use crate::reference::oracle;

/// Reads a matrix of 2 rows with each value in turn at each byte of `places` in the second row, and compares the number
/// of values that are read with `count`.
fn check<L: Layout>(
    definition: fn(&[i8], usize, usize, f32) -> Vec<u8>,
    (weight, columns): (i8, usize),
    places: std::ops::Range<usize>,
    count: usize,
) {
    let valid = definition(&vec![weight; 2 * columns], 2, columns, 1.0);
    for offset in places.map(|place| L::row_bytes(columns) + place) {
        let is_read = |value: &u8| {
            let mut bytes = valid.clone();
            bytes[offset] = *value;
            match Packed::<L>::from_bytes(&bytes, 2, columns) {
                Ok(matrix) => {
                    let weights = matrix.unpack();
                    assert!(weights.iter().all(|weight| (-1..=1).contains(weight)));
                    assert_eq!(definition(&weights, 2, columns, 1.0)[offset], *value, "byte {offset}");
                    true
                }
                Err(error) => {
                    assert_eq!(error, FormatError::Code { offset }, "value {value}");
                    false
                }
            }
        };
        assert_eq!((0..=255).filter(is_read).count(), count, "at byte {offset}");
    }
}

#[test]
fn two_bits_hold_three_values() {
    check::<I2SLayout>(oracle::i2_s, (1, 256), 0..64, 3 * 3 * 3 * 3);
    check::<TQ2_0Layout>(oracle::tq2_0, (1, 512), 0..64, 3 * 3 * 3 * 3);
    check::<TQ2_0Layout>(oracle::tq2_0, (-1, 512), 66..130, 3 * 3 * 3 * 3);
}

#[test]
fn four_bits_hold_nine_indices() {
    check::<TL1Layout>(oracle::tl1, (1, 40), 0..10, 9 * 9);
}

#[test]
fn a_byte_holds_five_digits_of_base_3() {
    check::<Base3Layout>(oracle::base3, (0, 40), 0..8, 243);
    check::<TQ1_0Layout>(oracle::tq1_0, (1, 512), 0..48, 243);
    check::<TQ1_0Layout>(oracle::tq1_0, (-1, 512), 54..102, 243);
}

#[test]
fn the_last_bytes_of_tq1_0_hold_four_digits() {
    check::<TQ1_0Layout>(oracle::tq1_0, (1, 512), 48..52, 81);
    check::<TQ1_0Layout>(oracle::tq1_0, (1, 512), 102..106, 81);
}

#[test]
fn four_bits_hold_fourteen_indices_or_thirteen_with_a_sign() {
    let blocks = [0..16, 20..36];
    for block in blocks {
        check::<TL2Layout>(oracle::tl2, (1, 200), block.clone(), 14 * 14);
        check::<TL2Layout>(oracle::tl2, (-1, 200), block, 13 * 13);
    }
}

#[test]
fn an_index_can_have_any_sign() {
    for signs in [16..20, 36..40] {
        check::<TL2Layout>(oracle::tl2, (1, 200), signs, 256);
    }
}

#[test]
fn the_index_0_has_no_sign() {
    for triple in 0..32 {
        let mut bytes = oracle::tl2(&[0; 200], 1, 200, 1.0);
        bytes[36 + triple / 8] = 0x80 >> (triple % 8);
        let offset = 20 + triple / 2;
        assert_eq!(Packed::<TL2Layout>::from_bytes(&bytes, 1, 200), Err(FormatError::Code { offset }));
    }
}

#[test]
fn the_rest_of_a_tl2_row_holds_nine_indices() {
    check::<TL2Layout>(oracle::tl2, (-1, 200), 40..42, 9 * 9);
}
