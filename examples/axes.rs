//! Lesson 2: axes. A benchmark is measured at every combination of their values.
//!
//! ```text
//! cargo bench -p bitnet-bench-examples --bench axes
//! cargo bench -p bitnet-bench-examples --bench axes -- size=64x256        one value
//! cargo bench -p bitnet-bench-examples --bench axes -- --list             every case
//! ```

use bitnet_bench::{Bencher, bitnet_bench};

/// How a matrix is walked through.
#[derive(Clone, Copy, Debug)]
enum Order {
    Rows,
    Columns,
}

/// `sizes` feeds the parameter `size`; any other parameter takes a list under its own name. What
/// one iteration processes is a closure over the axes.
#[bitnet_bench(
    sizes = [[64, 256], [512, 2_048]],
    order = [Order::Rows, Order::Columns],
    bytes = |size| size[0] * size[1] * 4
)]
fn walk(b: &mut Bencher, size: [usize; 2], order: Order) {
    let [rows, columns] = size;
    let matrix: Vec<f32> = (0..rows * columns).map(|n| n as f32).collect();
    b.iter(|| match order {
        Order::Rows => matrix.iter().sum::<f32>(),
        Order::Columns => (0..columns).map(|c| matrix[c..].iter().step_by(columns).sum::<f32>()).sum(),
    });
}

/// Types and constants are axes as well, and `skip_if` leaves points out.
#[bitnet_bench(types = [f32, f64], consts = [4, 16], sizes = [1_024, 65_536], skip_if = |size| size % 16 != 0)]
fn sum_in_lanes<T, const LANES: usize>(b: &mut Bencher, size: usize)
where
    T: Copy + Default + From<u8> + std::ops::AddAssign,
{
    let numbers = vec![T::from(1); size];
    b.items(size).iter(|| {
        let mut lanes = [T::default(); LANES];
        for chunk in numbers.chunks_exact(LANES) {
            for (lane, number) in lanes.iter_mut().zip(chunk) {
                *lane += *number;
            }
        }
        lanes
    });
}

bitnet_bench::main!();
