//! The peers do the same work: their sums are those of the oracle.

use super::*;
use crate::reference::{data, oracle};
use crate::subject::TernaryMatmul;

fn check_sums<T: TernaryMatmul>(subject: &T, [rows, columns]: [usize; 2], count: usize, ternary: &[i8], int8: &[i8]) {
    let weights = subject.pack(ternary, [rows, columns]).unwrap();
    let activations = subject.prepare(int8, columns).unwrap();
    let mut sums = vec![T::Sum::from(0); count * rows];
    subject.multiply(&weights, &activations, &mut sums);
    for (token, sums) in sums.chunks_exact(rows).enumerate() {
        let x = &int8[token * columns..][..columns];
        let expected = oracle::gemv(ternary, rows, x);
        for (row, (&sum, &expected)) in sums.iter().zip(&expected).enumerate() {
            let products = ternary[row * columns..]
                .iter()
                .zip(x)
                .map(|(&w, &x)| f64::from(w * i8::signum(w)) * f64::from(x).abs());
            let bound = subject.tolerance() * products.sum::<f64>();
            let error = (sum.into() - expected as f64).abs();
            assert!(error <= bound, "{}: {rows}×{columns}, {count} tokens: off by {error}", subject.name());
        }
    }
}

fn check_subject<T: TernaryMatmul>(subject: &T) {
    for shape @ [rows, columns] in [[1, 256], [5, 512], [40, 2560], [17, 6912]] {
        for count in [1, 2, 17, 33] {
            let ternary = data::ternary(1, rows * columns);
            check_sums(subject, shape, count, &ternary, &data::int8(2, count * columns));
            if subject.tolerance() == 0.0 {
                check_sums(subject, shape, count, &vec![0; rows * columns], &data::int8(3, count * columns));
                for activation in [-128, 127] {
                    check_sums(subject, shape, count, &ternary, &vec![activation; count * columns]);
                    check_sums(subject, shape, count, &vec![-1; rows * columns], &vec![activation; count * columns]);
                }
            }
        }
    }
    assert!(subject.prepare(&[0; 511], 256).is_err());
    assert!(subject.pack(&[], [0, MAX_COLUMNS + 256]).is_err());
}

#[cfg(feature = "peer-ggml")]
#[test]
fn ggml_computes_the_same_sums() {
    for subject in [ggml::Ggml::Tq2_0, ggml::Ggml::Tq1_0] {
        check_subject(&subject);
        assert!(subject.pack(&[0; 300], [1, 300]).is_err(), "300 columns are no whole blocks");
        let weights = subject.pack(&[1; 512], [2, 256]).unwrap();
        assert_eq!(subject.bytes(&weights), if subject == ggml::Ggml::Tq2_0 { 132 } else { 108 });
    }
}

#[cfg(feature = "peer-ggml")]
#[test]
fn ggml_quantizes_as_the_reference_does() {
    use crate::reference::formats::{TQ1_0Layout, TQ2_0Layout};
    use crate::reference::quantizers::TernaryBlocks;
    use crate::subject::WeightQuantizer;

    fn check(peer: ggml::Ggml, ours: &impl WeightQuantizer) {
        let weights = data::normal(3, 3 * 512);
        let (mut theirs, mut restored) = (vec![0.0; weights.len()], vec![0.0; weights.len()]);
        peer.dequantize(&peer.quantize(&weights, [3, 512]).unwrap(), &mut theirs);
        ours.dequantize(&ours.quantize(&weights, [3, 512]).unwrap(), &mut restored);
        assert_eq!(theirs, restored);
        assert!(peer.quantize(&weights[..300], [1, 300]).is_err());
    }

    check(ggml::Ggml::Tq2_0, &TernaryBlocks::<TQ2_0Layout>::default());
    check(ggml::Ggml::Tq1_0, &TernaryBlocks::<TQ1_0Layout>::default());
}

#[cfg(feature = "peer-candle")]
#[test]
fn candle_computes_the_same_sums() {
    check_subject(&candle::Candle::Q2K);
    check_subject(&candle::Candle::F32);
    assert!(candle::Candle::Q2K.pack(&[0; 300], [1, 300]).is_err(), "300 columns are no whole blocks");
}
