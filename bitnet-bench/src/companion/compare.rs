//! `compare OLD NEW`.

use clap::Args;

use super::error::CommandError;
use super::place::Place;
use super::{Ended, runs};
use crate::compare::Comparison;
use crate::report;

/// Compares two runs: what became faster or slower, what did not, and of what that cannot be told.
#[derive(Debug, Args)]
#[command(after_help = runs::HELP)]
pub(super) struct Arguments {
    /// The old run.
    #[arg(value_name = "OLD")]
    old: String,
    /// The new run.
    #[arg(value_name = "NEW")]
    new: String,
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let old = runs::named(&arguments.old, &place.store)?;
    for new in runs::named(&arguments.new, &place.store)? {
        let of_target = old.iter().find(|record| record.run.target == new.run.target);
        let baseline = of_target.ok_or_else(|| {
            CommandError::refused(format!("`{}` has no run of the bench target `{}`", arguments.old, new.run.target))
        })?;
        let comparison = Comparison::of(&new, baseline, &arguments.old);
        print!("{}", report::markdown::render(&new, Some(&comparison)));
    }
    Ok(Ended::Well)
}
