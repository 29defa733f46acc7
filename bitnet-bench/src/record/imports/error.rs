//! Why results cannot be read.

use std::io;
use std::path::PathBuf;

/// Why another tool's results cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file or folder cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is larger than any results are.
    #[error("{} is larger than {} MiB: are these results?", path.display(), limit >> 20)]
    Large {
        /// The file.
        path: PathBuf,
        /// How many bytes are read at most.
        limit: u64,
    },
    /// A file is no JSON.
    #[error("{}:{}:{} is not JSON: {source}", path.display(), line, source.column())]
    NoJson {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// Something in a file is not as the tool writes it.
    #[error("{}{}{place}: {problem}", path.display(), if place.is_empty() { "" } else { ": " })]
    Wrong {
        /// The file.
        path: PathBuf,
        /// Where in it, such as `benchmarks[3].real_time` or `line 12`.
        place: String,
        /// What is wrong.
        problem: String,
    },
}
