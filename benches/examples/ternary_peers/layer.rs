//! A layer and its tokens, with what they must give.

use std::error::Error;
use std::fmt;

use bitnet_benchmarks::reference::{data, oracle};
use bitnet_benchmarks::subject::TernaryMatmul;

use crate::turn::Turn;

/// A ternary matrix of N × K, and M tokens.
pub(crate) struct Layer {
    pub(crate) shape: [usize; 2],
    pub(crate) ternary: Vec<i8>,
    int8: Vec<i8>,
    sums: Vec<i64>,
}

impl Layer {
    pub(crate) fn new(shape @ [rows, columns]: [usize; 2], tokens: usize) -> Self {
        let ternary = data::ternary(1, rows * columns);
        let int8 = data::int8(2, tokens * columns);
        let sums = int8.chunks_exact(columns).flat_map(|x| oracle::gemv(&ternary, rows, x)).collect();
        Self { shape, ternary, int8, sums }
    }

    /// A turn that multiplies by the same matrix again and again.
    pub(crate) fn warm<T: TernaryMatmul>(&self, subject: T) -> Result<Turn, Box<dyn Error>> {
        self.cold(subject, 1)
    }

    /// A turn that goes through so many copies of the matrix.
    pub(crate) fn cold<T: TernaryMatmul>(&self, subject: T, copies: usize) -> Result<Turn, Box<dyn Error>> {
        let pack = |_| subject.pack(&self.ternary, self.shape);
        let matrices = (0..copies).map(pack).collect::<Result<Vec<_>, _>>()?;
        let tokens = subject.prepare(&self.int8, self.shape[1])?;
        let mut sums = vec![T::Sum::from(0); self.sums.len()];
        subject.multiply(&matrices[0], &tokens, &mut sums);
        self.check(&subject, &sums)?;

        let (name, bytes) = (subject.name(), subject.bytes(&matrices[0]));
        let mut next = (0..copies).cycle();
        Ok(Turn::new(name, bytes, move || {
            let matrix = &matrices[next.next().unwrap_or(0)];
            subject.multiply(matrix, &tokens, &mut sums);
        }))
    }

    fn check<T: TernaryMatmul>(&self, subject: &T, sums: &[T::Sum]) -> Result<(), Box<dyn Error>> {
        let [_, columns] = self.shape;
        for (at, (&sum, &expected)) in sums.iter().zip(&self.sums).enumerate() {
            let (token, row) = (at / self.shape[0], at % self.shape[0]);
            let (w, x) = (&self.ternary[row * columns..][..columns], &self.int8[token * columns..][..columns]);
            let tolerance = match subject.tolerance() {
                0.0 => 0.0,
                share => share * w.iter().zip(x).map(|(&w, &x)| (f64::from(w) * f64::from(x)).abs()).sum::<f64>(),
            };
            let found: f64 = sum.into();
            if (found - expected as f64).abs() > tolerance {
                return Err(format!("{}: sum {at} is {found}, not {expected}", subject.name()).into());
            }
        }
        Ok(())
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}", self.shape[0], self.shape[1])
    }
}
