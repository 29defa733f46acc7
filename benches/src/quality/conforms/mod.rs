//! Whether a restored matrix is what its quantizer claims.

mod absmean;
mod uniform;
#[cfg(test)]
mod validation;

use super::Quality;
use crate::subject::Claim;

/// The least positive `f32`, by which anything may be off: what is smaller cannot be restored.
const LEAST: f64 = f32::from_bits(1) as f64;

/// Holds `restored` to the claim that a quantizer makes of what it does with `original`; `shape` is `[N, K]`.
///
/// | claim | what must hold |
/// |---|---|
/// | [`Absmean`](Claim::Absmean) | each weight is γ · clip(round(w/γ), −1, 1) to within 1e-5 γ, where a w/γ within 1e-4 of a half may be rounded either way |
/// | [`Uniform`](Claim::Uniform) | each weight is within half a step, and 1e-4 of that, of the original; it is a whole number of steps to within 1e-4 of one; those of a granule take no more levels than the bits can tell apart |
/// | [`AtLeast`](Claim::AtLeast) | the signal-to-quantization-noise ratio is no less than claimed |
///
/// γ and the steps are computed from `original`, in `f64`. The numbers of steps are not checked for granules whose step
/// is denormal, where `f32` has no evenly spaced levels of that step.
///
/// # Errors
///
/// The first thing that does not hold: which weight it is, what was expected, and what was found. A restored weight that
/// is not finite is always refused, and so are originals that are not, of which nothing is claimed, and lengths that
/// are not the shape's.
///
/// ```
/// use bitnet_benchmarks::quality::conforms;
/// use bitnet_benchmarks::subject::Claim;
///
/// let original = [1.0, -0.25, -3.0, 0.75]; // γ = 1.25
/// assert_eq!(conforms(&Claim::Absmean, &original, &[1.25, 0.0, -1.25, 1.25], [2, 2]), Ok(()));
/// assert_eq!(
///     conforms(&Claim::Absmean, &original, &[1.25, 0.0, 1.25, 1.25], [2, 2]).unwrap_err(),
///     "weight 2 (row 1, column 0) of -3: expected -1.25, that is -1 times the mean magnitude 1.25; found 1.25"
/// );
/// ```
pub fn conforms(claim: &Claim, original: &[f32], restored: &[f32], shape: [usize; 2]) -> Result<(), String> {
    let [rows, columns] = shape;
    for (what, weights) in [("original", original), ("restored", restored)] {
        if rows.checked_mul(columns) != Some(weights.len()) {
            return Err(format!("expected {rows} rows of {columns} {what} weights; found {}", weights.len()));
        }
    }
    let matrix = Matrix { original, restored, columns };
    matrix.check_finite()?;
    match *claim {
        Claim::Absmean => absmean::check(&matrix),
        Claim::Uniform { bits, symmetric, granularity } => uniform::check(&matrix, bits, symmetric, granularity),
        Claim::AtLeast { sqnr, .. } => check_ratio(&matrix, sqnr),
    }
}

/// A matrix before and after.
struct Matrix<'a> {
    original: &'a [f32],
    restored: &'a [f32],
    columns: usize,
}

impl Matrix<'_> {
    /// Each weight with its index: original and restored.
    fn weights(&self) -> impl Iterator<Item = (usize, f64, f64)> {
        let pairs = self.original.iter().zip(self.restored);
        pairs.enumerate().map(|(index, (&original, &restored))| (index, f64::from(original), f64::from(restored)))
    }

    /// What is wrong with weight `index`.
    fn wrong(&self, index: usize, expected: impl std::fmt::Display) -> String {
        let (original, restored) = (self.original[index], self.restored[index]);
        format!("{} of {original}: expected {expected}; found {restored}", self.place(index))
    }

    fn place(&self, index: usize) -> String {
        format!("weight {index} (row {}, column {})", index / self.columns, index % self.columns)
    }

    fn check_finite(&self) -> Result<(), String> {
        for (index, original, restored) in self.weights() {
            if !original.is_finite() {
                return Err(format!("{} is {original}: nothing is claimed of weights like that", self.place(index)));
            }
            if !restored.is_finite() {
                return Err(self.wrong(index, "a finite weight"));
            }
        }
        Ok(())
    }
}

fn check_ratio(matrix: &Matrix<'_>, expected: f64) -> Result<(), String> {
    let found = Quality::of(matrix.original, matrix.restored).sqnr_db;
    if found >= expected {
        return Ok(());
    }
    Err(format!("expected a signal-to-quantization-noise ratio of {expected} dB or more; found {found:.2} dB"))
}
