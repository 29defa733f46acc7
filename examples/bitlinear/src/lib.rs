//! A sample BitNet crate: one linear layer with ternary weights and 8-bit activations.
//!
//! Its functions are annotated where they stand. Without the feature `bench` the attributes are not
//! there, nor is the dependency:
//!
//! ```text
//! cargo bench -p bitlinear --features bench
//! ```

#[cfg(feature = "bench")]
use bitnet_bench::bitnet_bench;

/// Quantizes activations to 8 bits, with the largest magnitude at 127 (arXiv 2402.17764, eq. 4).
/// Gives back the values and the scale by which they were multiplied.
#[cfg_attr(feature = "bench", bitnet_bench(
    group = "bitlinear",
    sizes = [2_560, 6_912],
    inputs = |size| bench_inputs::activations(size),
    items = |size| size
))]
pub fn quantize_activations(activations: &[f32]) -> (Vec<i8>, f32) {
    let largest = activations.iter().fold(1e-5_f32, |most, x| most.max(x.abs()));
    let scale = 127.0 / largest;
    (activations.iter().map(|x| (x * scale).round_ties_even() as i8).collect(), scale)
}

/// The product of `[rows, columns]` ternary weights, row by row, and 8-bit activations.
///
/// # Panics
/// If `weights` does not hold whole rows of `activations.len()`.
#[cfg_attr(feature = "bench", bitnet_bench(
    group = "bitlinear",
    sizes = [[640, 2_560]],
    inputs = |size| bench_inputs::layer(size),
    check = |out, size| out.len() == size[0],
    flops = |size| 2 * size[0] * size[1]
))]
pub fn multiply(weights: &[i8], activations: &[i8]) -> Vec<i32> {
    assert_eq!(weights.len() % activations.len(), 0, "weights are whole rows");
    let row = |row: &[i8]| row.iter().zip(activations).map(|(w, x)| i32::from(*w) * i32::from(*x)).sum();
    weights.chunks_exact(activations.len()).map(row).collect()
}

#[cfg(feature = "bench")]
mod bench_inputs {
    pub(super) fn activations(len: usize) -> Vec<f32> {
        (0..len).map(|n| (n as f32 * 0.61).sin()).collect()
    }

    pub(super) fn layer([rows, columns]: [usize; 2]) -> (Vec<i8>, Vec<i8>) {
        let weights = (0..rows * columns).map(|n| (n * 7 % 3) as i8 - 1).collect();
        let activations = (0..columns).map(|n| (n * 31 % 255) as u8 as i8).collect();
        (weights, activations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layer_is_that_of_the_formula() {
        let (activations, scale) = quantize_activations(&[0.5, -1.0, 0.25]);
        assert_eq!((activations, scale), (vec![64, -127, 32], 127.0));
        assert_eq!(multiply(&[1, 0, -1, 1, 1, 1], &[64, -127, 32]), [32, -31]);
    }
}
