//! Checks of the format against its definition and against bytes worked out by hand.

use super::*;
use crate::reference::formats::FormatError;
use crate::reference::{data, oracle};

const ROWS: [usize; 4] = [0, 1, 2, 5];
const COLUMNS: [usize; 13] = [0, 1, 31, 32, 33, 127, 128, 129, 255, 256, 257, 4096, 6912];

#[test]
fn bytes_are_those_of_the_definition() {
    for rows in ROWS {
        for columns in COLUMNS {
            let weights = data::ternary((rows * 10_000 + columns) as u64, rows * columns);
            let matrix = I2S::pack(&weights, rows, columns, 0.37).unwrap();
            assert_eq!(matrix.as_bytes(), oracle::i2_s(&weights, rows, columns, 0.37), "{rows}×{columns}");
            assert_eq!((matrix.rows(), matrix.columns(), matrix.scale()), (rows, columns, 0.37));
        }
    }
}

#[test]
fn packing_and_unpacking_gives_the_weights_back() {
    for rows in ROWS {
        for columns in COLUMNS {
            let weights = data::ternary((rows * 10_000 + columns) as u64, rows * columns);
            let matrix = I2S::pack(&weights, rows, columns, 1.0).unwrap();
            assert_eq!(matrix.unpack(), weights, "{rows}×{columns}");
            assert_eq!(I2S::from_bytes(matrix.as_bytes(), rows, columns).unwrap(), matrix);
        }
    }
}

#[test]
fn bytes_worked_out_by_hand() {
    // Weights 0, 32, 64 and 96 share byte 0, from its highest bits to its lowest; weight 127 is in byte 31.
    let mut weights = [0; 128];
    (weights[0], weights[32], weights[64], weights[96]) = (1, -1, 0, 1);
    (weights[1], weights[127]) = (-1, -1);
    let matrix = I2S::pack(&weights, 1, 128, -2.0).unwrap();
    let bytes = matrix.as_bytes();
    assert_eq!(bytes.len(), 64);
    assert_eq!(bytes[0], 0b10_00_01_10);
    assert_eq!(bytes[1], 0b00_01_01_01);
    assert_eq!(bytes[2..31], [0b01_01_01_01; 29]);
    assert_eq!(bytes[31], 0b01_01_01_00);
    assert_eq!(bytes[32..36], [0x00, 0x00, 0x00, 0xC0]);
    assert_eq!(bytes[36..], [0; 28]);
}

#[test]
fn rows_start_on_whole_blocks_and_the_storage_on_a_cache_line() {
    let matrix = I2S::pack(&[1; 6], 2, 3, 1.0).unwrap();
    assert_eq!(matrix.as_bytes().len(), 96);
    assert_eq!(matrix.row(1), [&[0b10_01_01_01; 3][..], &[0b01_01_01_01; 29]].concat());
    assert_eq!(matrix.as_bytes().as_ptr().align_offset(64), 0);
}

#[test]
fn a_weight_that_is_not_ternary_is_named() {
    for (index, value) in [(0, 2), (127, -2), (128, i8::MAX), (299, i8::MIN), (431, 3)] {
        let mut weights = data::ternary(1, 3 * 144);
        weights[index] = value;
        assert_eq!(I2S::pack(&weights, 3, 144, 1.0), Err(FormatError::NotTernary { index, value }));
    }
}

#[test]
fn a_failed_repack_leaves_a_matrix_of_ternary_weights() {
    let mut matrix = I2S::pack(&[1; 300], 1, 300, 1.0).unwrap();
    let mut weights = [-1; 300];
    weights[200] = 7;
    assert_eq!(matrix.repack(&weights, 9.0), Err(FormatError::NotTernary { index: 200, value: 7 }));
    assert_eq!(matrix.unpack(), [[-1; 128].as_slice(), &[1; 172]].concat());
    assert_eq!(matrix.scale(), 1.0);
}

#[test]
fn wrong_lengths_are_refused() {
    let length = |expected, found| Err(FormatError::Length { expected, found });
    assert_eq!(I2S::pack(&[0; 5], 2, 3, 1.0), length(6, 5));
    assert_eq!(I2S::pack(&[0; 7], 2, 3, 1.0), length(6, 7));
    assert_eq!(I2S::from_bytes(&[0; 95], 2, 3), length(96, 95));
    let matrix = I2S::zeros(2, 3).unwrap();
    assert_eq!(matrix.unpack_into(&mut [0; 7]), Err(FormatError::Length { expected: 6, found: 7 }));
}

#[test]
fn the_code_3_is_refused_wherever_it_stands() {
    for group in 0..4 {
        let mut bytes = I2S::zeros(2, 130).unwrap().as_bytes().to_vec();
        bytes[70] |= 3 << (2 * group);
        assert_eq!(I2S::from_bytes(&bytes, 2, 130), Err(FormatError::Code { offset: 70 }));
    }
}

#[test]
fn absurd_sizes_are_refused() {
    for (rows, columns) in [(usize::MAX, 1), (usize::MAX / 32, 128), (1, I2S::MAX_COLUMNS + 1), (1, usize::MAX)] {
        assert_eq!(I2S::zeros(rows, columns), Err(FormatError::TooLarge { rows, columns }));
        assert_eq!(I2S::pack(&[], rows, columns, 1.0), Err(FormatError::TooLarge { rows, columns }));
    }
}

#[test]
fn zeros_are_zeros() {
    let matrix = I2S::zeros(3, 200).unwrap();
    assert_eq!(matrix.unpack(), [0; 600]);
    assert_eq!(matrix, I2S::pack(&[0; 600], 3, 200, 0.0).unwrap());
}

#[test]
fn debug_output_is_short() {
    assert_eq!(format!("{:?}", I2S::zeros(3, 200).unwrap()), "I2_S { rows: 3, columns: 200, scale: 0 }");
}
