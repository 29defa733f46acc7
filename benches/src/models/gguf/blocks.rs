//! The block-quantized types of ggml that candle dequantizes.

use candle_core::Device;
use candle_core::quantized::{GgmlDType, ggml_file};

/// A block-quantized type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::models) struct Blocks(GgmlDType);

impl Blocks {
    /// The type of that code in a file, if candle dequantizes it.
    pub(super) fn of(code: u32) -> Option<Self> {
        Some(Self(match code {
            2 => GgmlDType::Q4_0,
            3 => GgmlDType::Q4_1,
            6 => GgmlDType::Q5_0,
            7 => GgmlDType::Q5_1,
            8 => GgmlDType::Q8_0,
            10 => GgmlDType::Q2K,
            11 => GgmlDType::Q3K,
            12 => GgmlDType::Q4K,
            13 => GgmlDType::Q5K,
            14 => GgmlDType::Q6K,
            _ => return None,
        }))
    }

    /// The name that ggml gives it.
    pub(in crate::models) fn name(self) -> &'static str {
        match self.0 {
            GgmlDType::Q4_0 => "Q4_0",
            GgmlDType::Q4_1 => "Q4_1",
            GgmlDType::Q5_0 => "Q5_0",
            GgmlDType::Q5_1 => "Q5_1",
            GgmlDType::Q8_0 => "Q8_0",
            GgmlDType::Q2K => "Q2_K",
            GgmlDType::Q3K => "Q3_K",
            GgmlDType::Q4K => "Q4_K",
            GgmlDType::Q5K => "Q5_K",
            GgmlDType::Q6K => "Q6_K",
            _ => "another type",
        }
    }

    /// Values of a block, all in one row, and bytes of a block.
    pub(in crate::models) fn size(self) -> (usize, usize) {
        (self.0.block_size(), self.0.type_size())
    }

    /// Dequantizes a matrix, whose size the bytes have.
    pub(in crate::models) fn decode(self, bytes: &[u8], shape: [usize; 2]) -> Result<Vec<f32>, String> {
        if bytes.is_empty() {
            return Ok(Vec::new());
        }
        // candle takes the bytes for its block types, which hold two-byte numbers.
        if bytes.as_ptr().align_offset(align_of::<u64>()) != 0 {
            return Err("does not start at a multiple of 8 bytes in memory".to_owned());
        }
        let blocks = ggml_file::qtensor_from_ggml(self.0, bytes, shape.to_vec(), &Device::Cpu);
        let values = blocks
            .and_then(|blocks| blocks.dequantize(&Device::Cpu))
            .and_then(|values| values.flatten_all())
            .and_then(|values| values.to_vec1());
        values.map_err(|error| format!("cannot be dequantized ({error})"))
    }
}
