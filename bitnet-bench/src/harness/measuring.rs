//! The measuring of a plan: launch after launch, each through its cases in an order of its own.

use super::HarnessError;
use super::executor::{Executor, Ran};
use super::plan::{Plan, State};
use super::progress::Progress;
use crate::measure::Mode;
use crate::record::{Journal, JournalLine};

/// Measures until every case is done. Gives back whether the user interrupted it.
///
/// # Errors
/// If workers cannot be started, or the journal cannot be written.
pub(super) fn measure(
    plan: &mut Plan,
    executor: &mut dyn Executor,
    journal: &mut Journal,
    shuffle_seed: u64,
    progress: &Progress,
) -> Result<bool, HarnessError> {
    for launch in 0..plan.launches() {
        let mut order = plan.pending(launch);
        // The seed of a launch's order follows from the run's, so that a resumed launch has the
        // order that it would have had.
        fastrand::Rng::with_seed(shuffle_seed.wrapping_add(u64::from(launch))).shuffle(&mut order);
        executor.begin(launch);
        for (position, index) in (0_u32..).zip(order) {
            let planned = &mut plan.cases[index];
            progress.show(launch, planned.case.id());
            let ran = executor.run(&planned.case, &planned.settings, Mode::Measure, position)?;
            let case = planned.case.id().to_owned();
            let line = match ran {
                Ran::Measured(record) => {
                    planned.launches.push((*record).clone());
                    JournalLine::Measured { case, launch: record }
                }
                Ran::Failed(failure) => {
                    planned.state = State::Failed(failure.clone(), launch);
                    JournalLine::Failed { case, launch, failure }
                }
                Ran::Interrupted => return Ok(true),
                Ran::Tested => continue,
            };
            journal.write(&line).map_err(|error| HarnessError::journal(journal, error))?;
            progress.remaining(plan.remaining());
        }
        plan.settle();
        progress.remaining(plan.remaining());
    }
    Ok(false)
}
