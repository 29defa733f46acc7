//! Calibrators.

/// A subject that finds, from samples of activations, the magnitude at which to clip them before they
/// are brought to `i8`: static quantization, where the scale is not taken from each token anew.
///
/// Samples come one after the other and are not kept: a calibrator that sees a million tokens takes no more memory than
/// one that sees ten. Activations that are not finite are no reason to panic, and do not count. The suites start each
/// calibration from a clone of the calibrator that they are given. [`reference::calibration`] has four.
///
/// [`reference::calibration`]: crate::reference::calibration
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
///         let magnitudes = activations.iter().map(|x| x.abs()).filter(|x| x.is_finite());
///         self.0 = magnitudes.fold(self.0, f32::max);
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
    /// the greatest finite magnitude observed. 0 if nothing was observed, or nothing but zeros.
    fn clip(&self) -> f32;
}
