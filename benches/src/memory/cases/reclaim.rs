//! Giving memory back, and finding what was not.

use bitnet_bench::{Bencher, Direction, Failure};

use super::serve;
use crate::memory::trace::{ALIGN, AllocationPattern, Trace};
use crate::subject::MemoryPool;

/// Blocks in use before a clean-up, of 1 to 64 KiB: some 8 MiB.
const BLOCKS: usize = 600;
const SIZES: [usize; 4] = [1 << 10, 5_000, 16 << 10, 32 << 10];
/// Blocks that are made, and blocks that are left, where leaks are looked for.
const MADE: usize = 10_000;
const LEAKED: usize = 37;

/// A pool that was in use gives back what it holds. Each iteration has a pool of its own.
pub(super) fn cleanup<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P) -> Result<(), Failure> {
    let seed = bencher.seed();
    let used = || {
        let pool = pool.fresh();
        let mut random = fastrand::Rng::with_seed(seed);
        let mut blocks: Vec<P::Block> = (0..BLOCKS).map(|_| serve(&pool, SIZES[random.usize(..SIZES.len())])).collect();
        for block in &mut blocks {
            pool.bytes(block).iter_mut().step_by(1 << 10).for_each(|byte| {
                byte.write(1);
            });
        }
        blocks.into_iter().for_each(|block| pool.deallocate(block));
        pool
    };
    let first = used();
    let held = first.statistics().map_or(0, |figures| figures.reserved);
    let given = first.cleanup();
    if given == 0 {
        return Err(Failure::skip("the pool gives nothing back"));
    }
    bencher.metric("given back", 100.0 * given as f64 / held.max(given) as f64, "%", Direction::HigherIsBetter);
    bencher.bytes(given).with_inputs(used).iter_refs(|pool| pool.cleanup());
    Ok(())
}

/// How long it takes to learn that blocks leaked, and that the answer is right.
pub(super) fn find_leaks<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P) -> Result<(), Failure> {
    let trace = Trace::pattern(AllocationPattern::Mixed, &SIZES, MADE, bencher.seed());
    trace.replay(pool, &mut trace.slots()).map_err(Failure::skip)?;
    let leaked: Vec<P::Block> = (0..LEAKED)
        .map(|number| pool.allocate(SIZES[number % 4], ALIGN))
        .collect::<Result<_, _>>()
        .map_err(Failure::skip)?;
    let bytes: usize = (0..LEAKED).map(|number| SIZES[number % 4]).sum();
    bencher.iter_checked(
        || pool.statistics(),
        |figures| match figures {
            Some(figures) if (figures.blocks, figures.requested) == (LEAKED, bytes) => Ok(()),
            found => Err(Failure::check(format!("{LEAKED} blocks of {bytes} bytes leaked; the pool knows {found:?}"))),
        },
    );
    leaked.into_iter().for_each(|block| pool.deallocate(block));
    Ok(())
}
