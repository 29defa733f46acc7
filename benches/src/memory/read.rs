//! Loops that do nothing but read, as fast as one core can.

/// The sum of all words, modulo 2⁶⁴, read as so many streams, a few lines of 64 bytes of each in turn, with the widest
/// vectors of the processor, and prefetched so many bytes ahead; 0 prefetches nothing.
///
/// What does not fill a turn of all streams at the end is left out: give a multiple of `64 · LINES · STREAMS` bytes.
pub fn sum<const STREAMS: usize, const LINES: usize, const AHEAD: usize>(bytes: &[u8]) -> u64 {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f")]
        fn avx512<const STREAMS: usize, const LINES: usize, const AHEAD: usize>(bytes: &[u8]) -> u64 {
            lines::<STREAMS, LINES, AHEAD>(bytes)
        }
        #[target_feature(enable = "avx2")]
        fn avx2<const STREAMS: usize, const LINES: usize, const AHEAD: usize>(bytes: &[u8]) -> u64 {
            lines::<STREAMS, LINES, AHEAD>(bytes)
        }
        if is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has AVX-512 F.
            return unsafe { avx512::<STREAMS, LINES, AHEAD>(bytes) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2.
            return unsafe { avx2::<STREAMS, LINES, AHEAD>(bytes) };
        }
    }
    lines::<STREAMS, LINES, AHEAD>(bytes)
}

/// Every line in a turn has a sum of its own, so that none waits for another.
#[inline(always)]
fn lines<const STREAMS: usize, const LINES: usize, const AHEAD: usize>(bytes: &[u8]) -> u64 {
    let (lines, _) = bytes.as_chunks::<64>();
    let (groups, _) = lines.as_chunks::<LINES>();
    let len = groups.len() / STREAMS;
    let streams: [_; STREAMS] = std::array::from_fn(|stream| &groups[stream * len..][..len]);
    let mut sums = [[[0_u64; 8]; LINES]; STREAMS];
    for at in 0..len {
        for (stream, sums) in streams.iter().zip(&mut sums) {
            for (line, sums) in stream[at].iter().zip(sums) {
                prefetch::<AHEAD>(line);
                for (sum, word) in sums.iter_mut().zip(line.as_chunks().0) {
                    *sum = sum.wrapping_add(u64::from_ne_bytes(*word));
                }
            }
        }
    }
    sums.as_flattened().as_flattened().iter().fold(0, |all, sum| all.wrapping_add(*sum))
}

#[inline(always)]
fn prefetch<const AHEAD: usize>(line: &[u8; 64]) {
    #[cfg(target_arch = "x86_64")]
    if AHEAD > 0 {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: a prefetch reads nothing that the program can see and never faults, whatever its address.
        unsafe { _mm_prefetch(line.as_ptr().wrapping_add(AHEAD).cast(), _MM_HINT_T0) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = line;
}

#[cfg(test)]
mod validation {
    use super::*;

    #[test]
    fn the_sum_is_that_of_all_words() {
        let random = fastrand::Rng::with_seed(1);
        let check = |bytes: &[u8], found: u64| {
            let words = bytes.as_chunks().0.iter().map(|word| u64::from_ne_bytes(*word));
            assert_eq!(found, words.fold(0, u64::wrapping_add), "{} bytes", bytes.len());
        };
        for lines in [0, 16, 32, 1024] {
            let mut bytes = vec![0; 64 * lines];
            random.clone().fill(&mut bytes);
            check(&bytes, sum::<1, 4, 0>(&bytes));
            check(&bytes, sum::<4, 1, 2048>(&bytes));
            check(&bytes, sum::<8, 2, 64>(&bytes));
        }
    }
}
