//! Two workers that take turns.

use std::time::{Duration, Instant};

use fastrand::Rng;

use super::matching::Matched;
use super::turns::TurnPair;
use crate::compare::Absence;
use crate::config::Settings;
use crate::harness::HarnessError;
use crate::harness::executor::WorkerSetup;
use crate::harness::process::{NoReply, WorkerProcess};
use crate::harness::protocol::{Reply, Request, Turn};
use crate::measure::{Batching, Failure, FailureKind, Mode};
use crate::record::LaunchRecord;

/// A side of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Old,
    New,
}

impl Of {
    /// What becomes of a case that failed on this side.
    pub(super) fn absence(self, failure: &Failure) -> Absence {
        match (self, failure.kind) {
            (Self::New, FailureKind::Skipped) => Absence::Skipped(failure.to_string()),
            (Self::New, _) => Absence::Failed(failure.to_string()),
            (Self::Old, _) => Absence::NotMeasuredBefore(failure.to_string()),
        }
    }
}

/// A pair of workers: one launch of both sides.
pub(super) struct Pair<'a> {
    setups: &'a [WorkerSetup; 2],
    workers: [Option<WorkerProcess>; 2],
    launch: u32,
}

/// What a side took in a turn.
struct Taken {
    batching: Batching,
    samples_ns: Vec<f64>,
    total_ns: f64,
}

/// What a pair measured of a case.
pub(super) struct Launched {
    /// How iterations were batched, on both sides.
    pub(super) batching: Batching,
    pub(super) turns: Vec<TurnPair>,
    /// What each side measured besides.
    pub(super) old: Box<LaunchRecord>,
    pub(super) new: Box<LaunchRecord>,
}

/// Why a pair did not measure a case.
pub(super) enum NotTaken {
    /// It failed on one side.
    Failed(Of, Failure),
    /// The user interrupted.
    Interrupted,
    /// A worker cannot be started.
    Lost(HarnessError),
}

/// A sample's length, in nanoseconds, unless one iteration is longer.
const SAMPLE_NS: f64 = 100_000.0;
/// A turn's length, in nanoseconds, unless one sample is longer: well below the 3 ms or so that schedulers give
/// a process at a time, so that most turns are over before another process gets the core.
const TURN_NS: f64 = 800_000.0;
/// Samples in a turn, at most.
const SAMPLES: f64 = TURN_NS / SAMPLE_NS;
/// Pairs of turns in a launch, at most.
const PAIRS: usize = 40;
/// Time for the turns of a launch; the pair that is under way when it is over is finished.
const LAUNCH: Duration = Duration::from_millis(150);
/// Warming up, in each launch and on each side, at most.
const WARMUP: Duration = Duration::from_millis(20);
/// The first pair of turns, of one sample each, finds caches and predictors as a warm-up has left them: it only says how
/// many samples a turn holds.
const PROBING: usize = 1;

impl<'a> Pair<'a> {
    pub(super) fn new(setups: &'a [WorkerSetup; 2], launch: u32) -> Self {
        Self { setups, workers: [None, None], launch }
    }

    /// Starts both workers, if they do not run, in a random order.
    pub(super) fn start(&mut self, random: &mut Rng) -> Result<(), NotTaken> {
        for of in order(random) {
            if self.workers[of as usize].is_none() {
                match self.setups[of as usize].start(self.launch) {
                    Ok(Some((worker, _))) => self.workers[of as usize] = Some(worker),
                    Ok(None) => return Err(NotTaken::Interrupted),
                    Err(error) => return Err(NotTaken::Lost(error)),
                }
            }
        }
        Ok(())
    }

    /// Measures a case, batched as an earlier launch has settled it.
    pub(super) fn measure(
        &mut self,
        matched: &Matched,
        position: u32,
        batching: Option<Batching>,
        random: &mut Rng,
    ) -> Result<Launched, NotTaken> {
        self.start(random)?;
        let taken = self.take(matched, position, batching, random);
        if taken.is_err() {
            // One worker has failed, and the other waits for a turn: the next case gets sound ones.
            self.workers = [None, None];
        }
        taken
    }

    fn take(
        &mut self,
        matched: &Matched,
        position: u32,
        mut batching: Option<Batching>,
        random: &mut Rng,
    ) -> Result<Launched, NotTaken> {
        let timeout = timeout(matched);
        let settings = paced(&matched.case.settings);
        for of in order(random) {
            let turn = Turn { mode: Mode::Measure, position, batching, paced: true };
            let run = Request::Run { case: matched.case.id.clone(), turn, settings: settings.clone() };
            batching = Some(self.turn(of, &run, timeout)?.batching);
        }
        let batching = batching.unwrap_or(Batching { iterations: 1, at_once: 1 });
        let turns = self.take_turns(timeout, random)?;
        let [old, new] = [Of::Old, Of::New].map(|of| self.finish(of, timeout));
        Ok(Launched { batching, turns, old: old?, new: new? })
    }

    /// Lets the two take turns until the time is over.
    fn take_turns(&mut self, timeout: Duration, random: &mut Rng) -> Result<Vec<TurnPair>, NotTaken> {
        let begun = Instant::now();
        let mut samples = 1;
        let mut turns: Vec<TurnPair> = Vec::new();
        while turns.len() < PROBING + PAIRS && (turns.is_empty() || begun.elapsed() < LAUNCH) {
            let mut pair = TurnPair::default();
            let mut total_ns = f64::INFINITY;
            for of in order(random) {
                let taken = self.turn(of, &Request::Turn { samples }, timeout)?;
                // The shorter of the two: a process that was switched away from took longer.
                total_ns = total_ns.min(taken.total_ns);
                match of {
                    Of::Old => pair.old = taken.samples_ns,
                    Of::New => pair.new = taken.samples_ns,
                }
            }
            if turns.is_empty() {
                samples = (TURN_NS / total_ns).clamp(1.0, SAMPLES) as u32;
            }
            turns.push(pair);
        }
        // Where one iteration takes all of the time, the probe is all that there is.
        let probing = PROBING.min(turns.len() - 1);
        Ok(turns.split_off(probing))
    }

    /// Asks a side for a turn.
    fn turn(&mut self, of: Of, request: &Request, timeout: Duration) -> Result<Taken, NotTaken> {
        match self.ask(of, request, timeout)? {
            Reply::Turn { batching, samples_ns, total_ns } => Ok(Taken { batching, samples_ns, total_ns }),
            Reply::Failed(failure) => Err(NotTaken::Failed(of, failure)),
            _ => Err(NotTaken::Failed(of, Failure::misused("the worker answered what it was not asked"))),
        }
    }

    fn finish(&mut self, of: Of, timeout: Duration) -> Result<Box<LaunchRecord>, NotTaken> {
        match self.ask(of, &Request::Finish, timeout)? {
            Reply::Measured(record) => Ok(record),
            Reply::Failed(failure) => Err(NotTaken::Failed(of, failure)),
            _ => Err(NotTaken::Failed(of, Failure::misused("the worker answered what it was not asked"))),
        }
    }

    fn ask(&mut self, of: Of, request: &Request, timeout: Duration) -> Result<Reply, NotTaken> {
        let Some(worker) = &mut self.workers[of as usize] else {
            return Err(NotTaken::Failed(of, Failure::misused("its worker was not started")));
        };
        worker.ask(request, timeout).map_err(|reply| match reply {
            NoReply::Failed(failure) => NotTaken::Failed(of, failure),
            NoReply::Interrupted => NotTaken::Interrupted,
        })
    }
}

fn order(random: &mut Rng) -> [Of; 2] {
    if random.bool() { [Of::Old, Of::New] } else { [Of::New, Of::Old] }
}

/// The settings of a case for measuring at a pace: lengths of samples and warm-up are lock-step's own.
fn paced(settings: &[(String, String)]) -> Vec<(String, String)> {
    const SAMPLES: u32 = 100;
    let time = SAMPLE_NS * f64::from(SAMPLES);
    let own = [
        ("launches", "1".to_owned()),
        ("samples", SAMPLES.to_string()),
        ("time", format!("{}ns", time as u64)),
        ("warmup", format!("{}ms", WARMUP.as_millis())),
        ("iterations", "auto".to_owned()),
    ];
    let kept = settings.iter().filter(|(key, _)| own.iter().all(|(other, _)| other != key)).cloned();
    kept.chain(own.iter().map(|(key, text)| ((*key).to_owned(), text.clone()))).collect()
}

fn timeout(matched: &Matched) -> Duration {
    let mut settings = Settings::default();
    for (key, text) in matched.case.settings.iter().filter(|(key, _)| key == "timeout") {
        // A text that cannot be read leaves the default; the worker complains of it.
        let _ = settings.set(key, text);
    }
    settings.timeout
}
