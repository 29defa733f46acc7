//! `history COMMAND`.

mod archive;
pub(super) mod chosen;
mod list;
mod prune;
mod push;
mod rebuild;
mod show;

use clap::{Args, Subcommand};

use super::Ended;
use super::error::CommandError;
use super::place::Place;

/// What was measured over time: figures of a case, runs, archives, a team's database.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo bitnet-bench history show 'gemv/*@cpu' --metric bytes/s
  cargo bitnet-bench history list --machine all
  cargo bitnet-bench history prune --older-than 90d --keep-baselines --dry-run
  cargo bitnet-bench history push --database postgres://bench@db.example/bench

The stored runs are the truth. The index over them, history.sqlite in the same folder, is brought
up to date by itself, and `history rebuild` makes it anew.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(show::Arguments),
    List(list::Arguments),
    Prune(prune::Arguments),
    Export(archive::Export),
    Import(archive::Import),
    Push(push::Arguments),
    Rebuild(rebuild::Arguments),
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    match &arguments.command {
        Command::Show(arguments) => show::run(arguments, place),
        Command::List(arguments) => list::run(arguments, place),
        Command::Prune(arguments) => prune::run(arguments, place),
        Command::Export(arguments) => archive::export(arguments, place),
        Command::Import(arguments) => archive::import(arguments, place),
        Command::Push(arguments) => push::run(arguments, place),
        Command::Rebuild(arguments) => rebuild::run(arguments, place),
    }
}
