//! Whether a product is right: every sum of it, at the price of one matrix–vector product.

use std::sync::Arc;

use bitnet_bench::Bencher;

use super::inputs::count;
use crate::reference::oracle;

/// A linear combination of a matrix' rows, by which the sums of any token can be checked: with random odd
/// coefficients r, Σₙ rₙ · yₙ must equal (Σₙ rₙ · Wₙ) · x, in arithmetic modulo 2⁶⁴ (R. Freivalds,
/// *Probabilistic machines can use less running time*, 1977). A single wrong sum never passes, since no odd
/// number divides zero there; several that cancel out pass with a chance of about 2⁻⁶³.
pub(super) struct Product {
    shape: [usize; 2],
    coefficients: Vec<i64>,
    combined: Vec<i64>,
}

/// Rows that are compared for each token but the first and the last, of which all are, for subjects whose sums are not
/// exact.
const COMPARED_ROWS: usize = 64;
/// The greatest tolerance: beyond it, a product is of no use to a model.
const MOST_TOLERANCE: f64 = 0.05;

impl Product {
    /// That of a matrix, made once in a launch.
    pub(super) fn cached(b: &Bencher, ternary: &[i8], shape: [usize; 2]) -> Arc<Self> {
        let seed = b.seed();
        b.cached(format!("product {shape:?} of seed {seed}"), || Self::new(ternary, shape, seed))
    }

    fn new(ternary: &[i8], shape: [usize; 2], seed: u64) -> Self {
        let [rows, columns] = shape;
        let mut random = fastrand::Rng::with_seed(seed);
        let coefficients: Vec<i64> = (0..rows).map(|_| random.i64(..) | 1).collect();
        let mut combined = vec![0_i64; columns];
        for (row, &coefficient) in coefficients.iter().enumerate() {
            for (sum, &weight) in combined.iter_mut().zip(&ternary[row * columns..][..columns]) {
                *sum = sum.wrapping_add(coefficient.wrapping_mul(i64::from(weight)));
            }
        }
        Self { shape, coefficients, combined }
    }

    /// Checks the sums of all tokens; `tolerance` is that of [`TernaryMatmul`](crate::subject::TernaryMatmul).
    pub(super) fn check<S: Copy + Into<f64>>(
        &self,
        ternary: &[i8],
        int8: &[i8],
        sums: &[S],
        tolerance: f64,
    ) -> Result<(), String> {
        let [rows, columns] = self.shape;
        if count(self.shape) == 0 {
            return Ok(());
        }
        if !(0.0..=MOST_TOLERANCE).contains(&tolerance) {
            return Err(format!("a tolerance of {tolerance} is none: it must be from 0 to {MOST_TOLERANCE}"));
        }
        let last = int8.len() / columns - 1;
        for (token, (x, y)) in int8.chunks(columns).zip(sums.chunks(rows)).enumerate() {
            if tolerance > 0.0 {
                let all = token == 0 || token == last;
                self.compare(ternary, token, x, y, if all { 1 } else { rows.div_ceil(COMPARED_ROWS) }, tolerance)?;
            } else if !self.is_exact(x, y) {
                // The first wrong row, for whoever has to find the fault.
                self.compare(ternary, token, x, y, 1, 0.0)?;
                return Err(format!("a sum of token {token} is not exact"));
            }
        }
        Ok(())
    }

    fn is_exact<S: Copy + Into<f64>>(&self, x: &[i8], y: &[S]) -> bool {
        let sum = |terms: &mut dyn Iterator<Item = i64>| terms.fold(0_i64, i64::wrapping_add);
        let expected = sum(&mut self.combined.iter().zip(x).map(|(&c, &x)| c.wrapping_mul(i64::from(x))));
        let whole = |y: S| {
            let y: f64 = y.into();
            (y.fract() == 0.0).then_some(y as i64)
        };
        let mut sums = Vec::with_capacity(y.len());
        for &y in y {
            match whole(y) {
                Some(y) => sums.push(y),
                None => return false,
            }
        }
        expected == sum(&mut self.coefficients.iter().zip(sums).map(|(&r, y)| r.wrapping_mul(y)))
    }

    fn compare<S: Copy + Into<f64>>(
        &self,
        ternary: &[i8],
        token: usize,
        x: &[i8],
        y: &[S],
        step: usize,
        tolerance: f64,
    ) -> Result<(), String> {
        let [_, columns] = self.shape;
        // Other rows for each token.
        for (row, &found) in y.iter().enumerate().skip(token % step).step_by(step) {
            let weights = &ternary[row * columns..][..columns];
            let (expected, found): (f64, f64) = (oracle::dot(weights, x) as f64, found.into());
            let magnitude: i64 = weights.iter().zip(x).map(|(&w, &x)| (i64::from(w) * i64::from(x)).abs()).sum();
            if found.is_nan() || (found - expected).abs() > tolerance * magnitude as f64 {
                return Err(format!("the sum of row {row}, token {token}, is {found} instead of {expected}"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::data;

    const SHAPE: [usize; 2] = [5, 40];
    const TOKENS: usize = 3;

    fn case() -> (Product, Vec<i8>, Vec<i8>, Vec<i32>) {
        let (ternary, int8) = (data::ternary(1, 200), data::int8(2, 120));
        let sums = int8.chunks(40).flat_map(|x| oracle::gemv(&ternary, 5, x)).map(|sum| sum as i32).collect();
        (Product::new(&ternary, SHAPE, 3), ternary, int8, sums)
    }

    #[test]
    fn a_right_product_passes() {
        let (product, ternary, int8, sums) = case();
        assert_eq!(product.check(&ternary, &int8, &sums, 0.0), Ok(()));
        let floats: Vec<f32> = sums.iter().map(|&sum| sum as f32).collect();
        assert_eq!(product.check(&ternary, &int8, &floats, 0.0), Ok(()));
    }

    #[test]
    fn any_single_wrong_sum_is_found_and_named() {
        let (product, ternary, int8, sums) = case();
        for place in 0..SHAPE[0] * TOKENS {
            for error in [1, -1, 256, i32::MAX / 2] {
                let mut sums = sums.clone();
                sums[place] += error;
                let message = product.check(&ternary, &int8, &sums, 0.0).unwrap_err();
                assert!(message.contains(&format!("row {}, token {}", place % 5, place / 5)), "{message}");
            }
        }
    }

    #[test]
    fn swapped_sums_and_sums_that_cancel_out_are_found() {
        let (product, ternary, int8, mut sums) = case();
        (sums[0], sums[1]) = (sums[0] + 1, sums[1] - 1);
        assert!(product.check(&ternary, &int8, &sums, 0.0).is_err());
    }

    #[test]
    fn a_tolerance_is_a_share_of_the_magnitudes() {
        let (product, ternary, int8, sums) = case();
        let off = |by: f32| sums.iter().map(|&sum| sum as f32 + by).collect::<Vec<f32>>();
        assert_eq!(product.check(&ternary, &int8, &off(0.4), 1e-3), Ok(()));
        assert!(product.check(&ternary, &int8, &off(30.0), 1e-3).is_err());
        assert!(product.check(&ternary, &int8, &off(0.4), 0.0).is_err(), "a part of a sum is not exact");
        assert!(product.check(&ternary, &int8, &off(f32::NAN), 0.05).is_err());
        assert!(product.check(&ternary, &int8, &off(0.0), 0.5).unwrap_err().contains("tolerance"));
    }
}
