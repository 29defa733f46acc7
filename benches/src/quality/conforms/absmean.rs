//! γ · clip(round(w/γ), −1, 1) with γ = mean |W| (arXiv 2402.17764, equations 1 to 3).

use super::{LEAST, Matrix};

/// How far a restored weight may be from its level, as a share of γ.
const OFF: f64 = 1e-5;
/// How near to a half w/γ may be rounded either way: the subject's own γ may be as far off as its levels.
const NEAR: f64 = 1e-4;

pub(super) fn check(matrix: &Matrix<'_>) -> Result<(), String> {
    let magnitudes = matrix.original.iter().map(|&weight| f64::from(weight).abs());
    let gamma = magnitudes.sum::<f64>() / matrix.original.len().max(1) as f64;
    // The subject's γ is off by the least `f32` at least, which is much of a denormal γ.
    let near = NEAR + LEAST / gamma;
    for (index, original, restored) in matrix.weights() {
        let ratio = if gamma == 0.0 { 0.0 } else { original / gamma };
        let nearest = ratio.round_ties_even().clamp(-1.0, 1.0);
        let is_level = |level: f64| (restored - level * gamma).abs() <= OFF * gamma + LEAST;
        let either = (ratio.abs() - 0.5).abs() <= near && (is_level(0.0) || is_level(ratio.signum()));
        if !is_level(nearest) && !either {
            let level = nearest * gamma;
            return Err(matrix.wrong(index, format!("{level}, that is {nearest} times the mean magnitude {gamma}")));
        }
    }
    Ok(())
}
