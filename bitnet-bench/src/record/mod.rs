//! Records: samples and estimates → the versioned data model, its files and its journal.

mod analysis;
mod atomic;
mod journal;
mod json;
mod model;
mod store;
mod version;

pub use analysis::{analyse, launch_median};
pub use atomic::{probe_folder_of, write as write_atomically};
pub use journal::{Journal, JournalLine, JournalStart, Resumable};
pub use json::from_json;
pub use model::{
    AxisLabel, CaseRecord, Configured, Git, LaunchRecord, Measured, MetricEstimate, Outcome, OutlierCounts, Record,
    RunInfo, SCHEMA_VERSION, Shape, Throughput, TimeEstimates, Toolchain,
};
pub use store::{Store, StoreError, read_document};
