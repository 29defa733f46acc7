//! criterion's bencher, in front of the harness' own.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::async_executor::AsyncExecutor;
use super::asynchronous::AsyncBencher;
use super::measurement::{Measurement, WallTime};
use super::options::BatchSize;
use crate::Direction;
use crate::measure;

/// Times a routine. A benchmark's closure calls one of the `iter` methods, once; what stands outside is
/// run once in a launch and not timed.
pub struct Bencher<'a, M: Measurement = WallTime> {
    pub(super) inner: &'a mut measure::Bencher<'a>,
    pub(super) measurement: &'a M,
}

impl<'a, M: Measurement> Bencher<'a, M> {
    /// Times the routine, and the drop of its output.
    #[inline(never)]
    pub fn iter<O, R>(&mut self, mut routine: R)
    where
        R: FnMut() -> O,
    {
        if self.measurement.is_wall_time() {
            return self.inner.iter(|| drop(black_box(routine())));
        }
        let measurement = self.measurement;
        self.drive(|iterations| {
            let start = measurement.start();
            for _ in 0..iterations {
                black_box(routine());
            }
            measurement.end(start)
        });
    }

    /// Hands the measuring to the routine: it is told how many iterations to run, and gives back what it
    /// measured of all of them.
    #[inline(never)]
    pub fn iter_custom<R>(&mut self, routine: R)
    where
        R: FnMut(u64) -> M::Value,
    {
        self.drive(routine);
    }

    /// Times a routine that takes a fresh input for each iteration, one at a time.
    #[doc(hidden)]
    pub fn iter_with_setup<I, O, S, R>(&mut self, setup: S, routine: R)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> O,
    {
        self.iter_batched(setup, routine, BatchSize::PerIteration);
    }

    /// Times a routine that takes a fresh input for each iteration, all of them made at once.
    #[doc(hidden)]
    pub fn iter_with_large_setup<I, O, S, R>(&mut self, setup: S, routine: R)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> O,
    {
        self.iter_batched(setup, routine, BatchSize::NumBatches(1));
    }

    /// Times the routine without the drop of its output.
    pub fn iter_with_large_drop<O, R>(&mut self, mut routine: R)
    where
        R: FnMut() -> O,
    {
        if self.measurement.is_wall_time() {
            return self.inner.iter(routine);
        }
        self.iter_batched(|| (), |()| routine(), BatchSize::SmallInput);
    }

    /// Times a routine that takes a fresh input for each iteration. Neither the set-up nor the drop of
    /// outputs is timed.
    #[inline(never)]
    pub fn iter_batched<I, O, S, R>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> O,
    {
        if self.measurement.is_wall_time() {
            return self.inner.with_inputs(setup).at_most(size.most_at_once()).iter_values(routine);
        }
        let measurement = self.measurement;
        self.drive(|iterations| {
            size.in_batches(measurement, iterations, |batch| {
                let inputs: Vec<I> = black_box((0..batch).map(|_| setup()).collect());
                let mut outputs = Vec::with_capacity(inputs.len());
                let start = measurement.start();
                outputs.extend(inputs.into_iter().map(&mut routine));
                let value = measurement.end(start);
                drop(black_box(outputs));
                value
            })
        });
    }

    /// Times a routine that borrows a fresh input for each iteration. Neither the set-up nor the drop of
    /// inputs and outputs is timed.
    #[inline(never)]
    pub fn iter_batched_ref<I, O, S, R>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(&mut I) -> O,
    {
        if self.measurement.is_wall_time() {
            return self.inner.with_inputs(setup).at_most(size.most_at_once()).iter_refs(routine);
        }
        let measurement = self.measurement;
        self.drive(|iterations| {
            size.in_batches(measurement, iterations, |batch| {
                let mut inputs: Vec<I> = black_box((0..batch).map(|_| setup()).collect());
                let mut outputs = Vec::with_capacity(inputs.len());
                let start = measurement.start();
                outputs.extend(inputs.iter_mut().map(&mut routine));
                let value = measurement.end(start);
                drop(black_box(outputs));
                value
            })
        });
    }

    /// Times futures, which the executor runs to their end.
    pub fn to_async<'b, A: AsyncExecutor>(&'b mut self, runner: A) -> AsyncBencher<'a, 'b, A, M> {
        AsyncBencher::new(self, runner)
    }

    /// Drives a batch that measures itself.
    ///
    /// The harness times it; what another measurement than the wall clock says of it is reported as a
    /// metric of the case, the mean over all iterations.
    pub(super) fn drive(&mut self, mut batch: impl FnMut(u64) -> M::Value) {
        let measurement = self.measurement;
        let (mut sum, mut count) = (0.0, 0_u64);
        self.inner.iter_custom(|iterations| {
            let begun = Instant::now();
            let value = batch(iterations);
            let whole = begun.elapsed();
            let figure = measurement.to_f64(&value);
            if measurement.is_wall_time() {
                return Duration::from_nanos(figure as u64);
            }
            sum += figure;
            count += iterations;
            whole
        });
        if count > 0 {
            let mut mean = [sum / count as f64];
            let unit = measurement.formatter().scale_for_machines(&mut mean);
            self.inner.metric("measurement", mean[0], unit, Direction::LowerIsBetter);
        }
    }
}
