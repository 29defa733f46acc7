//! The bytes of each packed format, one weight at a time, from its definition.

use half::f16;

/// The bytes of a matrix of `rows` by `columns` weights in the I2_S format for x86.
///
/// Weight j of a block of 128 is at bits 6 − 2⌊j/32⌋ of byte j mod 32, plus one; rows are filled up with zero weights
/// to whole blocks; the scale follows as a little-endian `f32` in 32 bytes.
pub fn i2_s(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in 0..rows {
        for block in 0..columns.div_ceil(128) {
            for byte in 0..32 {
                let weight = |group: usize| {
                    let column = 128 * block + 32 * group + byte;
                    if column < columns { weights[row * columns + column] } else { 0 }
                };
                bytes.push((0..4).map(|group| ((weight(group) + 1) as u8) << (6 - 2 * group)).sum());
            }
        }
    }
    tail(bytes, scale)
}

/// The bytes of a matrix in the TL1 coding, row by row.
///
/// Weights 2i and 2i+1 of a row have the index 3w₀ + w₁ + 4; byte b is index 2b times 16, plus index 2b+1; rows are
/// filled up with zero weights to whole bytes; the scale follows as in [`i2_s`].
pub fn tl1(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in 0..rows {
        tl1_row(&weights[row * columns..][..columns], &mut bytes);
    }
    tail(bytes, scale)
}

fn tl1_row(row: &[i8], bytes: &mut Vec<u8>) {
    let weight = |column: usize| row.get(column).copied().unwrap_or(0);
    let index = |pair: usize| 3 * weight(2 * pair) + weight(2 * pair + 1) + 4;
    bytes.extend((0..row.len().div_ceil(4)).map(|byte| 16 * index(2 * byte) as u8 + index(2 * byte + 1) as u8));
}

/// The bytes of a matrix in the TL2 coding, row by row.
///
/// A row is blocks of 96 weights, and then the rest in the coding of [`tl1`]. Triple i of a block has the value v, which
/// is 9w₀ + 3w₁ + w₂; byte b of its first 16 is |v| of triple 2b times 16, plus |v| of triple 2b+1; the 32 bits of the 4
/// bytes after those, each from its highest bit on, are 1 where v < 0; the scale follows as in [`i2_s`].
pub fn tl2(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in 0..rows {
        let row = &weights[row * columns..][..columns];
        for block in 0..columns / 96 {
            let value = |triple: usize| {
                let first = 96 * block + 3 * triple;
                9 * row[first] + 3 * row[first + 1] + row[first + 2]
            };
            bytes.extend((0..16).map(|byte| 16 * value(2 * byte).unsigned_abs() + value(2 * byte + 1).unsigned_abs()));
            let sign = |triple: usize| u32::from(value(triple) < 0);
            let signs: u32 = (0..32).map(|triple| sign(triple) * (1 << (31 - triple))).sum();
            bytes.extend(signs.to_be_bytes());
        }
        tl1_row(&row[columns / 96 * 96..], &mut bytes);
    }
    tail(bytes, scale)
}

/// The bytes of a matrix with five weights a byte, row by row.
///
/// Byte b is Σ (w + 1) · 3⁴⁻ⁿ over the weights w at 5b + n; rows are filled up with zero weights to whole bytes; the
/// scale follows as in [`i2_s`].
pub fn base3(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in 0..rows {
        for byte in 0..columns.div_ceil(5) {
            let weight = |n: usize| {
                let column = 5 * byte + n;
                if column < columns { weights[row * columns + column] } else { 0 }
            };
            bytes.push((0..5).map(|n| (weight(n) + 1) as u8 * 3_u8.pow(4 - n as u32)).sum());
        }
    }
    tail(bytes, scale)
}

/// The bytes of a matrix in ggml's TQ2_0 format.
///
/// Weight j of a block of 256 is at bits 2 · (⌊j/32⌋ mod 4) of byte 32 · ⌊j/128⌋ + j mod 32, plus one; the scale of the
/// block follows as a little-endian `f16`, 0 for a block of zeros.
///
/// # Panics
///
/// When `columns` is not a multiple of 256.
pub fn tq2_0(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Vec<u8> {
    assert!(columns.is_multiple_of(256) && weights.len() == rows * columns, "{rows}×{columns}");
    weights.chunks(256).flat_map(|block| with_scale(tq2_0_codes(block), block_scale(block, scale))).collect()
}

/// The bytes of a matrix in ggml's TQ1_0 format.
///
/// The weights of a block of 256 are digits of base 3, each a weight plus one. Five digits make the number q, and the
/// byte is ⌈256q/243⌉: for bytes 0 to 31 they are the weights b, 32+b, 64+b, 96+b and 128+b; for 16 more, 160+b, 176+b
/// and so on; for 4 more, the four 240+b, 244+b and so on, and the digit 0. The scale follows as in [`tq2_0`].
///
/// # Panics
///
/// When `columns` is not a multiple of 256.
pub fn tq1_0(weights: &[i8], rows: usize, columns: usize, scale: f32) -> Vec<u8> {
    assert!(columns.is_multiple_of(256) && weights.len() == rows * columns, "{rows}×{columns}");
    weights.chunks(256).flat_map(|block| with_scale(tq1_0_codes(block), block_scale(block, scale))).collect()
}

/// The bytes that ggml quantizes weights to in TQ2_0 (`quantize_row_tq2_0_ref`): d = max |w| in each block of 256, and
/// round(w · (1/d)), half away from zero.
pub fn tq2_0_quantized(weights: &[f32]) -> Vec<u8> {
    weights.chunks(256).flat_map(|block| with_scale(tq2_0_codes(&absmax_ternary(block)), absmax(block))).collect()
}

/// The bytes that ggml quantizes weights to in TQ1_0 (`quantize_row_tq1_0_ref`), as for [`tq2_0_quantized`].
pub fn tq1_0_quantized(weights: &[f32]) -> Vec<u8> {
    weights.chunks(256).flat_map(|block| with_scale(tq1_0_codes(&absmax_ternary(block)), absmax(block))).collect()
}

/// The weights of TQ2_0 bytes in `f32` (`dequantize_row_tq2_0`): (code − 1) · d.
pub fn tq2_0_dequantized(bytes: &[u8]) -> Vec<f32> {
    let weight = |block: &[u8], j: usize| {
        let code = block[32 * (j / 128) + j % 32] >> (2 * (j / 32 % 4)) & 3;
        (f32::from(code) - 1.0) * f16::from_le_bytes([block[64], block[65]]).to_f32()
    };
    bytes.chunks(66).flat_map(|block| (0..256).map(move |j| weight(block, j))).collect()
}

/// The weights of TQ1_0 bytes in `f32` (`dequantize_row_tq1_0`): (digit − 1) · d, where digit n is ⌊3f/256⌋ of the
/// fraction f = 3ⁿ · byte mod 256.
pub fn tq1_0_dequantized(bytes: &[u8]) -> Vec<f32> {
    let weight = |block: &[u8], j: usize| {
        let (byte, digit) = match j {
            0..160 => (j % 32, j / 32),
            160..240 => (32 + (j - 160) % 16, (j - 160) / 16),
            _ => (48 + (j - 240) % 4, (j - 240) / 4),
        };
        let fraction = u32::from(block[byte]) * 3_u32.pow(digit as u32) % 256;
        ((3 * fraction / 256) as f32 - 1.0) * f16::from_le_bytes([block[52], block[53]]).to_f32()
    };
    bytes.chunks(54).flat_map(|block| (0..256).map(move |j| weight(block, j))).collect()
}

fn tq2_0_codes(block: &[i8]) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    for (j, weight) in block.iter().enumerate() {
        bytes[32 * (j / 128) + j % 32] += (weight + 1) as u8 * 4_u8.pow((j / 32 % 4) as u32);
    }
    bytes
}

fn tq1_0_codes(block: &[i8]) -> Vec<u8> {
    let byte = |first: usize, apart: usize, digits: u32| {
        let digit = |n: u32| (block[first + apart * n as usize] + 1) as u32;
        let number: u32 = (0..digits).map(|n| digit(n) * 3_u32.pow(4 - n)).sum();
        (256 * number).div_ceil(243) as u8
    };
    let (fives, more) = ((0..32).map(|b| byte(b, 32, 5)), (0..16).map(|b| byte(160 + b, 16, 5)));
    fives.chain(more).chain((0..4).map(|b| byte(240 + b, 4, 4))).collect()
}

/// max |w|, the scale to which ggml quantizes a block.
fn absmax(block: &[f32]) -> f32 {
    block.iter().fold(0.0, |greatest, weight| weight.abs().max(greatest))
}

/// The weights of a block as ggml rounds them.
fn absmax_ternary(block: &[f32]) -> Vec<i8> {
    let inverse = if absmax(block) == 0.0 { 0.0 } else { 1.0 / absmax(block) };
    block.iter().map(|weight| (weight * inverse).round() as i8).collect()
}

/// max |γ · w| in the sense of [`tq2_0`]: γ, or 0 for a block of zeros.
fn block_scale(block: &[i8], scale: f32) -> f32 {
    if block.contains(&1) || block.contains(&-1) { scale } else { 0.0 }
}

fn with_scale(mut codes: Vec<u8>, scale: f32) -> Vec<u8> {
    codes.extend(f16::from_f32(scale).to_le_bytes());
    codes
}

/// The scale in 32 bytes after the rows.
fn tail(mut bytes: Vec<u8>, scale: f32) -> Vec<u8> {
    bytes.extend(scale.to_le_bytes());
    bytes.extend([0; 28]);
    bytes
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn the_bytes_of_a_small_matrix() {
        let bytes = i2_s(&[1, -1, 0], 1, 3, 1.0);
        assert_eq!(bytes.len(), 64);
        assert_eq!(bytes[..4], [0b10_01_01_01, 0b00_01_01_01, 0b01_01_01_01, 0b01_01_01_01]);
        assert_eq!(bytes[32..], [&[0, 0, 0x80, 0x3F][..], &[0; 28]].concat());
    }
}
