//! The pool against what it promises, whatever is asked of it and from whichever thread.

use std::collections::BTreeMap;
use std::sync::mpsc;

use proptest::prelude::*;

use super::cache::MOST;
use super::*;

const MIB: usize = 1 << 20;

/// The places of a block that are written to: all of a small one, some 500 of a large one, the last among them.
fn places(length: usize) -> impl Iterator<Item = usize> {
    (0..length).rev().step_by(1 + length / 500)
}

/// Writes a pattern of its own to a block.
fn fill(pool: &HybridPool, block: &mut HybridBlock, mark: u8) {
    let bytes = pool.bytes(block);
    for place in places(bytes.len()) {
        bytes[place].write(mark ^ place as u8);
    }
}

/// Whether the pattern is still there.
fn is_intact(pool: &HybridPool, block: &mut HybridBlock, mark: u8) -> bool {
    let bytes = pool.bytes(block);
    // SAFETY: `fill` wrote to every one of these places.
    places(bytes.len()).all(|place| unsafe { bytes[place].assume_init() } == mark ^ place as u8)
}

fn figures(pool: &HybridPool) -> PoolStatistics {
    pool.statistics().expect("the pool tracks")
}

#[test]
fn every_size_is_served_aligned_and_apart() {
    let pool = HybridPool::new();
    let sizes = (1..=3000).chain((3000..140_000).step_by(997)).chain([MIB, 3 * MIB + 1, 100 * MIB]);
    let mut taken = BTreeMap::new();
    let mut blocks = Vec::new();
    for (number, size) in sizes.enumerate() {
        let align = 1 << (number % 14);
        let mut block = pool.allocate(size, align).unwrap_or_else(|refusal| panic!("{size} bytes: {refusal}"));
        let bytes = pool.bytes(&mut block);
        assert_eq!((bytes.len(), bytes.as_ptr().addr() % align), (size, 0));
        let start = bytes.as_ptr().addr();
        let before = taken.range(..start).next_back().map_or(0, |(start, size)| start + size);
        let after = taken.range(start..).next().map_or(usize::MAX, |(&start, _)| start);
        assert!(before <= start && start + size <= after, "{size} bytes overlap another block");
        taken.insert(start, size);
        blocks.push(block);
    }
    assert_eq!(figures(&pool).requested, taken.values().sum::<usize>());
    assert_eq!(figures(&pool).blocks, blocks.len());
    blocks.into_iter().for_each(|block| pool.deallocate(block));
    let PoolStatistics { requested, allocated, blocks, .. } = figures(&pool);
    assert_eq!((requested, allocated, blocks), (0, 0, 0));
}

#[test]
fn absurd_requests_are_refused() {
    let pool = HybridPool::new();
    for (size, align) in [(usize::MAX, 1), (isize::MAX as usize, 64), (1, 1 << 63), (usize::MAX - 100, 4096)] {
        assert!(pool.allocate(size, align).is_err(), "{size} bytes aligned to {align}");
    }
    assert!(pool.allocate(64, 48).unwrap_err().to_string().contains("48 is no alignment"));
    let empty = pool.allocate(0, 1).expect("nothing is always there");
    assert_eq!(empty.size(), 0);
    pool.deallocate(empty);
}

#[test]
fn cleanup_gives_everything_back_when_nothing_is_in_use() {
    let pool = HybridPool::new();
    let blocks: Vec<_> =
        [16, 700, 2048, 5000, 65_536, MIB, 70 * MIB].map(|size| pool.allocate(size, 64).unwrap()).into();
    let held = figures(&pool).reserved;
    assert!(held >= 71 * MIB, "{held}");
    blocks.into_iter().for_each(|block| pool.deallocate(block));
    assert_eq!(figures(&pool).reserved, held, "the pool keeps it until it is told");
    if cfg!(unix) {
        assert_eq!(pool.cleanup(), held);
        assert_eq!((figures(&pool).reserved, figures(&pool).largest_free), (0, 0));
    }
    pool.deallocate(pool.allocate(MIB, 64).expect("a clean pool serves on"));
}

#[test]
fn cleanup_leaves_the_blocks_in_use_alone() {
    let pool = HybridPool::new();
    let mut blocks: Vec<_> = (0..600).map(|number| pool.allocate(1 + 301 * number, 64).unwrap()).collect();
    blocks.iter_mut().enumerate().for_each(|(mark, block)| fill(&pool, block, mark as u8));
    let mut kept = Vec::new();
    for (number, block) in blocks.into_iter().enumerate() {
        if number % 3 == 0 { kept.push((number as u8, block)) } else { pool.deallocate(block) }
    }
    assert!(pool.cleanup() > 10 * MIB || cfg!(not(unix)));
    assert!(kept.iter_mut().all(|(mark, block)| is_intact(&pool, block, *mark)));
    kept.into_iter().for_each(|(_, block)| pool.deallocate(block));
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_given_back_is_the_system_s() {
    /// Memory of this process that is in use, in bytes: the second field, in pages.
    fn resident() -> usize {
        let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
        pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).expect("a number") * 4096
    }
    let pool = HybridPool::new();
    let before = resident();
    let mut block = pool.allocate(256 * MIB, 64).unwrap();
    pool.bytes(&mut block).iter_mut().step_by(4096).for_each(|byte| {
        byte.write(1);
    });
    assert!(resident() >= before + 200 * MIB);
    pool.deallocate(block);
    assert!(resident() >= before + 200 * MIB, "it is kept for the next");
    pool.cleanup();
    assert!(resident() < before + 100 * MIB, "other tests allocate as well, but less than this");
}

#[test]
fn the_limit_holds_and_the_pool_recovers() {
    for size in [48, 3000, 100_000] {
        let pool = HybridPool::new().with_limit(4 * MIB).expect("the pool has limits");
        let mut blocks = Vec::new();
        let refusal = loop {
            match pool.allocate(size, 16) {
                Ok(block) => blocks.push(block),
                Err(refusal) => break refusal,
            }
        };
        assert!(refusal.to_string().starts_with("the pool may hold 4194304 bytes: it holds"), "{refusal}");
        let figures = figures(&pool);
        assert!(figures.reserved <= 4 * MIB && figures.utilization() > 0.9, "{figures:?}");
        let last = blocks.pop().expect("some were served");
        pool.deallocate(last);
        blocks.push(pool.allocate(size, 16).expect("what is released can be had again"));
        blocks.into_iter().for_each(|block| pool.deallocate(block));
        // All of it in one piece again, although it was in small ones.
        pool.deallocate(pool.allocate(3 * MIB, 16).expect("small blocks join into a large one"));
    }
}

#[test]
fn detailed_tracking_lists_what_was_not_given_back() {
    let pool = HybridPool::new().with_tracking(TrackingLevel::Detailed).expect("the pool tracks");
    let scores = pool.allocate_as("scores", 1000, 64).unwrap();
    let tokens = pool.allocate(200_000, 4096).unwrap();
    let hidden = pool.allocate_as("hidden", 2560, 32).unwrap();
    pool.deallocate(tokens);
    let leaked = pool.live_blocks().expect("detailed tracking knows");
    let seen: Vec<_> = leaked.iter().map(|block| (block.label, block.size, block.align, block.sequence)).collect();
    assert_eq!(seen, [(Some("scores"), 1000, 64, 0), (Some("hidden"), 2560, 32, 2)]);
    pool.deallocate(scores);
    pool.deallocate(hidden);
    assert_eq!(pool.live_blocks(), Some(Vec::new()));
    assert_eq!(HybridPool::new().live_blocks(), None);
}

#[test]
fn without_tracking_there_are_no_figures() {
    let pool = HybridPool::new().with_tracking(TrackingLevel::None).expect("the pool need not track");
    pool.deallocate(pool.allocate(100, 1).unwrap());
    assert_eq!(pool.statistics(), None);
}

#[test]
fn the_peak_is_the_most_at_once() {
    let pool = HybridPool::new();
    let blocks = [100_000, 50, 3_000].map(|size| pool.allocate(size, 16).unwrap());
    blocks.into_iter().for_each(|block| pool.deallocate(block));
    pool.deallocate(pool.allocate(60_000, 16).unwrap());
    assert_eq!(figures(&pool).peak, 103_050);
}

#[test]
#[should_panic(expected = "a block is used with the pool that handed it out")]
fn a_block_of_another_pool_is_not_taken() {
    let block = HybridPool::new().allocate(64, 64).unwrap();
    HybridPool::new().deallocate(block);
}

#[test]
fn what_a_thread_kept_is_there_for_others_when_it_ends() {
    let pool = HybridPool::new().with_limit(MIB).expect("the pool has limits");
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let blocks: Vec<_> = (0..100).map(|_| pool.allocate(4096, 64).unwrap()).collect();
            blocks.into_iter().for_each(|block| pool.deallocate(block));
        });
        // A scope ends with its threads' work; a joined thread has ended itself.
        thread.join().expect("the thread only allocates");
    });
    pool.deallocate(pool.allocate(900_000, 64).expect("the thread's blocks are free"));
    assert_eq!(figures(&pool).blocks, 0);
}

#[test]
fn threads_hand_blocks_to_each_other() {
    const THREADS: u64 = 4;
    const STEPS: u64 = if cfg!(debug_assertions) { 5_000 } else { 100_000 };
    let pool = HybridPool::new();
    let (senders, receivers): (Vec<_>, Vec<_>) = (0..THREADS).map(|_| mpsc::channel::<(u8, HybridBlock)>()).unzip();
    std::thread::scope(|scope| {
        let start = |(thread, inbox): (usize, mpsc::Receiver<(u8, HybridBlock)>)| {
            let (pool, senders) = (&pool, senders.clone());
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(thread as u64);
                for _ in 0..STEPS {
                    let size = 1 << random.u32(0..18);
                    let mut block = pool.allocate(random.usize(1..=size), 1 << random.u32(0..10)).unwrap();
                    let mark = random.u8(..);
                    fill(pool, &mut block, mark);
                    let to = random.usize(..senders.len());
                    let _ = senders[to].send((mark, block));
                    for (mark, mut block) in inbox.try_iter() {
                        assert!(is_intact(pool, &mut block, mark), "another block was written to");
                        pool.deallocate(block);
                    }
                }
                drop(senders);
                for (mark, mut block) in inbox {
                    assert!(is_intact(pool, &mut block, mark), "another block was written to");
                    pool.deallocate(block);
                }
            })
        };
        let threads: Vec<_> = receivers.into_iter().enumerate().map(start).collect();
        drop(senders);
        threads.into_iter().for_each(|thread| thread.join().expect("no block was written to by another"));
    });
    let PoolStatistics { requested, allocated, blocks, reserved, .. } = figures(&pool);
    assert_eq!((requested, allocated, blocks), (0, 0, 0));
    assert!(pool.cleanup() == reserved || cfg!(not(unix)));
}

#[test]
fn a_thread_keeps_little() {
    let pool = HybridPool::new();
    let blocks: Vec<_> = (1..4000).map(|number| pool.allocate(16 * number, 16).unwrap()).collect();
    blocks.into_iter().for_each(|block| pool.deallocate(block));
    let kept = cache::with(&pool.shared, |cache| cache.kept).expect("this thread does not end");
    assert!((MOST / 4..=MOST).contains(&kept), "{kept} bytes");
    pool.cleanup();
    assert_eq!(cache::with(&pool.shared, |cache| cache.kept), Some(0));
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() })]

    /// Any order of requests and releases, with clean-ups between: blocks keep what was written to them.
    #[test]
    fn blocks_keep_what_was_written(
        steps in prop::collection::vec((0_u32..20, any::<u16>(), 0_u32..13, any::<bool>()), 1..200)
    ) {
        let pool = HybridPool::new();
        let mut blocks: Vec<(u8, HybridBlock)> = Vec::new();
        let mut requested = 0;
        for (mark, (power, fraction, align, clean)) in steps.into_iter().enumerate() {
            if fraction % 3 == 0 && !blocks.is_empty() {
                let (mark, mut block) = blocks.swap_remove(usize::from(fraction) % blocks.len());
                prop_assert!(is_intact(&pool, &mut block, mark));
                requested -= block.size();
                pool.deallocate(block);
            } else {
                let size = 1 + (usize::from(fraction) << power >> 16);
                let mut block = pool.allocate(size, 1 << align).expect("there is no limit");
                prop_assert_eq!(pool.bytes(&mut block).as_ptr().addr() % (1 << align), 0);
                fill(&pool, &mut block, mark as u8);
                requested += size;
                blocks.push((mark as u8, block));
            }
            if clean && fraction % 16 == 0 {
                pool.cleanup();
            }
            let figures = figures(&pool);
            prop_assert_eq!((figures.requested, figures.blocks), (requested, blocks.len()));
            prop_assert!(figures.requested <= figures.allocated && figures.allocated <= figures.reserved);
            prop_assert!(figures.largest_free <= figures.free());
        }
        for (mark, mut block) in blocks {
            prop_assert!(is_intact(&pool, &mut block, mark));
            pool.deallocate(block);
        }
    }
}
