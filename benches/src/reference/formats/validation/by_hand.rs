//! Bytes worked out by hand. Those of I2_S are beside it.

use crate::reference::formats::{Base3, TL1, TL2, TQ1_0, TQ2_0};

/// The bytes after the rows for a scale of −2.
const TAIL: [u8; 32] = {
    let mut tail = [0; 32];
    tail[3] = 0xC0;
    tail
};

#[test]
fn tq2_0() {
    // Weights 0, 32, 64 and 96 share byte 0 from its lowest bits to its highest; weight 255 is at the top of byte 63.
    let mut weights = [0; 256];
    (weights[0], weights[32], weights[64], weights[96]) = (1, -1, 0, 1);
    (weights[1], weights[128], weights[255]) = (-1, 1, -1);
    let matrix = TQ2_0::pack(&weights, 1, 256, 1.5).unwrap();
    let bytes = matrix.as_bytes();
    assert_eq!(bytes.len(), 66);
    assert_eq!(bytes[..3], [0b10_01_00_10, 0b01_01_01_00, 0b01_01_01_01]);
    assert_eq!((bytes[32], bytes[63]), (0b01_01_01_10, 0b00_01_01_01));
    // 1.5 is 0 01111 1000000000 in binary.
    assert_eq!(bytes[64..], [0x00, 0x3E]);
}

#[test]
fn tq1_0() {
    // Zeros are the digits 11111, 121 of 243: 127.47 of 256. Weights of 1 are 242 of 243: 254.9 of 256.
    let mut weights = [0; 256];
    weights[..160].iter_mut().step_by(32).for_each(|weight| *weight = 1);
    // The first digit of byte 1 is 0: 121 − 81 = 40, and 42.1 of 256. The last is 2: 122, and 128.5.
    (weights[1], weights[130]) = (-1, 1);
    // The first of byte 32 is 2: 121 + 81 = 202, and 212.8. The last of byte 47 is 0: 120, and 126.4.
    (weights[160], weights[239]) = (1, -1);
    // Zeros in the last bytes are 11110, 120 of 243. The last of byte 51 is 0: 11100, that is 117, and 123.3.
    weights[255] = -1;
    let matrix = TQ1_0::pack(&weights, 1, 256, -0.25).unwrap();
    let bytes = matrix.as_bytes();
    assert_eq!(bytes.len(), 54);
    assert_eq!(bytes[..4], [255, 43, 129, 128]);
    assert_eq!((bytes[32], bytes[33], bytes[47]), (213, 128, 127));
    assert_eq!(bytes[48..52], [127, 127, 127, 124]);
    // −0.25 is 1 01101 0000000000 in binary.
    assert_eq!(bytes[52..], [0x00, 0xB4]);
}

#[test]
fn a_block_of_zeros_has_no_scale() {
    let mut weights = [0; 512];
    weights[511] = 1;
    let (two_bits, base_3) = (TQ2_0::pack(&weights, 1, 512, 1.0).unwrap(), TQ1_0::pack(&weights, 1, 512, 1.0).unwrap());
    assert_eq!((&two_bits.as_bytes()[64..66], &two_bits.as_bytes()[130..]), (&[0, 0][..], &[0x00, 0x3C][..]));
    assert_eq!((&base_3.as_bytes()[52..54], &base_3.as_bytes()[106..]), (&[0, 0][..], &[0x00, 0x3C][..]));
}

#[test]
fn tl1() {
    // −1, −1 is index 0; 1, 1 is 8; 0, 1 is 5; 1, 0 is 7; 0, 0 is 4.
    let weights = [-1, -1, 1, 1, 0, 1, 1, 0, 1];
    let matrix = TL1::pack(&weights, 1, 9, -2.0).unwrap();
    assert_eq!(matrix.as_bytes(), [&[0x08, 0x57, 0x74][..], &TAIL].concat());
}

#[test]
fn tl2() {
    // Triples 0, 1, 2, 8 and 31 are 1 0 −1: 8; −1 −1 −1: −13; 0 0 −1: −1; −1 1 1: −5; 0 −1 0: −3.
    let mut weights = [0; 101];
    weights[..9].copy_from_slice(&[1, 0, -1, -1, -1, -1, 0, 0, -1]);
    weights[24..27].copy_from_slice(&[-1, 1, 1]);
    weights[93..96].copy_from_slice(&[0, -1, 0]);
    // Then 5 weights in TL1's coding: indices 1, 6 and 8 − 1.
    weights[96..].copy_from_slice(&[-1, 0, 1, -1, 1]);
    let matrix = TL2::pack(&weights, 1, 101, -2.0).unwrap();
    let bytes = matrix.as_bytes();
    assert_eq!(bytes.len(), 20 + 2 + 32);
    assert_eq!(bytes[..16], [0x8D, 0x10, 0, 0, 0x50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x03]);
    assert_eq!(bytes[16..20], [0b0110_0000, 0b1000_0000, 0, 0b0000_0001]);
    assert_eq!(bytes[20..22], [0x16, 0x74]);
    assert_eq!(bytes[22..], TAIL);
}

#[test]
fn base3() {
    // 2 1 0 1 2 is 162 + 27 + 0 + 3 + 2; 0 0 0 0 0 is 0; 2 0 1 1 1 is 162 + 9 + 3 + 1.
    let weights = [1, 0, -1, 0, 1, -1, -1, -1, -1, -1, 1, -1];
    let matrix = Base3::pack(&weights, 1, 12, -2.0).unwrap();
    assert_eq!(matrix.as_bytes(), [&[194, 0, 175][..], &TAIL].concat());
}
