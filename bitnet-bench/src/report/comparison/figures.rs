//! The figures of a metric as a person reads them, by its unit.

use super::super::units::{Quantity, number};
use crate::compare::MetricComparison;

/// A figure of a metric.
pub(super) fn show(metric: &MetricComparison, value: f64) -> String {
    match metric.unit.as_str() {
        "ns" => Quantity::TIME.show(value),
        "B" => Quantity::BYTES.show(value),
        "" if value >= 0.0 => Quantity::COUNT.show(value),
        unit => match unit.strip_suffix("/s") {
            Some(amount @ ("bytes" | "items" | "flops" | "tokens")) => Quantity::per_second(amount).show(value),
            _ => format!("{} {unit}", number(value)).trim_end().to_owned(),
        },
    }
}

/// Before and after: `1.234 µs → 1.298 µs`.
pub(super) fn before_and_after(metric: &MetricComparison) -> String {
    format!("{} → {}", show(metric, metric.old), show(metric, metric.new))
}
