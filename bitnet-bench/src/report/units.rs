//! Figures as a person reads them: scaled to a fitting unit, with four significant digits.

use std::borrow::Cow;

use crate::stats::Estimate;

/// What stands in place of a figure that is not known, or that is none (NaN, infinite).
pub const UNKNOWN: &str = "–";

/// What a figure counts, and so the ladder of units on which it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    steps: &'static [(f64, &'static str)],
    suffix: Cow<'static, str>,
    /// Whether a whole number below 1000 is shown without decimals.
    countable: bool,
}

const TIMES: &[(f64, &str)] = &[(1e-3, "ps"), (1.0, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")];
const DECIMAL: &[(f64, &str)] = &[(1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), (1e12, "T"), (1e15, "P")];

impl Quantity {
    /// A time in nanoseconds: ps, ns, µs, ms, s.
    pub const TIME: Self = Self { steps: TIMES, suffix: Cow::Borrowed(""), countable: false };
    /// A size in bytes: B, kB, MB, GB, each a thousand of the one before, as the BitNet papers
    /// have it.
    pub const BYTES: Self = Self { steps: DECIMAL, suffix: Cow::Borrowed("B"), countable: true };
    /// A count without a unit: 12, 3.5, 1.234 M.
    pub const COUNT: Self = Self { steps: DECIMAL, suffix: Cow::Borrowed(""), countable: true };

    /// How much of an amount (`bytes`, `items`, `flops`, `tokens`, or any other) is processed in a
    /// second: GB/s, Mitem/s, GFLOP/s, tok/s.
    pub fn per_second(amount: &str) -> Self {
        let suffix = match amount {
            "bytes" => Cow::Borrowed("B/s"),
            "items" => Cow::Borrowed("item/s"),
            "flops" => Cow::Borrowed("FLOP/s"),
            "tokens" => Cow::Borrowed("tok/s"),
            other => Cow::Owned(format!("{other}/s")),
        };
        Self { steps: DECIMAL, suffix, countable: false }
    }

    /// The value with its unit. None of these quantities can be negative, so a negative value is
    /// no figure.
    pub fn show(&self, value: f64) -> String {
        if !is_figure(value) {
            return UNKNOWN.to_owned();
        }
        let (factor, unit) = self.step(value);
        let whole = value == 0.0 || self.countable && factor == 1.0 && value.fract() == 0.0;
        let digits = if whole { format!("{value:.0}") } else { fixed(value / factor, decimals(value / factor)) };
        self.with_unit(digits, unit)
    }

    /// An interval, both ends in the unit and with the decimal places of the estimate's value.
    pub fn show_interval(&self, estimate: &Estimate) -> String {
        if ![estimate.value, estimate.lower, estimate.upper].into_iter().all(is_figure) {
            return UNKNOWN.to_owned();
        }
        let (factor, unit) = self.step(estimate.value);
        let places = decimals(estimate.value / factor);
        let end = |value: f64| fixed(value / factor, places);
        self.with_unit(format!("[{}, {}]", end(estimate.lower), end(estimate.upper)), unit)
    }

    fn with_unit(&self, digits: String, unit: &str) -> String {
        format!("{digits} {unit}{}", self.suffix).trim_end().to_owned()
    }

    /// The unit in which a value is shown: the largest that leaves at least 1 before the point,
    /// once the value is rounded as it will be shown, so that 999.95 ns becomes 1.000 µs.
    fn step(&self, value: f64) -> (f64, &'static str) {
        if value == 0.0 {
            return *self.steps.iter().find(|(factor, _)| *factor == 1.0).unwrap_or(&self.steps[0]);
        }
        let rounded = rounded(value);
        *self.steps.iter().rev().find(|(factor, _)| rounded >= *factor).unwrap_or(&self.steps[0])
    }
}

/// A number with four significant digits and no scaled unit, for metrics whose unit is the
/// benchmark's own; it may be negative. Whole numbers below 10,000 have no decimals.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return UNKNOWN.to_owned();
    }
    let magnitude = value.abs();
    let sign = if value < 0.0 { "−" } else { "" };
    if magnitude.fract() == 0.0 && magnitude < 1e4 {
        format!("{sign}{magnitude:.0}")
    } else if !(1e-4..1e7).contains(&magnitude) {
        format!("{sign}{magnitude:.3e}")
    } else {
        format!("{sign}{}", fixed(magnitude, decimals(magnitude)))
    }
}

/// A share as a percentage: `0.4 %`, `12.3 %`, `140 %`; what would round to nothing is `<0.1 %`.
pub fn percent(share: f64) -> String {
    if !is_figure(share) {
        return UNKNOWN.to_owned();
    }
    let value = share * 100.0;
    match value {
        0.0 => "0.0 %".to_owned(),
        value if value < 0.05 => "<0.1 %".to_owned(),
        value if value < 99.95 => format!("{value:.1} %"),
        _ => format!("{value:.0} %"),
    }
}

/// The half-width of an estimate's interval relative to its value, `±0.4 %`; unknown where the
/// interval is unbounded.
pub fn plus_minus(estimate: &Estimate) -> String {
    let half = estimate.relative_half_width();
    if is_figure(half) { format!("±{}", percent(half)) } else { UNKNOWN.to_owned() }
}

/// The wall time of a run, in nanoseconds, as `41.2 s` or `3 min 20 s`.
pub fn wall_time(ns: f64) -> String {
    if !is_figure(ns) {
        return UNKNOWN.to_owned();
    }
    let seconds = ns / 1e9;
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let seconds = seconds.round() as u64;
    match seconds / 3600 {
        0 => format!("{} min {} s", seconds / 60, seconds % 60),
        hours => format!("{hours} h {} min", seconds % 3600 / 60),
    }
}

fn is_figure(value: f64) -> bool {
    value.is_finite() && value >= 0.0
}

/// The value rounded to four significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// How many decimal places show four significant digits of a value.
fn decimals(value: f64) -> usize {
    let text = format!("{value:.3e}");
    let exponent: i32 = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if value == 0.0 { 0 } else { usize::try_from(3 - exponent).unwrap_or(0).min(12) }
}

fn fixed(value: f64, places: usize) -> String {
    format!("{value:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, lower: f64, upper: f64) -> Estimate {
        Estimate { value, lower, upper, level: 0.95 }
    }

    #[test]
    fn times_have_four_digits_and_the_unit_that_fits() {
        let shown = [
            (0.0, "0 ns"),
            (0.000_5, "0.5000 ps"),
            (0.56, "560.0 ps"),
            (0.999_94, "999.9 ps"),
            (0.999_96, "1.000 ns"),
            (1.0, "1.000 ns"),
            (9.999_4, "9.999 ns"),
            (9.999_6, "10.00 ns"),
            (99.996, "100.0 ns"),
            (999.94, "999.9 ns"),
            (999.95, "1.000 µs"),
            (1234.5, "1.234 µs"),
            (68_123.0, "68.12 µs"),
            (999_960.0, "1.000 ms"),
            (2.5e9, "2.500 s"),
            (123_456.7e9, "123457 s"),
        ];
        for (ns, expected) in shown {
            assert_eq!(Quantity::TIME.show(ns), expected, "{ns}");
        }
    }

    #[test]
    fn what_is_no_figure_is_never_shown_as_one() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
            assert_eq!(Quantity::TIME.show(value), UNKNOWN);
            assert_eq!(Quantity::TIME.show_interval(&estimate(1.0, value, 2.0)), UNKNOWN);
            assert_eq!(percent(value), UNKNOWN);
            assert_eq!(wall_time(value), UNKNOWN);
        }
        assert_eq!(number(f64::NAN), UNKNOWN);
        assert_eq!(plus_minus(&estimate(0.0, 0.0, 1.0)), UNKNOWN);
        assert_eq!(plus_minus(&estimate(1.0, 0.0, f64::INFINITY)), UNKNOWN);
        assert_eq!(plus_minus(&estimate(1.0, f64::NAN, 2.0)), UNKNOWN);
    }

    #[test]
    fn both_ends_of_an_interval_share_unit_and_places() {
        let interval = |value, lower, upper| Quantity::TIME.show_interval(&estimate(value, lower, upper));
        assert_eq!(interval(1_002.0, 998.0, 1_010.0), "[0.998, 1.010] µs");
        assert_eq!(interval(999.0, 990.0, 1_020.0), "[990.0, 1020.0] ns");
        assert_eq!(interval(0.0, 0.0, 0.0), "[0, 0] ns");
    }

    #[test]
    fn throughput_is_decimal_and_named_by_its_amount() {
        assert_eq!(Quantity::per_second("bytes").show(13.421e9), "13.42 GB/s");
        assert_eq!(Quantity::per_second("items").show(412.34e6), "412.3 Mitem/s");
        assert_eq!(Quantity::per_second("flops").show(1.5e12), "1.500 TFLOP/s");
        assert_eq!(Quantity::per_second("tokens").show(29.0), "29.00 tok/s");
        assert_eq!(Quantity::per_second("tokens").show(0.001_234), "0.001234 tok/s");
        assert_eq!(Quantity::per_second("pixels").show(2e3), "2.000 kpixels/s");
    }

    #[test]
    fn counts_and_sizes_are_whole_where_they_can_be() {
        assert_eq!(Quantity::COUNT.show(0.0), "0");
        assert_eq!(Quantity::COUNT.show(12.0), "12");
        assert_eq!(Quantity::COUNT.show(2.5), "2.500");
        assert_eq!(Quantity::COUNT.show(1_234_567.0), "1.235 M");
        assert_eq!(Quantity::BYTES.show(512.0), "512 B");
        assert_eq!(Quantity::BYTES.show(1024.0), "1.024 kB");
    }

    #[test]
    fn metrics_keep_their_sign_and_scale() {
        let shown = [(23.412, "23.41"), (-3.2, "−3.200"), (3.0, "3"), (0.25, "0.2500"), (12_345.6, "12346")];
        for (value, expected) in shown {
            assert_eq!(number(value), expected);
        }
        assert_eq!(number(1.5e-9), "1.500e-9");
        assert_eq!(number(2.5e9), "2.500e9");
    }

    #[test]
    fn percentages_are_short() {
        let shown = [(0.0, "0.0 %"), (0.0004, "<0.1 %"), (0.0042, "0.4 %"), (0.123, "12.3 %"), (1.4, "140 %")];
        for (share, expected) in shown {
            assert_eq!(percent(share), expected);
        }
        assert_eq!(plus_minus(&estimate(100.0, 99.6, 100.4)), "±0.4 %");
    }

    #[test]
    fn wall_time_reads_like_a_clock() {
        let shown = [(41.2e9, "41.2 s"), (59.96e9, "1 min 0 s"), (200e9, "3 min 20 s"), (7_260e9, "2 h 1 min")];
        for (ns, expected) in shown {
            assert_eq!(wall_time(ns), expected);
        }
    }
}
