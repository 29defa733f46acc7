//! Where a command works: the configuration and the store that `cargo bench` in the same folder would use.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::CommandError;
use crate::config::{Config, Sources};
use crate::record::Store;

/// Where a command works.
pub(super) struct Place {
    pub(super) config: Config,
    pub(super) store: Store,
}

impl Place {
    /// Reads the configuration of the current folder, and finds its store; `home` is the one that was asked for.
    pub(super) fn find(home: Option<&Path>) -> Result<Self, CommandError> {
        let folder = std::env::current_dir()?;
        let config = Config::load(Sources::new(folder).environment(std::env::vars_os()))?;
        let home = home.map(Path::to_path_buf).or_else(|| config.options().home.clone());
        let home = home.unwrap_or_else(|| target_folder().join("bitnet-bench"));
        Ok(Self { store: Store::at(home), config })
    }

    /// Where other revisions are checked out and built.
    pub(super) fn revisions(&self) -> PathBuf {
        let home = self.store.home();
        home.canonicalize()
            .unwrap_or_else(|_| std::path::absolute(home).unwrap_or_else(|_| home.to_owned()))
            .join("revisions")
    }
}

/// Cargo's target folder for the current folder, as cargo tells it; `target` where there is no package.
fn target_folder() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version=1", "--no-deps", "--offline"];
    let told = Command::new(cargo).args(arguments).output().ok().filter(|output| output.status.success());
    let folder = told.and_then(|output| {
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).ok()?;
        Some(PathBuf::from(document.get("target_directory")?.as_str()?))
    });
    folder.unwrap_or_else(|| PathBuf::from("target"))
}
