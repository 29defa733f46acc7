//! A figure with its confidence interval, and what may be done to both at once.

use serde::{Deserialize, Deserializer, Serialize};

/// Nanoseconds in a second.
const NANOSECONDS: f64 = 1e9;

/// A point value with a two-sided confidence interval, all in one unit.
///
/// Where the data cannot bound a side at this level (one launch says nothing about launches), that
/// side is infinite, or zero for a quantity that cannot be negative. It is never made up. JSON has no
/// infinity: there such an end is `null`, and is read back as the infinity of its side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Estimate {
    /// The best single figure.
    pub value: f64,
    /// The lower end of the interval.
    #[serde(deserialize_with = "open_below")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub lower: f64,
    /// The upper end of the interval.
    #[serde(deserialize_with = "open_above")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub upper: f64,
    /// The level of the interval: 0.95 means that 95 of 100 such intervals hold the truth.
    pub level: f64,
}

impl Estimate {
    /// Half the width of the interval as a share of the value: 0.01 reads as ±1 %. Infinite where
    /// the interval is unbounded, or where it is not a point and the value is zero.
    pub fn relative_half_width(&self) -> f64 {
        let half = (self.upper - self.lower) / 2.0;
        if half == 0.0 { 0.0 } else { half / self.value.abs() }
    }

    /// Whether both ends came from data. A lower end of zero beside a finite upper end counts.
    pub fn is_bounded(&self) -> bool {
        self.lower.is_finite() && self.upper.is_finite()
    }

    /// Whether `figure` lies in the interval, ends included.
    pub fn contains(&self, figure: f64) -> bool {
        (self.lower..=self.upper).contains(&figure)
    }

    /// The estimate of `factor` times the quantity; a negative factor swaps the ends.
    pub fn scaled(&self, factor: f64) -> Self {
        self.through(|figure| figure * factor)
    }

    /// The estimate of 1 ∕ quantity, for a quantity that is not negative (ends swap; a lower end of
    /// zero or below becomes an infinite upper end).
    pub fn inverted(&self) -> Self {
        self.through(|figure| 1.0 / figure.max(0.0))
    }

    /// The estimate of e^quantity: from a difference of logarithms to a ratio.
    pub fn exponentiated(&self) -> Self {
        self.through(f64::exp)
    }

    /// For a time in **nanoseconds**, in which `amount` of something is done (bytes, items,
    /// operations): the estimate of that amount a second.
    pub fn per_second_of(&self, amount: f64) -> Self {
        self.inverted().scaled(amount * NANOSECONDS)
    }

    /// Takes value and ends through a monotone function; where it falls, the ends swap.
    fn through(&self, function: impl Fn(f64) -> f64) -> Self {
        let (one, other) = (function(self.lower), function(self.upper));
        Self { value: function(self.value), lower: one.min(other), upper: one.max(other), level: self.level }
    }
}

fn open_below<'de, D: Deserializer<'de>>(end: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(end)?.unwrap_or(f64::NEG_INFINITY))
}

fn open_above<'de, D: Deserializer<'de>>(end: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(end)?.unwrap_or(f64::INFINITY))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Estimate = Estimate { value: 4.0, lower: 2.0, upper: 5.0, level: 0.95 };

    #[test]
    fn half_width_is_relative_to_the_value() {
        assert_eq!(TIME.relative_half_width(), 0.375);
        assert_eq!(TIME.scaled(-3.0).relative_half_width(), 0.375);
        let point = Estimate { value: 0.0, lower: 0.0, upper: 0.0, level: 0.95 };
        assert_eq!(point.relative_half_width(), 0.0);
        let around_zero = Estimate { value: 0.0, lower: -1.0, upper: 1.0, level: 0.95 };
        assert_eq!(around_zero.relative_half_width(), f64::INFINITY);
        let open = Estimate { value: 4.0, lower: 0.0, upper: f64::INFINITY, level: 0.95 };
        assert_eq!(open.relative_half_width(), f64::INFINITY);
        assert!(TIME.is_bounded() && !open.is_bounded());
    }

    #[test]
    fn a_throughput_swaps_the_ends() {
        let expected = Estimate { value: 25e9, lower: 20e9, upper: 50e9, level: 0.95 };
        assert_eq!(TIME.per_second_of(100.0), expected);
        let expected = Estimate { value: -4.0, lower: -5.0, upper: -2.0, level: 0.95 };
        assert_eq!(TIME.scaled(-1.0), expected);
    }

    #[test]
    fn an_open_interval_stays_open() {
        let open = Estimate { value: 4.0, lower: 0.0, upper: f64::INFINITY, level: 0.95 };
        let expected = Estimate { value: 0.25, lower: 0.0, upper: f64::INFINITY, level: 0.95 };
        assert_eq!(open.inverted(), expected);
        let below_zero = Estimate { value: 1.0, lower: -1.0, upper: 2.0, level: 0.95 };
        assert_eq!(below_zero.inverted().upper, f64::INFINITY);
        assert_eq!(below_zero.inverted().lower, 0.5);
    }

    #[test]
    fn ratios_come_from_logarithms() {
        let logs = Estimate { value: 0.0, lower: f64::NEG_INFINITY, upper: 2.0_f64.ln(), level: 0.9 };
        let ratio = logs.exponentiated();
        assert_eq!((ratio.value, ratio.lower, ratio.level), (1.0, 0.0, 0.9));
        assert!((ratio.upper - 2.0).abs() < 1e-15);
    }

    #[test]
    fn the_ends_are_inside() {
        assert!(TIME.contains(2.0) && TIME.contains(5.0) && !TIME.contains(5.1));
    }

    #[test]
    fn an_open_end_survives_json() {
        let open = Estimate { value: 4.0, lower: f64::NEG_INFINITY, upper: f64::INFINITY, level: 0.95 };
        let text = serde_json::to_string(&open).unwrap();
        assert_eq!(text, r#"{"value":4.0,"lower":null,"upper":null,"level":0.95}"#);
        for estimate in [open, TIME] {
            let text = serde_json::to_string(&estimate).unwrap();
            assert_eq!(serde_json::from_str::<Estimate>(&text).unwrap(), estimate);
        }
    }
}
