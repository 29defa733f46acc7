//! What a benchmark says of itself: amounts that one iteration processes, and metrics.

use serde::{Deserialize, Serialize};

/// What a throughput counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// Bytes read and written.
    Bytes,
    /// Elements, weights, requests: whatever the subject processes one by one.
    Items,
    /// Arithmetic operations; a multiply-add counts as two.
    Flops,
    /// Tokens of a language model.
    Tokens,
}

impl Amount {
    /// Its name in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Items => "items",
            Self::Flops => "flops",
            Self::Tokens => "tokens",
        }
    }
}

/// A number that an amount can be given as: any integer or floating-point type.
#[diagnostic::on_unimplemented(message = "`{Self}` is not an amount", note = "an amount is a number")]
pub trait Count {
    /// The number.
    fn count(self) -> f64;
}

macro_rules! counts {
    ($($type:ty),+) => {
        $(impl Count for $type {
            fn count(self) -> f64 {
                self as f64
            }
        })+
    };
}

counts!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64);

/// Which way a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Direction {
    /// Like a time or an error.
    LowerIsBetter,
    /// Like a rate or an accuracy.
    HigherIsBetter,
}

/// One value of a metric, as a benchmark reported it in a launch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetricValue {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// The value.
    pub value: f64,
}
