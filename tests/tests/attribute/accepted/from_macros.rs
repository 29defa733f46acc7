//! Annotations written by macros, whose parts arrive in invisible groups.

#![deny(warnings)]

use bitnet_bench::{Bencher, bitnet_bench};

macro_rules! kernel {
    ($name:ident, $bencher:ty, $sizes:expr, $ty:ty, $tag:ident, $name_of:literal, $skip:expr) => {
        #[bitnet_bench(sizes = $sizes, types = [$ty], tags = [$tag], name = $name_of, skip_if = $skip, samples = 3)]
        fn $name<T: Default + Clone>(b: $bencher, size: usize) {
            b.iter(|| vec![T::default(); size]);
        }
    };
}

kernel!(add, &mut Bencher, [1, 2], u8, fast, "add_u8", |size| size > 1);
kernel!(sub, &mut Bencher<'_>, (1..3), u16, fast, "sub_u16", |size| { size > 1 });

macro_rules! production {
    ($($inputs:tt)*) => {
        #[bitnet_bench($($inputs)*)]
        fn production(values: &[u8]) -> usize {
            values.len()
        }
    };
}

production!(inputs = || vec![1], check = |out| *out == 1);
