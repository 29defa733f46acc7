//! Benchmarks of quantizers on the weights of a real model.

use std::path::Path;
use std::sync::Arc;

use bitnet_bench::registry::Definition;
use bitnet_bench::{Failure, source};

use super::settle;
use super::weights::{Matrix, measure_quantize};
use crate::models::{Model, ModelError};
use crate::subject::WeightQuantizer;
use crate::suite::Benchmarks;

/// The quantization of every weight matrix of a model, one case for each tensor and quantizer, in the group
/// `model`. What it does to the layer that the tensor is the weights of is the metric `output SQNR`.
///
/// ```no_run
/// use bitnet_benchmarks::reference::quantizers::Absmean;
/// use bitnet_benchmarks::{BenchmarkSuite, ModelBenchmarks};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let model = ModelBenchmarks::open("target/models/model.safetensors")?.tensors("attention")?.quantizer(Absmean);
///     BenchmarkSuite::new().include(model).run()?;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct ModelBenchmarks {
    model: Arc<Model>,
    tensors: Vec<String>,
    makers: Vec<Maker>,
}

/// Makes the benchmark of one quantizer.
type Maker = Arc<dyn Fn(&ModelBenchmarks) -> Definition + Send + Sync>;

impl ModelBenchmarks {
    /// Those of all weight matrices in a safetensors file; or in a GGUF file, with the feature `gguf`.
    ///
    /// # Errors
    /// If the file is no model, or cannot be read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let model = Model::open(path)?;
        let tensors = model.weights().map(|weight| weight.name().to_owned()).collect();
        Ok(Self { model: Arc::new(model), tensors, makers: Vec::new() })
    }

    /// Only the tensors whose name contains this text.
    ///
    /// # Errors
    /// If there are none.
    pub fn tensors(mut self, part: &str) -> Result<Self, ModelError> {
        self.tensors = self.model.select(part)?.iter().map(|weight| weight.name().to_owned()).collect();
        Ok(self)
    }

    /// Adds a quantizer.
    pub fn quantizer<Q: WeightQuantizer>(mut self, quantizer: Q) -> Self {
        let quantizer = Arc::new(quantizer);
        self.makers.push(Arc::new(move |model| quantize(model, Arc::clone(&quantizer))));
        self
    }
}

impl Benchmarks for ModelBenchmarks {
    fn definitions(&self) -> Vec<Definition> {
        self.makers.iter().map(|make| make(self)).collect()
    }
}

fn quantize<Q: WeightQuantizer>(benchmarks: &ModelBenchmarks, quantizer: Arc<Q>) -> Definition {
    let mut definition = Definition::new("quantize", source!());
    definition.group("model").tags(["quantization", "model"]);
    settle(&mut definition);
    let tensor = definition.axis("tensor", benchmarks.tensors.clone());
    definition.axis("quantizer", [quantizer.name()]);
    let model = Arc::clone(&benchmarks.model);
    definition.body(move |b, point| {
        let weight = model.weight(&point.at(tensor)).map_err(Failure::error)?;
        let key = format!("{} of {}", weight.name(), model.path().display());
        let loaded = b.cached(key, || weight.load().map(Arc::new));
        let weights = loaded.as_ref().as_ref().map_err(Failure::error)?;
        measure_quantize(b, &*quantizer, &Matrix { weights: Arc::clone(weights), shape: weight.shape(), normal: false })
    });
    definition
}
