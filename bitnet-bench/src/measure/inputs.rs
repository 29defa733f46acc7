//! Subjects that need fresh inputs: made before the clock starts, dropped after it has stopped.

use std::mem::size_of;

use super::answer::{Answer, UNNAMED};
use super::meter::{Meter, Purpose};
use super::session::Session;
use super::slots::{Slots, most_of};

/// A bencher with a way to make inputs; see [`Bencher::with_inputs`](super::Bencher::with_inputs).
#[must_use = "nothing is timed until `iter_values` or `iter_refs` is called"]
pub struct WithInputs<'b, M> {
    pub(super) session: &'b mut dyn Drive,
    pub(super) make: M,
    /// Inputs that may be there at once.
    pub(super) most: u64,
}

/// What drives batches; hides the session's lifetime.
pub(super) trait Drive {
    fn drive(&mut self, most: u64, batch: &mut dyn FnMut(&mut Meter<'_>));
}

impl Drive for Session<'_> {
    fn drive(&mut self, most: u64, batch: &mut dyn FnMut(&mut Meter<'_>)) {
        Session::drive(self, most, batch);
    }
}

impl<I, M: FnMut() -> I> WithInputs<'_, M> {
    /// Makes no more inputs at once than this, for subjects that rely on it.
    pub fn at_most(mut self, inputs: u64) -> Self {
        self.most = inputs.max(1);
        self
    }

    /// Times the subject, which takes its input by value.
    pub fn iter_values<O>(self, subject: impl FnMut(I) -> O) {
        self.iter_values_checked(subject, |_| ());
    }

    /// As [`iter_values`](Self::iter_values), with a check of the result before the first sample
    /// and after the last.
    pub fn iter_values_checked<O, A: Answer>(
        mut self,
        mut subject: impl FnMut(I) -> O,
        mut check: impl FnMut(&O) -> A,
    ) {
        let mut slots = Slots::<O>::new();
        let (make, most) = (&mut self.make, self.most.min(Self::most::<O>()));
        self.session.drive(most, &mut |meter| match meter.purpose() {
            Purpose::Check => meter.settle(check(&subject(make())).answer(UNNAMED)),
            Purpose::Time(iterations) => {
                for region in meter.regions(iterations) {
                    let inputs: Vec<I> = (0..region).map(|_| make()).collect();
                    slots.fill_from(meter, &mut inputs.into_iter(), &mut subject);
                }
            }
        });
    }

    /// Times the subject, which borrows its input mutably; the inputs' drop is not timed.
    pub fn iter_refs<O>(self, subject: impl FnMut(&mut I) -> O) {
        self.iter_refs_checked(subject, |_| ());
    }

    /// As [`iter_refs`](Self::iter_refs), with a check of the result before the first sample and
    /// after the last.
    pub fn iter_refs_checked<O, A: Answer>(
        mut self,
        mut subject: impl FnMut(&mut I) -> O,
        mut check: impl FnMut(&O) -> A,
    ) {
        let mut slots = Slots::<O>::new();
        let (make, most) = (&mut self.make, self.most.min(Self::most::<O>()));
        self.session.drive(most, &mut |meter| match meter.purpose() {
            Purpose::Check => {
                let mut input = make();
                meter.settle(check(&subject(&mut input)).answer(UNNAMED));
            }
            Purpose::Time(iterations) => {
                for region in meter.regions(iterations) {
                    let mut inputs: Vec<I> = (0..region).map(|_| make()).collect();
                    slots.fill_from(meter, &mut inputs.iter_mut(), &mut |input| subject(input));
                }
            }
        });
    }

    fn most<O>() -> u64 {
        Slots::<O>::MOST.min(most_of(size_of::<I>()))
    }
}
