//! The two sides of a `diff`: two executables, or a revision beside the working tree or another one.

use std::path::{Path, PathBuf};

use clap::Args;

use super::error::CommandError;
use super::place::Place;
use super::revision::{BuildArguments, Built, Repository, Slot, SlotName, build};
use crate::harness::lockstep::{Executable, Side};

/// What stands on the two sides.
#[derive(Debug, Args)]
pub(super) struct SideArguments {
    /// The old revision: a branch, a tag, a commit. The new side is the working tree as it is, or with OLD..NEW the
    /// revision NEW.
    #[arg(value_name = "REVISION", required_unless_present_any = ["bin", "show"])]
    revision: Option<String>,
    /// Cases: a part of an id, one of which must match, or axis=value, which must hold.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// The executables of a bench target, in place of a revision. `cargo bench --no-run` prints where it puts them.
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    bin: Vec<PathBuf>,
    #[command(flatten)]
    build: BuildArguments,
}

/// Two sides, and the slots that hold what was built for them.
pub(super) struct Sides {
    pub(super) old: Side,
    pub(super) new: Side,
    _slots: Vec<Slot>,
}

impl SideArguments {
    /// Finds or builds both sides.
    ///
    /// # Errors
    /// If a revision is not there, or does not build.
    pub(super) fn sides(&self, place: &Place) -> Result<Sides, CommandError> {
        match (&self.bin[..], &self.revision) {
            ([old, new], _) => Ok(Sides { old: of_executable(old), new: of_executable(new), _slots: Vec::new() }),
            (_, Some(revisions)) => self.of_revisions(revisions, place),
            _ => Err(CommandError::refused("name a revision to compare with, or two executables with --bin")),
        }
    }

    /// The filters of the cases.
    pub(super) fn filters(&self) -> Vec<String> {
        // With --bin there is no revision, and the first word is a filter like the others.
        let first = self.revision.iter().filter(|_| !self.bin.is_empty());
        first.chain(&self.filters).cloned().collect()
    }

    fn of_revisions(&self, revisions: &str, place: &Place) -> Result<Sides, CommandError> {
        let folder = std::env::current_dir()?;
        let repository = Repository::of(&folder)?;
        let (old, new) = match revisions.split_once("..") {
            Some((old, new)) => (old, Some(if new.is_empty() { "HEAD" } else { new })),
            None => (revisions, None),
        };
        let old_commit = repository.commit(old)?;
        let new_commit = new.map(|new| repository.commit(new)).transpose()?;
        let slots = place.revisions();
        let old_slot = Slot::with(SlotName::Old, &slots, &repository, &old_commit)?;
        eprintln!("old: {}", repository.describe(&old_commit));
        let old = self.built(old, &old_slot).map_err(CommandError::refused)?;
        let mut held = vec![old_slot];
        let new = match new_commit {
            Some(commit) => {
                let slot = Slot::with(SlotName::New, &slots, &repository, &commit)?;
                eprintln!("new: {}", repository.describe(&commit));
                let side = self.built(new.unwrap_or_default(), &slot).map_err(CommandError::Unjudged)?;
                held.push(slot);
                side
            }
            None => {
                let name = working_tree(&repository);
                eprintln!("new: {name}");
                of_working_tree(name, &self.build).map_err(CommandError::Unjudged)?
            }
        };
        Ok(Sides { old, new, _slots: held })
    }

    fn built(&self, name: &str, slot: &Slot) -> Result<Side, String> {
        let built = build(slot.folder(), Some(slot.target()), &self.build);
        built
            .and_then(|built| side(name.to_owned(), built))
            .map_err(|why| format!("`{name}` cannot be measured: {why}"))
    }
}

/// What the working tree is called.
fn working_tree(repository: &Repository) -> String {
    let commit =
        repository.commit("HEAD").map_or_else(|_| "no commit yet".to_owned(), |head| repository.describe(&head));
    if repository.is_dirty() { format!("{commit}, with changes that are not committed") } else { commit }
}

/// A side of what was built.
///
/// # Errors
/// If that is nothing.
pub(super) fn side(name: String, built: Vec<Built>) -> Result<Side, String> {
    if built.is_empty() {
        return Err("it has no bench target".to_owned());
    }
    let executables = built.into_iter().map(|built| Executable { path: built.executable, folder: built.folder });
    Ok(Side { name, executables: executables.collect() })
}

/// Builds the working tree, from the current folder.
///
/// # Errors
/// If it does not build, or has no bench target.
pub(super) fn of_working_tree(name: String, arguments: &BuildArguments) -> Result<Side, String> {
    let folder = std::env::current_dir().map_err(|error| format!("there is no current folder: {error}"))?;
    side(name, build(&folder, None, arguments)?)
}

/// The side of one executable.
pub(super) fn of_executable(path: &Path) -> Side {
    let executable = Executable { path: path.to_owned(), folder: None };
    Side { name: path.display().to_string(), executables: vec![executable] }
}
