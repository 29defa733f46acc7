//! github-action-benchmark's custom formats. One file has one direction, so there are two: one for
//! `tool: customSmallerIsBetter` and one for `tool: customBiggerIsBetter`.
//!
//! ```json
//! [{"name":"gemv/ternary[size=2560]@cpu","unit":"ns/iter","value":70012.5,"range":"± 312.75","extra":"launches: 10"}]
//! ```
//!
//! The action follows a figure over time by its name. That of a time is the case's id; that of any other figure has
//! ` · ` and what it is behind it.

use serde_json::{Map, Value, json};

use super::{Exported, File, Lost};
use crate::measure::Direction;
use crate::record::Measured;
use crate::record::imports::github_action::{BIGGER, SEPARATOR, SMALLER, UNIT};
use crate::stats::Estimate;

/// The runs as two files, either of which may have an empty list.
pub fn files(runs: &[Exported<'_>], lost: &mut Lost) -> Vec<File> {
    let mut lists = Lists::default();
    for run in runs {
        for (case, measured) in run.measured(lost) {
            lists.add_case(&case.id, measured, lost);
        }
    }
    let file = |path: &str, list: Vec<Value>| File { path: path.to_owned(), content: format!("{:#}\n", json!(list)) };
    vec![file(SMALLER, lists.smaller), file(BIGGER, lists.bigger)]
}

#[derive(Default)]
struct Lists {
    smaller: Vec<Value>,
    bigger: Vec<Value>,
}

impl Lists {
    fn add_case(&mut self, id: &str, measured: &Measured, lost: &mut Lost) {
        let launches = format!("launches: {}", measured.launches.len());
        self.smaller.push(entry(id, UNIT, &measured.time.median, Some(launches)));
        for throughput in &measured.throughput {
            let unit = format!("{}/s", throughput.amount);
            let name = format!("{id}{SEPARATOR}{unit}");
            self.bigger.push(entry(&name, &unit, &throughput.per_second, None));
        }
        for metric in &measured.metrics {
            if !metric.estimate.value.is_finite() {
                lost.add("a figure that is no number", id);
                continue;
            }
            let name = format!("{id}{SEPARATOR}{}", metric.name);
            let list = match metric.direction {
                Direction::LowerIsBetter => &mut self.smaller,
                Direction::HigherIsBetter => &mut self.bigger,
            };
            list.push(entry(&name, &metric.unit, &metric.estimate, None));
        }
    }
}

fn entry(name: &str, unit: &str, estimate: &Estimate, extra: Option<String>) -> Value {
    let mut entry = Map::new();
    entry.insert("name".to_owned(), json!(name));
    entry.insert("unit".to_owned(), json!(unit));
    entry.insert("value".to_owned(), json!(estimate.value));
    let half = (estimate.upper - estimate.lower) / 2.0;
    if half.is_finite() && half > 0.0 {
        entry.insert("range".to_owned(), json!(format!("± {half}")));
    }
    if let Some(extra) = extra {
        entry.insert("extra".to_owned(), json!(extra));
    }
    Value::Object(entry)
}
