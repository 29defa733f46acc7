//! A slot: the place where a revision is checked out and built. It is used again for the next revision, so that only
//! what differs between the two is compiled.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::super::error::CommandError;
use super::git::{self, Repository};
use super::surroundings;

/// Which side of a comparison a slot is for.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum SlotName {
    Old,
    New,
}

impl SlotName {
    fn text(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

/// A slot, held for as long as this lives.
pub(in super::super) struct Slot {
    tree: PathBuf,
    target: PathBuf,
    /// Where in the tree the command was started.
    folder: PathBuf,
    _lock: File,
}

impl Slot {
    /// Takes the slot of that name in a folder, and puts a commit into it.
    ///
    /// # Errors
    /// If another process holds it, or git cannot check the commit out.
    pub(in super::super) fn with(
        name: SlotName,
        revisions: &Path,
        repository: &Repository,
        commit: &str,
    ) -> Result<Self, CommandError> {
        let unusable = |error| CommandError::refused(format!("{} cannot be used: {error}", revisions.display()));
        fs::create_dir_all(revisions).map_err(unusable)?;
        let lock = lock(&revisions.join(format!("{}.lock", name.text())))?;
        let tree = surroundings::mirror(revisions, name.text(), repository.root())?;
        let current = std::env::current_dir()?;
        let below = current.canonicalize()?;
        let below = below.strip_prefix(repository.root()).unwrap_or(Path::new("")).to_owned();
        let slot = Self {
            folder: tree.join(below),
            target: revisions.join(format!("{}-target", name.text())),
            tree,
            _lock: lock,
        };
        slot.check_out(repository, commit)?;
        Ok(slot)
    }

    /// Puts a commit into the slot, in place of the one that was there.
    pub(in super::super) fn check_out(&self, repository: &Repository, commit: &str) -> Result<(), CommandError> {
        let failed = |why: String| {
            CommandError::refused(format!("{commit} cannot be checked out into {}: {why}", self.tree.display()))
        };
        let tree = self.tree.to_string_lossy().into_owned();
        if git::run(&self.tree, &["rev-parse", "--show-toplevel"]).is_ok_and(|root| Path::new(&root) == self.tree) {
            git::run(&self.tree, &["checkout", "--quiet", "--force", "--detach", commit]).map_err(failed)?;
            // What a build left beside the sources must not reach the next revision's.
            git::run(&self.tree, &["clean", "--quiet", "--force", "-d", "-x"]).map_err(failed)?;
            return self.complete(repository).map_err(failed);
        }
        if self.tree.exists() {
            fs::remove_dir_all(&self.tree).map_err(|error| failed(error.to_string()))?;
        }
        // A worktree that was deleted by hand is still on git's list.
        repository.git(&["worktree", "prune"]).map_err(failed)?;
        repository.git(&["worktree", "add", "--quiet", "--force", "--detach", &tree, commit]).map_err(failed)?;
        self.complete(repository).map_err(failed)
    }

    /// Adds what a revision needs and git does not check out: submodules, and a `Cargo.lock` that is not tracked. The
    /// working tree's is taken, so that both sides are built with the same dependencies.
    pub(in super::super) fn complete(&self, repository: &Repository) -> Result<(), String> {
        if self.tree.join(".gitmodules").exists() {
            git::run(&self.tree, &["submodule", "--quiet", "update", "--init", "--recursive"])?;
        }
        for folder in self.folder.ancestors().take_while(|folder| folder.starts_with(&self.tree)) {
            let below = folder.strip_prefix(&self.tree).unwrap_or(Path::new(""));
            let (lock, its) = (repository.root().join(below).join("Cargo.lock"), folder.join("Cargo.lock"));
            if folder.is_dir() && lock.is_file() && !its.exists() {
                fs::copy(&lock, &its).map_err(|error| format!("{}: {error}", its.display()))?;
            }
        }
        Ok(())
    }

    /// What `git` prints in the slot's tree.
    pub(in super::super) fn git(&self, arguments: &[&str]) -> Result<String, String> {
        git::run(&self.tree, arguments)
    }

    /// The folder in the slot that corresponds to the one that the command was started in.
    pub(in super::super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The target folder of its builds.
    pub(in super::super) fn target(&self) -> &Path {
        &self.target
    }
}

fn lock(path: &Path) -> Result<File, CommandError> {
    let unusable = |error| CommandError::refused(format!("{} cannot be locked: {error}", path.display()));
    let file = File::options().create(true).append(true).open(path).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(CommandError::refused(format!(
            "another process is building a revision here (it holds {}): wait for it to end, or name another store with \
             --home",
            path.display()
        ))),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}
