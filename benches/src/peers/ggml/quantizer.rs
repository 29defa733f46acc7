//! ggml's quantization of weights in its ternary formats.

use std::ffi::c_void;

use llama_cpp_sys_2 as sys;

use super::{BLOCK, Ggml, Weights, check, initialise};
use crate::reference::formats::{TQ1_0Layout, TQ2_0Layout};
use crate::reference::lines::Lines;
use crate::reference::quantizers::TernaryBlocks;
use crate::subject::{Claim, Refusal, WeightQuantizer};

/// Rounds to three levels by the greatest magnitude of each 256 weights, as `ggml_quantize_chunk` does.
impl WeightQuantizer for Ggml {
    type Quantized = Weights;

    fn name(&self) -> String {
        self.label().to_owned()
    }

    fn claim(&self) -> Claim {
        match self {
            Self::Tq2_0 => TernaryBlocks::<TQ2_0Layout>::default().claim(),
            Self::Tq1_0 => TernaryBlocks::<TQ1_0Layout>::default().claim(),
        }
    }

    fn quantize(&self, weights: &[f32], shape: [usize; 2]) -> Result<Weights, Refusal> {
        self.pack_rows(weights, shape)
    }

    /// # Panics
    ///
    /// When `weights` is not N · K long.
    fn dequantize(&self, quantized: &Weights, weights: &mut [f32]) {
        assert_eq!(weights.len(), quantized.rows * quantized.columns, "one value for each weight");
        // SAFETY: ggml has a table of traits for each of its formats, which lives as long as the program.
        let to_float = unsafe { &*sys::ggml_get_type_traits(self.id()) }.to_float.expect("ggml reads its formats");
        let rows = quantized.bytes.chunks_exact(quantized.row_bytes);
        for (row, weights) in rows.zip(weights.chunks_exact_mut(quantized.columns)) {
            // SAFETY: `row` holds the blocks of as many weights as there is room for.
            unsafe { to_float(row.as_ptr().cast(), weights.as_mut_ptr(), weights.len() as i64) };
        }
    }

    fn bytes(&self, quantized: &Weights) -> usize {
        quantized.rows * quantized.row_bytes
    }
}

impl Ggml {
    /// Packs row-major weights: to three levels, each block by its own scale.
    pub(super) fn pack_rows(self, weights: &[f32], [rows, columns]: [usize; 2]) -> Result<Weights, Refusal> {
        initialise();
        check(columns, BLOCK)?;
        if rows.checked_mul(columns) != Some(weights.len()) {
            return Err(Refusal::new(format!("{rows} rows of {columns} columns are not {} weights", weights.len())));
        }
        // SAFETY: the function computes with its arguments alone, and ggml knows its formats.
        let row_bytes = unsafe { sys::ggml_row_size(self.id(), columns as i64) };
        let mut bytes = Lines::filled(rows * row_bytes, 0);
        for (row, packed) in weights.chunks_exact(columns).zip(bytes.chunks_exact_mut(row_bytes)) {
            let packed: *mut c_void = packed.as_mut_ptr().cast();
            // SAFETY: `row` holds one row of `columns` values, and `packed` has room for their blocks. ggml's ternary
            // formats need no matrix of importance.
            unsafe {
                sys::ggml_quantize_chunk(self.id(), row.as_ptr(), packed, 0, 1, columns as i64, std::ptr::null())
            };
        }
        Ok(Weights { rows, columns, row_bytes, bytes })
    }
}
