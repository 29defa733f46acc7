//! What the fast code must give: each step written straight from its formula, one value at a time, in `f64` or `i64`.
//!
//! Nothing here is shared with the kernels and formats, and nothing here is fast. Checks and tests compare with it; a
//! third party's subject can be compared with it too.
//!
//! The functions for one value take γ and s as arguments, because a subject keeps them as `f32`: the values must follow
//! from the scale that is stored with them. Half is rounded to even throughout.

mod formats;

pub use formats::{
    base3, i2_s, tl1, tl2, tq1_0, tq1_0_dequantized, tq1_0_quantized, tq2_0, tq2_0_dequantized, tq2_0_quantized,
};

/// γ = mean |W| in the unit of the weights; 0 for no weights (arXiv 2402.17764, equation 3).
pub fn absmean_scale(weights: &[f32]) -> f64 {
    match weights {
        [] => 0.0,
        _ => weights.iter().map(|&weight| f64::from(weight).abs()).sum::<f64>() / weights.len() as f64,
    }
}

/// clip(round(w / γ), −1, 1) (arXiv 2402.17764, equations 1 and 2).
///
/// Where γ is 0, the limit: the sign of `w`. Where γ is infinite or NaN, 0.
pub fn ternary(weight: f32, gamma: f64) -> i8 {
    if weight == 0.0 || !gamma.is_finite() {
        return 0;
    }
    (f64::from(weight) / gamma).round_ties_even().clamp(-1.0, 1.0) as i8
}

/// s = 127 / max(|x|max, 1e-5) in one over the unit of the activations (arXiv 2402.17764, section 2).
pub fn absmax_scale(activations: &[f32]) -> f64 {
    127.0 / activations.iter().map(|&x| f64::from(x).abs()).fold(1e-5, f64::max)
}

/// clip(round(x · s), −128, 127) (arXiv 2310.11453, equation 4); 0 for NaN.
pub fn int8(activation: f32, scale: f64) -> i8 {
    (f64::from(activation) * scale).round_ties_even().clamp(-128.0, 127.0) as i8
}

/// The product of two integer vectors, Σ wₖ · xₖ.
pub fn dot(weights: &[i8], activations: &[i8]) -> i64 {
    weights.iter().zip(activations).map(|(&weight, &x)| i64::from(weight) * i64::from(x)).sum()
}

/// The product of a row-major integer matrix of `rows` rows with a vector: one sum for each row.
pub fn gemv(weights: &[i8], rows: usize, activations: &[i8]) -> Vec<i64> {
    let columns = activations.len();
    (0..rows).map(|row| dot(&weights[row * columns..][..columns], activations)).collect()
}

/// y = (W_q · x_q) · γ / s: an output of the layer in the unit of weights times activations.
pub fn output(sum: i64, gamma: f64, scale: f64) -> f64 {
    sum as f64 * gamma / scale
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn a_layer_computed_by_hand() {
        // γ = (1 + 0.25 + 3 + 0)/4 = 1.0625; s = 127/4.
        let weights = [1.0, -0.25, -3.0, 0.0];
        let gamma = absmean_scale(&weights);
        assert_eq!(gamma, 1.0625);
        let weights = weights.map(|weight| ternary(weight, gamma));
        assert_eq!(weights, [1, 0, -1, 0]);

        let activations = [4.0, 1.0, -2.0, 0.5];
        let scale = absmax_scale(&activations);
        assert_eq!(scale, 31.75);
        let activations = activations.map(|activation| int8(activation, scale));
        assert_eq!(activations, [127, 32, -64, 16]);

        let sums = gemv(&weights, 1, &activations);
        assert_eq!(sums, [191]);
        assert_eq!(output(sums[0], gamma, scale), 191.0 * 1.0625 / 31.75);
    }
}
