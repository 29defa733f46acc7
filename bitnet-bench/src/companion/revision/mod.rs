//! Executables of another revision: checked out in a git worktree of its own, built in a target folder of its own.
//!
//! ```text
//! target/bitnet-bench/revisions/
//!   Cargo.toml                 keeps the workspace around it from claiming what is below
//!   old.lock                   held by the command that uses the slot
//!   old/…/REPOSITORY           the worktree
//!   old-target/                its target folder, kept, so that the next revision builds in seconds
//! ```

mod build;
mod git;
mod slot;
mod surroundings;

pub(super) use build::{BuildArguments, Built, build};
pub(super) use git::{Repository, is_bisecting};
pub(super) use slot::{Slot, SlotName};
