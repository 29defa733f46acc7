//! The products of candle that can hold ternary weights.
//!
//! candle has no ternary type. Q2K, the smallest that it has, holds ternary weights exactly: two bits each, with a scale
//! and an offset for every 16. Its product takes `f32` activations and rounds them to 8 bits with a scale of its own, for
//! 256 at a time, which is part of its time and makes its sums inexact.
//!
//! How many threads candle uses is decided once for the program, by `CANDLE_NUM_THREADS` and `RAYON_NUM_THREADS`, else by
//! the number of cores; the subject's name says it where it is not one.

use std::borrow::Cow;

use candle_core::quantized::{GgmlDType, QMatMul, QStorage, QTensor};
use candle_core::{Device, Module, Tensor, utils};
use half::f16;

use super::{BLOCK, check};
use crate::reference::kernels::tokens;
use crate::subject::{Refusal, TernaryMatmul};

/// candle's product in one of its types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Candle {
    /// 2.625 bits a weight: 256 weights in 84 bytes.
    Q2K,
    /// 32 bits a weight.
    F32,
}

/// A matrix of candle's.
pub struct Weights {
    rows: usize,
    bytes: usize,
    matrix: QMatMul,
}

/// Bytes of a block of Q2K: 16 scales and offsets, 256 weights, one scale for the scales and one for the offsets.
const BLOCK_BYTES: usize = 16 + BLOCK / 4 + 2 + 2;

impl TernaryMatmul for Candle {
    type Weights = Weights;
    type Activations = Tensor;
    type Sum = f32;

    fn name(&self) -> String {
        match utils::get_num_threads() {
            1 => format!("candle-{self:?}"),
            count => format!("candle-{self:?}-{count}threads"),
        }
    }

    fn pack(&self, ternary: &[i8], [rows, columns]: [usize; 2]) -> Result<Weights, Refusal> {
        check(columns, if *self == Self::Q2K { BLOCK } else { 1 })?;
        let (bytes, matrix) = match self {
            Self::Q2K => {
                let bytes: Vec<u8> = ternary.as_chunks().0.iter().flat_map(q2k).collect();
                let storage = QStorage::from_data(Cow::Borrowed(&bytes), &Device::Cpu, GgmlDType::Q2K);
                let matrix = storage.and_then(|storage| QTensor::new(storage, (rows, columns)));
                (bytes.len(), matrix.and_then(QMatMul::from_qtensor))
            }
            Self::F32 => {
                let matrix = Tensor::from_iter(ternary.iter().map(|&weight| f32::from(weight)), &Device::Cpu);
                (4 * ternary.len(), matrix.and_then(|matrix| matrix.reshape((rows, columns))).map(QMatMul::Tensor))
            }
        };
        Ok(Weights { rows, bytes, matrix: matrix.map_err(Refusal::new)? })
    }

    fn bytes(&self, weights: &Weights) -> usize {
        weights.bytes
    }

    fn prepare(&self, int8: &[i8], columns: usize) -> Result<Tensor, Refusal> {
        let tokens = tokens(int8, columns)?;
        Tensor::from_iter(int8.iter().map(|&value| f32::from(value)), &Device::Cpu)
            .and_then(|values| values.reshape((tokens, columns)))
            .map_err(Refusal::new)
    }

    /// # Panics
    ///
    /// If the activations or the sums do not fit the weights.
    fn multiply(&self, weights: &Weights, activations: &Tensor, sums: &mut [f32]) {
        let product = weights.matrix.forward(activations).and_then(|product| product.flatten_all()?.to_vec1());
        let product: Vec<f32> = product.expect("the activations fit the weights");
        assert!(product.len().is_multiple_of(weights.rows.max(1)));
        sums.copy_from_slice(&product);
    }

    fn threads(&self) -> usize {
        utils::get_num_threads()
    }

    /// For Q2K: an activation is rounded by up to half a step of 1/127 of the greatest of its 256. With activations
    /// spread over the whole range, as the suites' are, the errors of a sum stay far below this share of its products.
    fn tolerance(&self) -> f64 {
        match self {
            Self::Q2K => 0.01,
            Self::F32 => 0.0,
        }
    }
}

/// The block of those weights: d · scale · q − dmin · offset, with 1 for all but q = w + 1.
fn q2k(weights: &[i8; BLOCK]) -> [u8; BLOCK_BYTES] {
    let mut block = [0; BLOCK_BYTES];
    block[..16].fill(0x11);
    for (half, weights) in weights.as_chunks::<128>().0.iter().enumerate() {
        for (l, weights) in weights.as_chunks::<32>().0.iter().enumerate() {
            for (byte, &weight) in block[16 + 32 * half..].iter_mut().zip(weights) {
                *byte |= ((weight + 1) as u8) << (2 * l);
            }
        }
    }
    let one = f16::ONE.to_le_bytes();
    block[BLOCK_BYTES - 4..].copy_from_slice(&[one, one].concat());
    block
}
