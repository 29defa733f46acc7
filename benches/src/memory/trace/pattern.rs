//! Patterns: orders that show where an allocator is good and where it is not.

use std::collections::VecDeque;

use bitnet_bench::config;

use super::{Trace, Writer};

/// The order in which blocks are asked for and given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AllocationPattern {
    /// All are asked for, then given back in the same order.
    Sequential,
    /// All are asked for, then given back in a shuffled order.
    Random,
    /// Requests and releases of all sizes at random, about half of the blocks in use at once.
    Mixed,
    /// A stack: the last asked for is given back first.
    Lifo,
    /// A queue: the oldest is given back as a new one comes, a quarter of the blocks in use at once.
    Fifo,
    /// As [`Sequential`](Self::Sequential), and another thread gives back.
    ProducerConsumer,
}

impl AllocationPattern {
    /// Every pattern.
    pub const ALL: [Self; 6] =
        [Self::Sequential, Self::Random, Self::Mixed, Self::Lifo, Self::Fifo, Self::ProducerConsumer];

    /// The name in case ids and configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sequential => "sequential",
            Self::Random => "random",
            Self::Mixed => "mixed",
            Self::Lifo => "lifo",
            Self::Fifo => "fifo",
            Self::ProducerConsumer => "producer_consumer",
        }
    }
}

impl From<config::AllocationPattern> for AllocationPattern {
    fn from(pattern: config::AllocationPattern) -> Self {
        match pattern {
            config::AllocationPattern::Sequential => Self::Sequential,
            config::AllocationPattern::Random => Self::Random,
            config::AllocationPattern::Mixed => Self::Mixed,
        }
    }
}

/// A trace of `blocks` requests.
pub(super) fn trace(pattern: AllocationPattern, sizes: &[usize], blocks: usize, seed: u64) -> Trace {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut writer = Writer::default();
    let sizes: Vec<usize> = (0..blocks).map(|_| sizes[random.usize(..sizes.len())]).collect();
    match pattern {
        AllocationPattern::Mixed => mixed(&mut writer, &sizes, &mut random),
        AllocationPattern::Fifo => queue(&mut writer, &sizes),
        _ => batch(&mut writer, &sizes, pattern, &mut random),
    }
    writer.trace
}

fn batch(writer: &mut Writer, sizes: &[usize], pattern: AllocationPattern, random: &mut fastrand::Rng) {
    let mut live: Vec<usize> = sizes.iter().map(|&size| writer.allocate(size)).collect();
    match pattern {
        AllocationPattern::Lifo => live.reverse(),
        AllocationPattern::Random => random.shuffle(&mut live),
        _ => {}
    }
    writer.release_all(live);
}

/// Up to half of the blocks, then one released for each that comes, whichever.
fn mixed(writer: &mut Writer, sizes: &[usize], random: &mut fastrand::Rng) {
    let mut live = Vec::new();
    for &size in sizes {
        // Now and then more are released, so that the number in use goes up and down.
        while live.len() > sizes.len() / 2 || (!live.is_empty() && random.u8(..) < 64) {
            writer.release(live.swap_remove(random.usize(..live.len())));
        }
        live.push(writer.allocate(size));
    }
    writer.release_all(live);
}

fn queue(writer: &mut Writer, sizes: &[usize]) {
    let mut live = VecDeque::new();
    for &size in sizes {
        live.push_back(writer.allocate(size));
        if live.len() > sizes.len() / 4 {
            live.pop_front().into_iter().for_each(|oldest| writer.release(oldest));
        }
    }
    writer.release_all(live);
}
