//! The gate: what a pool is held to before it is timed.

use std::collections::BTreeMap;
use std::mem::MaybeUninit;
use std::sync::Barrier;

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

/// Alignments that a pool is asked for beside that of the traces.
const ALIGNMENTS: [usize; 6] = [1, 8, 32, 128, 1024, 4096];

/// Asks for a block of every alignment, as the trait promises that it can be had.
///
/// # Errors
/// If a block is not aligned. A refused request skips the case.
pub fn verify_alignments<P: MemoryPool>(pool: &P) -> Result<(), Failure> {
    for align in ALIGNMENTS {
        let mut block = pool.allocate(100, align).map_err(Failure::skip)?;
        let start = pool.bytes(&mut block).as_ptr().addr();
        pool.deallocate(block);
        if !start.is_multiple_of(align) {
            return Err(Failure::check(format!("a block at {start:#x} is not aligned to {align}")));
        }
    }
    Ok(())
}

/// Blocks that a thread holds at once in [`verify_threads`].
const HELD: usize = 32;

/// Has several threads hold blocks at the same time, each with marks of its own: a block that two of them were handed
/// loses one's marks.
///
/// # Errors
/// If a block was written to by another thread. A refused request skips the case.
pub fn verify_threads<P: MemoryPool>(pool: &P, threads: usize, size: usize) -> Result<(), Failure> {
    let all_hold = Barrier::new(threads);
    let hold = |thread: usize| {
        let mut blocks = Vec::new();
        let mut refused = None;
        for number in 0..HELD {
            match pool.allocate(size, ALIGN) {
                Ok(mut block) => {
                    write(pool.bytes(&mut block), (thread * HELD + number) as u8);
                    blocks.push(block);
                }
                Err(refusal) => refused = Some(refusal),
            }
        }
        all_hold.wait();
        let marks = (0..blocks.len()).map(|number| (thread * HELD + number) as u8);
        let intact = blocks.iter_mut().zip(marks).all(|(block, mark)| is_intact(pool.bytes(block), mark));
        all_hold.wait();
        blocks.into_iter().for_each(|block| pool.deallocate(block));
        match (refused, intact) {
            (Some(refusal), _) => Err(Failure::skip(refusal)),
            (None, false) => Err(Failure::check(format!("a block of {size} bytes was handed to two threads at once"))),
            (None, true) => Ok(()),
        }
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || hold(thread))).collect();
        let ended = running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err(Failure::check("a thread of the check panicked"))));
        ended.fold(Ok(()), Result::and)
    })
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
    // SAFETY: the caller has written to every one of these places of this block with `write`.
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

    /// Hands every thread the same blocks, and ignores alignments.
    struct Same(Vec<u8>);

    impl MemoryPool for Same {
        type Block = (usize, usize);

        fn name(&self) -> String {
            "same".to_owned()
        }

        fn allocate(&self, size: usize, _align: usize) -> Result<Self::Block, Refusal> {
            thread_local!(static NEXT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });
            let start = NEXT.replace(NEXT.get() + size);
            if start + size <= self.0.len() { Ok((start, size)) } else { Err(Refusal::new("it is full")) }
        }

        fn deallocate(&self, _block: Self::Block) {}

        fn bytes<'a>(&'a self, &mut (start, size): &'a mut Self::Block) -> &'a mut [MaybeUninit<u8>] {
            // SAFETY: the range is within the vector. That threads share it is what the test is about: they write
            // single bytes, whose order does not matter to it.
            unsafe { std::slice::from_raw_parts_mut(self.0.as_ptr().add(start).cast_mut().cast(), size) }
        }

        fn fresh(&self) -> Self {
            Self(self.0.clone())
        }
    }

    #[test]
    fn blocks_that_two_threads_share_are_found() {
        let failure = verify_threads(&Same(vec![0; 1 << 16]), 2, 64).unwrap_err();
        assert!(failure.message.contains("two threads"), "{failure}");
        assert_eq!(verify_threads(&HybridPool::new(), 3, 64), Ok(()));
    }

    #[test]
    fn alignments_that_are_ignored_are_found() {
        let failure = verify_alignments(&Same(vec![0; 1 << 16])).unwrap_err();
        assert!(failure.message.contains("not aligned"), "{failure}");
        assert_eq!(verify_alignments(&HybridPool::new()), Ok(()));
    }
}
