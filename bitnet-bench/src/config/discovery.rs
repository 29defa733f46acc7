//! Which configuration file a run has: the one that is asked for, or the nearest one.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{Mistake, Problem};
use super::origin::Origin;

/// The names that are looked for in each folder.
const NAMES: [&str; 3] = ["bitnet-bench.toml", "benchmark_config.yaml", "benchmark_config.yml"];

/// The language of a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Toml,
    Yaml,
}

impl Language {
    /// The language of a file of that name.
    pub(super) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }
}

/// The nearest configuration file at or above a folder, up to the root of its workspace or
/// repository.
pub(super) fn nearest(folder: &Path) -> Result<Option<PathBuf>, Mistake> {
    let root = root(folder);
    for folder in folder.ancestors() {
        let mut found = NAMES.iter().map(|name| folder.join(name)).filter(|path| path.exists());
        if let Some(first) = found.next() {
            return match found.next() {
                Some(second) => Err(Mistake { at: Origin::Default, what: Problem::Ambiguous { first, second } }),
                None => Ok(Some(first)),
            };
        }
        if folder == root {
            break;
        }
    }
    Ok(None)
}

/// Where the search ends: the repository or workspace around a folder, or the package where there
/// is neither; outside of any package, the folder itself. What lies further up is somebody else's.
fn root(folder: &Path) -> &Path {
    let is_root = |folder: &&Path| folder.join(".git").exists() || has_workspace(&folder.join("Cargo.toml"));
    let is_package = |folder: &&Path| folder.join("Cargo.toml").exists();
    folder.ancestors().find(is_root).or_else(|| folder.ancestors().find(is_package)).unwrap_or(folder)
}

fn has_workspace(manifest: &Path) -> bool {
    fs::read_to_string(manifest).is_ok_and(|text| text.lines().any(|line| line.trim_start().starts_with("[workspace")))
}
