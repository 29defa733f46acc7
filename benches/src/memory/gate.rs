//! The gate: what a pool is held to before it is timed.

use std::collections::BTreeMap;
use std::mem::MaybeUninit;

use bitnet_bench::Failure;

use super::trace::{ALIGN, Step, Trace};
use crate::subject::MemoryPool;

/// Replays a trace with every block looked at: it is as long and as aligned as was asked for, it overlaps no other, and
/// what was written to it is still there when it is given back.
///
/// # Errors
/// What was wrong; the case is then failed. A refused request skips it.
pub fn verify<P: MemoryPool>(pool: &P, trace: &Trace) -> Result<(), Failure> {
    let mut slots = trace.slots::<P::Block>();
    let mut marks = vec![0; slots.len()];
    let mut taken = BTreeMap::new();
    for (number, step) in trace.steps().iter().enumerate() {
        match *step {
            Step::Allocate { slot, size } => {
                let mut block = pool.allocate(size, ALIGN).map_err(Failure::skip)?;
                let bytes = pool.bytes(&mut block);
                fits(bytes, size, &mut taken)?;
                marks[slot] = number as u8;
                write(bytes, marks[slot]);
                slots[slot] = Some(block);
            }
            Step::Release { slot } => {
                let Some(mut block) = slots[slot].take() else { continue };
                let bytes = pool.bytes(&mut block);
                if taken.remove(&bytes.as_ptr().addr()) != Some(bytes.len()) {
                    return Err(Failure::check("a block is not where it was when it was handed out"));
                }
                if !is_intact(bytes, marks[slot]) {
                    return Err(Failure::check(format!("a block of {} bytes was written to by another", bytes.len())));
                }
                pool.deallocate(block);
            }
        }
    }
    Ok(())
}

/// Whether the block is as it should be and apart from those taken, among which it is then.
fn fits(bytes: &[MaybeUninit<u8>], size: usize, taken: &mut BTreeMap<usize, usize>) -> Result<(), Failure> {
    let start = bytes.as_ptr().addr();
    if bytes.len() != size {
        return Err(Failure::check(format!("a block is {} bytes long where {size} were asked for", bytes.len())));
    }
    if !start.is_multiple_of(ALIGN) {
        return Err(Failure::check(format!("a block of {size} bytes at {start:#x} is not aligned to {ALIGN}")));
    }
    let before = taken.range(..=start).next_back().map_or(0, |(start, size)| start + size);
    let after = taken.range(start..).next().map_or(usize::MAX, |(&start, _)| start);
    if before > start || start + size > after {
        return Err(Failure::check(format!("a block of {size} bytes at {start:#x} overlaps another")));
    }
    taken.insert(start, size);
    Ok(())
}

/// The places that are written to: all of a small block, some 60 of a large one, the ends among them.
fn places(length: usize) -> impl Iterator<Item = usize> {
    (0..length).step_by(1 + length / 60).chain(length.checked_sub(1))
}

fn write(bytes: &mut [MaybeUninit<u8>], mark: u8) {
    for place in places(bytes.len()) {
        bytes[place].write(mark ^ place as u8);
    }
}

fn is_intact(bytes: &[MaybeUninit<u8>], mark: u8) -> bool {
    // SAFETY: `verify` has seen that the block is where `write` wrote to every one of these places.
    places(bytes.len()).all(|place| unsafe { bytes[place].assume_init() } == mark ^ place as u8)
}

#[cfg(test)]
mod validation {
    use std::sync::Mutex;

    use bitnet_bench::measure::FailureKind;

    use super::*;
    use crate::memory::trace::AllocationPattern;
    use crate::reference::pool::HybridPool;
    use crate::subject::Refusal;

    type Bytes = Vec<MaybeUninit<u8>>;

    /// A pool that fails in a way of its own.
    struct Faulty {
        short: usize,
        shift: usize,
        shared: Mutex<Option<usize>>,
        leaves_alone: bool,
    }

    fn sound() -> Faulty {
        Faulty { short: 0, shift: 0, shared: Mutex::new(None), leaves_alone: true }
    }

    impl MemoryPool for Faulty {
        type Block = (Bytes, usize, usize);

        fn name(&self) -> String {
            "faulty".to_owned()
        }

        fn allocate(&self, size: usize, align: usize) -> Result<Self::Block, Refusal> {
            let bytes = vec![MaybeUninit::new(0); size + 2 * align];
            let start = bytes.as_ptr().align_offset(align) + self.shift;
            Ok((bytes, start, size - self.short))
        }

        fn deallocate(&self, block: Self::Block) {
            drop(block);
        }

        fn bytes<'a>(&'a self, (bytes, start, size): &'a mut Self::Block) -> &'a mut [MaybeUninit<u8>] {
            // The second time that a block is looked at, it has been written to.
            let again = self.shared.lock().expect("no test panics").replace(bytes.as_ptr().addr());
            if !self.leaves_alone && again == Some(bytes.as_ptr().addr()) {
                bytes[*start].write(0xAA);
            }
            &mut bytes[*start..*start + *size]
        }

        fn fresh(&self) -> Self {
            unreachable!("the gate takes the pool as it is")
        }
    }

    fn message(pool: &Faulty) -> String {
        let trace = Trace::pattern(AllocationPattern::Fifo, &[100, 7], 1, 1);
        let failure = verify(pool, &trace).expect_err("the pool is faulty");
        assert_eq!(failure.kind, FailureKind::CheckFailed);
        failure.message
    }

    #[test]
    fn a_sound_pool_passes() {
        for pattern in AllocationPattern::ALL {
            let trace = Trace::pattern(pattern, &[1, 64, 3000, 100_000], 50, 1);
            assert_eq!(verify(&sound(), &trace), Ok(()));
            assert_eq!(verify(&HybridPool::new(), &trace), Ok(()));
        }
    }

    #[test]
    fn faults_are_named() {
        assert!(message(&Faulty { short: 1, ..sound() }).contains("bytes long where"));
        assert!(message(&Faulty { shift: 8, ..sound() }).contains("is not aligned to 64"));
        assert!(message(&Faulty { leaves_alone: false, ..sound() }).contains("was written to by another"));
    }

    #[test]
    fn blocks_that_overlap_are_found() {
        let bytes = [const { MaybeUninit::uninit() }; 256];
        let start = bytes.as_ptr().align_offset(ALIGN);
        let mut taken = BTreeMap::new();
        assert_eq!(fits(&bytes[start..start + 100], 100, &mut taken), Ok(()));
        let overlapping = fits(&bytes[start + 64..start + 74], 10, &mut taken).expect_err("its start is taken");
        assert!(overlapping.message.contains("overlaps another"), "{overlapping}");
        taken = BTreeMap::from([(bytes[start + 64..].as_ptr().addr(), 10)]);
        assert!(fits(&bytes[start..start + 65], 65, &mut taken).is_err(), "its end is taken");
        assert_eq!(fits(&bytes[start..start + 64], 64, &mut taken), Ok(()));
    }

    #[test]
    fn a_refusal_skips() {
        let pool = HybridPool::new().with_limit(1000).expect("the pool has limits");
        let failure =
            verify(&pool, &Trace::pattern(AllocationPattern::Lifo, &[100], 3, 1)).expect_err("1000 is little");
        assert_eq!(failure.kind, FailureKind::Skipped);
    }
}
