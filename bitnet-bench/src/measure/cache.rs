//! Cold caches: sweeps the caches by writing a buffer larger than the last level.

use crate::host::Host;

/// A buffer that, once swept, has pushed everything else out of the caches.
pub(super) struct Sweeper {
    buffer: Vec<u64>,
}

/// One write in each line is enough to claim it.
const WORDS_IN_A_LINE: usize = 8;

/// The last level's size where the system does not tell.
const USUAL_LAST_LEVEL: u64 = 32 << 20;

impl Sweeper {
    /// A sweeper for this machine's caches.
    pub(super) fn for_this_machine() -> Self {
        Self::new(Host::describe().last_level_cache_bytes().unwrap_or(USUAL_LAST_LEVEL))
    }

    /// A sweeper for a last-level cache of that many bytes.
    ///
    /// Half as much again is swept, since caches do not replace strictly in the order of use; at
    /// most 1 GiB, which bounds what a sweep takes where a server's whole last level is reported
    /// to a small virtual machine.
    fn new(last_level_bytes: u64) -> Self {
        let bytes = (last_level_bytes + last_level_bytes / 2).clamp(8 << 20, 1 << 30);
        Self { buffer: vec![1; usize::try_from(bytes / 8).unwrap_or(1 << 20)] }
    }

    /// Sweeps; returns a value that depends on all of it, so that it cannot be left out.
    pub(super) fn sweep(&mut self) -> u64 {
        let mut sum = 0_u64;
        for word in self.buffer.iter_mut().step_by(WORDS_IN_A_LINE) {
            sum = sum.wrapping_add(*word);
            *word = sum;
        }
        sum
    }
}
