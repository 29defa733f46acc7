//! The messages of `cargo criterion --message-format=json`: a line for each benchmark, and one for each group.
//!
//! ```json
//! {"reason":"benchmark-complete","id":"fwd/2048","iteration_count":[10],"measured_values":[700125.0],"unit":"ns",…}
//! {"reason":"group-complete","group_name":"fwd","benchmarks":["fwd/2048"],"report_directory":""}
//! ```
//!
//! `change` is there where the run was compared and a verdict was reached. An inconclusive case has none, since
//! `NoChange` would be a claim. criterion compares means and medians, and we medians: both say what became of those.

use serde_json::{Value, json};

use super::criterion::{ends, whole};
use super::pooled::Pooled;
use super::{Exported, Lost};
use crate::compare::{CaseComparison, Verdict};
use crate::order::insert;
use crate::record::{CaseRecord, Measured};
use crate::stats::Estimate;

/// The runs as messages.
pub fn render(runs: &[Exported<'_>], lost: &mut Lost) -> String {
    let mut text = String::new();
    for run in runs {
        let compared = run.compared();
        let cases = run.measured(lost);
        let mut groups = Vec::new();
        for (case, measured) in &cases {
            let message = complete(case, measured, compared.get(case.id.as_str()).copied(), lost);
            text.push_str(&format!("{message}\n"));
            insert(&mut groups, case.group.as_str());
        }
        for group in groups {
            let of_group = cases.iter().filter(|(case, _)| case.group == group);
            let ids: Vec<&str> = of_group.map(|(case, _)| case.id.as_str()).collect();
            let message =
                json!({ "reason": "group-complete", "group_name": group, "benchmarks": ids, "report_directory": "" });
            text.push_str(&format!("{message}\n"));
        }
    }
    text
}

fn complete(case: &CaseRecord, measured: &Measured, compared: Option<&CaseComparison>, lost: &mut Lost) -> Value {
    if !measured.metrics.is_empty() {
        lost.add("metrics", &case.id);
    }
    let pooled = Pooled::of(measured);
    let median = interval(&measured.time.median, "ns");
    json!({
        "reason": "benchmark-complete",
        "id": case.id,
        "report_directory": "",
        "iteration_count": pooled.iterations,
        "measured_values": pooled.times,
        "unit": "ns",
        "throughput": throughput(&case.id, measured, lost),
        "typical": median,
        "mean": interval(&measured.time.mean, "ns"),
        "median": median,
        "median_abs_dev": interval(&pooled.absolute_deviation.estimate, "ns"),
        "slope": null,
        "change": compared.map_or(Value::Null, |compared| change(compared, lost)),
    })
}

fn throughput(id: &str, measured: &Measured, lost: &mut Lost) -> Vec<Value> {
    let mut throughput = Vec::new();
    for of in &measured.throughput {
        let unit = if of.amount == "items" { "elements" } else { &of.amount };
        match whole(of.per_iteration) {
            Some(count) => throughput.push(json!({ "per_iteration": count, "unit": unit })),
            None => lost.add("a throughput that is no whole number an iteration", id),
        }
    }
    throughput
}

fn change(compared: &CaseComparison, lost: &mut Lost) -> Value {
    let verdict = match compared.time.verdict {
        Verdict::Improved => "Improved",
        Verdict::Regressed => "Regressed",
        Verdict::Unchanged => "NoChange",
        Verdict::Inconclusive => {
            lost.add("a comparison that could not tell", &compared.id);
            return Value::Null;
        }
    };
    let Some(ratio) = compared.time.ratio() else { return Value::Null };
    let relative =
        Estimate { value: ratio.value - 1.0, lower: ratio.lower - 1.0, upper: ratio.upper - 1.0, level: ratio.level };
    // cargo-criterion calls a share of 1 `%` as well.
    let relative = interval(&relative, "%");
    json!({ "mean": relative, "median": relative, "change": verdict })
}

fn interval(estimate: &Estimate, unit: &str) -> Value {
    let (lower, upper) = ends(estimate);
    json!({ "estimate": estimate.value, "lower_bound": lower, "upper_bound": upper, "unit": unit })
}
