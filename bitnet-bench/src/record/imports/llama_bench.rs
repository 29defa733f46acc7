//! llama-bench's JSON: `-o json`, an array, or `-o jsonl`, a line for each test.
//!
//! A test is `pp512` (a prompt of 512 tokens), `tg128` (128 tokens generated) or both. Its id holds the model, the
//! threads, and those of llama-bench's parameters that are not as they are by default, so that it stays the same
//! whatever else the file holds.

use serde_json::Value;

use super::document::Node;
use super::figures::{Figures, Samples, metric, open};
use super::identity::{Names, in_utc};
use super::{Found, ImportError, Machine, Source, Tool};
use crate::measure::Direction;

/// Parameters that stand in the id unless they have one of these values, which are or were the defaults.
const PARAMETERS: [(&str, &[&str]); 14] = [
    ("n_depth", &["0"]),
    ("n_batch", &["2048"]),
    ("n_ubatch", &["512"]),
    ("type_k", &["f16"]),
    ("type_v", &["f16"]),
    ("n_gpu_layers", &["-1", "99"]),
    ("n_cpu_moe", &["0"]),
    ("split_mode", &["layer"]),
    ("main_gpu", &["0"]),
    ("no_kv_offload", &["false"]),
    ("flash_attn", &["-1", "false"]),
    ("devices", &["auto"]),
    ("tensor_split", &["0.00"]),
    ("embeddings", &["false"]),
];

/// Reads the tests.
pub(super) fn read(source: &Source, target: &str) -> Result<Found, ImportError> {
    let documents = source.documents()?;
    let mut found = Found::default();
    for test in documents.nodes() {
        if found.cases.is_empty() {
            found.started_at = test.optional_text("test_time")?.and_then(in_utc);
            found.machine = machine(&test)?;
        }
        let figures = figures(&test)?;
        found.cases.push((names(&test, target)?, figures.outcome(Tool::LlamaBench.name())));
    }
    Ok(found)
}

fn machine(test: &Node<'_>) -> Result<Machine, ImportError> {
    let (cpu, gpu) = (test.optional_text("cpu_info")?, test.optional_text("gpu_info")?);
    let identity = cpu.map(|cpu| format!("{cpu}, {}", gpu.unwrap_or_default()));
    Ok(Machine { cpu: cpu.map(str::to_owned), identity, ..Machine::default() })
}

fn names(test: &Node<'_>, target: &str) -> Result<Names, ImportError> {
    let (prompt, generated) = (test.need("n_prompt")?.amount()?, test.need("n_gen")?.amount()?);
    let name = match (prompt > 0.0, generated > 0.0) {
        (true, false) => format!("pp{prompt}"),
        (false, true) => format!("tg{generated}"),
        _ => format!("pp{prompt}+tg{generated}"),
    };
    let model = test.optional_text("model_type")?.or(test.optional_text("model_filename")?).unwrap_or("unknown");
    let mut point = vec![("model".to_owned(), model.to_owned())];
    if let Some(threads) = test.get("n_threads") {
        point.push(("threads".to_owned(), label(threads.value)));
    }
    for (parameter, defaults) in PARAMETERS {
        if let Some(value) = test.get(parameter).map(|value| label(value.value))
            && !defaults.contains(&value.as_str())
        {
            point.push((parameter.to_owned(), value));
        }
    }
    let point: Vec<(&str, &str)> = point.iter().map(|(axis, label)| (axis.as_str(), label.as_str())).collect();
    // `CUDA`, `CPU`, `Vulkan,BLAS`.
    let device = test.optional_text("backends")?.unwrap_or("cpu").to_lowercase();
    Ok(Names::new(target, &name, &point, &device))
}

fn label(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn figures(test: &Node<'_>) -> Result<Figures, ImportError> {
    let mut figures = Figures::default();
    if let Some(samples) = test.get("samples_ns") {
        let times_ns = samples.amounts()?;
        if times_ns.is_empty() {
            return Err(samples.wrong("there are none".to_owned()));
        }
        figures.samples = Some(Samples { iterations: 1, times_ns });
    }
    figures.mean = Some(open(test.need("avg_ns")?.amount()?));
    figures.standard_deviation = test.get("stddev_ns").map(|deviation| deviation.amount()).transpose()?;
    let tokens = test.need("n_prompt")?.amount()? + test.need("n_gen")?.amount()?;
    if tokens > 0.0 {
        figures.amounts.push(("tokens".to_owned(), tokens));
    }
    if let Some(rate) = test.get("avg_ts") {
        figures.metrics.push(metric("avg_ts", "tok/s", Direction::HigherIsBetter, rate.amount()?));
    }
    if let Some(size) = test.get("model_size") {
        figures.metrics.push(metric("model_size", "B", Direction::LowerIsBetter, size.amount()?));
    }
    if let Some(commit) = test.optional_text("build_commit")? {
        figures.notes.push(format!("measured by llama.cpp {commit}"));
    }
    Ok(figures)
}
