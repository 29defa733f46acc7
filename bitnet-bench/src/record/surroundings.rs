//! What a run's figures depend on beside its executable, its settings and the machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::host::Stated;

/// What was around the executable while it ran, as fingerprints: enough to see that it is another now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Surroundings {
    /// The folder that it ran in.
    pub folder: String,
    /// A hash of all environment variables but those that change from one shell or job to the next
    /// (docs/incremental.md). One hash of them all, so that no single value can be guessed from it.
    pub environment: String,
    /// A hash of the bench target's own flags and of the files that they name.
    pub flags: Stated<String>,
    /// The shared libraries that the workers ran code of, each with a hash of its content.
    pub libraries: Stated<BTreeMap<String, String>>,
}
