//! Device memory: what handing it out takes, and what moving bytes to it and back.

use bitnet_bench::registry::Definition;
use bitnet_bench::{Bencher, Failure};

/// Sizes of blocks, in bytes.
const SIZES: [usize; 3] = [4 << 10, 1 << 20, 64 << 20];

/// What is done.
#[derive(Clone, Copy)]
enum Work {
    AllocateRelease,
    Upload,
    Download,
}

/// The benchmarks of device memory, by size. Without the feature `gpu`, or with
/// no graphics processor but a software one, they are skipped.
pub fn definitions() -> Vec<Definition> {
    let works = [("allocate_release", Work::AllocateRelease), ("upload", Work::Upload), ("download", Work::Download)];
    works.map(|(name, work)| definition(name, work)).into()
}

fn definition(name: &str, work: Work) -> Definition {
    let mut definition = Definition::new(name, bitnet_bench::source!());
    definition.group("device").tags(["memory", "gpu"]);
    definition.settings().launches(5_u32).time("200ms").warmup("50ms").precision(0.03);
    let size = definition.sizes(SIZES);
    definition.body(move |bencher, point| run(bencher, work, point.at(size)));
    definition
}

#[cfg(not(feature = "gpu"))]
fn run(_: &mut Bencher<'_>, _: Work, _: usize) -> Result<(), Failure> {
    Err(Failure::skip("built without device memory: add --features gpu"))
}

#[cfg(feature = "gpu")]
fn run(bencher: &mut Bencher<'_>, work: Work, size: usize) -> Result<(), Failure> {
    use crate::reference::pool::DevicePool;

    let pool = bencher.cached("device pool", DevicePool::new);
    let pool = pool.as_ref().as_ref().map_err(Failure::skip)?;
    if pool.is_software() {
        return Err(Failure::skip(format!("{} is software: its memory is the host's", pool.adapter())));
    }
    let bytes: Vec<u8> = (0..size).map(|byte| (byte / 3) as u8).collect();
    let block = pool.allocate(size as u64).map_err(Failure::skip)?;
    pool.write(&block, &bytes).map_err(Failure::error)?;
    if pool.read(&block).map_err(Failure::error)? != bytes {
        return Err(Failure::check("what was written to the device is not what is read back"));
    }
    match work {
        Work::AllocateRelease => bencher
            .items(1)
            .iter_checked(|| pool.allocate(size as u64).map(|block| pool.deallocate(block)), |outcome| outcome.clone()),
        Work::Upload => bencher.bytes(size).iter_checked(|| pool.write(&block, &bytes), |outcome| outcome.clone()),
        Work::Download => bencher.bytes(size).iter_checked(|| pool.read(&block), |read| read.as_ref() == Ok(&bytes)),
    }
    pool.deallocate(block);
    Ok(())
}
