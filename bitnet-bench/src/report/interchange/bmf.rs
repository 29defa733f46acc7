//! Bencher Metric Format, which `bencher run --adapter json` sends to Bencher:
//!
//! ```json
//! {"gemv/ternary[size=2560]@cpu":{"latency":{"value":70012.5,"lower_value":69800.0,"upper_value":70240.0}}}
//! ```
//!
//! The time is the measure `latency`, in nanoseconds, which every project of Bencher has; a throughput is
//! `bytes-per-second` and so on; a metric has its own name, and its unit behind it. An interval that the data do
//! not bound is left out. Names are cut at 1,024 bytes and measures at 64, as Bencher has it.

use serde_json::{Map, Value, json};

use super::names::at_most;
use super::{Exported, Lost};
use crate::record::Measured;
use crate::stats::Estimate;

const NAME: usize = 1024;
const MEASURE: usize = 64;

/// The runs in Bencher Metric Format.
pub fn render(runs: &[Exported<'_>], lost: &mut Lost) -> String {
    let mut benchmarks = Map::new();
    for run in runs {
        for (case, measured) in run.measured(lost) {
            let measures = measures(&case.id, measured, lost);
            benchmarks.insert(at_most(&case.id, NAME), Value::Object(measures));
        }
    }
    format!("{:#}\n", Value::Object(benchmarks))
}

fn measures(id: &str, measured: &Measured, lost: &mut Lost) -> Map<String, Value> {
    let mut measures = Map::new();
    let mut add = |name: &str, estimate: &Estimate| {
        if !estimate.value.is_finite() {
            lost.add("a figure that is no number", id);
        } else if measures.insert(at_most(name, MEASURE), metric(estimate)).is_some() {
            lost.add(&format!("the first of two metrics that both are named `{name}`"), id);
        }
    };
    for metric in &measured.metrics {
        let unit = if metric.unit.is_empty() { String::new() } else { format!(" ({})", metric.unit) };
        add(&format!("{}{unit}", metric.name), &metric.estimate);
    }
    for throughput in &measured.throughput {
        add(&format!("{}-per-second", throughput.amount), &throughput.per_second);
    }
    add("latency", &measured.time.median);
    measures
}

fn metric(estimate: &Estimate) -> Value {
    let mut metric = Map::from_iter([("value".to_owned(), json!(estimate.value))]);
    if estimate.is_bounded() {
        metric.insert("lower_value".to_owned(), json!(estimate.lower));
        metric.insert("upper_value".to_owned(), json!(estimate.upper));
    }
    Value::Object(metric)
}
