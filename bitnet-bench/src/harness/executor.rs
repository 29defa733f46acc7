//! Where cases are run: in workers, a new one for each launch and after each failure, or in this
//! process.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use super::HarnessError;
use super::process::{NoReply, WorkerCommand, WorkerProcess};
use super::protocol::{Reply, Request, Turn};
use super::surroundings;
use super::worker::{launch_record, run_case};
use crate::config::Settings;
use crate::host::Stated;
use crate::measure::pinning::{self, Affinity};
use crate::measure::{Failure, FailureKind, Store};
use crate::record::LaunchRecord;
use crate::registry::Case;

/// What running a case came to.
pub(super) enum Ran {
    /// It was tested.
    Tested,
    /// It was measured.
    Measured(Box<LaunchRecord>),
    /// It failed.
    Failed(Failure),
    /// The user interrupted the run.
    Interrupted,
}

/// Runs cases.
pub(super) trait Executor {
    /// Begins a launch.
    fn begin(&mut self, launch: u32);

    /// Runs a case.
    ///
    /// # Errors
    /// If there is nothing that cases could be run in.
    fn run(&mut self, case: &Case, settings: &Settings, turn: Turn) -> Result<Ran, HarnessError>;

    /// The shared libraries that cases were measured with so far, or why they are not known.
    fn libraries(&self) -> Result<BTreeSet<String>, String>;
}

/// What every worker is told.
#[derive(Clone, Debug)]
pub(super) struct WorkerSetup {
    pub(super) command: WorkerCommand,
    pub(super) cores: Result<Vec<usize>, String>,
    pub(super) memory_limit: Option<u64>,
    pub(super) counters: bool,
    /// The configuration file, which axes may read.
    pub(super) config: Option<PathBuf>,
    /// The flags of the bench target's own.
    pub(super) flags: Vec<(String, String)>,
}

/// Runs cases in workers.
pub(super) struct Workers {
    setup: WorkerSetup,
    launch: u32,
    worker: Option<WorkerProcess>,
    libraries: Result<BTreeSet<String>, String>,
}

/// How long a worker may take to come up: it may come up in an emulator, or on another machine.
const START: Duration = Duration::from_secs(60);

/// What is wrong with a worker that says something else.
const ANOTHER_ANSWER: &str = "it answered what it was not asked";

impl Workers {
    pub(super) fn new(setup: WorkerSetup) -> Self {
        Self { setup, launch: 0, worker: None, libraries: Ok(BTreeSet::new()) }
    }

    /// The worker; a new one if there is none.
    fn worker(&mut self) -> Result<Option<&mut WorkerProcess>, HarnessError> {
        if self.worker.is_none() {
            match self.start()? {
                Some(worker) => self.worker = Some(worker),
                None => return Ok(None),
            }
        }
        Ok(self.worker.as_mut())
    }

    /// Starts a worker of the parent's own version. `None` if the run was interrupted meanwhile.
    fn start(&self) -> Result<Option<WorkerProcess>, HarnessError> {
        let Some((worker, version)) = self.setup.start(self.launch)? else { return Ok(None) };
        if version != env!("CARGO_PKG_VERSION") {
            let this = env!("CARGO_PKG_VERSION");
            return Err(self.setup.failed(format!("it was built with bitnet-bench {version}, and this is {this}")));
        }
        Ok(Some(worker))
    }
}

impl WorkerSetup {
    /// Starts a worker and tells it who it is. Gives back its version as well; `None` if the run was
    /// interrupted meanwhile.
    ///
    /// # Errors
    /// If it does not come up.
    pub(super) fn start(&self, launch: u32) -> Result<Option<(WorkerProcess, String)>, HarnessError> {
        let mut worker = WorkerProcess::start(&self.command).map_err(|error| self.failed(error.to_string()))?;
        let begin = Request::Begin {
            launch,
            cores: self.cores.clone().unwrap_or_default(),
            unpinned: self.cores.clone().err(),
            memory_limit: self.memory_limit,
            counters: self.counters,
            config: self.config.clone(),
            flags: self.flags.clone(),
        };
        match worker.ask(&begin, START) {
            Ok(Reply::Ready { version }) => Ok(Some((worker, version))),
            Ok(Reply::Failed(failure)) => Err(self.failed(failure.to_string())),
            Ok(_) => Err(self.failed(ANOTHER_ANSWER.to_owned())),
            Err(NoReply::Interrupted) => Ok(None),
            Err(NoReply::Failed(failure)) => Err(self.failed(format!("{failure}\n{}", failure.output))),
        }
    }

    fn failed(&self, reason: String) -> HarnessError {
        HarnessError::Worker { command: self.command.text(), reason }
    }
}

impl Workers {
    /// Takes note of the libraries that the worker has loaded by now: some are loaded by what was just measured.
    fn ask_for_libraries(&mut self) {
        let (Some(worker), Ok(known)) = (self.worker.as_mut(), self.libraries.as_mut()) else { return };
        match worker.ask(&Request::Libraries, START) {
            Ok(Reply::Libraries(Ok(loaded))) => known.extend(loaded),
            Ok(Reply::Libraries(Err(reason))) => self.libraries = Err(reason),
            // A worker that does not answer is of no further use.
            _ => {
                self.libraries = Err("a worker did not tell which shared libraries it has loaded".to_owned());
                self.worker = None;
            }
        }
    }
}

impl Executor for Workers {
    fn begin(&mut self, launch: u32) {
        self.worker = None;
        self.launch = launch;
    }

    fn run(&mut self, case: &Case, settings: &Settings, turn: Turn) -> Result<Ran, HarnessError> {
        let Some(worker) = self.worker()? else { return Ok(Ran::Interrupted) };
        let texts = settings.to_texts().into_iter().map(|(key, text)| (key.to_owned(), text));
        let request = Request::Run { case: case.id().to_owned(), turn, settings: texts.collect() };
        let ran = match worker.ask(&request, settings.timeout) {
            Ok(Reply::Measured(launch)) => Ran::Measured(launch),
            Ok(Reply::Tested) => Ran::Tested,
            Ok(Reply::Failed(failure)) => Ran::Failed(failure),
            Ok(Reply::Ready { .. } | Reply::Turn { .. } | Reply::Libraries(_)) => {
                Ran::Failed(Failure::misused(ANOTHER_ANSWER))
            }
            Err(NoReply::Failed(failure)) => Ran::Failed(failure),
            Err(NoReply::Interrupted) => Ran::Interrupted,
        };
        let failed = |ran: &Ran| matches!(ran, Ran::Failed(failure) if failure.kind != FailureKind::Skipped);
        if failed(&ran) || matches!(ran, Ran::Interrupted) {
            // What failed may have left the process in any state; the next case gets a sound one.
            self.worker = None;
        }
        if matches!(ran, Ran::Measured(_)) {
            self.ask_for_libraries();
        }
        Ok(ran)
    }

    fn libraries(&self) -> Result<BTreeSet<String>, String> {
        self.libraries.clone()
    }
}

/// Runs cases in this process.
pub(super) struct InProcess {
    store: Store,
    cores: Vec<usize>,
    core: Stated<usize>,
    counters: bool,
    launch: u32,
    /// Where the thread might run before it was pinned.
    before: Option<Affinity>,
}

impl Drop for InProcess {
    /// Lets the program's thread run where it might before.
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // A thread that stays pinned is slower at worst.
            let _ = before.restore();
        }
    }
}

impl InProcess {
    pub(super) fn new(cores: Result<Vec<usize>, String>, counters: bool) -> Self {
        let before = Affinity::current().ok();
        let (cores, core) = match cores {
            Ok(cores) => {
                let core = match cores.first() {
                    Some(&core) => pinning::pin(core).map_or_else(Stated::Unknown, |()| Stated::Known(core)),
                    None => Stated::unknown("no core was chosen"),
                };
                (cores, core)
            }
            Err(reason) => (Vec::new(), Stated::Unknown(reason)),
        };
        Self { store: Store::default(), cores, core, counters, launch: 0, before }
    }
}

impl Executor for InProcess {
    fn begin(&mut self, launch: u32) {
        self.launch = launch;
    }

    fn run(&mut self, case: &Case, settings: &Settings, turn: Turn) -> Result<Ran, HarnessError> {
        if super::interrupt::requested() {
            return Ok(Ran::Interrupted);
        }
        let ran = run_case(case, settings, turn, None, &self.cores, self.counters, &self.store);
        Ok(match ran {
            Ok(Some(samples)) => {
                Ran::Measured(Box::new(launch_record(case, samples, self.launch, turn.position, self.core.clone())))
            }
            Ok(None) => Ran::Tested,
            Err(failure) => Ran::Failed(failure),
        })
    }

    fn libraries(&self) -> Result<BTreeSet<String>, String> {
        surroundings::libraries().map(|libraries| libraries.into_iter().collect())
    }
}
