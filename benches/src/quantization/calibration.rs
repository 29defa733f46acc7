//! Benchmarks of a calibrator: how long it takes over so many samples, and how good its clip is.

use std::sync::Arc;

use bitnet_bench::registry::Definition;
use bitnet_bench::{Direction, source};

use super::{Points, settle};
use crate::quality::Quality;
use crate::reference::data;
use crate::reference::shapes::BITNET_2B_4T;
use crate::subject::Calibrator;

/// Values of a sample: the activations of one token, as long as a token of BitNet b1.58 2B-4T.
const TOKEN: usize = BITNET_2B_4T.hidden;

/// The benchmarks of one calibrator.
pub(super) fn benchmarks<C: Calibrator>(calibrator: C) -> impl Fn(&Points) -> Vec<Definition> {
    move |points| vec![calibrate(calibrator.clone(), points)]
}

/// From the first sample to the clip.
fn calibrate<C: Calibrator>(calibrator: C, points: &Points) -> Definition {
    let mut definition = Definition::new("calibrate", source!());
    definition.group("calibration").tags(["quantization", "calibration"]);
    settle(&mut definition);
    definition.axis("calibrator", [calibrator.name()]);
    let samples = definition.axis("samples", points.samples());
    definition.body(move |b, point| {
        let (samples, seed) = (point.at(samples), b.seed());
        let activations: Arc<Vec<f32>> = b.cached(format!("{samples} samples of seed {seed}"), || {
            data::real_like_activations(seed, [samples, TOKEN])
        });
        let run = || {
            let mut calibrator = calibrator.clone();
            activations.chunks(TOKEN).for_each(|token| calibrator.observe(token));
            calibrator.clip()
        };
        b.bytes(4 * activations.len()).items(activations.len()).iter_checked(run, |&clip| conforms(&activations, clip));
        let restored = clipped(&activations, run());
        b.metric("SQNR", Quality::of(&activations, &restored).sqnr_db, "dB", Direction::HigherIsBetter);
        Ok(())
    });
    definition
}

/// The activations as 8 bits with that clip give them back.
fn clipped(activations: &[f32], clip: f32) -> Vec<f32> {
    let step = f64::from(clip) / 127.0;
    let restored = activations.iter().map(|&x| match step > 0.0 {
        true => ((f64::from(x) / step).round_ties_even().clamp(-127.0, 127.0) * step) as f32,
        false => 0.0,
    });
    restored.collect()
}

/// Checks that a clip is within what was observed.
fn conforms(activations: &[f32], clip: f32) -> Result<(), String> {
    let most = activations.iter().map(|x| x.abs()).fold(0.0, f32::max);
    let sound = if most == 0.0 { clip == 0.0 } else { clip > 0.0 && clip <= most };
    if sound { Ok(()) } else { Err(format!("the clip is {clip}, and the greatest magnitude observed {most}")) }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn a_clip_is_within_what_was_observed() {
        assert_eq!(conforms(&[1.0, -3.0], 3.0), Ok(()));
        assert_eq!(conforms(&[1.0, -3.0], 0.5), Ok(()));
        assert_eq!(conforms(&[0.0], 0.0), Ok(()));
        for wrong in [3.5, 0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(conforms(&[1.0, -3.0], wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn clipped_values_are_multiples_of_the_step() {
        let restored = clipped(&[0.0, 1.0, -2.54, 0.013, 9.0], 2.54);
        let expected = [0.0, 1.0, -2.54, 0.02, 2.54];
        assert!(restored.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6), "{restored:?}");
    }
}
