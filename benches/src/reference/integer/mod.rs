//! Weights in 2, 4 or 8 bits: each rounded to the nearest of evenly spaced levels.
//!
//! The weights of a granule (the matrix, a row, or a group of neighbours in a row) share a step Δ and a zero point z. A
//! code c stands for the weight (c − z) · Δ, and c = clip(round(w / Δ) + z, 0, 2^bits − 1), half to even.
//!
//! | levels | Δ | z |
//! |---|---|---|
//! | symmetric | max \|W\| / (2^(bits−1) − 1) | 2^(bits−1); the code 0 does not occur |
//! | asymmetric | (max W − min W) / (2^bits − 1) | round(−min W / Δ), so that 0 is a level |
//!
//! where max and min count 0 as a weight (R. Krishnamoorthi, arXiv 1806.08342, section 2; M. Nagel et al., arXiv
//! 2106.08295, section 2).
//!
//! Choices that these leave open:
//! - **Δ is the nearest `f32`**, and z and c follow from it exactly. A denormal Δ is the next greater one, so that the
//!   levels span the weights there too.
//! - **A granule of zeros** has Δ = 0, and all its weights are restored as 0. One of a constant has that constant among
//!   its levels, but for the rounding of Δ.
//! - **NaN, infinite weights, and magnitudes beyond 2¹²⁶**, whose levels might be infinite, are refused, and the first
//!   of them is named.

mod codes;
mod error;
mod round;
mod uniform;
#[cfg(test)]
mod validation;

pub use error::IntegerError;
pub use uniform::Uniform;

use round::Granule;

use super::kernels::dequantize;
use crate::subject::Granularity;

/// A matrix of N rows and K columns in 2, 4 or 8 bits a weight.
///
/// | part | holds |
/// |---|---|
/// | codes | ⌈K · bits / 8⌉ bytes for each row: bits j · bits mod 8 and up of byte ⌊j · bits / 8⌋ are the code of column j; the bits after the last are 0 |
/// | scales | Δ of each granule, row by row, in the unit of the weights |
/// | zero points | z of each granule, in the same order; none where the levels are symmetric, whose z is 2^(bits−1) |
///
/// There is one granule a tensor, one a row, or ⌈K / length⌉ groups a row, of which the last may be shorter. A matrix
/// without weights has no granule.
///
/// ```
/// use bitnet_benchmarks::reference::integer::{Integer, Uniform};
/// use bitnet_benchmarks::subject::Granularity;
///
/// let levels = Uniform { bits: 4, symmetric: true, granularity: Granularity::Channel };
/// let matrix = Integer::quantize(&[0.7, -0.3, 0.12, 2.8, -1.1, 0.0], [2, 3], levels)?;
/// assert_eq!(matrix.scales(), [0.1, 0.4]);
/// assert_eq!(matrix.codes(), [0x5F, 0x09, 0x5F, 0x08]);
/// # Ok::<(), bitnet_benchmarks::reference::integer::IntegerError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Integer {
    shape: [usize; 2],
    uniform: Uniform,
    codes: Vec<u8>,
    scales: Vec<f32>,
    zero_points: Vec<u8>,
}

impl Integer {
    /// Quantizes row-major weights; `shape` is `[N, K]`.
    ///
    /// # Errors
    ///
    /// [`IntegerError`] when there are not N · K weights, one cannot be quantized, or `uniform` is not possible.
    pub fn quantize(weights: &[f32], shape: [usize; 2], uniform: Uniform) -> Result<Self, IntegerError> {
        let mut matrix = Self::zeros(shape, uniform)?;
        matrix.requantize(weights)?;
        Ok(matrix)
    }

    /// Quantizes other weights of the same shape into this matrix. It allocates one row of bytes.
    ///
    /// # Errors
    ///
    /// [`IntegerError`] when there are not N · K weights, or one cannot be quantized: then the matrix holds some of the
    /// new weights, and some of the old.
    pub fn requantize(&mut self, weights: &[f32]) -> Result<(), IntegerError> {
        let [rows, columns] = self.shape;
        check_len("weights", rows * columns, weights.len())?;
        if self.uniform.granularity == Granularity::Tensor && !weights.is_empty() {
            let granule = self.granule(weights).ok_or_else(|| misfit(weights))?;
            self.set_granule(0, granule);
        }
        let mut codes = self.row_of_codes();
        for (row, weights_of_row) in weights.chunks_exact(columns.max(1)).enumerate() {
            self.round_row(row, weights_of_row, &mut codes).ok_or_else(|| misfit(weights))?;
            let bytes = self.uniform.row_bytes(columns);
            codes::pack(self.uniform.bits, &codes, &mut self.codes[row * bytes..][..bytes]);
        }
        Ok(())
    }

    /// Puts a matrix together from its parts, which are laid out as [`codes`](Self::codes), [`scales`](Self::scales)
    /// and [`zero_points`](Self::zero_points) give them.
    ///
    /// # Errors
    ///
    /// [`IntegerError`] when a part is of another length, or holds something that it cannot hold.
    pub fn from_parts(
        shape: [usize; 2],
        uniform: Uniform,
        codes: Vec<u8>,
        scales: Vec<f32>,
        zero_points: Vec<u8>,
    ) -> Result<Self, IntegerError> {
        let [code_bytes, granules] = sizes(shape, &uniform)?;
        check_len("bytes of codes", code_bytes, codes.len())?;
        check_len("scales", granules, scales.len())?;
        check_len("zero points", if uniform.symmetric { 0 } else { granules }, zero_points.len())?;
        let spans = |scale: f32| scale >= 0.0 && (scale * f32::from(uniform.greatest_code())).is_finite();
        if let Some(index) = scales.iter().position(|&scale| !spans(scale)) {
            return Err(IntegerError::Scale { index, value: scales[index] });
        }
        if let Some(index) = zero_points.iter().position(|&zero| zero > uniform.greatest_code()) {
            return Err(IntegerError::ZeroPoint { index, value: zero_points[index] });
        }
        let matrix = Self { shape, uniform, codes, scales, zero_points };
        matrix.check_codes()?;
        Ok(matrix)
    }

    /// The weights, row by row, N · K in all, in the unit that they had.
    pub fn dequantize(&self) -> Vec<f32> {
        let mut weights = vec![0.0; self.shape[0] * self.shape[1]];
        self.restore(&mut weights);
        weights
    }

    /// Brings the weights back, row by row, into a slice of N · K. It allocates one row of bytes.
    ///
    /// # Errors
    ///
    /// [`IntegerError::Length`] when the slice is of another length.
    pub fn dequantize_into(&self, weights: &mut [f32]) -> Result<(), IntegerError> {
        check_len("weights", self.shape[0] * self.shape[1], weights.len())?;
        self.restore(weights);
        Ok(())
    }

    /// The shape `[N, K]`.
    pub fn shape(&self) -> [usize; 2] {
        self.shape
    }

    /// The levels.
    pub fn uniform(&self) -> Uniform {
        self.uniform
    }

    /// The packed codes, row by row.
    pub fn codes(&self) -> &[u8] {
        &self.codes
    }

    /// The steps Δ, one a granule, in the unit of the weights.
    pub fn scales(&self) -> &[f32] {
        &self.scales
    }

    /// The zero points z, one a granule; none where the levels are symmetric.
    pub fn zero_points(&self) -> &[u8] {
        &self.zero_points
    }

    /// Bytes that the matrix takes: codes, 4 for each scale, and 1 for each zero point.
    pub fn bytes(&self) -> usize {
        self.codes.len() + size_of_val(self.scales.as_slice()) + self.zero_points.len()
    }

    /// Bits a weight, scales and zero points included; 0 for no weights.
    pub fn bits_per_weight(&self) -> f64 {
        match self.shape[0] * self.shape[1] {
            0 => 0.0,
            weights => 8.0 * self.bytes() as f64 / weights as f64,
        }
    }

    /// A matrix of no particular weights.
    fn zeros(shape: [usize; 2], uniform: Uniform) -> Result<Self, IntegerError> {
        let [code_bytes, granules] = sizes(shape, &uniform)?;
        let zero_points = if uniform.symmetric { Vec::new() } else { vec![0; granules] };
        Ok(Self { shape, uniform, codes: vec![0; code_bytes], scales: vec![0.0; granules], zero_points })
    }

    /// The levels for the weights of one granule; none if one cannot be quantized.
    fn granule(&self, weights: &[f32]) -> Option<Granule> {
        round::extent(weights).granule(&self.uniform)
    }

    /// The levels of granule `index`.
    fn granule_at(&self, index: usize) -> Granule {
        let zero = if self.uniform.symmetric { self.uniform.middle() } else { self.zero_points[index] };
        Granule { step: self.scales[index], zero }
    }

    fn set_granule(&mut self, index: usize, granule: Granule) {
        self.scales[index] = granule.step;
        if let Some(zero) = self.zero_points.get_mut(index) {
            *zero = granule.zero;
        }
    }

    /// The first granule of a row, and how many weights of the row each has.
    fn granules_of(&self, row: usize) -> (usize, usize) {
        let columns = self.shape[1];
        let span = self.uniform.span(columns);
        match self.uniform.granularity {
            Granularity::Tensor => (0, span),
            _ => (row * columns.div_ceil(span), span),
        }
    }

    /// Finds the codes of one row, and the levels of its granules; nothing if a weight cannot be quantized.
    fn round_row(&mut self, row: usize, weights: &[f32], codes: &mut [u8]) -> Option<()> {
        let (first, span) = self.granules_of(row);
        for (at, (weights, codes)) in weights.chunks(span).zip(codes.chunks_mut(span)).enumerate() {
            let granule = match self.uniform.granularity {
                Granularity::Tensor => self.granule_at(0),
                _ => self.granule(weights)?,
            };
            self.set_granule(first + at, granule);
            round::round(weights, granule, self.uniform.greatest_code(), codes);
        }
        Some(())
    }

    /// Brings the weights back; the length has been checked.
    fn restore(&self, weights: &mut [f32]) {
        let mut codes = self.row_of_codes();
        for (row, weights) in weights.chunks_exact_mut(self.shape[1].max(1)).enumerate() {
            self.unpack_row(row, &mut codes);
            let (first, span) = self.granules_of(row);
            for (at, (codes, weights)) in codes.chunks(span).zip(weights.chunks_mut(span)).enumerate() {
                let Granule { step, zero } = self.granule_at(first + at);
                dequantize::levels(codes, zero, step, weights);
            }
        }
    }

    /// Room for the codes of one row; none where there are no rows, however long they would be.
    fn row_of_codes(&self) -> Vec<u8> {
        vec![0; if self.codes.is_empty() { 0 } else { self.shape[1] }]
    }

    fn unpack_row(&self, row: usize, codes: &mut [u8]) {
        let bytes = self.uniform.row_bytes(self.shape[1]);
        codes::unpack(self.uniform.bits, &self.codes[row * bytes..][..bytes], codes);
    }

    /// Whether every code is one, and nothing follows the last of a row.
    fn check_codes(&self) -> Result<(), IntegerError> {
        let columns = self.shape[1];
        let bits_in_last_byte = columns % self.uniform.codes_per_byte() * self.uniform.bits as usize;
        let mut codes = self.row_of_codes();
        for (row, packed) in self.codes.chunks_exact(self.uniform.row_bytes(columns).max(1)).enumerate() {
            let last = packed.last().copied().unwrap_or(0);
            if bits_in_last_byte > 0 && last >> bits_in_last_byte != 0 {
                return Err(IntegerError::Filling { row });
            }
            self.unpack_row(row, &mut codes);
            if let Some(column) = codes.iter().position(|&code| self.uniform.symmetric && code == 0) {
                return Err(IntegerError::Code { row, column });
            }
        }
        Ok(())
    }
}

/// Bytes of codes, and granules, of a matrix.
fn sizes(shape: [usize; 2], uniform: &Uniform) -> Result<[usize; 2], IntegerError> {
    uniform.check()?;
    let [rows, columns] = shape;
    let addressable = |&weights: &usize| weights <= isize::MAX as usize / size_of::<f32>();
    rows.checked_mul(columns).filter(addressable).ok_or(IntegerError::TooLarge { rows, columns })?;
    Ok([rows * uniform.row_bytes(columns), uniform.granules(shape)])
}

fn check_len(what: &'static str, expected: usize, found: usize) -> Result<(), IntegerError> {
    if expected == found { Ok(()) } else { Err(IntegerError::Length { what, expected, found }) }
}

/// Names the first weight that cannot be quantized.
#[cold]
fn misfit(weights: &[f32]) -> IntegerError {
    let index = weights.iter().take_while(|weight| round::fits(**weight)).count();
    IntegerError::Weight { index, value: weights.get(index).copied().unwrap_or(f32::NAN) }
}
