//! On how many threads a product runs.

use std::hint;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// The rows of a part are a multiple of this: 64 bytes of outputs, so that no two threads write to one cache line.
const ALIGN: usize = 16;
/// Parts for each of several threads.
const PARTS: usize = 4;
/// How often the caller looks whether the others are done before it goes to sleep: some 0.1 ms, as long as it would take
/// to wake up again.
const PATIENCE: usize = 4000;

/// The threads that share a product: each takes a run of neighbouring rows, and another when it is done.
///
/// The calling thread works too, so that one thread fewer has to be woken up, which can take longer than the product of
/// a small matrix: one that takes ten microseconds alone gains little.
///
/// ```
/// use bitnet_benchmarks::reference::{formats::I2S, kernels::{Path, Threads, gemv}};
///
/// let matrix = I2S::pack(&[1, 0, -1, 1, 1, 1], 2, 3, 1.0)?;
/// let mut sums = [0; 2];
/// gemv::gemv_on(&Threads::new(2)?, Path::detect(), &matrix, &[5, 6, 7], &mut sums)?;
/// assert_eq!(sums, [-2, 18]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Threads {
    count: usize,
    pool: Option<Arc<ThreadPool>>,
}

impl Threads {
    /// The calling thread alone.
    pub const ONE: Self = Self { count: 1, pool: None };

    /// The calling thread and `count - 1` new ones, which wait for work until this value is dropped; 0 counts as 1.
    ///
    /// # Errors
    ///
    /// When the system gives no more threads.
    pub fn new(count: usize) -> Result<Self, ThreadPoolBuildError> {
        if count <= 1 {
            return Ok(Self::ONE);
        }
        let pool = ThreadPoolBuilder::new().num_threads(count - 1).thread_name(|at| format!("ternary-{at}")).build()?;
        Ok(Self { count, pool: Some(Arc::new(pool)) })
    }

    /// As many threads as the pool has; the calling thread stands in for one of them.
    pub fn of_pool(pool: Arc<ThreadPool>) -> Self {
        Self { count: pool.current_num_threads(), pool: Some(pool) }
    }

    /// Number of threads, the caller's among them.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many of `len` rows are a part: several for each thread, so that one that comes late takes fewer.
    pub(super) fn share(&self, len: usize) -> usize {
        let parts = if self.count > 1 { PARTS * self.count } else { 1 };
        len.div_ceil(parts).next_multiple_of(ALIGN)
    }

    /// Does the work on every part.
    pub(super) fn for_each<T>(&self, parts: impl IntoIterator<Item = T, IntoIter: Send>, work: impl Fn(T) + Sync) {
        let Some(pool) = &self.pool else { return parts.into_iter().for_each(work) };
        let parts = Mutex::new(parts.into_iter());
        let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || std::iter::from_fn(next).for_each(&work);
        let others = &AtomicUsize::new(self.count - 1);
        pool.in_place_scope(|scope| {
            for _ in 1..self.count {
                scope.spawn(|_| {
                    work();
                    others.fetch_sub(1, Ordering::Relaxed);
                });
            }
            work();
            // The scope waits for the others in any case, but asleep.
            (0..PATIENCE).take_while(|_| others.load(Ordering::Relaxed) > 0).for_each(|_| hint::spin_loop());
        });
    }
}

#[cfg(test)]
mod validation {
    use super::*;
    use std::collections::HashSet;
    use std::sync::Barrier;
    use std::thread;

    #[test]
    fn as_many_threads_as_asked_for_work_at_once() {
        let pool = Arc::new(ThreadPoolBuilder::new().num_threads(3).build().unwrap());
        for (threads, count) in [(Threads::new(3).unwrap(), 3), (Threads::of_pool(pool), 3), (Threads::ONE, 1)] {
            assert_eq!(threads.count(), count);
            // The barrier opens only when that many threads stand before it.
            let barrier = Barrier::new(count);
            let mut seen = vec![None; count];
            threads.for_each(&mut seen, |slot| {
                barrier.wait();
                *slot = Some(thread::current().id());
            });
            assert_eq!(seen.iter().flatten().collect::<HashSet<_>>().len(), count);
            assert!(seen.contains(&Some(thread::current().id())));
        }
    }

    #[test]
    fn every_part_is_worked_on_once_however_many_there_are() {
        for threads in [Threads::ONE, Threads::new(0).unwrap(), Threads::new(2).unwrap(), Threads::new(5).unwrap()] {
            for count in [0, 1, 2, 7, 100] {
                let mut parts = vec![0; count];
                threads.for_each(&mut parts, |part| *part += 1);
                assert_eq!(parts, vec![1; count]);
            }
        }
    }

    #[test]
    fn shares_are_whole_cache_lines_and_cover_all_rows() {
        for count in 1..9 {
            let threads = Threads { count, pool: None };
            for len in [0, 1, 15, 16, 17, 640, 2560, 6912] {
                let share = threads.share(len);
                assert!(
                    share.is_multiple_of(16) && share * count * PARTS >= len && (count > 1 || share >= len),
                    "{len} rows, {count} threads"
                );
            }
        }
    }
}
