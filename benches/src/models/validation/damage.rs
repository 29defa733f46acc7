//! No damage to a file makes its reader panic.

use proptest::prelude::*;

use super::*;

/// Small whole files of each format.
fn samples() -> Vec<Vec<u8>> {
    [vec![safetensors_files::sample()], gguf_samples()].concat()
}

#[cfg(feature = "gguf")]
fn gguf_samples() -> Vec<Vec<u8>> {
    [1, 3].map(gguf_files::sample).to_vec()
}

#[cfg(not(feature = "gguf"))]
fn gguf_samples() -> Vec<Vec<u8>> {
    Vec::new()
}

/// Reads a damaged file: an error that says something, or as many values as each shape has.
fn check(file: &[u8]) {
    match load(file) {
        Ok(weights) => weights.iter().for_each(|(name, [rows, columns], _, values)| {
            assert_eq!(values.len(), rows * columns, "{name}");
        }),
        Err(problem) => assert!(!problem.to_string().is_empty()),
    }
}

#[test]
fn any_one_bit_flipped() {
    for file in samples() {
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut damaged = file.clone();
                damaged[at] ^= 1 << bit;
                check(&damaged);
            }
        }
    }
}

#[test]
fn cut_short_anywhere() {
    for file in samples() {
        for len in 0..file.len() {
            assert!(load(&file[..len]).is_err(), "{len} bytes of {}", file.len());
        }
    }
}

proptest! {
    #[test]
    fn bytes_replaced_inserted_and_removed(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 1..6),
        end in any::<prop::sample::Index>(),
        cut in prop::bool::weighted(0.2),
    ) {
        let samples = samples();
        let mut file = which.get(&samples).clone();
        for (place, byte, change) in changes {
            let at = place.index(file.len());
            match change {
                0 => file[at] = byte,
                1 => file.insert(at, byte),
                _ => drop(file.remove(at)),
            }
        }
        if cut {
            file.truncate(end.index(file.len()));
        }
        check(&file);
    }

    #[test]
    fn eight_bytes_replaced_by_a_great_number(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        number in prop_oneof![Just(u64::MAX), Just(1 << 63), Just(1 << 32), Just(i64::MAX as u64 - 7), any::<u64>()],
    ) {
        let samples = samples();
        let mut file = which.get(&samples).clone();
        let at = place.index(file.len() - 8);
        file[at..at + 8].copy_from_slice(&number.to_le_bytes());
        check(&file);
    }
}
