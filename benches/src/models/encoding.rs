//! How the values of a tensor are stored, and the way from there to `f32`.

#[cfg(feature = "gguf")]
use super::gguf::Blocks;

/// How a tensor's values are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Encoding {
    /// IEEE 754 single precision, little-endian.
    F32,
    /// IEEE 754 half precision, little-endian.
    F16,
    /// The upper half of an F32, little-endian.
    Bf16,
    /// Blocks of ggml.
    #[cfg(feature = "gguf")]
    Blocks(Blocks),
}

impl Encoding {
    /// The name that both formats use.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::F32 => "F32",
            Self::F16 => "F16",
            Self::Bf16 => "BF16",
            #[cfg(feature = "gguf")]
            Self::Blocks(blocks) => blocks.name(),
        }
    }

    /// Bytes of a matrix, or why there is no such matrix.
    pub(super) fn size(self, shape: [usize; 2]) -> Result<usize, String> {
        let [rows, columns] = shape;
        let (values, bytes) = match self {
            Self::F32 => (1, 4),
            Self::F16 | Self::Bf16 => (1, 2),
            #[cfg(feature = "gguf")]
            Self::Blocks(blocks) => blocks.size(),
        };
        if columns % values != 0 {
            return Err(format!("has {columns} columns, but {} stores {values} at a time", self.name()));
        }
        let size = (columns / values).checked_mul(bytes).and_then(|row| row.checked_mul(rows));
        size.ok_or_else(|| format!("has {rows} rows of {columns} columns, more than memory can hold"))
    }

    /// The values of a matrix, whose size the bytes must have.
    pub(super) fn decode(self, bytes: &[u8], shape: [usize; 2]) -> Result<Vec<f32>, String> {
        let size = self.size(shape)?;
        if bytes.len() != size {
            return Err(format!("of shape {shape:?} as {} takes {size} bytes, but has {}", self.name(), bytes.len()));
        }
        match self {
            Self::F32 => Ok(each(bytes, f32::from_le_bytes)),
            Self::F16 => Ok(each(bytes, |two| half::f16::from_le_bytes(two).to_f32())),
            Self::Bf16 => Ok(each(bytes, |two| half::bf16::from_le_bytes(two).to_f32())),
            #[cfg(feature = "gguf")]
            Self::Blocks(blocks) => blocks.decode(bytes, shape),
        }
    }
}

/// Decodes values of `N` bytes, one by one.
fn each<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.as_chunks::<N>().0.iter().map(|&stored| value(stored)).collect()
}
