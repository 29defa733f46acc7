//! Measurements: what is taken of a batch, the time or something else.

use std::time::{Duration, Instant};

use super::formatter::{DurationFormatter, short};
use super::options::Throughput;

/// How values of a measurement are shown.
pub trait ValueFormatter {
    /// A value with its unit.
    fn format_value(&self, value: f64) -> String {
        let mut values = [value];
        let unit = self.scale_values(value, &mut values);
        format!("{:>6} {unit}", short(values[0]))
    }

    /// A value as a throughput, with its unit.
    fn format_throughput(&self, throughput: &Throughput, value: f64) -> String {
        let mut values = [value];
        let unit = self.scale_throughputs(value, throughput, &mut values);
        format!("{:>6} {unit}", short(values[0]))
    }

    /// Scales values to a unit that suits the typical one, and gives back the unit.
    fn scale_values(&self, typical_value: f64, values: &mut [f64]) -> &'static str;

    /// Makes throughputs of values, in a unit that suits the typical one, and gives back the unit.
    fn scale_throughputs(&self, typical_value: f64, throughput: &Throughput, values: &mut [f64]) -> &'static str;

    /// Scales values to the unit that programs read, and gives back the unit.
    fn scale_for_machines(&self, values: &mut [f64]) -> &'static str;
}

/// Something that can be measured of a batch.
///
/// The time of a case is always this harness' own. What another measurement than [`WallTime`] says is a
/// metric of the case, `measurement`, of which less is better.
pub trait Measurement {
    /// What is known at the start.
    type Intermediate;
    /// What is known at the end.
    type Value;

    /// Starts.
    fn start(&self) -> Self::Intermediate;

    /// Ends.
    fn end(&self, i: Self::Intermediate) -> Self::Value;

    /// The sum of two values.
    fn add(&self, v1: &Self::Value, v2: &Self::Value) -> Self::Value;

    /// The value of nothing.
    fn zero(&self) -> Self::Value;

    /// A value as a number; nanoseconds, if it is a time.
    fn to_f64(&self, value: &Self::Value) -> f64;

    /// How values are shown.
    fn formatter(&self) -> &dyn ValueFormatter;

    /// Whether it is [`WallTime`], which the harness measures better by itself.
    #[doc(hidden)]
    fn is_wall_time(&self) -> bool {
        false
    }
}

/// The time that goes by.
pub struct WallTime;

impl Measurement for WallTime {
    type Intermediate = Instant;
    type Value = Duration;

    fn start(&self) -> Instant {
        Instant::now()
    }

    fn end(&self, start: Instant) -> Duration {
        start.elapsed()
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &DurationFormatter
    }

    fn is_wall_time(&self) -> bool {
        true
    }
}
