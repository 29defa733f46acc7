//! Slots: outputs are kept until the clock has stopped, so that dropping them is not timed.

use std::hint::black_box;
use std::mem::{needs_drop, size_of};

use super::meter::Meter;

/// Memory that the outputs (or inputs) of one region may fill, what they own aside.
const MOST_BYTES: u64 = 1 << 20;

/// Place for the outputs of one region. Outputs that need no drop take none.
pub(super) struct Slots<O> {
    outputs: Vec<O>,
}

impl<O> Slots<O> {
    /// Iterations in a region, at most.
    pub(super) const MOST: u64 = if needs_drop::<O>() { most_of(size_of::<O>()) } else { u64::MAX };

    pub(super) fn new() -> Self {
        Self { outputs: Vec::new() }
    }

    /// Runs that many iterations, in timed regions.
    pub(super) fn fill(&mut self, meter: &mut Meter<'_>, iterations: u64, subject: &mut impl FnMut() -> O) {
        if !needs_drop::<O>() {
            return meter.time(|| {
                for _ in 0..iterations {
                    black_box(subject());
                }
            });
        }
        for region in meter.regions(iterations) {
            self.fill_from(meter, &mut (0..region), &mut |_| subject());
        }
    }

    /// Runs one iteration for each input in a timed region.
    pub(super) fn fill_from<I>(
        &mut self,
        meter: &mut Meter<'_>,
        inputs: &mut impl ExactIterations<Item = I>,
        subject: &mut impl FnMut(I) -> O,
    ) {
        if !needs_drop::<O>() {
            return meter.time(|| {
                for input in inputs {
                    black_box(subject(black_box(input)));
                }
            });
        }
        let count = inputs.count_ahead();
        self.outputs.reserve(count);
        let slots = &mut self.outputs.spare_capacity_mut()[..count];
        let mut filled = 0;
        meter.time(|| {
            for (slot, input) in slots.iter_mut().zip(inputs) {
                slot.write(black_box(subject(black_box(input))));
                filled += 1;
            }
        });
        // SAFETY: the loop has written the first `filled` slots of the spare capacity.
        unsafe { self.outputs.set_len(filled) };
        self.outputs.clear();
    }
}

/// An iterator that knows how many iterations it is good for.
pub(super) trait ExactIterations: Iterator {
    /// How many are left.
    fn count_ahead(&self) -> usize;
}

impl ExactIterations for std::ops::Range<u64> {
    fn count_ahead(&self) -> usize {
        usize::try_from(self.end - self.start).expect("a region's outputs fit into memory")
    }
}

impl<I> ExactIterations for std::vec::IntoIter<I> {
    fn count_ahead(&self) -> usize {
        self.len()
    }
}

impl<I> ExactIterations for std::slice::IterMut<'_, I> {
    fn count_ahead(&self) -> usize {
        self.len()
    }
}

/// How many values of a size fit into the memory of a region.
pub(super) const fn most_of(size: usize) -> u64 {
    let size = if size < 64 { 64 } else { size as u64 };
    let most = MOST_BYTES / size;
    if most < 1 { 1 } else { most }
}
