//! Benchmarks of a quantizer of weights: there and back, with the quality of what comes back.

use std::sync::Arc;

use bitnet_bench::registry::{Definition, Key, Point};
use bitnet_bench::{Bencher, Direction, Failure, source};

use super::inputs::{self, count};
use super::{Points, settle};
use crate::quality::{self, Quality};
use crate::reference::data::{self, Distribution};
use crate::reference::oracle;
use crate::subject::{Claim, WeightQuantizer};

/// The benchmarks of one quantizer.
pub(super) fn benchmarks<Q: WeightQuantizer>(quantizer: Q) -> impl Fn(&Points) -> Vec<Definition> {
    let quantizer = Arc::new(quantizer);
    move |points| vec![quantize(Arc::clone(&quantizer), points), dequantize(Arc::clone(&quantizer), points)]
}

fn quantize<Q: WeightQuantizer>(quantizer: Arc<Q>, points: &Points) -> Definition {
    let (mut definition, axes) = definition("quantize", &quantizer.name(), points);
    definition.body(move |b, point| {
        let matrix = Matrix::at(b, point, axes);
        measure_quantize(b, &*quantizer, &matrix)
    });
    definition
}

fn dequantize<Q: WeightQuantizer>(quantizer: Arc<Q>, points: &Points) -> Definition {
    let (mut definition, axes) = definition("dequantize", &quantizer.name(), points);
    definition.body(move |b, point| {
        let matrix = Matrix::at(b, point, axes);
        let quantized = quantizer.quantize(&matrix.weights, matrix.shape).map_err(Failure::skip)?;
        let restored = std::cell::RefCell::new(vec![0.0; matrix.weights.len()]);
        b.bytes(quantizer.bytes(&quantized) + 4 * count(matrix.shape)).items(count(matrix.shape)).iter_checked(
            || quantizer.dequantize(&quantized, &mut restored.borrow_mut()),
            |()| {
                let mut restored = restored.borrow_mut();
                // A weight that is not written is not finite, and found.
                restored.fill(f32::NAN);
                quantizer.dequantize(&quantized, &mut restored);
                quality::conforms(&matrix.claim(&*quantizer), &matrix.weights, &restored, matrix.shape)
            },
        );
        Ok(())
    });
    definition
}

/// A benchmark of the group `weights`, without a body.
fn definition(name: &str, quantizer: &str, points: &Points) -> (Definition, Axes) {
    let mut definition = Definition::new(name, source!());
    definition.group("weights").tags(["quantization", "weights"]);
    settle(&mut definition);
    definition.axis("quantizer", [quantizer.to_owned()]);
    let size = definition.sizes(points.tensor_sizes());
    // An axis of one value says nothing: it is left out of the ids.
    let distribution = match points.distributions.is_empty() {
        true => None,
        false => Some(definition.axis("distribution", points.distributions.clone())),
    };
    (definition, Axes { size, distribution })
}

#[derive(Clone, Copy)]
struct Axes {
    size: Key<[usize; 2]>,
    distribution: Option<Key<Distribution>>,
}

/// A weight matrix.
pub(super) struct Matrix {
    pub(super) weights: Arc<Vec<f32>>,
    pub(super) shape: [usize; 2],
    /// Whether they are of a normal distribution, for which ratios are claimed.
    pub(super) normal: bool,
}

impl Matrix {
    fn at(b: &Bencher, point: &Point, axes: Axes) -> Self {
        let shape = point.at(axes.size);
        let distribution = axes.distribution.map_or(Distribution::Normal, |axis| point.at(axis));
        let normal = distribution == Distribution::Normal;
        Self { weights: inputs::weights(b, distribution, shape), shape, normal }
    }

    /// What a quantizer claims of these weights: a ratio is claimed of normal ones alone.
    fn claim<Q: WeightQuantizer>(&self, quantizer: &Q) -> Claim {
        match quantizer.claim() {
            Claim::AtLeast { bits, .. } if !self.normal => Claim::AtLeast { bits, sqnr: f64::NEG_INFINITY },
            claim => claim,
        }
    }
}

/// Measures the quantization of a matrix, with its quality.
pub(super) fn measure_quantize<Q: WeightQuantizer>(
    b: &mut Bencher,
    quantizer: &Q,
    matrix: &Matrix,
) -> Result<(), Failure> {
    let Matrix { weights, shape, .. } = matrix;
    let restore = |quantized: &Q::Quantized| {
        let mut restored = vec![f32::NAN; weights.len()];
        quantizer.dequantize(quantized, &mut restored);
        restored
    };
    let quantized = quantizer.quantize(weights, *shape).map_err(Failure::skip)?;
    let bytes = quantizer.bytes(&quantized);
    b.bytes(4 * count(*shape) + bytes).items(count(*shape)).iter_checked(
        || quantizer.quantize(weights, *shape),
        |quantized| {
            let quantized = quantized.as_ref().map_err(|refusal| format!("refused what it took before: {refusal}"))?;
            check_size(&quantizer.claim(), quantizer.bytes(quantized), count(*shape))?;
            quality::conforms(&matrix.claim(quantizer), weights, &restore(quantized), *shape)
        },
    );
    report_size(b, bytes, count(*shape));
    let restored = restore(&quantized);
    report_quality(b, &Quality::of(weights, &restored));
    report_output(b, weights, &restored, *shape);
    Ok(())
}

/// Holds the bytes that a quantizer says its matrix takes to the bits that it claims: no less than 95 % of those, since a
/// weight needs them, and no more than the weights took before and some for scales.
fn check_size(claim: &Claim, bytes: usize, weights: usize) -> Result<(), String> {
    let (bits, claimed) = (8.0 * bytes as f64 / weights as f64, f64::from(claim.bits()));
    if weights == 0 || (0.95 * claimed..=64.0_f64.max(4096.0 * 8.0 / weights as f64)).contains(&bits) {
        return Ok(());
    }
    Err(format!("{bytes} bytes for {weights} weights are {bits:.3} bits a weight, and {claimed:.3} are claimed"))
}

fn report_size(b: &mut Bencher, bytes: usize, weights: usize) {
    if weights > 0 {
        let bits = 8.0 * bytes as f64 / weights as f64;
        b.metric("bits/weight", bits, "bit", Direction::LowerIsBetter);
        b.metric("compression", 32.0 / bits, "×", Direction::HigherIsBetter);
    }
}

fn report_quality(b: &mut Bencher, quality: &Quality) {
    b.metric("SQNR", quality.sqnr_db, "dB", Direction::HigherIsBetter);
    b.metric("MSE", quality.mse, "", Direction::LowerIsBetter);
    b.metric("cosine", quality.cosine, "", Direction::HigherIsBetter);
    b.metric("max error", quality.max_error, "", Direction::LowerIsBetter);
    b.metric("sparsity", quality.sparsity, "", Direction::HigherIsBetter);
}

/// Rows of which the outputs are compared: enough for a figure that stays, few enough for a large matrix.
const OUTPUT_ROWS: usize = 256;

/// What quantization does to the layer's outputs: activations with outlier channels pass the layer with the
/// weights as they were, in `f64`, and with those restored and the activations brought to 8 bits, as BitNet
/// b1.58 computes it.
fn report_output(b: &mut Bencher, weights: &[f32], restored: &[f32], [rows, columns]: [usize; 2]) {
    if count([rows, columns]) == 0 {
        return;
    }
    let activations = data::real_like_activations(b.seed().wrapping_add(1), [1, columns]);
    let scale = oracle::absmax_scale(&activations);
    let int8: Vec<f64> = activations.iter().map(|&x| f64::from(oracle::int8(x, scale)) / scale).collect();
    let step = rows.div_ceil(OUTPUT_ROWS);
    let outputs = |matrix: &[f32], activation: &dyn Fn(usize) -> f64| -> Vec<f32> {
        let rows = matrix.chunks(columns).step_by(step);
        rows.map(|row| row.iter().enumerate().map(|(k, &w)| f64::from(w) * activation(k)).sum::<f64>() as f32).collect()
    };
    let exact = outputs(weights, &|k| f64::from(activations[k]));
    let quantized = outputs(restored, &|k| int8[k]);
    b.metric("output SQNR", Quality::of(&exact, &quantized).sqnr_db, "dB", Direction::HigherIsBetter);
}
