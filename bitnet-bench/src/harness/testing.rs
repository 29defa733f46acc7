//! `--test`: each case is run once, to see that it works; printed as libtest prints tests.

use std::io;
use std::time::Instant;

use super::HarnessError;
use super::executor::{Executor, Ran};
use super::output::print;
use super::plan::{Plan, State};
use super::protocol::Turn;
use crate::measure::{Failure, FailureKind, Mode};

/// How testing ended.
pub(super) struct Tested {
    pub(super) failed: usize,
    pub(super) interrupted: bool,
}

/// Runs each case of the plan once.
///
/// # Errors
/// If workers cannot be started, or standard output cannot be written to.
pub(super) fn test(plan: &Plan, executor: &mut dyn Executor) -> Result<Tested, HarnessError> {
    let start = Instant::now();
    let say = |text: String| print(&text).map_err(HarnessError::Stdout);
    let plural = if plan.cases.len() == 1 { "" } else { "s" };
    say(format!("\nrunning {} test{plural}\n", plan.cases.len()))?;
    executor.begin(0);
    let (mut passed, mut ignored, mut failures): (usize, usize, Vec<(String, Failure)>) = (0, 0, Vec::new());
    let mut interrupted = false;
    for (position, planned) in (0_u32..).zip(&plan.cases) {
        let id = planned.case.id();
        if let State::Skipped(reason) = &planned.state {
            ignored += 1;
            let reason = planned.case.ignored().filter(|reason| !reason.is_empty()).unwrap_or(reason);
            say(format!("test {id} ... ignored, {reason}\n"))?;
            continue;
        }
        let turn = Turn { mode: Mode::Test, position, batching: None, paced: false };
        match executor.run(&planned.case, &planned.settings, turn)? {
            Ran::Tested | Ran::Measured(_) => {
                passed += 1;
                say(format!("test {id} ... ok\n"))?;
            }
            Ran::Failed(failure) if failure.kind == FailureKind::Skipped => {
                ignored += 1;
                say(format!("test {id} ... ignored, {failure}\n"))?;
            }
            Ran::Failed(failure) => {
                say(format!("test {id} ... FAILED\n"))?;
                failures.push((id.to_owned(), failure));
            }
            Ran::Interrupted => {
                interrupted = true;
                break;
            }
        }
    }
    say(details(&failures))?;
    let outcome = if failures.is_empty() { "ok" } else { "FAILED" };
    let seconds = start.elapsed().as_secs_f64();
    let failed = failures.len();
    say(format!(
        "\ntest result: {outcome}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; 0 filtered out; finished in {seconds:.2}s\n\n"
    ))?;
    Ok(Tested { failed, interrupted })
}

/// What failed, and how.
fn details(failures: &[(String, Failure)]) -> String {
    if failures.is_empty() {
        return String::new();
    }
    let one = |(id, failure): &(String, Failure)| {
        let output = failure.output.lines().map(|line| format!("    {line}\n")).collect::<String>();
        format!("---- {id} ----\n{failure}\n{output}\n")
    };
    let ids: String = failures.iter().map(|(id, _)| format!("    {id}\n")).collect();
    format!("\nfailures:\n\n{}failures:\n{ids}", failures.iter().map(one).collect::<String>())
}

impl From<io::Error> for HarnessError {
    fn from(error: io::Error) -> Self {
        Self::Stdout(error)
    }
}
