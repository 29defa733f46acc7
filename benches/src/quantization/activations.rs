//! Benchmarks of a quantizer of activations.

use std::cell::RefCell;
use std::sync::Arc;

use bitnet_bench::registry::Definition;
use bitnet_bench::{Direction, source};

use super::{Points, settle};
use crate::quality::Quality;
use crate::reference::{data, oracle};
use crate::subject::ActivationQuantizer;

/// The benchmarks of one quantizer.
pub(super) fn benchmarks<Q: ActivationQuantizer>(quantizer: Q) -> impl Fn(&Points) -> Vec<Definition> {
    let quantizer = Arc::new(quantizer);
    move |points| vec![quantize(Arc::clone(&quantizer), points)]
}

/// One token from `f32` to `i8`.
fn quantize<Q: ActivationQuantizer>(quantizer: Arc<Q>, points: &Points) -> Definition {
    let mut definition = Definition::new("quantize", source!());
    definition.group("activations").tags(["quantization", "activations"]);
    settle(&mut definition);
    definition.axis("quantizer", [quantizer.name()]);
    let size = definition.sizes(points.columns());
    definition.body(move |b, point| {
        let size = point.at(size);
        let activations = data::real_like_activations(b.seed(), [1, size]);
        let int8 = RefCell::new(vec![0; size]);
        b.bytes(5 * size).items(size).iter_checked(
            || quantizer.quantize(&activations, &mut int8.borrow_mut()),
            |_| {
                // Anew, over what is none of the values: one that is not written is found. And of nothing but zeros.
                let mut int8 = int8.borrow_mut();
                for activations in [&vec![0.0; size], &activations] {
                    int8.fill(POISON);
                    let scale = quantizer.quantize(activations, &mut int8);
                    conforms(activations, scale, &int8)?;
                }
                Ok::<(), String>(())
            },
        );
        let scale = quantizer.quantize(&activations, &mut int8.borrow_mut());
        let restored: Vec<f32> = int8.borrow().iter().map(|&x| f32::from(x) / scale).collect();
        b.metric("SQNR", Quality::of(&activations, &restored).sqnr_db, "dB", Direction::HigherIsBetter);
        Ok(())
    });
    definition
}

/// What the output holds before a check: a value that the definition does not give.
const POISON: i8 = -128;
/// How far `s` may be from its definition, relatively.
const SCALE_ERROR: f64 = 1e-6;
/// How close to a half a value may lie to be rounded either way.
const ROUNDING_SLACK: f64 = 1e-3;

/// Checks a token against the definition of BitNet b1.58 in `f64`.
fn conforms(activations: &[f32], scale: f32, int8: &[i8]) -> Result<(), String> {
    let (found, exact) = (f64::from(scale), oracle::absmax_scale(activations));
    if found.is_nan() || (found - exact).abs() > SCALE_ERROR * exact {
        return Err(format!("s is {found}, and 127 / max |x| is {exact}"));
    }
    for (place, (&x, &found)) in activations.iter().zip(int8).enumerate() {
        let product = f64::from(x) * exact;
        let expected = oracle::int8(x, exact);
        let is_tie = (product - f64::from(found)).abs() <= 0.5 + ROUNDING_SLACK;
        if found != expected && !is_tie {
            return Err(format!("activation {place}, {x} · s = {product:.4}, became {found} instead of {expected}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod validation {
    use super::*;

    const ACTIVATIONS: [f32; 5] = [-2.0, 0.5, 1.27, 0.0, 2.54];

    #[test]
    fn the_definition_passes() {
        assert_eq!(conforms(&ACTIVATIONS, 50.0, &[-100, 25, 64, 0, 127]), Ok(()));
        assert_eq!(conforms(&[0.0; 3], 127.0 / 1e-5, &[0; 3]), Ok(()));
        assert_eq!(conforms(&[], 127.0 / 1e-5, &[]), Ok(()));
    }

    #[test]
    fn a_tie_may_be_rounded_either_way() {
        assert_eq!(conforms(&[127.0, 2.5, -2.5], 1.0, &[127, 3, -3]), Ok(()));
        assert_eq!(conforms(&[127.0, 2.5, -2.5], 1.0, &[127, 2, -2]), Ok(()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let lost_sign = conforms(&ACTIVATIONS, 50.0, &[0, 25, 64, 0, 127]).unwrap_err();
        assert_eq!(lost_sign, "activation 0, -2 · s = -100.0000, became 0 instead of -100");
        assert!(conforms(&ACTIVATIONS, 51.0, &[-100, 25, 64, 0, 127]).unwrap_err().starts_with("s is 51"));
        assert!(conforms(&ACTIVATIONS, f32::NAN, &[-100, 25, 64, 0, 127]).is_err());
        assert!(conforms(&ACTIVATIONS, 50.0, &[-100, 24, 64, 0, 127]).is_err(), "floor instead of round");
    }
}
