//! The measuring of a plan: launch after launch, each through its cases in an order of its own.

use std::time::Instant;

use super::HarnessError;
use super::executor::{Executor, Ran};
use super::plan::{Plan, State};
use super::progress::Progress;
use super::protocol::Turn;
use crate::measure::Mode;
use crate::record::{Journal, JournalLine, LaunchRecord};

/// Measures until every case is done. Gives back whether the user interrupted it.
///
/// # Errors
/// If workers cannot be started.
pub(super) fn measure(
    plan: &mut Plan,
    executor: &mut dyn Executor,
    journal: &mut Journal,
    shuffle_seed: u64,
    progress: &Progress,
) -> Result<bool, HarnessError> {
    let mut lost = false;
    for launch in 0..plan.launches() {
        let mut order = plan.pending(launch);
        // The seed of a launch's order follows from the run's, so that a resumed launch has the
        // order that it would have had.
        fastrand::Rng::with_seed(shuffle_seed.wrapping_add(u64::from(launch))).shuffle(&mut order);
        executor.begin(launch);
        for (position, index) in (0_u32..).zip(order) {
            let planned = &mut plan.cases[index];
            progress.show(launch, planned.case.id());
            // The first launch says how iterations are batched: the others do the same.
            let batching = planned.launches.first().map(LaunchRecord::batching);
            let turn = Turn { mode: Mode::Measure, position, batching, paced: false };
            let begun = Instant::now();
            let ran = executor.run(&planned.case, &planned.settings, turn)?;
            let case = planned.case.id().to_owned();
            let line = match ran {
                Ran::Measured(mut record) => {
                    record.wall_ns = Some(begun.elapsed().as_nanos() as f64);
                    planned.launches.push((*record).clone());
                    JournalLine::Measured { case, launch: record }
                }
                Ran::Failed(failure) => {
                    planned.state = State::after(failure.clone(), launch);
                    JournalLine::Failed { case, launch, failure }
                }
                Ran::Interrupted => return Ok(true),
                Ran::Tested => continue,
            };
            // What is measured from now on is lost if the run is interrupted, and shown if it is not.
            if let Err(error) = journal.write(&line)
                && !std::mem::replace(&mut lost, true)
            {
                eprintln!("warning: {}", HarnessError::journal(journal, error));
            }
            progress.remaining(plan.remaining());
        }
        plan.settle();
        progress.remaining(plan.remaining());
    }
    Ok(false)
}
