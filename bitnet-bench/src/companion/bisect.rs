//! `bisect GOOD BAD CASE`.

use clap::Args;

use super::Ended;
use super::diff::in_lock_step;
use super::error::CommandError;
use super::pace::PaceArguments;
use super::place::Place;
use super::revision::{BuildArguments, Repository, Slot, SlotName, build};
use super::sides::side;
use crate::compare::{MetricComparison, Verdict};
use crate::harness::lockstep::Side;
use crate::report;

/// Finds the commit that made a case slower, by halving: each candidate is measured in lock-step with GOOD.
///
/// The candidates are checked out and built in a worktree of their own; the working tree is left alone. One that does not
/// build, or of which the measurement cannot tell, is skipped.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// A revision in which the case is still fast.
    good: String,
    /// A later one in which it is slow.
    bad: String,
    /// The case: its id, or a part that only one id has.
    case: String,
    /// Look at the commits of the main line only, and take a merge as one.
    #[arg(long)]
    first_parent: bool,
    #[command(flatten)]
    build: BuildArguments,
    #[command(flatten)]
    pace: PaceArguments,
}

const EXAMPLES: &str = "\
Examples:
  cargo bitnet-bench bisect v1.2.0 HEAD 'gemv[size=2560x6912]@cpu'
  cargo bitnet-bench bisect main~20 main gemv --bench kernels --first-parent";

/// What a candidate turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Good,
    Bad,
    Skipped,
}

impl Found {
    fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Skipped => "skip",
        }
    }
}

/// Good or bad by what the candidate is nearer to: a change of this size is half of the whole one. What lies across it
/// cannot be told.
fn judged(candidate: &MetricComparison, half: f64) -> Found {
    match candidate.ratio() {
        Some(ratio) if ratio.lower.ln() > half => Found::Bad,
        Some(ratio) if ratio.upper.ln() < half => Found::Good,
        _ => Found::Skipped,
    }
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let repository = Repository::of(&std::env::current_dir()?)?;
    let (good, bad) = (repository.commit(&arguments.good)?, repository.commit(&arguments.bad)?);
    if repository.git(&["merge-base", "--is-ancestor", &good, &bad]).is_err() {
        return Err(CommandError::refused(format!(
            "{} is no ancestor of {}: a bisection walks from the older to the newer one",
            arguments.good, arguments.bad
        )));
    }
    let revisions = place.revisions();
    let old = Slot::with(SlotName::Old, &revisions, &repository, &good)?;
    let fast = built(&arguments.good, &old, arguments).map_err(|why| refused_end(&arguments.good, &why))?;
    let new = Slot::with(SlotName::New, &revisions, &repository, &bad)?;
    let mut search = Search { arguments, place, repository: &repository, slot: &new, fast };
    let whole = search.whole_change()?;
    let first_bad = search.halve(&good, &bad, whole);
    // The slot is used again, and must not begin in the midst of a bisection.
    let reset = new.git(&["bisect", "reset", &bad]);
    let found = first_bad?;
    reset.map_err(CommandError::refused)?;
    println!("{found}");
    Ok(Ended::Well)
}

fn built(name: &str, slot: &Slot, arguments: &Arguments) -> Result<Side, String> {
    side(name.to_owned(), build(slot.folder(), Some(slot.target()), &arguments.build)?)
}

fn refused_end(revision: &str, why: &str) -> CommandError {
    CommandError::refused(format!("`{revision}` cannot be measured: {why}"))
}

/// A bisection under way.
struct Search<'a> {
    arguments: &'a Arguments,
    place: &'a Place,
    repository: &'a Repository,
    slot: &'a Slot,
    /// GOOD.
    fast: Side,
}

impl Search<'_> {
    /// How much worse BAD is than GOOD, as a logarithm.
    fn whole_change(&mut self) -> Result<f64, CommandError> {
        let bad = &self.arguments.bad;
        let change = self.measure().map_err(|why| refused_end(bad, &why))?;
        self.say(bad, "", &change);
        match change.verdict {
            Verdict::Regressed => Ok(change.times_worse().ln()),
            _ => Err(CommandError::refused(format!(
                "`{}` did not become slower from `{}` to `{bad}`: there is nothing to search for",
                self.arguments.case, self.arguments.good
            ))),
        }
    }

    /// Halves until one commit is left, and says which.
    fn halve(&mut self, good: &str, bad: &str, whole: f64) -> Result<String, CommandError> {
        let mut start = vec!["bisect", "start"];
        start.extend(self.arguments.first_parent.then_some("--first-parent"));
        start.extend([bad, good]);
        let mut said = self.slot.git(&start).map_err(CommandError::refused)?;
        loop {
            if let Some(commit) = first_bad(&said) {
                return Ok(self.told(commit));
            }
            let candidate = self.slot.git(&["rev-parse", "HEAD"]).map_err(CommandError::refused)?;
            self.slot.complete(self.repository).map_err(CommandError::refused)?;
            let found = match self.measure() {
                Ok(change) => {
                    let found = judged(&change, whole / 2.0);
                    self.say(&candidate, found.word(), &change);
                    found
                }
                Err(why) => {
                    eprintln!("skip  {}: {why}", self.repository.describe(&candidate));
                    Found::Skipped
                }
            };
            said = match self.slot.git(&["bisect", found.word()]) {
                Ok(said) => said,
                Err(_) => return Err(CommandError::refused(self.only_skipped_left())),
            };
        }
    }

    /// Builds what is in the slot, and measures it beside GOOD.
    fn measure(&self) -> Result<MetricComparison, String> {
        let Arguments { case, pace, .. } = self.arguments;
        let slow = built("candidate", self.slot, self.arguments)?;
        let filters = std::slice::from_ref(case);
        let record = in_lock_step(&self.fast, &slow, filters, pace, self.place).map_err(|error| error.to_string())?;
        let comparison = record.comparison;
        match (&comparison.cases[..], comparison.unmatched.first()) {
            ([only], _) => Ok(only.time.clone()),
            ([], Some(unmatched)) => Err(format!("`{}` cannot be compared: {:?}", unmatched.id, unmatched.why)),
            ([], None) => Err(format!("it has no case `{case}`")),
            (several, _) => Err(format!(
                "`{case}` is in the ids of {} cases, among them `{}`; write the whole id, and `-- --exact`",
                several.len(),
                several[0].id
            )),
        }
    }

    fn say(&self, commit: &str, found: &str, change: &MetricComparison) {
        let described = self.repository.describe(commit);
        eprintln!("{found:<5} {described}: {} {}", report::change::full(change), report::change::interval(change));
    }

    fn told(&self, commit: &str) -> String {
        let shown = self.repository.git(&["show", "--stat", "--format=%H%nby %an, %ad%n%n    %s%n", commit]);
        format!("the first slow commit is {}", shown.unwrap_or_else(|_| commit.to_owned()))
    }

    fn only_skipped_left(&self) -> String {
        let left = self.slot.git(&["bisect", "log"]).unwrap_or_default();
        let candidates: Vec<_> =
            left.lines().filter_map(|line| line.strip_prefix("# possible first bad commit: ")).collect();
        format!(
            "only commits that were skipped are left; the first slow one is among\n  {}\nA longer look may tell: raise --time",
            candidates.join("\n  ")
        )
    }
}

/// The commit that git says is the first bad one, if it has come to that.
fn first_bad(said: &str) -> Option<&str> {
    said.lines().find_map(|line| line.strip_suffix(" is the first bad commit"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::Change;
    use crate::measure::Direction;
    use crate::stats::Estimate;

    fn change(value: f64, within: f64) -> MetricComparison {
        MetricComparison {
            metric: "time".to_owned(),
            unit: "ns".to_owned(),
            direction: Direction::LowerIsBetter,
            old: 100.0,
            new: 100.0 * value,
            change: Change::Ratio(Estimate { value, lower: value - within, upper: value + within, level: 0.99 }),
            verdict: Verdict::Inconclusive,
            p_adjusted: 0.5,
            detectable: 0.01,
            floor: 0.01,
            follows_time: false,
        }
    }

    #[test]
    fn a_candidate_is_what_it_is_nearer_to() {
        let half = 1.10_f64.ln() / 2.0;
        assert_eq!(judged(&change(1.10, 0.02), half), Found::Bad);
        // A smaller change before the one that is looked for.
        assert_eq!(judged(&change(1.02, 0.02), half), Found::Good);
        assert_eq!(judged(&change(1.05, 0.02), half), Found::Skipped);
    }

    #[test]
    fn git_says_when_it_is_done() {
        assert_eq!(first_bad("abc is the first bad commit\ncommit abc\n"), Some("abc"));
        assert_eq!(first_bad("Bisecting: 3 revisions left to test after this (roughly 2 steps)\n"), None);
    }
}
