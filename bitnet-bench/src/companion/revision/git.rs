//! The repository that the current folder is in, through the `git` command.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::error::CommandError;

/// A git repository's working tree.
pub(in super::super) struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The repository of a folder.
    ///
    /// # Errors
    /// If it is in none, or there is no `git`.
    pub(in super::super) fn of(folder: &Path) -> Result<Self, CommandError> {
        let root = run(folder, &["rev-parse", "--show-toplevel"])
            .map_err(|why| CommandError::refused(format!("a revision needs a git repository: {why}")))?;
        Ok(Self { root: PathBuf::from(root) })
    }

    /// The top folder of its working tree.
    pub(in super::super) fn root(&self) -> &Path {
        &self.root
    }

    /// The full hash of a revision's commit.
    ///
    /// # Errors
    /// If there is no such commit here.
    pub(in super::super) fn commit(&self, revision: &str) -> Result<String, CommandError> {
        let commit = format!("{revision}^{{commit}}");
        self.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).map_err(|_| {
            let shallow = self.git(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true");
            let way_out = match shallow {
                true => "; this clone is shallow: `git fetch --unshallow` brings the rest",
                false => "; `git fetch` may bring it, `git log --oneline` shows what there is",
            };
            CommandError::refused(format!("there is no revision `{revision}` in {}{way_out}", self.root.display()))
        })
    }

    /// A commit in a few words: its short hash and its subject.
    pub(in super::super) fn describe(&self, commit: &str) -> String {
        self.git(&["log", "-1", "--format=%h %s", commit]).unwrap_or_else(|_| commit.to_owned())
    }

    /// Whether tracked files differ from the commit that is checked out.
    pub(in super::super) fn is_dirty(&self) -> bool {
        self.git(&["status", "--porcelain", "--untracked-files=no"]).is_ok_and(|changes| !changes.is_empty())
    }

    /// What `git` prints in the top folder.
    pub(in super::super) fn git(&self, arguments: &[&str]) -> Result<String, String> {
        run(&self.root, arguments)
    }
}

/// Whether `git bisect` is under way in the current folder's working tree.
pub(in super::super) fn is_bisecting() -> bool {
    let start = run(Path::new("."), &["rev-parse", "--git-path", "BISECT_START"]);
    start.is_ok_and(|file| Path::new(&file).exists())
}

/// What `git` prints in a folder.
///
/// # Errors
/// What it says is wrong.
pub(super) fn run(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    // A hook, or `git bisect run`, sets these for its own repository.
    command.args(arguments).current_dir(folder).env_remove("GIT_DIR").env_remove("GIT_WORK_TREE");
    command.env_remove("GIT_INDEX_FILE");
    let output = command.output().map_err(|error| format!("git cannot be started: {error}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        return Err(complaint.lines().next().unwrap_or("git failed").to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
