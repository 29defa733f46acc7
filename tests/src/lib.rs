//! End-to-end tests of bitnet-bench.
