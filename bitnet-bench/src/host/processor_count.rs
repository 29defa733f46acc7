//! How many cores this process may run on.

/// The number of cores that this process may run on; 1 if the system does not tell.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
