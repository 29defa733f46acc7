//! Benchmarks of a product of ternary weights: for one token, warm and cold, and for many.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use bitnet_bench::registry::Definition;
use bitnet_bench::{Bencher, Direction, Failure, host, source};

use super::inputs::{self, Cache, count};
use super::product::Product;
use super::{Points, settle};
use crate::subject::TernaryMatmul;

/// The benchmarks of one subject.
pub(super) fn benchmarks<M: TernaryMatmul>(subject: M) -> impl Fn(&Points) -> Vec<Definition> {
    let subject = Arc::new(subject);
    move |points| {
        let (one, many): (Vec<usize>, Vec<usize>) = points.tokens().into_iter().partition(|&tokens| tokens == 1);
        let caches = if one.is_empty() { Vec::new() } else { points.caches() };
        let gemv = caches.into_iter().map(|cache| gemv(Arc::clone(&subject), points, cache));
        let gemm = (!many.is_empty()).then(|| gemm(Arc::clone(&subject), points, many));
        gemv.chain(gemm).collect()
    }
}

/// The product with one token. Cold and warm are two benchmarks of one name, since their settings differ.
fn gemv<M: TernaryMatmul>(subject: Arc<M>, points: &Points, cache: Cache) -> Definition {
    let mut definition = definition("gemv", &*subject);
    let size = definition.sizes(points.matmul_sizes());
    let axis = definition.axis("cache", [cache]);
    if cache == Cache::Cold {
        // Filling a gigabyte takes longer than measuring with it.
        definition.settings().launches(5_u32);
    }
    definition.body(move |b, point| measure(b, &*subject, point.at(size), 1, point.at(axis)));
    definition
}

/// The product with many tokens, which is bound by arithmetic.
fn gemm<M: TernaryMatmul>(subject: Arc<M>, points: &Points, many: Vec<usize>) -> Definition {
    let mut definition = definition("gemm", &*subject);
    let size = definition.sizes(points.matmul_sizes());
    let tokens = definition.axis("tokens", many);
    definition.settings().launches(5_u32);
    definition.body(move |b, point| measure(b, &*subject, point.at(size), point.at(tokens), Cache::Warm));
    definition
}

fn definition<M: TernaryMatmul>(name: &str, subject: &M) -> Definition {
    let mut definition = Definition::new(name, source!());
    definition.group("matmul").tags(["kernel"]);
    settle(&mut definition);
    definition.settings().cores(subject.threads() as u32);
    definition.axis("kernel", [subject.name()]);
    definition
}

fn measure<M: TernaryMatmul>(
    b: &mut Bencher,
    subject: &M,
    shape: [usize; 2],
    tokens: usize,
    cache: Cache,
) -> Result<(), Failure> {
    let [rows, columns] = shape;
    let (ternary, int8) = (inputs::ternary(b, shape), inputs::int8(b, tokens, columns));
    let matrices = matrices(subject, &ternary, shape, cache)?;
    let activations = subject.prepare(&int8, columns).map_err(Failure::skip)?;
    let product = Product::cached(b, &ternary, shape);
    check_extremes(subject, shape, tokens)?;

    let poison = M::Sum::from(POISON);
    let sums = RefCell::new(vec![poison; tokens * rows]);
    let next = Cell::new(0);
    let bytes = subject.bytes(&matrices[0]);
    b.bytes(bytes + tokens * (columns + 4 * rows)).items(count(shape) * tokens).flops(2 * count(shape) * tokens);
    b.tokens(tokens).iter_checked(
        || {
            let matrix = &matrices[next.get()];
            next.set((next.get() + 1) % matrices.len());
            subject.multiply(matrix, &activations, &mut sums.borrow_mut());
        },
        |()| {
            // Anew, over what no sum is: one that is not written is found.
            let mut sums = sums.borrow_mut();
            sums.fill(poison);
            subject.multiply(&matrices[0], &activations, &mut sums);
            product.check(&ternary, &int8, &sums, subject.tolerance())
        },
    );
    if subject.tolerance() > 0.0 {
        b.metric("tolerance", 100.0 * subject.tolerance(), "%", Direction::LowerIsBetter);
    }
    if count(shape) > 0 {
        b.metric("bits/weight", 8.0 * bytes as f64 / count(shape) as f64, "bit", Direction::LowerIsBetter);
    }
    Ok(())
}

/// What outputs hold before a check: likely no sum, and above all not 0, which many sums are.
const POISON: i8 = 0x5A;

/// Sums of random products stay far below what they can come to, so that an accumulator which is too narrow gives
/// them right. A few rows of equal weights and the greatest activations give what there is to wrap around.
fn check_extremes<M: TernaryMatmul>(subject: &M, [rows, columns]: [usize; 2], tokens: usize) -> Result<(), Failure> {
    let rows = rows.min(EXTREME_ROWS);
    for (weight, activation) in [(1, -128), (-1, -128), (1, 127)] {
        let weights = subject.pack(&vec![weight; rows * columns], [rows, columns]).map_err(Failure::skip)?;
        let activations = subject.prepare(&vec![activation; tokens * columns], columns).map_err(Failure::skip)?;
        let mut sums = vec![M::Sum::from(POISON); tokens * rows];
        subject.multiply(&weights, &activations, &mut sums);
        let expected = columns as f64 * f64::from(weight) * f64::from(activation);
        let most = subject.tolerance() * expected.abs();
        for (at, &sum) in sums.iter().enumerate().filter(|_| columns > 0) {
            let found: f64 = sum.into();
            if found.is_nan() || (found - expected).abs() > most {
                return Err(Failure::check(format!(
                    "with {columns} weights of {weight} and activations of {activation}, sum {at} is {found} instead of {expected}"
                )));
            }
        }
    }
    Ok(())
}

/// Rows of a matrix of extremes: as many as a kernel takes at once, and some more.
const EXTREME_ROWS: usize = 40;

/// The packed matrix, or as many as push each other out of the caches.
fn matrices<M: TernaryMatmul>(
    subject: &M,
    ternary: &[i8],
    shape: [usize; 2],
    cache: Cache,
) -> Result<Vec<M::Weights>, Failure> {
    let pack = || subject.pack(ternary, shape).map_err(Failure::skip);
    let mut matrices = vec![pack()?];
    if cache == Cache::Cold {
        let number = beyond_the_caches().div_ceil(subject.bytes(&matrices[0]).max(1));
        if number > MOST_MATRICES {
            return Err(Failure::skip(format!("it would take {number} matrices of this size to fill the caches")));
        }
        for _ in 1..number {
            let matrix = match subject.duplicate(&matrices[0]) {
                Some(matrix) => matrix,
                None => pack()?,
            };
            matrices.push(matrix);
        }
    }
    Ok(matrices)
}

/// Matrices are not copied more often than this: those so small are not what a model reads from memory.
const MOST_MATRICES: usize = 4096;

/// Bytes that do not fit into the last-level cache: half as much again, since caches do not replace strictly
/// in the order of use; at most 1 GiB, where a server's whole cache is reported to a small virtual machine.
fn beyond_the_caches() -> usize {
    let last_level = host::Host::describe().last_level_cache_bytes().unwrap_or(32 << 20);
    (last_level + last_level / 2).clamp(256 << 20, 1 << 30) as usize
}

#[cfg(test)]
mod validation {
    use super::*;
    use crate::reference::kernels::{Matmul, Path};
    use crate::subject::Refusal;

    /// Adds up a row in so many bits.
    struct Narrow(u32);

    impl TernaryMatmul for Narrow {
        type Weights = (Vec<i8>, usize);
        type Activations = Vec<i8>;
        type Sum = i32;

        fn name(&self) -> String {
            format!("narrow-{}", self.0)
        }

        fn pack(&self, ternary: &[i8], [_, columns]: [usize; 2]) -> Result<Self::Weights, Refusal> {
            Ok((ternary.to_vec(), columns))
        }

        fn bytes(&self, (weights, _): &Self::Weights) -> usize {
            weights.len()
        }

        fn prepare(&self, int8: &[i8], _columns: usize) -> Result<Vec<i8>, Refusal> {
            Ok(int8.to_vec())
        }

        fn multiply(&self, (weights, columns): &Self::Weights, tokens: &Vec<i8>, sums: &mut [i32]) {
            let outputs = tokens.chunks(*columns).flat_map(|x| weights.chunks(*columns).map(move |row| (row, x)));
            for (sum, (row, x)) in sums.iter_mut().zip(outputs) {
                let exact = crate::reference::oracle::dot(row, x);
                // The lowest bits, with the sign of the highest of them.
                *sum = (exact << (64 - self.0) >> (64 - self.0)) as i32;
            }
        }
    }

    #[test]
    fn accumulators_that_are_too_narrow_are_found() {
        let message = check_extremes(&Narrow(16), [100, 2560], 2).unwrap_err().message;
        assert_eq!(message, "with 2560 weights of 1 and activations of -128, sum 0 is 0 instead of -327680");
        assert_eq!(check_extremes(&Narrow(32), [100, 2560], 2), Ok(()));
        for path in Path::available() {
            assert_eq!(check_extremes(&Matmul::on(path), [100, 6912], 1), Ok(()), "{path}");
        }
    }
}
