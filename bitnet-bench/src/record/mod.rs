//! Records: samples and estimates → the versioned data model, its files and its journal.

mod analysis;
mod atomic;
mod by_case;
#[cfg(feature = "history")]
pub mod history;
#[cfg(feature = "companion")]
pub mod imports;
mod journal;
mod json;
mod merge;
mod model;
mod parts;
mod store;
mod surroundings;
#[cfg(feature = "companion")]
mod tree;
#[cfg(feature = "companion")]
pub mod upload;
mod version;

pub use analysis::{analyse, launch_median};
pub use atomic::{probe_folder_of, write as write_atomically, write_with as write_atomically_with};
pub use by_case::read_case_by_case;
pub use journal::{Journal, JournalLine, JournalStart, Resumable};
pub use json::from_json;
pub use merge::{MergeError, Named, merge};
pub use model::{
    AxisLabel, CaseRecord, Configured, Git, Imported, LaunchRecord, Measured, MetricEstimate, Outcome, OutlierCounts,
    Record, RunInfo, SCHEMA_VERSION, Shape, Throughput, TimeEstimates, Toolchain,
};
pub use parts::{Part, Shard, ShardNumber};
pub use store::{Store, StoreError};
pub use surroundings::Surroundings;
#[cfg(feature = "companion")]
pub use tree::write_tree;
