//! Traces: orders in which blocks are asked for and given back.

mod pattern;
mod transformer;

pub use self::pattern::AllocationPattern;
use crate::reference::shapes::Model;
use crate::subject::{MemoryPool, Refusal};

/// What blocks are aligned to: a cache line, which the widest vector loads want as well.
pub const ALIGN: usize = 64;

/// One step of a [`Trace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A block of `size` bytes is asked for, and put into a slot that is empty.
    Allocate {
        /// The slot.
        slot: usize,
        /// Bytes.
        size: usize,
    },
    /// The block in the slot is given back.
    Release {
        /// The slot.
        slot: usize,
    },
}

/// An order in which blocks are asked for and given back. At its end, all have been.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    steps: Vec<Step>,
    slots: usize,
}

impl Trace {
    /// A trace of `blocks` requests, of the sizes in turn or at random, in the order of the pattern.
    pub fn pattern(pattern: AllocationPattern, sizes: &[usize], blocks: usize, seed: u64) -> Self {
        pattern::trace(pattern, sizes, blocks, seed)
    }

    /// The buffers of a forward pass of that many tokens through a model, with their lifetimes: see [`Model`] for the
    /// shapes and the [module](self) for what is asked for.
    pub fn forward_pass(model: &Model, tokens: usize) -> Self {
        transformer::forward_pass(model, tokens)
    }

    /// Its steps.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Number of requests.
    pub fn allocations(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Allocate { .. })).count()
    }

    /// The most bytes that are asked for at once.
    pub fn peak(&self) -> usize {
        let mut sizes = vec![0; self.slots];
        let (mut live, mut peak) = (0, 0);
        for step in &self.steps {
            match *step {
                Step::Allocate { slot, size } => {
                    sizes[slot] = size;
                    live += size;
                }
                Step::Release { slot } => live -= sizes[slot],
            }
            peak = peak.max(live);
        }
        peak
    }

    /// Empty slots to [`replay`](Self::replay) in.
    pub fn slots<B>(&self) -> Vec<Option<B>> {
        std::iter::repeat_with(|| None).take(self.slots).collect()
    }

    /// Does its steps.
    ///
    /// # Errors
    /// If the pool refuses a request; the blocks in the slots are given back.
    #[inline]
    pub fn replay<P: MemoryPool>(&self, pool: &P, slots: &mut [Option<P::Block>]) -> Result<(), Refusal> {
        for step in &self.steps {
            match *step {
                Step::Allocate { slot, size } => match pool.allocate(size, ALIGN) {
                    Ok(block) => slots[slot] = Some(block),
                    Err(refusal) => {
                        release_all(pool, slots);
                        return Err(refusal);
                    }
                },
                Step::Release { slot } => {
                    if let Some(block) = slots[slot].take() {
                        pool.deallocate(block);
                    }
                }
            }
        }
        Ok(())
    }
}

/// Gives the blocks in all slots back.
pub(super) fn release_all<P: MemoryPool>(pool: &P, slots: &mut [Option<P::Block>]) {
    slots.iter_mut().filter_map(Option::take).for_each(|block| pool.deallocate(block));
}

/// Writes a trace, and gives each block a free slot.
#[derive(Debug, Default)]
struct Writer {
    trace: Trace,
    free: Vec<usize>,
}

impl Writer {
    fn allocate(&mut self, size: usize) -> usize {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.trace.slots += 1;
            self.trace.slots - 1
        });
        self.trace.steps.push(Step::Allocate { slot, size });
        slot
    }

    fn release(&mut self, slot: usize) {
        self.trace.steps.push(Step::Release { slot });
        self.free.push(slot);
    }

    fn release_all(&mut self, slots: impl IntoIterator<Item = usize>) {
        slots.into_iter().for_each(|slot| self.release(slot));
    }
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::pool::HybridPool;
    use crate::reference::shapes::BITNET_2B_4T;

    /// Whether each step finds its slot as it must, and all are empty at the end.
    fn is_sound(trace: &Trace) -> bool {
        let mut sizes = vec![None; trace.slots];
        let sound = trace.steps().iter().all(|step| match *step {
            Step::Allocate { slot, size } => size > 0 && sizes[slot].replace(size).is_none(),
            Step::Release { slot } => sizes[slot].take().is_some(),
        });
        sound && sizes.iter().all(Option::is_none)
    }

    #[test]
    fn every_pattern_gives_back_what_it_takes() {
        for pattern in AllocationPattern::ALL {
            for blocks in [1, 2, 3, 100] {
                let trace = Trace::pattern(pattern, &[1, 100, 5000], blocks, 7);
                assert!(is_sound(&trace), "{pattern:?} of {blocks}");
                assert_eq!(trace.allocations(), blocks, "{pattern:?}");
            }
        }
    }

    #[test]
    fn the_orders_are_those_of_their_names() {
        let released = |pattern| -> Vec<usize> {
            let trace = Trace::pattern(pattern, &[8], 4, 7);
            trace
                .steps()
                .iter()
                .filter_map(|step| if let Step::Release { slot } = step { Some(*slot) } else { None })
                .collect()
        };
        assert_eq!(released(AllocationPattern::Sequential), [0, 1, 2, 3]);
        assert_eq!(released(AllocationPattern::Lifo), [3, 2, 1, 0]);
        let mut random = released(AllocationPattern::Random);
        random.sort_unstable();
        assert_eq!(random, [0, 1, 2, 3]);
        // A queue of a quarter of the blocks: each is released once the next has come.
        assert_eq!(Trace::pattern(AllocationPattern::Fifo, &[8], 4, 7).peak(), 16);
    }

    #[test]
    fn a_forward_pass_is_as_large_as_the_model_says() {
        let trace = Trace::forward_pass(&BITNET_2B_4T, 128);
        assert!(is_sound(&trace));
        // By hand, at the widest point, the feed-forward part of the last layer: the hidden state and the normed one,
        // gate and up, all f32; and 30 layers of keys and values in f16.
        let [hidden, gate_up] = [128 * 2560 * 4, 128 * 13824 * 4];
        let kept = 30 * 2 * 128 * 640 * 2;
        let widest = kept + hidden + gate_up;
        assert!((widest..widest + 2 * hidden + 128 * 6912 * 4 + 10_000).contains(&trace.peak()), "{}", trace.peak());
        assert_eq!(trace.allocations() % 30, 1, "the hidden state, and each layer alike");
    }

    #[test]
    fn a_replay_does_every_step() {
        let pool = HybridPool::new();
        let trace = Trace::pattern(AllocationPattern::Mixed, &[64, 5000, 100_000], 500, 3);
        trace.replay(&pool, &mut trace.slots()).expect("there is no limit");
        let figures = pool.statistics().expect("the pool tracks");
        assert_eq!((figures.blocks, figures.requested), (0, 0));
        assert!(figures.peak > trace.peak() / 2);
    }

    #[test]
    fn a_refused_replay_leaves_nothing_behind() {
        let pool = HybridPool::new().with_limit(1 << 20).expect("the pool has limits");
        let trace = Trace::forward_pass(&BITNET_2B_4T, 64);
        assert!(trace.replay(&pool, &mut trace.slots()).is_err());
        assert_eq!(pool.statistics().map(|figures| figures.blocks), Some(0));
    }
}
