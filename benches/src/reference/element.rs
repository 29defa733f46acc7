//! The number types that tensors come in.

use half::{bf16, f16};

/// A floating-point type that widens to `f32` without loss: `f32` itself, `f16` and `bf16`.
///
/// The kernels compute with the widened values, so their results are those of the same values given as `f32`, to the
/// bit. No other type can implement it.
pub trait Element: Copy + Send + Sync + sealed::Sealed + 'static {
    /// The same value as `f32`.
    fn widen(self) -> f32;
}

mod sealed {
    /// Keeps the trait to the types of this module.
    pub trait Sealed {}

    impl Sealed for f32 {}
    impl Sealed for half::f16 {}
    impl Sealed for half::bf16 {}
}

impl Element for f32 {
    #[inline(always)]
    fn widen(self) -> f32 {
        self
    }
}

impl Element for bf16 {
    #[inline(always)]
    fn widen(self) -> f32 {
        f32::from_bits(u32::from(self.to_bits()) << 16)
    }
}

impl Element for f16 {
    /// Without branches, so that a compiler can vectorise it; `f16::to_f32` asks at each value what the processor has.
    #[inline(always)]
    fn widen(self) -> f32 {
        /// What the exponents' biases differ by, 127 − 15, in place.
        const REBIAS: u32 = 112 << 23;
        /// One step of the exponent, in place.
        const ONE: u32 = 1 << 23;

        let bits = u32::from(self.to_bits());
        let magnitude = (bits & 0x7FFF) << 13;
        let exponent = magnitude >> 23;
        let normal = magnitude + REBIAS;
        // Of exponent 0 the value is mantissa · 2⁻²⁴: as a fraction above 2⁻¹⁴, less 2⁻¹⁴, which is exact.
        let denormal = (f32::from_bits(normal + ONE) - f32::from_bits(REBIAS + ONE)).to_bits();
        let widened = match exponent {
            0 => denormal,
            // Infinity and NaN keep the greatest exponent.
            31 => normal + REBIAS,
            _ => normal,
        };
        f32::from_bits(widened | (bits & 0x8000) << 16)
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn every_half_precision_number_widens_as_in_half() {
        for bits in 0..=u16::MAX {
            let (narrow, brain) = (f16::from_bits(bits), bf16::from_bits(bits));
            for (found, exact) in [(narrow.widen(), narrow.to_f32()), (brain.widen(), brain.to_f32())] {
                let same = found.to_bits() == exact.to_bits() || found.is_nan() && exact.is_nan();
                assert!(same, "{bits:#06x} became {found}, not {exact}");
            }
        }
    }

    #[test]
    fn values_worked_out_by_hand() {
        let widened = [0x0000, 0x8000, 0x0001, 0x03FF, 0x0400, 0x3C00, 0xC000, 0x7BFF, 0x7C00, 0xFC00]
            .map(|bits| f16::from_bits(bits).widen());
        let least = 2f32.powi(-24);
        let expected =
            [0.0, -0.0, least, 1023.0 * least, 1024.0 * least, 1.0, -2.0, 65_504.0, f32::INFINITY, f32::NEG_INFINITY];
        assert_eq!(widened.map(f32::to_bits), expected.map(f32::to_bits));
        assert_eq!(bf16::from_bits(0x3FC0).widen(), 1.5);
    }
}
