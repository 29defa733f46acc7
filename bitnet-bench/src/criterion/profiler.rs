//! Profilers that run in the program itself.

use std::path::Path;

/// What criterion starts and stops around a benchmark under `--profile-time`.
///
/// This harness has no such mode and never calls it; run a profiler with `--runner`, or in the program
/// with `--in-process`.
pub trait Profiler {
    /// Profiling starts.
    fn start_profiling(&mut self, benchmark_id: &str, benchmark_dir: &Path);

    /// Profiling has ended.
    fn stop_profiling(&mut self, benchmark_id: &str, benchmark_dir: &Path);
}

/// A profiler that runs elsewhere, and is not called.
pub struct ExternalProfiler;

impl Profiler for ExternalProfiler {
    fn start_profiling(&mut self, _: &str, _: &Path) {}
    fn stop_profiling(&mut self, _: &str, _: &Path) {}
}
