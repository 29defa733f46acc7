//! Pools at their limit.

use std::cell::RefCell;

use bitnet_bench::{Bencher, Direction, Failure};

use crate::memory::gate::verify;
use crate::memory::trace::{ALIGN, AllocationPattern, Trace};
use crate::subject::{MemoryPool, Refusal};

/// The limit that is set.
pub(super) const LIMIT: usize = 16 << 20;
/// What is asked for, in turn.
const SIZES: [usize; 4] = [2_560, 64 << 10, 10_240, 200];

/// From empty to the limit and back to empty, again and again: a pool that does not recover serves less each time.
pub(super) fn fill<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P) -> Result<(), Failure> {
    verify(pool, &Trace::pattern(AllocationPattern::Random, &SIZES, 100, bencher.seed()))?;
    let mut blocks = Vec::new();
    let (first, _) = fill_up(pool, &mut blocks);
    bencher.metric("served", 100.0 * first as f64 / LIMIT as f64, "%", Direction::HigherIsBetter);
    bencher.items(blocks.len());
    empty(pool, &mut blocks);
    let blocks = RefCell::new(blocks);
    bencher.iter_checked(
        || {
            let (served, _) = fill_up(pool, &mut blocks.borrow_mut());
            empty(pool, &mut blocks.borrow_mut());
            served
        },
        |&served| match served {
            served if served > LIMIT => Err(Failure::check(format!("{served} bytes were served of {LIMIT}"))),
            served if served < first / 100 * 95 => {
                Err(Failure::check(format!("{served} bytes were served after a release, {first} at first")))
            }
            _ => Ok(()),
        },
    );
    Ok(())
}

/// A request that a full pool refuses.
pub(super) fn refuse<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P) -> Result<(), Failure> {
    let mut blocks = Vec::new();
    fill_up(pool, &mut blocks);
    bencher.iter_checked(
        || pool.allocate(LIMIT / 2, ALIGN).err(),
        |refused| if refused.is_some() { Ok(()) } else { Err(Failure::check("a full pool served more")) },
    );
    empty(pool, &mut blocks);
    Ok(())
}

/// Asks until it is refused; gives the bytes that were served.
fn fill_up<P: MemoryPool>(pool: &P, blocks: &mut Vec<P::Block>) -> (usize, Option<Refusal>) {
    let mut served = 0;
    for size in SIZES.into_iter().cycle() {
        match pool.allocate(size, ALIGN) {
            Ok(block) if served <= LIMIT => {
                blocks.push(block);
                served += size;
            }
            // A pool without a limit would go on for ever.
            Ok(block) => {
                blocks.push(block);
                return (served + size, None);
            }
            Err(refusal) => return (served, Some(refusal)),
        }
    }
    (served, None)
}

fn empty<P: MemoryPool>(pool: &P, blocks: &mut Vec<P::Block>) {
    blocks.drain(..).for_each(|block| pool.deallocate(block));
}
