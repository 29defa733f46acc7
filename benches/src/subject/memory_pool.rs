//! Memory pools.

use std::mem::MaybeUninit;

use bitnet_bench::config::TrackingLevel;

use super::Refusal;

/// A subject that hands out blocks of memory: a pool, an arena, an allocator.
///
/// The suites hold a pool to this: a block is as long and as aligned as was asked for, no two blocks
/// overlap, and what was written to one is still there when it is given back. Alignments up to 4096 are tried; several
/// threads hold blocks at once where several are timed.
///
/// ```
/// use std::mem::MaybeUninit;
/// use bitnet_benchmarks::subject::{MemoryPool, Refusal};
///
/// /// The system's allocator, over-allocating to align.
/// struct Boxes;
///
/// impl MemoryPool for Boxes {
///     type Block = (Box<[MaybeUninit<u8>]>, usize, usize);
///
///     fn name(&self) -> String {
///         "boxes".to_owned()
///     }
///
///     fn allocate(&self, size: usize, align: usize) -> Result<Self::Block, Refusal> {
///         let bytes = Box::new_uninit_slice(size + align);
///         let start = bytes.as_ptr().align_offset(align);
///         Ok((bytes, start, size))
///     }
///
///     fn deallocate(&self, block: Self::Block) {
///         drop(block);
///     }
///
///     fn bytes<'a>(&'a self, (bytes, start, size): &'a mut Self::Block) -> &'a mut [MaybeUninit<u8>] {
///         &mut bytes[*start..*start + *size]
///     }
///
///     fn fresh(&self) -> Self {
///         Self
///     }
/// }
/// ```
pub trait MemoryPool: Send + Sync + 'static {
    /// A block that was handed out.
    type Block: Send + 'static;

    /// The name in case ids and tables, such as `hybrid`.
    fn name(&self) -> String;

    /// Hands out a block of `size` bytes, 1 or more, that starts at a multiple of `align`, a power of two.
    ///
    /// # Errors
    /// If there is none to be had: the pool's limit is reached, or the system's.
    fn allocate(&self, size: usize, align: usize) -> Result<Self::Block, Refusal>;

    /// Takes a block back.
    fn deallocate(&self, block: Self::Block);

    /// The memory of a block: as many bytes as were asked for.
    fn bytes<'a>(&'a self, block: &'a mut Self::Block) -> &'a mut [MaybeUninit<u8>];

    /// A pool with the same settings and nothing in it: each case is measured with one of its own.
    /// Of an allocator that the process has but once, the same.
    fn fresh(&self) -> Self
    where
        Self: Sized;

    /// What the pool knows of itself; `None`, the default, if it keeps no such figures. Then
    /// fragmentation, utilization and leaks are not reported.
    fn statistics(&self) -> Option<PoolStatistics> {
        None
    }

    /// Gives memory that no block uses back to the system, and says how many bytes it was.
    fn cleanup(&self) -> usize {
        0
    }

    /// A pool with the same settings and nothing in it, that hands out at most `limit` bytes; `None`,
    /// the default, if it has no limit to set. Then pressure is not measured.
    fn with_limit(&self, limit: usize) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = limit;
        None
    }

    /// A pool with the same settings and nothing in it, that records that much about its blocks;
    /// `None`, the default, if that cannot be chosen. Then the overhead of tracking is not measured.
    fn with_tracking(&self, level: TrackingLevel) -> Option<Self>
    where
        Self: Sized,
    {
        let _ = level;
        None
    }
}

/// What a pool knows of itself, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStatistics {
    /// Asked for by the blocks in use.
    pub requested: usize,
    /// Taken by the blocks in use, rounded up to what the pool hands out.
    pub allocated: usize,
    /// Held from the system.
    pub reserved: usize,
    /// The largest block that could be handed out without asking the system for more; 0 if none.
    pub largest_free: usize,
    /// Number of blocks in use.
    pub blocks: usize,
    /// The most that was asked for by blocks in use at once.
    pub peak: usize,
}

impl PoolStatistics {
    /// Memory in use over memory held, requested / reserved: 1 where nothing is held.
    pub fn utilization(&self) -> f64 {
        if self.reserved == 0 { 1.0 } else { self.requested as f64 / self.reserved as f64 }
    }

    /// Share of the handed-out memory that nobody asked for: (allocated − requested) / allocated.
    pub fn internal_fragmentation(&self) -> f64 {
        if self.allocated == 0 {
            0.0
        } else {
            self.allocated.saturating_sub(self.requested) as f64 / self.allocated as f64
        }
    }

    /// Whether the figures can be true: no more is requested than allocated, nor allocated than reserved.
    ///
    /// # Errors
    /// What contradicts what.
    pub fn check(&self) -> Result<(), String> {
        let Self { requested, allocated, reserved, .. } = self;
        if requested <= allocated && allocated <= reserved {
            return Ok(());
        }
        Err(format!(
            "the pool says that {requested} bytes are requested, {allocated} allocated and {reserved} reserved"
        ))
    }

    /// Bytes held that no block uses.
    pub fn free(&self) -> usize {
        self.reserved.saturating_sub(self.allocated)
    }

    /// Share of the memory held that is free, yet in none but smaller pieces than the largest free block:
    /// (free − largest free) / reserved. No one request could be given it.
    ///
    /// The share is one of the memory held, not of the free memory (1 − largest free / free): a pool with next to
    /// nothing free wastes next to nothing, however that little is scattered.
    pub fn external_fragmentation(&self) -> f64 {
        match self.reserved {
            0 => 0.0,
            reserved => self.free().saturating_sub(self.largest_free) as f64 / reserved as f64,
        }
    }
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn shares_are_those_of_their_formulas() {
        let pool = PoolStatistics {
            requested: 60,
            allocated: 75,
            reserved: 100,
            largest_free: 20,
            ..PoolStatistics::default()
        };
        assert_eq!((pool.utilization(), pool.internal_fragmentation(), pool.free()), (0.6, 0.2, 25));
        assert_eq!(pool.external_fragmentation(), 0.05);
    }

    #[test]
    fn an_empty_pool_wastes_nothing() {
        let empty = PoolStatistics::default();
        assert_eq!(
            (empty.utilization(), empty.internal_fragmentation(), empty.external_fragmentation()),
            (1.0, 0.0, 0.0)
        );
    }
}
