//! What a benchmark can say of itself, in criterion's words.

use super::measurement::Measurement;
use crate::measure::Amount;

/// How many inputs a batch holds.
///
/// This harness makes as few at once as the clock's resolution allows, within a bound on their memory, so
/// the first two mean the same here. The others are kept to: routines may rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BatchSize {
    /// Inputs are small.
    SmallInput,
    /// Inputs are large.
    LargeInput,
    /// One input at a time.
    PerIteration,
    /// So many batches in a sample, where the harness leaves the choice.
    NumBatches(u64),
    /// So many inputs in a batch, at most.
    NumIterations(u64),
}

impl BatchSize {
    /// Inputs that may be there at once.
    pub(super) fn most_at_once(self) -> u64 {
        match self {
            Self::PerIteration => 1,
            Self::NumIterations(inputs) => {
                assert!(inputs != 0, "Batch size must not be zero.");
                inputs
            }
            Self::SmallInput | Self::LargeInput | Self::NumBatches(_) => u64::MAX,
        }
    }

    /// Inputs of a batch, where a batch measures itself: criterion's own division of a sample.
    fn of(self, iterations: u64) -> u64 {
        match self {
            Self::SmallInput => iterations.div_ceil(10),
            Self::LargeInput => iterations.div_ceil(1_000),
            Self::NumBatches(batches) => iterations.div_ceil(batches.max(1)),
            Self::PerIteration | Self::NumIterations(_) => self.most_at_once().min(iterations),
        }
    }

    /// Runs iterations in batches, and adds up what was measured of each.
    pub(super) fn in_batches<M: Measurement>(
        self,
        measurement: &M,
        iterations: u64,
        mut batch: impl FnMut(u64) -> M::Value,
    ) -> M::Value {
        let size = self.of(iterations).max(1);
        let (mut value, mut left) = (measurement.zero(), iterations);
        while left > 0 {
            let now = size.min(left);
            value = measurement.add(&value, &batch(now));
            left -= now;
        }
        value
    }
}

/// What one iteration processes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Throughput {
    /// Bits; shown as bytes.
    Bits(u64),
    /// Bytes, which criterion shows in multiples of 1024. Here they are shown in multiples of 1000.
    Bytes(u64),
    /// Bytes, shown in multiples of 1000.
    BytesDecimal(u64),
    /// Elements.
    Elements(u64),
    /// Both.
    ElementsAndBytes {
        /// Elements.
        elements: u64,
        /// Bytes.
        bytes: u64,
    },
}

impl Throughput {
    /// The amounts, in the harness' words.
    pub(super) fn amounts(&self) -> Vec<(Amount, f64)> {
        match *self {
            Self::Bits(bits) => vec![(Amount::Bytes, bits as f64 / 8.0)],
            Self::Bytes(bytes) | Self::BytesDecimal(bytes) => vec![(Amount::Bytes, bytes as f64)],
            Self::Elements(elements) => vec![(Amount::Items, elements as f64)],
            Self::ElementsAndBytes { elements, bytes } => {
                vec![(Amount::Items, elements as f64), (Amount::Bytes, bytes as f64)]
            }
        }
    }
}

/// The axis of a plot. It has no effect.
#[derive(Clone, Copy, Debug, Default)]
pub enum AxisScale {
    /// Even steps.
    #[default]
    Linear,
    /// Even factors.
    Logarithmic,
}

/// How plots look. It has no effect: the reports are this harness' own.
#[derive(Clone, Debug, Default)]
pub struct PlotConfiguration {
    summary_scale: AxisScale,
}

impl PlotConfiguration {
    /// The scale of the summary's axis.
    #[must_use]
    pub fn summary_scale(mut self, new_scale: AxisScale) -> Self {
        self.summary_scale = new_scale;
        self
    }
}

/// How iterations are spread over samples. It has no effect: every sample has the same number of them.
#[derive(Clone, Copy, Debug, Default)]
pub enum SamplingMode {
    /// As criterion sees fit.
    #[default]
    Auto,
    /// Ever more of them.
    Linear,
    /// Equally many.
    Flat,
}

/// What criterion does with its stored figures. It has no effect: `--save-baseline` and `--baseline` do.
#[derive(Clone, Copy, Debug)]
pub enum Baseline {
    /// Compare where there is one.
    CompareLenient,
    /// Compare, and fail where there is none.
    CompareStrict,
    /// Write it.
    Save,
    /// Write nothing.
    Discard,
}

/// What draws plots. It has no effect: the reports are this harness' own.
#[derive(Clone, Copy, Debug)]
pub enum PlottingBackend {
    /// gnuplot.
    Gnuplot,
    /// plotters.
    Plotters,
    /// Nothing.
    None,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::measurement::WallTime;
    use super::*;

    fn batches(size: BatchSize, iterations: u64) -> Vec<u64> {
        let mut batches = Vec::new();
        let sum = size.in_batches(&WallTime, iterations, |batch| {
            batches.push(batch);
            Duration::from_nanos(batch)
        });
        assert_eq!(sum.as_nanos(), u128::from(iterations), "what each batch measured is added up");
        batches
    }

    #[test]
    fn iterations_are_divided_as_criterion_divides_them() {
        assert_eq!(batches(BatchSize::SmallInput, 25), [3, 3, 3, 3, 3, 3, 3, 3, 1]);
        assert_eq!(batches(BatchSize::LargeInput, 2), [1, 1]);
        assert_eq!(batches(BatchSize::PerIteration, 3), [1, 1, 1]);
        assert_eq!(batches(BatchSize::NumBatches(2), 5), [3, 2]);
        assert_eq!(batches(BatchSize::NumIterations(4), 6), [4, 2]);
        assert_eq!(batches(BatchSize::SmallInput, 0), [0; 0]);
    }

    #[test]
    #[should_panic(expected = "Batch size must not be zero")]
    fn a_batch_of_nothing_is_refused() {
        let _ = BatchSize::NumIterations(0).most_at_once();
    }

    #[test]
    fn every_throughput_is_an_amount() {
        assert_eq!(Throughput::Bits(16).amounts(), [(Amount::Bytes, 2.0)]);
        assert_eq!(Throughput::BytesDecimal(3).amounts(), Throughput::Bytes(3).amounts());
        let both = Throughput::ElementsAndBytes { elements: 2, bytes: 8 };
        assert_eq!(both.amounts(), [(Amount::Items, 2.0), (Amount::Bytes, 8.0)]);
    }
}
