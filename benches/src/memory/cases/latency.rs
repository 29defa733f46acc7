//! Single requests, among others.

use std::time::Duration;

use bitnet_bench::{Bencher, Failure};

use super::{serve, some_of};
use crate::memory::gate::verify;
use crate::memory::percentiles::SingleTimes;
use crate::memory::trace::{AllocationPattern, Trace};
use crate::subject::MemoryPool;

/// Times each request while as many blocks are in use as a program might have, one of which is given back for each new
/// one. A request that finds a block ready and one that has to go to the heap or to the system are then both seen.
pub(super) fn latency<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P, size: usize) -> Result<(), Failure> {
    let blocks = some_of(size, 1000);
    let seed = bencher.seed();
    verify(pool, &Trace::pattern(AllocationPattern::Mixed, &[size], blocks, seed))?;
    let mut random = fastrand::Rng::with_seed(seed);
    let mut live: Vec<P::Block> = (0..blocks).map(|_| serve(pool, size)).collect();
    let mut times = SingleTimes::new();
    bencher.items(1).iter_custom(|requests| {
        let mut total = Duration::ZERO;
        for _ in 0..requests {
            // Several at once now and then, so that what the pool keeps ready runs out.
            for _ in 0..if random.u8(..) == 0 { live.len() / 2 } else { 1 } {
                pool.deallocate(live.swap_remove(random.usize(..live.len())));
            }
            let (time, block) = times.time(|| serve(pool, size));
            total += time;
            live.push(block);
            while live.len() < blocks {
                live.push(serve(pool, size));
            }
        }
        total
    });
    times.report(bencher);
    live.into_iter().for_each(|block| pool.deallocate(block));
    Ok(())
}
