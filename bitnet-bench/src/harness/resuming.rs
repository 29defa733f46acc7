//! Going on with an interrupted run.

use std::path::Path;

use super::HarnessError;
use super::plan::{Plan, State};
use crate::record::{JournalLine, JournalStart, Resumable};

/// Finds the journal of the target's last interrupted run, and checks that it is of this plan.
///
/// # Errors
/// If there is none, or the executable, the cases or the settings are others now.
pub(super) fn find(folder: &Path, target: &str, now: &JournalStart) -> Result<Resumable, HarnessError> {
    let refuse = |why: String| Err(HarnessError::NothingToResume(why));
    let Some(journal) = Resumable::newest(folder, target, now.shard.as_ref()) else {
        let what = now.shard.as_ref().map_or_else(String::new, |shard| format!("shard {shard} of "));
        return refuse(format!("there is no interrupted run of {what}`{target}` to resume"));
    };
    let then = &journal.start;
    let what = if then.executable != now.executable {
        "the executable was built anew since"
    } else if then.cases.iter().map(|(id, _)| id).ne(now.cases.iter().map(|(id, _)| id)) {
        "it measured other cases: give the same filters"
    } else if then.cases != now.cases {
        "it measured with other settings: give the same settings"
    } else {
        return Ok(journal);
    };
    refuse(format!("the interrupted run {} cannot be resumed: {what}", then.run))
}

/// Takes over what an interrupted run measured.
pub(super) fn restore(plan: &mut Plan, lines: &[JournalLine]) {
    for line in lines {
        match line {
            JournalLine::Measured { case, launch } => {
                if let Some(index) = plan.find(case) {
                    plan.cases[index].launches.push((**launch).clone());
                }
            }
            JournalLine::Failed { case, launch, failure } => {
                if let Some(index) = plan.find(case) {
                    plan.cases[index].state = State::after(failure.clone(), *launch);
                }
            }
            JournalLine::Start(_) => {}
        }
    }
    plan.settle();
}
