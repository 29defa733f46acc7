//! The bencher: what a benchmark function is handed to run its subject with.
//!
//! It is a thin, generic shell: each method wraps the subject into a batch, and the batch is driven
//! by code that is compiled once (see `session`).

use std::any::Any;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use super::answer::{Answer, UNNAMED};
use super::inputs::WithInputs;
use super::meter::{Meter, Purpose};
use super::metric::{Amount, Count, Direction, MetricValue};
use super::session::Session;
use super::slots::Slots;
use crate::device::Device;

/// Runs and times a subject. A benchmark function calls one of the `iter` methods, once; what
/// stands outside the closure is not timed.
///
/// ```
/// # use bitnet_bench::{Bencher, bitnet_bench};
/// #[bitnet_bench(sizes = [1_000, 10_000])]
/// fn sum(b: &mut Bencher, size: usize) {
///     let numbers: Vec<u64> = (0..size as u64).collect();
///     b.items(size).iter(|| numbers.iter().sum::<u64>());
/// }
/// ```
///
/// Outputs are kept until the clock has stopped and dropped then; a subject that is to be timed
/// with its drop drops its output itself.
pub struct Bencher<'a> {
    pub(super) session: Session<'a>,
}

impl Bencher<'_> {
    /// Times the subject.
    #[inline(never)]
    pub fn iter<O>(&mut self, subject: impl FnMut() -> O) {
        self.iter_checked(subject, |_| ());
    }

    /// Times the subject, and checks its result before the first sample and after the last, outside
    /// the timing. The check says `bool`, `Result<(), E>`, or nothing when it asserts; a result that
    /// does not pass fails the case.
    ///
    /// ```
    /// # use bitnet_bench::{Bencher, bitnet_bench};
    /// #[bitnet_bench]
    /// fn double(b: &mut Bencher) {
    ///     b.iter_checked(|| std::hint::black_box(21) * 2, |out| *out == 42);
    /// }
    /// ```
    pub fn iter_checked<O, A: Answer>(&mut self, mut subject: impl FnMut() -> O, mut check: impl FnMut(&O) -> A) {
        let mut slots = Slots::<O>::new();
        self.session.drive(Slots::<O>::MOST, &mut |meter: &mut Meter<'_>| match meter.purpose() {
            Purpose::Check => meter.settle(check(&subject()).answer(UNNAMED)),
            Purpose::Time(iterations) => slots.fill(meter, iterations, &mut subject),
        });
    }

    /// Times a subject that needs fresh inputs: `make` makes one for each iteration, outside the
    /// timing.
    ///
    /// ```
    /// # use bitnet_bench::{Bencher, bitnet_bench};
    /// #[bitnet_bench]
    /// fn sort(b: &mut Bencher) {
    ///     b.with_inputs(|| (0..1_000_u32).rev().collect::<Vec<_>>()).iter_refs(|v| v.sort());
    /// }
    /// ```
    pub fn with_inputs<I, M: FnMut() -> I>(&mut self, make: M) -> WithInputs<'_, M> {
        WithInputs { session: &mut self.session, make, most: u64::MAX }
    }

    /// Hands the timing to the subject: it is told how many iterations to run, and returns how long
    /// they took.
    pub fn iter_custom(&mut self, mut subject: impl FnMut(u64) -> Duration) {
        self.session.drive(u64::MAX, &mut |meter: &mut Meter<'_>| match meter.purpose() {
            Purpose::Check => {
                black_box(subject(1));
            }
            Purpose::Time(iterations) => {
                let duration = subject(iterations);
                meter.give(duration);
            }
        });
    }

    /// One iteration processes that many bytes: its throughput is shown in bytes a second.
    pub fn bytes(&mut self, bytes: impl Count) -> &mut Self {
        self.amount(Amount::Bytes, bytes)
    }

    /// One iteration processes that many items.
    pub fn items(&mut self, items: impl Count) -> &mut Self {
        self.amount(Amount::Items, items)
    }

    /// One iteration does that many arithmetic operations; a multiply-add counts as two.
    pub fn flops(&mut self, flops: impl Count) -> &mut Self {
        self.amount(Amount::Flops, flops)
    }

    /// One iteration processes that many tokens.
    pub fn tokens(&mut self, tokens: impl Count) -> &mut Self {
        self.amount(Amount::Tokens, tokens)
    }

    /// One iteration processes that much; at several threads, each of them does.
    pub fn amount(&mut self, amount: Amount, of: impl Count) -> &mut Self {
        self.session.declare(amount, of.count());
        self
    }

    /// Reports a metric of the benchmark's own, such as an error or a compression ratio. It is
    /// shown beside the time, and compared between runs in the direction that is given.
    pub fn metric(&mut self, name: &str, value: impl Count, unit: &str, direction: Direction) -> &mut Self {
        let metric = MetricValue { name: name.to_owned(), unit: unit.to_owned(), direction, value: value.count() };
        self.session.report(metric);
        self
    }

    /// The device that the case runs on.
    pub fn device(&self) -> &Device {
        self.session.device()
    }

    /// The threads that run the subject at once.
    pub fn threads(&self) -> usize {
        self.session.threads()
    }

    /// The seed to make inputs from (the setting `seed`): the same in every launch, so that all
    /// measure the same work.
    pub fn seed(&self) -> u64 {
        self.session.seed()
    }

    /// A value that is expensive to make: made once in a launch, and shared by its cases and by
    /// the threads of a case. Its key should name everything that it was made from.
    pub fn cached<T: Any + Send + Sync>(&self, key: impl AsRef<str>, make: impl FnOnce() -> T) -> Arc<T> {
        self.session.cached(key.as_ref(), make)
    }
}
