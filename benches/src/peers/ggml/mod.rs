//! The ternary products of ggml, the library under llama.cpp.
//!
//! One token is taken as ggml's own `mul_mat` takes it, row by row with the format's `vec_dot`; more tokens go through
//! `mul_mat` itself, in a graph of one node. Activations are Q8_K blocks that hold the 8-bit values as they are, with a
//! scale of 1, so that every sum is an integer, and exact.
//!
//! `llama-cpp-sys-2` builds ggml for AVX2 unless the crate is compiled for more; the ternary kernels have no wider form.

use std::ffi::c_void;
use std::sync::Once;

use llama_cpp_sys_2 as sys;

use super::{BLOCK, check};
use crate::reference::kernels::tokens;
use crate::reference::lines::Lines;
use crate::subject::{Refusal, TernaryMatmul};

mod graph;
mod quantizer;

/// ggml's product of ternary weights in one of its formats, on the calling thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ggml {
    /// 2.0625 bits a weight: 256 weights in 66 bytes.
    Tq2_0,
    /// 1.6875 bits a weight: 256 weights in 54 bytes.
    Tq1_0,
}

/// A ternary matrix in a format of ggml.
#[derive(Clone)]
pub struct Weights {
    rows: usize,
    columns: usize,
    row_bytes: usize,
    /// On cache lines and huge pages, as the reference's are, so that nothing but the kernels differs.
    bytes: Lines,
}

/// The activations of some tokens.
pub struct Activations {
    tokens: usize,
    blocks: Vec<BlockQ8K>,
}

/// ggml's `block_q8_K`.
#[derive(Clone, Copy)]
#[repr(C)]
struct BlockQ8K {
    /// The scale.
    d: f32,
    /// The values.
    qs: [i8; BLOCK],
    /// The sums of 16 neighbours each.
    bsums: [i16; BLOCK / 16],
}

impl Ggml {
    fn label(self) -> &'static str {
        match self {
            Self::Tq2_0 => "ggml-TQ2_0",
            Self::Tq1_0 => "ggml-TQ1_0",
        }
    }

    fn id(self) -> sys::ggml_type {
        match self {
            Self::Tq2_0 => sys::GGML_TYPE_TQ2_0,
            Self::Tq1_0 => sys::GGML_TYPE_TQ1_0,
        }
    }

    /// One token times every row, as `ggml_compute_forward_mul_mat_one_chunk` does it.
    fn row_by_row(self, weights: &Weights, x: &[BlockQ8K], sums: &mut [f32]) {
        // SAFETY: ggml has a table of traits for each of its formats, which lives as long as the program.
        let traits = unsafe { &*sys::ggml_get_type_traits_cpu(self.id()) };
        let vec_dot = traits.vec_dot.expect("ggml multiplies its ternary formats");
        for (sum, row) in sums.iter_mut().zip(weights.bytes.chunks_exact(weights.row_bytes)) {
            let x: *const c_void = x.as_ptr().cast();
            // SAFETY: `row` holds the blocks of `columns` weights and `x` those of as many activations; one sum is
            // written, and with one row the strides are not used.
            unsafe { vec_dot(weights.columns as i32, sum, 0, row.as_ptr().cast(), 0, x, 0, 1) };
        }
    }
}

impl TernaryMatmul for Ggml {
    type Weights = Weights;
    type Activations = Activations;
    type Sum = f32;

    fn name(&self) -> String {
        self.label().to_owned()
    }

    fn pack(&self, ternary: &[i8], shape: [usize; 2]) -> Result<Weights, Refusal> {
        let weights: Vec<f32> = ternary.iter().map(|&weight| f32::from(weight)).collect();
        self.pack_rows(&weights, shape)
    }

    fn bytes(&self, weights: &Weights) -> usize {
        weights.rows * weights.row_bytes
    }

    fn prepare(&self, int8: &[i8], columns: usize) -> Result<Activations, Refusal> {
        check(columns, BLOCK)?;
        let (blocks, _) = int8.as_chunks::<BLOCK>();
        Ok(Activations { tokens: tokens(int8, columns)?, blocks: blocks.iter().map(BlockQ8K::exact).collect() })
    }

    fn duplicate(&self, weights: &Weights) -> Option<Weights> {
        Some(weights.clone())
    }

    /// # Panics
    ///
    /// If the activations or the sums do not fit the weights, or ggml has no memory for its graph.
    fn multiply(&self, weights: &Weights, activations: &Activations, sums: &mut [f32]) {
        assert_eq!(sums.len(), activations.tokens * weights.rows, "one sum for each row and token");
        assert_eq!(activations.blocks.len() * BLOCK, activations.tokens * weights.columns, "one value for each column");
        match activations.tokens {
            1 => self.row_by_row(weights, &activations.blocks, sums),
            _ => graph::mul_mat(*self, weights, activations, sums),
        }
    }
}

impl BlockQ8K {
    /// The values as they are.
    fn exact(values: &[i8; BLOCK]) -> Self {
        let (parts, _) = values.as_chunks::<16>();
        let sum = |part: usize| parts[part].iter().map(|&value| i16::from(value)).sum();
        Self { d: 1.0, qs: *values, bsums: std::array::from_fn(sum) }
    }
}

/// Fills ggml's tables, once.
fn initialise() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: nothing else calls ggml before.
        unsafe { sys::ggml_cpu_init() };
        // SAFETY: the function looks up a table.
        let size = unsafe { sys::ggml_type_size(sys::GGML_TYPE_Q8_K) };
        assert_eq!(size, size_of::<BlockQ8K>(), "this version of ggml has another Q8_K");
    });
}
