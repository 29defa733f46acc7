//! Pairs of workers again and again, until every verdict is decided.

use std::time::{Duration, Instant, SystemTime};

use fastrand::Rng;

use super::matching::{Matched, Matching};
use super::pair::{NotTaken, Pair};
use super::turns::{document, questions};
use super::{LockStep, LockStepError, Side};
use crate::compare::{
    Absence, CaseComparison, Comparison, DIFF_SCHEMA_VERSION, DiffCase, DiffPair, DiffRecord, DiffSide, Unmatched,
    Verdict, judge,
};
use crate::harness::executor::WorkerSetup;
use crate::harness::progress::Progress;
use crate::harness::{identity, interrupt};
use crate::host::Host;
use crate::measure::Batching;

/// Measures what two sides have in common in lock-step, and judges it. Blocks until it is done.
///
/// Bench targets are matched by package and name (one alone on each side in any case), cases by their ids; the
/// settings of a case are those of the new side. What is interrupted is judged with what there is.
///
/// # Errors
/// If an executable is no bench target, the two have nothing in common, or no worker can be started.
pub fn compare_executables(old: &Side, new: &Side, lock_step: &LockStep<'_>) -> Result<DiffRecord, LockStepError> {
    interrupt::listen();
    let (begun, started) = (Instant::now(), SystemTime::now());
    let matching = Matching::of(old, new, lock_step)?;
    let seed = lock_step.seed.unwrap_or_else(|| fastrand::u64(..));
    let mut engine = Engine::new(&matching, lock_step, seed);
    let ended = engine.run()?;
    let (comparison, cases) = engine.outcome(old);
    Ok(DiffRecord {
        schema_version: DIFF_SCHEMA_VERSION,
        id: identity::run_id(started, "diff", None),
        started_at: identity::timestamp(started),
        duration_ns: begun.elapsed().as_nanos() as f64,
        harness_version: env!("CARGO_PKG_VERSION").to_owned(),
        interrupted: ended == Ended::Interrupted,
        host: Host::describe(),
        seed,
        looks: lock_step.looks.clone(),
        old: DiffSide {
            name: old.name.clone(),
            executables: matching.targets.iter().map(|target| target.old.document()).collect(),
        },
        new: DiffSide {
            name: new.name.clone(),
            executables: matching.targets.iter().map(|target| target.new.document()).collect(),
        },
        cases,
        comparison,
    })
}

/// How the measuring ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Decided,
    Interrupted,
}

/// A case with what has become of it so far.
struct Running<'a> {
    matched: &'a Matched,
    floor: f64,
    pairs: Vec<DiffPair>,
    /// How iterations are batched, once a launch has settled that.
    batching: Option<Batching>,
    spent: Duration,
    state: State,
    verdict: Option<CaseComparison>,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    /// It is to be measured on.
    Open,
    /// Its verdict is decided, unless those of the other cases unsettle it.
    Decided,
    /// It has had its time, or its launches.
    Spent,
    /// It cannot be measured.
    Failed(Absence),
}

struct Engine<'a> {
    lock_step: &'a LockStep<'a>,
    matching: &'a Matching,
    setups: Vec<[WorkerSetup; 2]>,
    cases: Vec<Running<'a>>,
    warnings: Vec<String>,
    random: Rng,
}

impl<'a> Engine<'a> {
    fn new(matching: &'a Matching, lock_step: &'a LockStep<'a>, seed: u64) -> Self {
        let running = |matched: &'a Matched| Running {
            matched,
            floor: lock_step.floor(&matching.targets[matched.target].new.told.bench_target(), &matched.case.id),
            pairs: Vec::new(),
            batching: None,
            spent: Duration::ZERO,
            state: State::Open,
            verdict: None,
        };
        Self {
            lock_step,
            matching,
            setups: matching.targets.iter().map(|target| target.setups(lock_step)).collect(),
            cases: matching.cases.iter().map(running).collect(),
            warnings: matching.warnings(lock_step),
            random: Rng::with_seed(seed),
        }
    }

    /// Launches pairs until nothing is open.
    fn run(&mut self) -> Result<Ended, LockStepError> {
        let progress = Progress::new(self.remaining(), self.lock_step.quiet);
        let mut ended = Ended::Decided;
        for launch in 0..self.lock_step.looks.most() {
            match self.launch(launch, &progress) {
                Ok(()) => {}
                Err(NotTaken::Lost(error)) if self.cases.iter().all(|case| case.pairs.is_empty()) => {
                    progress.finish();
                    return Err(error.into());
                }
                Err(NotTaken::Lost(error)) => {
                    self.warnings.push(format!("measuring ended early: {error}"));
                    break;
                }
                Err(_) => {
                    ended = Ended::Interrupted;
                    break;
                }
            }
            self.look(launch + 1);
            progress.remaining(self.remaining());
            if self.cases.iter().all(|case| case.state != State::Open) {
                break;
            }
        }
        progress.finish();
        if ended == Ended::Interrupted && self.cases.iter().all(|case| case.pairs.is_empty()) {
            return Err(LockStepError::Interrupted);
        }
        self.judge();
        Ok(ended)
    }

    /// One launch: a pair of workers of each bench target, each measuring its open cases in random order.
    fn launch(&mut self, launch: u32, progress: &Progress) -> Result<(), NotTaken> {
        for target in 0..self.setups.len() {
            let open = |case: &Running<'_>| case.state == State::Open && case.matched.target == target;
            let mut order: Vec<usize> = (0..self.cases.len()).filter(|&at| open(&self.cases[at])).collect();
            if order.is_empty() {
                continue;
            }
            self.random.shuffle(&mut order);
            let begun = Instant::now();
            let mut pair = Pair::new(&self.setups[target], launch);
            pair.start(&mut self.random)?;
            let share = begun.elapsed() / order.len() as u32;
            for (position, at) in (0_u32..).zip(order) {
                let case = &mut self.cases[at];
                progress.show(launch, &case.matched.case.id);
                case.measure(&mut pair, launch, position, &mut self.random)?;
                case.spent += share;
                if case.state == State::Open && case.spent >= self.lock_step.time {
                    case.state = State::Spent;
                }
            }
        }
        Ok(())
    }

    /// After a launch: if it is time to look, decides what can be decided.
    fn look(&mut self, launches: u32) {
        if !self.lock_step.looks.is_look(launches) {
            return;
        }
        self.judge();
        for case in &mut self.cases {
            let told = |answer: &CaseComparison| answer.all().all(|metric| metric.verdict != Verdict::Inconclusive);
            let decided = self.lock_step.stops_early && case.verdict.as_ref().is_some_and(told);
            match case.state {
                State::Open if decided => case.state = State::Decided,
                // What the other cases have come to counts for this one as well (Benjamini–Hochberg).
                State::Decided if !decided => case.state = State::Open,
                _ => {}
            }
        }
    }

    /// Judges all cases together.
    fn judge(&mut self) {
        let (mut asked, mut of) = (Vec::new(), Vec::new());
        for (at, case) in self.cases.iter_mut().enumerate() {
            case.verdict = None;
            if matches!(case.state, State::Failed(_)) {
                continue;
            }
            for question in questions(&case.pairs, case.floor) {
                asked.push(question);
                of.push(at);
            }
        }
        for (answer, at) in judge(&asked, &self.lock_step.rule.looking(&self.lock_step.looks)).into_iter().zip(of) {
            let case = &mut self.cases[at];
            match (answer, &mut case.verdict) {
                (Some(metric), Some(verdict)) => verdict.metrics.push(metric),
                (Some(time), verdict) if time.metric == "time" => {
                    let id = case.matched.case.id.clone();
                    *verdict = Some(CaseComparison { id, time, metrics: Vec::new() });
                }
                _ => {}
            }
        }
    }

    /// Launches that are still to come, at most.
    fn remaining(&self) -> u64 {
        let of = |case: &Running<'_>| match case.state {
            State::Open => u64::from(self.lock_step.looks.most()).saturating_sub(case.pairs.len() as u64),
            _ => 0,
        };
        self.cases.iter().map(of).sum()
    }

    /// What came out, and the pairs that it came from.
    fn outcome(self, old: &Side) -> (Comparison, Vec<DiffCase>) {
        let mut comparison = Comparison {
            baseline: old.name.clone(),
            cases: Vec::new(),
            unmatched: self.matching.unmatched.clone(),
            warnings: self.warnings,
        };
        let mut documents = Vec::new();
        for case in self.cases {
            let id = case.matched.case.id.clone();
            match (case.state, case.verdict) {
                (State::Failed(why), _) => comparison.unmatched.push(Unmatched { id, why }),
                (_, Some(verdict)) => comparison.cases.push(verdict),
                (_, None) => {
                    let plural = if case.pairs.len() == 1 { "" } else { "es" };
                    let reason =
                        format!("{} launch{plural} of each side tell nothing; give it more time", case.pairs.len());
                    comparison.unmatched.push(Unmatched { id, why: Absence::Skipped(reason) });
                }
            }
            let told = &self.matching.targets[case.matched.target].new.told;
            documents.push(DiffCase {
                id: case.matched.case.id.clone(),
                target: told.target.clone(),
                package: told.package.clone(),
                settings: case.matched.case.settings.iter().cloned().collect(),
                spent_ns: case.spent.as_nanos() as f64,
                pairs: case.pairs,
            });
        }
        (comparison, documents)
    }
}

impl Running<'_> {
    fn measure(&mut self, pair: &mut Pair<'_>, launch: u32, position: u32, random: &mut Rng) -> Result<(), NotTaken> {
        let begun = Instant::now();
        match pair.measure(self.matched, position, self.batching, random) {
            Ok(taken) => {
                self.batching = Some(taken.batching);
                self.pairs.extend(document(taken, launch));
            }
            Err(NotTaken::Failed(of, failure)) => self.state = State::Failed(of.absence(&failure)),
            Err(other) => return Err(other),
        }
        self.spent += begun.elapsed();
        Ok(())
    }
}
