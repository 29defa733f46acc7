//! A bench file as it was written for criterion, on this harness.
//!
//!     cargo bench -p bitnet-bench-examples --bench criterion
//!
//! Nothing in it is ours but the pool that it measures: `Cargo.toml` says that `criterion` is the package
//! `bitnet-bench-criterion`. docs/migration.md tells what changes, and what stays.

use bitnet_benchmarks::reference::pool::HybridPool;
use bitnet_benchmarks::subject::MemoryPool;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

fn memory_allocation_benchmarks(c: &mut Criterion) {
    let mut group = c.benchmark_group("memory_allocation");

    for size in [1024, 4096, 1024 * 1024].iter() {
        group.bench_with_input(BenchmarkId::new("small_block", size), size, |b, &size| {
            let pool = HybridPool::new();
            b.iter(|| {
                let handle = pool.allocate(size, 64).unwrap();
                pool.deallocate(handle);
            });
        });
    }

    group.finish();
}

criterion_group!(benches, memory_allocation_benchmarks);
criterion_main!(benches);
