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

    let sums = RefCell::new(vec![M::Sum::default(); tokens * rows]);
    let next = Cell::new(0);
    let bytes = subject.bytes(&matrices[0]);
    b.bytes(bytes + tokens * (columns + 4 * rows)).items(count(shape) * tokens).flops(2 * count(shape) * tokens);
    b.tokens(tokens).iter_checked(
        || {
            let matrix = &matrices[next.get()];
            next.set((next.get() + 1) % matrices.len());
            subject.multiply(matrix, &activations, &mut sums.borrow_mut());
        },
        |()| product.check(&ternary, &int8, &sums.borrow(), subject.tolerance()),
    );
    if count(shape) > 0 {
        b.metric("bits/weight", 8.0 * bytes as f64 / count(shape) as f64, "bit", Direction::LowerIsBetter);
    }
    Ok(())
}

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
        let number = beyond_the_caches().div_ceil(subject.bytes(&matrices[0]).max(1)).min(MOST_MATRICES);
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

/// Tiny matrices stay in the caches whatever is done: the machine has no use for more than these.
const MOST_MATRICES: usize = 4096;

/// Bytes that do not fit into the last-level cache: half as much again, since caches do not replace strictly
/// in the order of use; at most 1 GiB, where a server's whole cache is reported to a small virtual machine.
fn beyond_the_caches() -> usize {
    let last_level = host::Host::describe().last_level_cache_bytes().unwrap_or(32 << 20);
    (last_level + last_level / 2).clamp(256 << 20, 1 << 30) as usize
}
