//! A request and its release.

use std::hint::black_box;

use bitnet_bench::{Bencher, Failure};

use super::{serve, some_of};
use crate::memory::gate::{verify, verify_alignments, verify_threads};
use crate::memory::trace::{AllocationPattern, Trace};
use crate::subject::MemoryPool;

/// A page as the system hands them out, unless they are huge.
const PAGE: usize = 4096;

pub(super) fn allocate_release<P: MemoryPool>(bencher: &mut Bencher<'_>, pool: &P, size: usize) -> Result<(), Failure> {
    verify_size(bencher, pool, size)?;
    bencher.items(1).iter(|| pool.deallocate(black_box(serve(pool, black_box(size)))));
    Ok(())
}

/// A large block costs what its pages cost, and those cost when they are first written to.
pub(super) fn allocate_touch_release<P: MemoryPool>(
    bencher: &mut Bencher<'_>,
    pool: &P,
    size: usize,
) -> Result<(), Failure> {
    verify_size(bencher, pool, size)?;
    bencher.items(1).iter(|| {
        let mut block = serve(pool, black_box(size));
        for page in pool.bytes(&mut block).chunks_mut(PAGE) {
            black_box(page[0].write(1));
        }
        pool.deallocate(black_box(block));
    });
    Ok(())
}

fn verify_size<P: MemoryPool>(bencher: &Bencher<'_>, pool: &P, size: usize) -> Result<(), Failure> {
    verify(pool, &Trace::pattern(AllocationPattern::Random, &[size], some_of(size, 100), bencher.seed()))?;
    verify_alignments(pool)?;
    if bencher.threads() > 1 {
        verify_threads(&pool.fresh(), bencher.threads(), size)?;
    }
    Ok(())
}
