//! How near the kernels come to the speed at which this machine copies memory.
//!
//! ```text
//! cargo test --release --package bitnet-benchmarks --lib bandwidth -- --ignored --nocapture
//! ```

use std::hint::black_box;
use std::time::Instant;

use super::{absmax, absmean};
use crate::reference::data;

/// Bytes for each value: read twice as `f32`, and written as `i8`.
const BYTES: usize = 9;

#[test]
#[ignore = "measures a release build for seconds"]
fn quantizing_moves_bytes_nearly_as_fast_as_a_copy() {
    for len in [1 << 20, 2560 * 6912] {
        let values = data::normal(1, len);
        let mut narrow = vec![1; len];
        check("absmean", len, || {
            absmean::quantize(black_box(&values), black_box(&mut narrow));
        });
        check("absmax", len, || {
            absmax::quantize(black_box(&values), black_box(&mut narrow));
        });
    }
}

/// Measures `kernel` and a copy of as many bytes, read and written, by turns; prints the ratio of their speeds.
fn check(name: &str, len: usize, mut kernel: impl FnMut()) {
    let (from, mut to) = (vec![1_u8; len * BYTES / 2], vec![2_u8; len * BYTES / 2]);
    let rounds = (400_000_000 / len).clamp(21, 200);
    let mut pairs: Vec<[f64; 2]> = (0..rounds)
        .map(|_| [seconds(|| black_box(&mut to[..]).copy_from_slice(black_box(&from))), seconds(&mut kernel)])
        .collect();
    let best = |of: usize| pairs.iter().map(|pair| pair[of]).fold(f64::INFINITY, f64::min);
    let (best, speed) = (best(0) / best(1), (len * BYTES) as f64 / best(1) / 1e9);
    pairs.sort_by(|a, b| (a[0] / a[1]).total_cmp(&(b[0] / b[1])));
    let [low, middle, high] = [1, 5, 9].map(|tenth| pairs[rounds * tenth / 10]).map(|[copy, kernel]| copy / kernel);
    println!(
        "{name} of {len}: {speed:.1} GB/s; of the copy's speed {middle:.2} ({low:.2} to {high:.2}), at best {best:.2}"
    );
    assert!(best > 0.6, "{name} of {len} reaches {best:.2} of the speed of a copy");
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}
