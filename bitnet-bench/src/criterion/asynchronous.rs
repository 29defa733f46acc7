//! The bencher of futures.

use std::future::Future;
use std::hint::black_box;

use super::async_executor::AsyncExecutor;
use super::bencher::Bencher;
use super::measurement::{Measurement, WallTime};
use super::options::BatchSize;

/// Times futures, which an executor runs to their end: each batch of iterations in one `block_on`, so
/// that entering the executor is not timed.
pub struct AsyncBencher<'a, 'b, A: AsyncExecutor, M: Measurement = WallTime> {
    bencher: &'b mut Bencher<'a, M>,
    runner: A,
}

impl<'a, 'b, A: AsyncExecutor, M: Measurement> AsyncBencher<'a, 'b, A, M> {
    pub(super) fn new(bencher: &'b mut Bencher<'a, M>, runner: A) -> Self {
        Self { bencher, runner }
    }

    /// Times the routine's futures, and the drop of their outputs.
    #[inline(never)]
    pub fn iter<O, R, F>(&mut self, mut routine: R)
    where
        R: FnMut() -> F,
        F: Future<Output = O>,
    {
        let (measurement, runner) = (self.bencher.measurement, &self.runner);
        self.bencher.drive(|iterations| {
            runner.block_on(async {
                let start = measurement.start();
                for _ in 0..iterations {
                    black_box(routine().await);
                }
                measurement.end(start)
            })
        });
    }

    /// Hands the measuring to the routine; see [`Bencher::iter_custom`].
    #[inline(never)]
    pub fn iter_custom<R, F>(&mut self, mut routine: R)
    where
        R: FnMut(u64) -> F,
        F: Future<Output = M::Value>,
    {
        let runner = &self.runner;
        self.bencher.drive(|iterations| runner.block_on(routine(iterations)));
    }

    /// Times a routine that takes a fresh input for each iteration, one at a time.
    #[doc(hidden)]
    pub fn iter_with_setup<I, O, S, R, F>(&mut self, setup: S, routine: R)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> F,
        F: Future<Output = O>,
    {
        self.iter_batched(setup, routine, BatchSize::PerIteration);
    }

    /// Times a routine that takes a fresh input for each iteration, all of them made at once.
    #[doc(hidden)]
    pub fn iter_with_large_setup<I, O, S, R, F>(&mut self, setup: S, routine: R)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> F,
        F: Future<Output = O>,
    {
        self.iter_batched(setup, routine, BatchSize::NumBatches(1));
    }

    /// Times the routine's futures without the drop of their outputs.
    pub fn iter_with_large_drop<O, R, F>(&mut self, mut routine: R)
    where
        R: FnMut() -> F,
        F: Future<Output = O>,
    {
        self.iter_batched(|| (), |()| routine(), BatchSize::SmallInput);
    }

    /// Times a routine that takes a fresh input for each iteration; see [`Bencher::iter_batched`].
    #[inline(never)]
    pub fn iter_batched<I, O, S, R, F>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(I) -> F,
        F: Future<Output = O>,
    {
        let (measurement, runner) = (self.bencher.measurement, &self.runner);
        self.bencher.drive(|iterations| {
            size.in_batches(measurement, iterations, |batch| {
                let inputs: Vec<I> = black_box((0..batch).map(|_| setup()).collect());
                let mut outputs = Vec::with_capacity(inputs.len());
                let value = runner.block_on(async {
                    let start = measurement.start();
                    for input in inputs {
                        outputs.push(routine(input).await);
                    }
                    measurement.end(start)
                });
                drop(black_box(outputs));
                value
            })
        });
    }

    /// Times a routine that borrows a fresh input for each iteration; see [`Bencher::iter_batched_ref`].
    #[inline(never)]
    pub fn iter_batched_ref<I, O, S, R, F>(&mut self, mut setup: S, mut routine: R, size: BatchSize)
    where
        S: FnMut() -> I,
        R: FnMut(&mut I) -> F,
        F: Future<Output = O>,
    {
        let (measurement, runner) = (self.bencher.measurement, &self.runner);
        self.bencher.drive(|iterations| {
            size.in_batches(measurement, iterations, |batch| {
                let mut inputs: Vec<I> = black_box((0..batch).map(|_| setup()).collect());
                let mut outputs = Vec::with_capacity(inputs.len());
                let value = runner.block_on(async {
                    let start = measurement.start();
                    for input in &mut inputs {
                        outputs.push(routine(input).await);
                    }
                    measurement.end(start)
                });
                drop(black_box(outputs));
                value
            })
        });
    }
}
