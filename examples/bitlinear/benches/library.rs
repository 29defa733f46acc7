//! Runs the benchmarks of the library: linking it is enough to find them.

use bitlinear as _;

bitnet_bench::main!();
