//! criterion's folder, as `critcmp` and criterion itself read it:
//!
//! ```text
//! gemv_ternary_size=2560_@cpu-9f2c…/BASELINE/benchmark.json    what was measured
//!                                            estimates.json    its figures
//!                                            sample.json       its samples
//!                                            tukey.json        the fences of its outliers
//! ```
//!
//! The baseline is a folder's name. The samples of all launches stand one after the other: criterion knows of no
//! launches. An end of an interval that the data do not bound is the largest number that there is.

use serde_json::{Value, json};

use super::names;
use super::pooled::{Figure, Pooled};
use super::{Exported, File, Lost};
use crate::record::{CaseRecord, Measured};
use crate::stats::{Estimate, Fences};

/// Names that a baseline cannot have: those of folders that criterion makes for itself.
pub const RESERVED: [&str; 2] = ["change", "report"];

/// The runs as files, made one case after the other: the samples of many take much room.
pub fn files<'a>(runs: &[Exported<'a>], baseline: &'a str, lost: &mut Lost) -> impl Iterator<Item = File> + use<'a> {
    let mut cases = Vec::new();
    for run in runs {
        for (case, measured) in run.measured(lost) {
            if !measured.metrics.is_empty() {
                lost.add("metrics", &case.id);
            }
            if measured.launches.is_empty() {
                lost.add("raw samples, of which there are none", &case.id);
            }
            let throughput = throughput(&case.id, measured, lost);
            cases.push((case, measured, throughput));
        }
    }
    cases.into_iter().flat_map(move |(case, measured, throughput)| files_of(case, measured, &throughput, baseline))
}

fn files_of(case: &CaseRecord, measured: &Measured, throughput: &Value, baseline: &str) -> [File; 4] {
    let folder = names::folder(&case.id);
    let of_group = case.id.strip_prefix(case.group.as_str()).and_then(|rest| rest.strip_prefix('/'));
    let benchmark = json!({
        "group_id": if of_group.is_some() { &case.group } else { &case.id },
        "function_id": of_group,
        "value_str": null,
        "throughput": throughput,
        "full_id": case.id,
        "directory_name": folder,
        "title": case.id,
    });
    let pooled = Pooled::of(measured);
    let estimates = json!({
        "mean": figure(pooled.mean(measured)),
        "median": figure(pooled.median(measured)),
        "median_abs_dev": figure(pooled.absolute_deviation),
        "slope": null,
        "std_dev": figure(pooled.deviation),
    });
    let sample = json!({ "sampling_mode": "Flat", "iters": pooled.iterations, "times": pooled.times });
    let fences = Fences::of(&pooled.per_iteration)
        .map_or([0.0; 4], |fences| [fences.low_severe, fences.low_mild, fences.high_mild, fences.high_severe]);
    let file = |name: &str, content: Value| File {
        path: format!("{folder}/{baseline}/{name}.json"),
        content: content.to_string(),
    };
    [
        file("benchmark", benchmark),
        file("sample", sample),
        file("tukey", json!(fences)),
        // critcmp takes a folder for a benchmark that has this one: it comes after what it needs.
        file("estimates", estimates),
    ]
}

/// The first throughput that criterion can carry: a whole number of bytes or elements.
fn throughput(id: &str, measured: &Measured, lost: &mut Lost) -> Value {
    let mut first = Value::Null;
    for throughput in &measured.throughput {
        let kind = if throughput.amount == "bytes" { "Bytes" } else { "Elements" };
        match whole(throughput.per_iteration) {
            Some(count) if first.is_null() => first = json!({ kind: count }),
            Some(_) => lost.add("a second throughput", id),
            None => lost.add("a throughput that is no whole number an iteration", id),
        }
    }
    first
}

/// The amount as a whole number, if it is one.
pub(super) fn whole(amount: f64) -> Option<u64> {
    // 2^53: beyond it, not every whole number is one of these.
    (amount >= 0.0 && amount.fract() == 0.0 && amount < 9_007_199_254_740_992.0).then_some(amount as u64)
}

fn figure(Figure { estimate, standard_error }: Figure) -> Value {
    let (lower, upper) = ends(&estimate);
    json!({
        "confidence_interval": { "confidence_level": estimate.level, "lower_bound": lower, "upper_bound": upper },
        "point_estimate": estimate.value,
        "standard_error": standard_error,
    })
}

/// The ends of the interval, of which JSON can write none that is infinite.
pub(super) fn ends(estimate: &Estimate) -> (f64, f64) {
    (estimate.lower.max(f64::MIN), estimate.upper.min(f64::MAX))
}
