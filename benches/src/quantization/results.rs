//! The results of the quantization suite, typed.

use bitnet_bench::stats::Estimate;
use bitnet_bench::{CaseResult, Run};

/// The results of a run of the quantization suite.
#[derive(Clone, Debug)]
pub struct QuantizationResults {
    results: Vec<QuantizationResult>,
    run: Run,
}

/// The result of one case. What was not measured, or does not apply to its benchmark, is `None`.
#[derive(Clone, Debug)]
pub struct QuantizationResult {
    /// The case's id.
    pub id: String,
    /// The benchmark, `group/name`, such as `weights/quantize`.
    pub benchmark: String,
    /// The name of the subject.
    pub subject: String,
    /// Its size, such as `2560x6912`.
    pub size: Option<String>,
    /// How its weights are distributed, where that was said.
    pub distribution: Option<String>,
    /// The tensor of a model, where it is one.
    pub tensor: Option<String>,
    /// Time of one iteration, in nanoseconds.
    pub time: Option<Estimate>,
    /// What is read and written in a second, in 10⁹ bytes.
    pub gigabytes_per_second: Option<f64>,
    /// Signal-to-quantization-noise ratio, in decibels.
    pub sqnr: Option<f64>,
    /// That of the layer's outputs, in decibels.
    pub output_sqnr: Option<f64>,
    /// Bits that a weight takes, scales included.
    pub bits_per_weight: Option<f64>,
    /// Why the case failed, if it did: a result that is wrong has no time.
    pub failure: Option<String>,
    /// Why the case was skipped, if it was.
    pub skipped: Option<String>,
}

/// The axes that name a subject.
const SUBJECTS: [&str; 3] = ["quantizer", "calibrator", "kernel"];

impl QuantizationResults {
    /// The results of this suite that a run has.
    pub fn of(run: Run) -> Self {
        Self { results: run.cases().filter_map(QuantizationResult::of).collect(), run }
    }

    /// Every result, in the order of the cases' ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &QuantizationResult> {
        self.results.iter()
    }

    /// The results of a subject.
    pub fn subject(&self, name: &str) -> impl Iterator<Item = &QuantizationResult> {
        self.results.iter().filter(move |result| result.subject == name)
    }

    /// The run, with its record.
    pub fn run(&self) -> &Run {
        &self.run
    }
}

impl QuantizationResult {
    /// The result of a case, if it is one of the suite.
    pub(super) fn of(case: CaseResult<'_>) -> Option<Self> {
        let subject = SUBJECTS.iter().find_map(|axis| case.label(axis))?;
        let metric = |name: &str| case.metric(name).map(|estimate| estimate.value);
        Some(Self {
            id: case.id().to_owned(),
            benchmark: format!("{}/{}", case.group(), case.name()),
            subject: subject.to_owned(),
            size: case.label("size").map(str::to_owned),
            distribution: case.label("distribution").map(str::to_owned),
            tensor: case.label("tensor").map(str::to_owned),
            time: case.time(),
            gigabytes_per_second: case.throughput("bytes").map(|estimate| estimate.value / 1e9),
            sqnr: metric("SQNR"),
            output_sqnr: metric("output SQNR"),
            bits_per_weight: metric("bits/weight"),
            failure: case.failure().map(ToString::to_string),
            skipped: case.skipped().map(str::to_owned),
        })
    }
}
