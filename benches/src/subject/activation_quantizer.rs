//! Quantizers of activations.

/// A subject that brings a token's activations from `f32` to `i8`, by their greatest magnitude.
///
/// The claim is that of BitNet b1.58: s = 127 / max(|x|max, 1e-5) and x_q = clip(round(x · s), −128, 127)
/// (arXiv 2402.17764, section 2). The suites allow `s` a relative error of 1e-6 and a value that lies
/// within 1e-3 of a half either way of rounding.
///
/// ```
/// use bitnet_benchmarks::subject::ActivationQuantizer;
///
/// struct Plain;
///
/// impl ActivationQuantizer for Plain {
///     fn name(&self) -> String {
///         "plain".to_owned()
///     }
///
///     fn quantize(&self, activations: &[f32], int8: &mut [i8]) -> f32 {
///         let scale = 127.0 / activations.iter().fold(1e-5_f32, |most, x| most.max(x.abs()));
///         for (int8, x) in int8.iter_mut().zip(activations) {
///             *int8 = (x * scale).round_ties_even() as i8;
///         }
///         scale
///     }
/// }
/// ```
pub trait ActivationQuantizer: Send + Sync + 'static {
    /// The name in case ids and tables, such as `absmax`.
    fn name(&self) -> String;

    /// Quantizes one token into `int8`, which is as long as `activations`, and gives back `s`, in one
    /// over the unit of the activations.
    fn quantize(&self, activations: &[f32], int8: &mut [i8]) -> f32;
}
