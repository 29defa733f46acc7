//! A crate's own subjects in the ready-made suites, under `cargo bench`, without a copy of their files.
//!
//!     cargo bench -p bitnet-bench-examples --bench plugged_in
//!
//! `suite_for!` registers every benchmark that the suite has for a subject; the table, the flags and the
//! baselines are those of any other bench target. `third_party.rs` shows the same as a library call.

use std::mem::MaybeUninit;

use bitnet_benchmarks::subject::{ActivationQuantizer, MemoryPool, Refusal};
use bitnet_benchmarks::{QuantizationBenchmarks, suite_for};

bitnet_bench::main!();

/// Activations to 8 bits, as a loop that anyone would write.
struct Plain;

impl ActivationQuantizer for Plain {
    fn name(&self) -> String {
        "plain".to_owned()
    }

    fn quantize(&self, activations: &[f32], int8: &mut [i8]) -> f32 {
        let scale = 127.0 / activations.iter().fold(1e-5_f32, |most, x| most.max(x.abs()));
        for (int8, x) in int8.iter_mut().zip(activations) {
            *int8 = (x * scale).round_ties_even() as i8;
        }
        scale
    }
}

/// A pool that is none: every block comes from the system.
struct Boxes;

impl MemoryPool for Boxes {
    type Block = (Box<[MaybeUninit<u8>]>, usize, usize);

    fn name(&self) -> String {
        "boxes".to_owned()
    }

    fn allocate(&self, size: usize, align: usize) -> Result<Self::Block, Refusal> {
        let bytes = Box::new_uninit_slice(size + align);
        let start = bytes.as_ptr().align_offset(align);
        Ok((bytes, start, size))
    }

    fn deallocate(&self, block: Self::Block) {
        drop(block);
    }

    fn fresh(&self) -> Self {
        Self
    }

    fn bytes<'a>(&self, (bytes, start, size): &'a mut Self::Block) -> &'a mut [MaybeUninit<u8>] {
        &mut bytes[*start..*start + *size]
    }
}

suite_for!(pool: Boxes);

// The points are those of the configuration, or the suite's own; a builder says others.
suite_for!(QuantizationBenchmarks::new().activation_quantizer(Plain).tensor_sizes([[1, 512], [1, 4096]]));
