//! What an executable tells of itself to a program that wants to measure it: its cases, each with its
//! settings, as one marked line.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::HarnessError;
use super::identity::{self, Target};
use super::plan::{Plan, Planned, State};
use super::protocol::{PROTOCOL, marked};
use crate::config::{self, Config};
use crate::record::Toolchain;
use crate::registry::{Case, Selection};

/// What an executable tells of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Description {
    /// The version of the talk between parent and worker.
    pub(super) protocol: u32,
    /// The version of bitnet-bench.
    pub(super) version: String,
    pub(super) target: String,
    pub(super) package: String,
    pub(super) toolchain: Toolchain,
    /// The configuration file, which axes may read.
    pub(super) config: Option<PathBuf>,
    /// The flags of the bench target's own.
    pub(super) flags: Vec<(String, String)>,
    /// The chosen cases.
    pub(super) cases: Vec<Described>,
}

/// A case as its executable tells of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Described {
    pub(super) id: String,
    /// Its settings as texts.
    pub(super) settings: Vec<(String, String)>,
    /// Cores that its threads take.
    pub(super) cores: usize,
    /// Why it is not to be measured, if it is not.
    pub(super) skipped: Option<String>,
}

/// The description of this executable, as a line.
///
/// # Errors
/// If the settings of a case cannot be used.
pub(super) fn describe(
    target: Target,
    chosen: Vec<Case>,
    selection: &Selection,
    config: &Config,
) -> Result<String, HarnessError> {
    let plan = Plan::new(chosen, selection, config)?;
    let description = Description {
        protocol: PROTOCOL,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        target: target.name.to_owned(),
        package: target.package.to_owned(),
        toolchain: identity::toolchain(),
        config: config.file().map(ToOwned::to_owned),
        flags: config::flags(),
        cases: plan.cases.iter().map(described).collect(),
    };
    Ok(marked(&description)?)
}

fn described(planned: &Planned) -> Described {
    let texts = planned.settings.to_texts().into_iter().map(|(key, text)| (key.to_owned(), text));
    Described {
        id: planned.case.id().to_owned(),
        settings: texts.collect(),
        cores: planned.case.threads() * planned.settings.cores as usize,
        skipped: match &planned.state {
            State::Skipped(reason) => Some(reason.clone()),
            _ => None,
        },
    }
}
