//! Loops that do nothing but read the weights, as fast as one core can.

use std::hint::black_box;
use std::sync::Arc;

use bitnet_benchmarks::reference::formats::{FormatError, I2S};

use crate::layer::Layer;
use crate::turn::Turn;

/// A way to read all bytes.
type Loop = fn(&[u8]) -> u64;

/// A turn for each loop; they share the copies of the matrix, but not the order in which they come to them.
pub(crate) fn turns(layer: &Layer, copies: usize) -> Result<Vec<Turn>, FormatError> {
    let matrix = I2S::pack(&layer.ternary, layer.shape[0], layer.shape[1], 1.0)?;
    let bytes = matrix.as_bytes().len();
    let matrices = Arc::new(vec![matrix; copies]);
    let loops: [(_, Loop); 6] = [
        ("read", sum::<1, 4, 0>),
        ("read, prefetch", sum::<1, 4, 2048>),
        ("read, 2 streams, prefetch", sum::<2, 2, 2048>),
        ("read, 4 streams", sum::<4, 1, 0>),
        ("read, 4 streams, prefetch", sum::<4, 1, 2048>),
        ("read, 8 streams, prefetch", sum::<8, 1, 2048>),
    ];
    let turn = |(at, (name, sum)): (usize, (&str, Loop))| {
        let matrices = Arc::clone(&matrices);
        let mut next = (0..copies).cycle().skip(at * copies / loops.len());
        Turn::new(name.to_owned(), bytes, move || {
            black_box(sum(matrices[next.next().unwrap_or(0)].as_bytes()));
        })
    };
    Ok(loops.into_iter().enumerate().map(turn).collect())
}

/// The sum of all words of so many streams, a few lines of each in turn, with the widest vectors of the processor.
fn sum<const STREAMS: usize, const LINES: usize, const AHEAD: usize>(bytes: &[u8]) -> u64 {
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
