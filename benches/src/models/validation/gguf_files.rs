//! GGUF, written byte by byte.

use super::*;

/// A header and data of any version, put together piece by piece.
pub(super) struct Writer {
    bytes: Vec<u8>,
    version: u32,
}

impl Writer {
    pub(super) fn new(version: u32, tensors: u64, metadata: u64) -> Self {
        let bytes = [b"GGUF".as_slice(), &version.to_le_bytes()].concat();
        Self { bytes, version }.length(tensors).length(metadata)
    }

    fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend(bytes);
        self
    }

    fn length(self, length: u64) -> Self {
        match self.version {
            1 => self.raw(&(length as u32).to_le_bytes()),
            _ => self.raw(&length.to_le_bytes()),
        }
    }

    fn string(self, text: &str) -> Self {
        self.length(text.len() as u64).raw(text.as_bytes())
    }

    pub(super) fn metadata(self, key: &str, kind: u32, value: &[u8]) -> Self {
        self.string(key).raw(&kind.to_le_bytes()).raw(value)
    }

    /// `dimensions` are columns first.
    pub(super) fn tensor(self, name: &str, dimensions: &[u64], kind: u32, offset: u64) -> Self {
        let named = self.string(name).raw(&(dimensions.len() as u32).to_le_bytes());
        let sized = dimensions.iter().fold(named, |header, &dimension| header.length(dimension));
        sized.raw(&kind.to_le_bytes()).raw(&offset.to_le_bytes())
    }

    /// Fills up to the alignment, and appends the data.
    pub(super) fn data(mut self, alignment: usize, data: &[u8]) -> Vec<u8> {
        self.bytes.resize(self.bytes.len().next_multiple_of(alignment), 0);
        self.raw(data).bytes
    }
}

/// Half precision: 1, 0.5 and −2.
const ONE: [u8; 2] = [0x00, 0x3C];
const HALF: [u8; 2] = [0x00, 0x38];
const MINUS_TWO: [u8; 2] = [0x00, 0xC0];

/// A file with one row of F32 at 0, of F16 at 64, two rows of Q8_0 at 128 and one of Q4_1 at 256, a ternary tensor, and
/// a vector.
pub(super) fn sample(version: u32) -> Vec<u8> {
    let mut data = vec![0; 276];
    data[..8].copy_from_slice(&[1.5_f32.to_le_bytes(), (-0.25_f32).to_le_bytes()].concat());
    data[64..68].copy_from_slice(&[ONE, MINUS_TWO].concat());
    data[128..130].copy_from_slice(&HALF);
    (0..32).for_each(|at| data[130 + at] = (at as i8 - 16) as u8);
    data[162..164].copy_from_slice(&MINUS_TWO);
    data[164] = 127;
    data[195] = 128;
    data[256..260].copy_from_slice(&[HALF, MINUS_TWO].concat());
    (0..16).for_each(|at| data[260 + at] = (at * 16 + 15 - at) as u8);

    let names = match version {
        1 => [[1, 0, 0, 0, b'x'].as_slice(), &[2, 0, 0, 0, b'y', b'z']].concat(),
        _ => [[1, 0, 0, 0, 0, 0, 0, 0, b'x'].as_slice(), &[2, 0, 0, 0, 0, 0, 0, 0, b'y', b'z']].concat(),
    };
    let two = if version == 1 { vec![2, 0, 0, 0] } else { vec![2, 0, 0, 0, 0, 0, 0, 0] };
    Writer::new(version, 6, 4)
        .metadata("general.alignment", 4, &64_u32.to_le_bytes())
        .metadata("tokens", 9, &[&8_u32.to_le_bytes(), &two[..], &names].concat())
        .metadata("scores", 9, &[&6_u32.to_le_bytes(), &two[..], &[0; 8]].concat())
        .metadata("flag", 7, &[1])
        .tensor("single", &[2, 1], 0, 0)
        .tensor("ternary", &[128, 1], 36, 0)
        .tensor("norm", &[2], 0, 0)
        .tensor("half", &[2, 1], 1, 64)
        .tensor("four", &[32, 1], 3, 256)
        .tensor("eight", &[32, 2], 8, 128)
        .data(64, &data)
}

#[test]
fn every_version_is_read_in_the_order_of_the_file() {
    let mut eight: Vec<f32> = (0..32).map(|at| 0.5 * (at - 16) as f32).collect();
    eight.extend([0.0; 32]);
    (eight[32], eight[63]) = (-254.0, 256.0);
    // The low four bits of byte b are weight b, the high ones weight b + 16; each is scaled by 0.5 and moved by −2.
    let four = (0..16).map(|at| 15 - at).chain(0..16).map(|code| 0.5 * code as f32 - 2.0).collect();
    let expected = [
        ("single", [1, 2], "F32", vec![1.5, -0.25]),
        ("half", [1, 2], "F16", vec![1.0, -2.0]),
        ("eight", [2, 32], "Q8_0", eight),
        ("four", [1, 32], "Q4_1", four),
    ]
    .map(|(name, shape, stored, values)| (name.to_owned(), shape, stored, values));
    for version in [1, 2, 3] {
        assert_eq!(load(&sample(version)).unwrap(), expected, "version {version}");
    }
    assert_eq!(open("gguf", &sample(3)).unwrap(), expected);
}

#[test]
fn data_start_at_the_alignment() {
    let header = Writer::new(3, 1, 1).metadata("general.alignment", 4, &1024_u32.to_le_bytes());
    let file = header.tensor("w", &[1, 1], 0, 0).data(1024, &7.5_f32.to_le_bytes());
    assert_eq!(file.len(), 1028);
    assert_eq!(load(&file).unwrap()[0].3, [7.5]);
}

#[test]
fn damage_is_named_with_its_place() {
    let one = |dimensions: &[u64], kind, offset| {
        let header = Writer::new(3, 1, 0).tensor("w", dimensions, kind, offset);
        message(&header.data(32, &[0; 64]))
    };
    assert!(one(&[32, 1], 36, 0).contains("tensor `w` is stored as I2_S, which is not read"));
    assert!(one(&[2], 0, 0).contains("no tensor of two dimensions among its 1"));
    assert!(one(&[1, 1, 1, 1, 1], 0, 0).contains("tensor `w` has 5 dimensions"));
    assert!(one(&[8, 3], 0, 0).contains("tensor `w` takes 96 bytes"));
    assert!(one(&[8, 1], 0, 64).contains("tensor `w` takes 32 bytes, 64 bytes into the data at byte 96"));
    assert!(one(&[8, 1], 0, u64::MAX - 31).contains("tensor `w` takes 32 bytes"));
    assert!(one(&[8, 1], 0, 4).contains("which is no multiple of 32"));
    assert!(one(&[33, 1], 8, 0).contains("has 33 columns, but Q8_0 stores 32 at a time"));
    assert!(one(&[u64::MAX, u64::MAX], 0, 0).contains("more than memory can hold"));

    let whole = sample(3);
    assert!(message(&whole[..20]).contains("at byte 16, the number of metadata takes 8 bytes, but only 4 are left"));
    assert!(message(&whole[..whole.len() - 1]).contains("tensor `four` takes 20 bytes"));
    assert!(message(b"GGUF\x09\0\0\0").contains("at byte 4, the version is 9"));
}

#[test]
fn wrong_metadata_are_named_with_their_place() {
    let with = |key: &str, kind, value: &[u8]| message(&Writer::new(3, 0, 1).metadata(key, kind, value).data(32, &[]));
    for alignment in [0_u32, 4, 48, 1 << 21] {
        let message = with("general.alignment", 4, &alignment.to_le_bytes());
        assert!(message.contains(&format!("at byte 53, the alignment is {alignment}")), "{message}");
    }
    assert!(with("k", 13, &[]).contains("at byte 33, 13 is the code of no type"));
    let nested: Vec<u8> = [[9, 0, 0, 0].as_slice(), &1_u64.to_le_bytes()].concat().repeat(100);
    assert!(with("k", 9, &nested).contains("nested too deeply"));
    let long = [[5, 0, 0, 0].as_slice(), &u64::MAX.to_le_bytes()].concat();
    assert!(with("k", 9, &long).contains("an array takes 18446744073709551615 bytes"));
    let texts = [[8, 0, 0, 0].as_slice(), &u64::MAX.to_le_bytes()].concat();
    assert!(with("k", 9, &texts).contains("are left"));
}

#[test]
fn every_block_type_is_as_candle_writes_it() {
    use candle_core::quantized::{GgmlDType, QTensor};
    use candle_core::{Device, Tensor};

    let types = [
        (2, GgmlDType::Q4_0),
        (3, GgmlDType::Q4_1),
        (6, GgmlDType::Q5_0),
        (7, GgmlDType::Q5_1),
        (8, GgmlDType::Q8_0),
        (10, GgmlDType::Q2K),
        (11, GgmlDType::Q3K),
        (12, GgmlDType::Q4K),
        (13, GgmlDType::Q5K),
        (14, GgmlDType::Q6K),
    ];
    let values = crate::reference::data::normal(1, 512);
    let matrix = Tensor::from_slice(&values, (2, 256), &Device::Cpu).unwrap();
    for (code, dtype) in types {
        let quantized = QTensor::quantize(&matrix, dtype).unwrap();
        let file = Writer::new(3, 1, 0).tensor("w", &[256, 2], code, 0).data(32, &quantized.data().unwrap());
        let (name, shape, stored, loaded) = load(&file).unwrap().remove(0);
        assert_eq!(
            (name.as_str(), shape, stored.replace('_', "")),
            ("w", [2, 256], format!("{dtype:?}").replace('_', ""))
        );
        // Even two bits keep most of a normal value: a wrong order or type would not.
        let noise: f32 = values.iter().zip(&loaded).map(|(value, found)| (value - found).powi(2)).sum();
        assert!(noise < 0.15 * 512.0, "{dtype:?}: {noise}");
    }
}
