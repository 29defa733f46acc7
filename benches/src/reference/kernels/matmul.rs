//! The products as a subject of the suites.

use super::{Path, Threads, gemm};
use crate::reference::formats::I2S;
use crate::subject::{Refusal, TernaryMatmul};

/// The reference's product of I2_S weights and 8-bit activations, on a path and on threads of the caller's choice.
///
/// The activations stay as they are: what a path does to arrange them is part of its time.
#[derive(Clone, Debug)]
pub struct Matmul {
    /// The instructions.
    pub path: Path,
    /// The threads.
    pub threads: Threads,
}

/// The 8-bit activations of some tokens.
#[derive(Clone, Debug)]
pub struct Tokens {
    count: usize,
    values: Vec<i8>,
}

impl Matmul {
    /// On one thread, on a path of the caller's choice.
    pub fn on(path: Path) -> Self {
        Self { path, threads: Threads::ONE }
    }
}

impl TernaryMatmul for Matmul {
    type Weights = I2S;
    type Activations = Tokens;
    type Sum = i32;

    fn name(&self) -> String {
        match self.threads.count() {
            1 => format!("I2_S-{}", self.path),
            count => format!("I2_S-{}-{count}threads", self.path),
        }
    }

    fn pack(&self, ternary: &[i8], [rows, columns]: [usize; 2]) -> Result<I2S, Refusal> {
        if !self.path.is_available() {
            return Err(Refusal::new(format!("this processor has no {} path", self.path)));
        }
        I2S::pack(ternary, rows, columns, 1.0).map_err(Refusal::new)
    }

    fn bytes(&self, weights: &I2S) -> usize {
        weights.as_bytes().len()
    }

    fn prepare(&self, int8: &[i8], columns: usize) -> Result<Tokens, Refusal> {
        let count = tokens(int8, columns)?;
        Ok(Tokens { count, values: int8.to_vec() })
    }

    fn threads(&self) -> usize {
        self.threads.count()
    }

    fn duplicate(&self, weights: &I2S) -> Option<I2S> {
        Some(weights.clone())
    }

    /// # Panics
    ///
    /// If the activations or the outputs do not fit the weights.
    fn multiply(&self, weights: &I2S, tokens: &Tokens, sums: &mut [i32]) {
        gemm::gemm_on(&self.threads, self.path, weights, tokens.count, &tokens.values, sums)
            .expect("activations and outputs fit the weights");
    }
}

/// How many tokens of `columns` activations there are.
pub(crate) fn tokens(int8: &[i8], columns: usize) -> Result<usize, Refusal> {
    if columns == 0 || !int8.len().is_multiple_of(columns) {
        return Err(Refusal::new(format!("{} activations are no tokens of {columns} columns", int8.len())));
    }
    Ok(int8.len() / columns)
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::{data, oracle};

    #[test]
    fn the_subject_gives_the_sums_of_every_token() {
        let (rows, columns) = (35, 300);
        let ternary = data::ternary(1, rows * columns);
        for path in Path::available() {
            for subject in [Matmul::on(path), Matmul { path, threads: Threads::new(2).unwrap() }] {
                let weights = subject.pack(&ternary, [rows, columns]).unwrap();
                assert_eq!(subject.bytes(&weights), rows * 3 * 32 + 32);
                for count in [0, 1, 5, 40] {
                    let int8 = data::int8(2, count * columns);
                    let expected = int8.chunks(columns).flat_map(|token| oracle::gemv(&ternary, rows, token));
                    let tokens = subject.prepare(&int8, columns).unwrap();
                    let mut sums = vec![0; count * rows];
                    subject.multiply(&weights, &tokens, &mut sums);
                    assert!(expected.eq(sums.into_iter().map(i64::from)), "{}, {count} tokens", subject.name());
                }
            }
        }
    }

    #[test]
    fn the_name_tells_the_path_and_the_threads() {
        assert_eq!(Matmul::on(Path::Avx512Vnni).name(), "I2_S-avx512vnni");
        let two = Matmul { path: Path::Neon, threads: Threads::new(2).unwrap() };
        assert_eq!(two.name(), "I2_S-neon-2threads");
    }

    #[test]
    fn what_cannot_be_multiplied_is_refused() {
        let scalar = Matmul::on(Path::Scalar);
        assert!(scalar.prepare(&[0; 5], 2).unwrap_err().to_string().contains("5 activations"));
        assert!(scalar.prepare(&[], 0).is_err(), "there is no telling how many tokens that is");
        assert!(scalar.pack(&[2], [1, 1]).unwrap_err().to_string().contains("weight 0 is 2"));
        for path in Path::ALL.into_iter().filter(|path| !path.is_available()) {
            assert!(Matmul::on(path).pack(&[0], [1, 1]).is_err());
        }
    }
}
