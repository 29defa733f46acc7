//! How the iterations of a case are batched. The first launch settles it, and all others do the same, as do both sides
//! of a lock-step: what is batched otherwise takes another time.

use serde::{Deserialize, Serialize};

/// The batches of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batching {
    /// Iterations in each sample.
    pub iterations: u64,
    /// Iterations between two readings of the clock, whose inputs and outputs are alive at once.
    pub at_once: u64,
}

/// What is run at once is this many times longer than the clock's error.
const CLOCK_ERRORS_AT_ONCE: f64 = 100.0;
/// One of these numbers of iterations is run at once: the powers of this.
const STEP: f64 = 8.0;

/// How many iterations of a length are run at once: as few as the clock allows. What they leave behind, such as memory,
/// is then given back soon, as a program would, and the subject finds the machine in the state that a program would
/// leave it in.
///
/// The numbers are far apart, so that two runs which differ a little in time do the same: an allocator that
/// gives back to the kernel what two outputs took, and keeps what one took, is half as fast with two.
pub(super) fn at_once(iteration_ns: f64, clock_error_ns: f64) -> u64 {
    const MOST: f64 = 20.0;
    let least = CLOCK_ERRORS_AT_ONCE * clock_error_ns / iteration_ns.max(1e-3);
    1 << (least.log(STEP).ceil().clamp(0.0, MOST) * STEP.log2()) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_an_iteration_the_fewer_at_once() {
        for (iteration_ns, expected) in [(1e9, 1), (2_000.1, 1), (1_999.9, 8), (250.1, 8), (249.9, 64), (1.0, 4_096)] {
            assert_eq!(at_once(iteration_ns, 20.0), expected, "{iteration_ns}");
        }
        assert_eq!(at_once(0.0, 20.0), 8_u64.pow(7), "a time that was not seen counts as a picosecond");
    }
}
