//! Each weight on the nearest of evenly spaced levels that span its granule.

use super::{LEAST, Matrix};
use crate::subject::Granularity;

/// How far anything may be off, as a share of what it is compared with: half a step, or a step.
const OFF: f64 = 1e-4;

pub(super) fn check(matrix: &Matrix<'_>, bits: u32, symmetric: bool, granularity: Granularity) -> Result<(), String> {
    if !(2..=8).contains(&bits) {
        return Err(format!("expected a claim of 2 to 8 bits a weight; found one of {bits}"));
    }
    let columns = matrix.columns.max(1);
    let span = match granularity {
        Granularity::Tensor => matrix.original.len().max(1),
        Granularity::Channel => columns,
        Granularity::Group(0) => return Err("expected a claim of groups of 1 weight or more; found 0".to_owned()),
        Granularity::Group(len) => len,
    };
    // No granule but the whole tensor goes beyond its row.
    let line = if granularity == Granularity::Tensor { span } else { columns };
    for start in (0..matrix.original.len()).step_by(line) {
        for at in (0..line).step_by(span) {
            let granule = start + at..start + line.min(at.saturating_add(span));
            Levels::of(&matrix.original[granule.clone()], bits, symmetric).check(matrix, granule)?;
        }
    }
    Ok(())
}

/// The levels that a granule must have.
struct Levels {
    step: f64,
    /// How many steps the greatest level is above the least.
    steps: f64,
}

impl Levels {
    fn of(original: &[f32], bits: u32, symmetric: bool) -> Self {
        let weights = || original.iter().map(|&weight| f64::from(weight));
        let (least, greatest) = (weights().fold(0.0, f64::min), weights().fold(0.0, f64::max));
        let levels = f64::from(1_u32 << bits);
        if symmetric {
            Self { step: greatest.max(-least) / (levels / 2.0 - 1.0), steps: levels - 2.0 }
        } else {
            Self { step: (greatest - least) / (levels - 1.0), steps: levels - 1.0 }
        }
    }

    /// Checks the weights of one granule.
    fn check(&self, matrix: &Matrix<'_>, granule: std::ops::Range<usize>) -> Result<(), String> {
        let step = self.step;
        let (mut lowest, mut highest) = (0.0_f64, 0.0_f64);
        for index in granule {
            let (original, restored) = (f64::from(matrix.original[index]), f64::from(matrix.restored[index]));
            if (restored - original).abs() > 0.5 * step * (1.0 + OFF) + LEAST {
                return Err(matrix.wrong(index, format!("a weight within half a step of {step}")));
            }
            if step < f64::from(f32::MIN_POSITIVE) {
                continue;
            }
            let place = (restored / step).round();
            if (restored / step - place).abs() > OFF {
                return Err(matrix.wrong(index, format!("a whole number of steps of {step}, such as {}", place * step)));
            }
            (lowest, highest) = (lowest.min(place), highest.max(place));
            if highest - lowest > self.steps {
                let span = format!("a level no more than {} steps of {step} from any other", self.steps);
                return Err(matrix.wrong(index, span));
            }
        }
        Ok(())
    }
}
