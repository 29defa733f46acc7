//! Calibrators.

/// A subject that finds, from samples of activations, the magnitude at which to clip them before they
/// are brought to `i8`: static quantization, where the scale is not taken from each token anew.
///
/// ```
/// use bitnet_benchmarks::subject::Calibrator;
///
/// /// Clips at the greatest magnitude seen.
/// #[derive(Clone, Default)]
/// struct MinMax(f32);
///
/// impl Calibrator for MinMax {
///     fn name(&self) -> String {
///         "min-max".to_owned()
///     }
///
///     fn observe(&mut self, activations: &[f32]) {
///         self.0 = activations.iter().fold(self.0, |most, x| most.max(x.abs()));
///     }
///
///     fn clip(&self) -> f32 {
///         self.0
///     }
/// }
/// ```
pub trait Calibrator: Clone + Send + Sync + 'static {
    /// The name in case ids and tables, such as `percentile`.
    fn name(&self) -> String;

    /// Takes one sample: the activations of one token.
    fn observe(&mut self, activations: &[f32]);

    /// The magnitude to clip at, in the unit of the activations: finite, above 0, and no greater than
    /// the greatest magnitude observed. 0 if nothing but zeros was observed.
    fn clip(&self) -> f32;
}
