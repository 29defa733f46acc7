//! Traces.

use std::cell::RefCell;
use std::sync::mpsc;

use bitnet_bench::{Bencher, Direction, Failure};

use super::serve;
use crate::memory::gate::verify;
use crate::memory::trace::{ALIGN, AllocationPattern, Step, Trace};
use crate::subject::{MemoryPool, Refusal};

pub(super) fn replay<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P, trace: &Trace) -> Result<(), Failure> {
    // On a pool of its own: what the gate does must not be what the pool has learnt.
    if let Some(utilization) = utilization(&pool.fresh(), trace).map_err(Failure::skip)? {
        bencher.metric("utilization", 100.0 * utilization, "%", Direction::HigherIsBetter);
    }
    verify(pool, trace)?;
    let slots = RefCell::new(trace.slots());
    bencher.items(trace.allocations()).iter_checked(
        || trace.replay(pool, &mut slots.borrow_mut()).is_ok(),
        |&served| if served { Ok(()) } else { Err(Failure::check("a request was refused")) },
    );
    Ok(())
}

/// The most that was asked for at once over the most that was held (Johnstone and Wilson 1998, section 4, the inverse
/// of their fourth measure); `None` if the pool does not know.
pub(super) fn utilization<P: MemoryPool>(pool: &P, trace: &Trace) -> Result<Option<f64>, Refusal> {
    let mut slots = trace.slots();
    let mut held = 0;
    for step in trace.steps() {
        match *step {
            Step::Allocate { slot, size } => slots[slot] = Some(pool.allocate(size, ALIGN)?),
            Step::Release { slot } => slots[slot].take().into_iter().for_each(|block| pool.deallocate(block)),
        }
        match pool.statistics() {
            Some(figures) => held = held.max(figures.reserved),
            None => break,
        }
    }
    crate::memory::trace::release_all(pool, &mut slots);
    Ok((held > 0).then(|| trace.peak() as f64 / held as f64))
}

/// Blocks are asked for here, and given back by another thread, a batch at a time.
pub(super) fn hand_over<P: MemoryPool>(
    bencher: &mut Bencher<'_>,
    pool: &P,
    sizes: &[usize],
    blocks: usize,
) -> Result<(), Failure> {
    let seed = bencher.seed();
    verify(pool, &Trace::pattern(AllocationPattern::Sequential, sizes, blocks, seed))?;
    let mut random = fastrand::Rng::with_seed(seed);
    let order: Vec<usize> = (0..blocks).map(|_| sizes[random.usize(..sizes.len())]).collect();
    let (to_consumer, from_producer) = mpsc::sync_channel::<Vec<P::Block>>(1);
    let (to_producer, from_consumer) = mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for mut batch in from_producer {
                batch.drain(..).for_each(|block| pool.deallocate(block));
                // The empty batch goes back to be filled again; nobody may be waiting for it any more.
                let _ = to_producer.send(batch);
            }
        });
        let batch = RefCell::new(Some(Vec::with_capacity(blocks)));
        bencher.items(blocks).iter(move || {
            let mut filling = batch.take().unwrap_or_default();
            filling.extend(order.iter().map(|&size| serve(pool, size)));
            let sent = to_consumer.send(filling);
            batch.replace(from_consumer.recv().ok());
            assert!(sent.is_ok(), "the other thread takes every batch");
        });
    });
    Ok(())
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::pool::HybridPool;
    use crate::reference::shapes::BITNET_2B_4T;

    #[test]
    fn the_reference_uses_what_it_holds() {
        for tokens in [64, 128, 512] {
            let trace = Trace::forward_pass(&BITNET_2B_4T, tokens);
            let used = utilization(&HybridPool::new(), &trace).expect("there is no limit").expect("the pool tracks");
            assert!(used > 0.95 && used <= 1.0, "{used} of the memory held, at {tokens} tokens");
        }
    }
}
