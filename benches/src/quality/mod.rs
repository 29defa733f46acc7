//! How good a quantized tensor is, and whether it is what its quantizer claims.
//!
//! [`Quality`] measures the distance between a tensor and what is restored of it; [`conforms`] holds a restored weight
//! matrix to the [`Claim`](crate::subject::Claim) of its quantizer. Both compute in `f64`, one value at a time, and
//! share nothing with the code that they judge.

mod conforms;

pub use conforms::conforms;

/// The distance between a tensor w and the restored ŵ.
///
/// | figure | formula |
/// |---|---|
/// | mean squared error | Σ (w − ŵ)² / n |
/// | signal-to-quantization-noise ratio | 10 · log₁₀(Σ w² / Σ (w − ŵ)²) |
/// | cosine similarity | Σ w · ŵ / √(Σ w² · Σ ŵ²) |
/// | greatest error | max \|w − ŵ\| |
/// | sparsity | share of ŵ = 0 |
///
/// Every figure is finite for finite values, so that a metric can carry it; NaN or an infinity among the values makes
/// some figure NaN or infinite.
///
/// ```
/// use bitnet_benchmarks::quality::Quality;
///
/// let quality = Quality::of(&[3.0, 1.0, 0.0, -3.0], &[2.0, 0.0, 0.0, -2.0]);
/// assert_eq!((quality.mse, quality.max_error, quality.sparsity), (0.75, 1.0, 0.5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// The mean squared error, in the square of the values' unit; 0 for no values.
    pub mse: f64,
    /// The signal-to-quantization-noise ratio in decibels, within ±[`Quality::EXACT_DB`].
    pub sqnr_db: f64,
    /// The cosine of the angle between the two, from −1 to 1; 1 if both are zero, 0 if only one of them is.
    pub cosine: f64,
    /// The greatest error, in the values' unit; 0 for no values.
    pub max_error: f64,
    /// The share of restored values that are 0; 0 for no values.
    pub sparsity: f64,
}

impl Quality {
    /// The ratio that stands for no error at all, where the formula has no value or an infinite one.
    ///
    /// What is wrong only by rounding to `f32` has about 150 dB, so nothing that was quantized comes near. For the same
    /// reason −300 dB stands for an error without a signal.
    pub const EXACT_DB: f64 = 300.0;

    /// Compares `restored` with `original`.
    ///
    /// # Panics
    ///
    /// When the two differ in length.
    pub fn of(original: &[f32], restored: &[f32]) -> Self {
        assert_eq!(original.len(), restored.len(), "one restored value for each original one");
        let mut sums = Sums::default();
        for (&original, &restored) in original.iter().zip(restored) {
            sums.add(f64::from(original), f64::from(restored));
        }
        let count = original.len().max(1) as f64;
        Self {
            mse: sums.noise / count,
            sqnr_db: decibels(sums.signal, sums.noise),
            cosine: cosine(&sums),
            max_error: sums.greatest,
            sparsity: sums.zeros as f64 / count,
        }
    }
}

/// What the figures are made of.
#[derive(Default)]
struct Sums {
    /// Σ w².
    signal: f64,
    /// Σ ŵ².
    restored: f64,
    /// Σ (w − ŵ)².
    noise: f64,
    /// Σ w · ŵ.
    product: f64,
    /// max |w − ŵ|.
    greatest: f64,
    /// Number of ŵ = 0.
    zeros: usize,
}

impl Sums {
    fn add(&mut self, original: f64, restored: f64) {
        let error = (original - restored).abs();
        self.signal += original * original;
        self.restored += restored * restored;
        self.noise += error * error;
        self.product += original * restored;
        // Not `max`, which passes over NaN.
        if error > self.greatest || error.is_nan() {
            self.greatest = error;
        }
        self.zeros += usize::from(restored == 0.0);
    }
}

/// 10 · log₁₀(signal / noise), within ±[`Quality::EXACT_DB`]; NaN if one is.
fn decibels(signal: f64, noise: f64) -> f64 {
    if noise == 0.0 {
        return Quality::EXACT_DB;
    }
    (10.0 * (signal / noise).log10()).clamp(-Quality::EXACT_DB, Quality::EXACT_DB)
}

fn cosine(sums: &Sums) -> f64 {
    if sums.signal == 0.0 || sums.restored == 0.0 {
        return if sums.signal == sums.restored { 1.0 } else { 0.0 };
    }
    (sums.product / (sums.signal.sqrt() * sums.restored.sqrt())).clamp(-1.0, 1.0)
}

#[cfg(test)]
mod validation {
    use proptest::prelude::*;

    use super::*;
    use crate::reference::data;

    #[test]
    fn figures_worked_out_by_hand() {
        // Errors 1, −1, 0 and 2: squares 6; Σ w² = 9 + 16 + 0 + 4 = 29; Σ ŵ² = 4 + 25 = 29; Σ w · ŵ = 6 + 20 = 26.
        let quality = Quality::of(&[3.0, 4.0, 0.0, 2.0], &[2.0, 5.0, 0.0, 0.0]);
        assert_eq!((quality.mse, quality.max_error, quality.sparsity), (1.5, 2.0, 0.5));
        assert!((quality.cosine - 26.0 / 29.0).abs() < 1e-15, "{quality:?}");
        // 10 · log₁₀(29/6) = 6.842467…
        assert!((quality.sqnr_db - 6.842_467).abs() < 1e-6, "{quality:?}");
    }

    #[test]
    fn nothing_wrong_has_the_ratio_that_stands_for_it() {
        for values in [&[][..], &[0.0], &[0.0, -0.0], &[f32::from_bits(1)], &[1.0, -2.0, 1e30]] {
            let quality = Quality::of(values, values);
            assert_eq!((quality.mse, quality.max_error, quality.sqnr_db), (0.0, 0.0, Quality::EXACT_DB));
            assert!((quality.cosine - 1.0).abs() < 1e-15, "{quality:?}");
        }
    }

    #[test]
    fn only_one_of_the_two_is_zero() {
        let lost = Quality::of(&[1.0, -1.0], &[0.0, 0.0]);
        assert_eq!((lost.mse, lost.sqnr_db, lost.cosine, lost.sparsity), (1.0, 0.0, 0.0, 1.0));
        let made = Quality::of(&[0.0, 0.0], &[1.0, -1.0]);
        assert_eq!((made.mse, made.sqnr_db, made.cosine, made.sparsity), (1.0, -Quality::EXACT_DB, 0.0, 0.0));
    }

    #[test]
    fn the_opposite_is_six_decibels_below() {
        let quality = Quality::of(&[1.0, -2.0, 0.5], &[-1.0, 2.0, -0.5]);
        assert!((quality.cosine + 1.0).abs() < 1e-15);
        assert!((quality.sqnr_db - 10.0 * 0.25_f64.log10()).abs() < 1e-12);
    }

    #[test]
    fn the_greatest_values_do_not_overflow() {
        let quality = Quality::of(&[f32::MAX; 100], &[f32::MIN; 100]);
        assert!(quality.mse.is_finite() && quality.sqnr_db.is_finite() && quality.cosine == -1.0, "{quality:?}");
    }

    #[test]
    fn values_that_are_not_finite_show_wherever_they_stand() {
        for place in 0..3 {
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                let mut restored = [1.0, 2.0, 3.0];
                restored[place] = bad;
                let quality = Quality::of(&[1.0, 2.0, 3.0], &restored);
                assert!(!quality.mse.is_finite() && !quality.max_error.is_finite(), "{quality:?}");
            }
            let mut both = [1.0, 2.0, 3.0];
            both[place] = f32::NAN;
            assert!(Quality::of(&both, &both).sqnr_db.is_nan());
        }
    }

    #[test]
    fn ternary_weights_have_the_ratio_of_the_normal_distribution() {
        // For normal w and γ = √(2/π): E(w − ŵ)² = 1 − 2 γ · E(|w|; |w| > γ/2) + γ² · P(|w| > γ/2), where
        // E(|w|; |w| > t) = 2 φ(t) = 0.7368 and P = 0.6899 for t = 0.3989: 0.2634, that is 5.79 dB; the test data has
        // lighter tails.
        let original = data::normal(3, 1 << 18);
        let gamma = original.iter().map(|w| w.abs()).sum::<f32>() / original.len() as f32;
        let restored = original.iter().map(|w| (w / gamma).round().clamp(-1.0, 1.0) * gamma).collect::<Vec<_>>();
        let quality = Quality::of(&original, &restored);
        assert!((quality.sqnr_db - 5.79).abs() < 0.3, "{quality:?}");
        assert!((quality.sparsity - 0.3101).abs() < 0.01, "{quality:?}");
    }

    proptest! {
        #[test]
        fn figures_stay_within_their_bounds(pairs in prop::collection::vec((-1e30_f32..1e30, -1e30_f32..1e30), 0..40)) {
            let (original, restored): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            let quality = Quality::of(&original, &restored);
            prop_assert!(quality.mse >= 0.0 && quality.mse <= quality.max_error.powi(2) * (1.0 + 1e-12));
            prop_assert!((-1.0..=1.0).contains(&quality.cosine) && (0.0..=1.0).contains(&quality.sparsity));
            prop_assert!(quality.sqnr_db.abs() <= Quality::EXACT_DB);
        }

        #[test]
        fn a_common_factor_changes_only_what_has_a_unit(
            pairs in prop::collection::vec((-100_f32..100.0, -100_f32..100.0), 1..40),
            power in -20_i32..20,
        ) {
            let factor = 2_f32.powi(power);
            let (original, restored): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
            let scaled = |values: &[f32]| values.iter().map(|value| value * factor).collect::<Vec<_>>();
            let before = Quality::of(&original, &restored);
            let after = Quality::of(&scaled(&original), &scaled(&restored));
            let factor = f64::from(factor);
            prop_assert!((after.mse - before.mse * factor.powi(2)).abs() <= 1e-12 * after.mse);
            prop_assert_eq!(after.max_error, before.max_error * factor);
            prop_assert!((after.sqnr_db - before.sqnr_db).abs() < 1e-9 && (after.cosine - before.cosine).abs() < 1e-12);
        }
    }
}
