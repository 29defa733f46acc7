//! The worker: a process that runs the cases it is asked to run, and answers with raw samples.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::channels;
use super::layout;
use super::protocol::{NEXT_CASE, Reply, Request, Turn};
use super::surroundings;
use super::talk::Talk;
use crate::config::{self, Config, Settings, Sources};
use crate::device::Device;
use crate::host::Stated;
use crate::measure::{Amount, Clock, Failure, Job, Pace, Samples, Store, pinning};
use crate::record::LaunchRecord;
use crate::registry::{Case, Definition, Registry};

/// What the worker was told of itself, and what its cases share.
struct Worker {
    definitions: Vec<Definition>,
    annotated: bool,
    registry: Option<Registry>,
    store: Store,
    launch: u32,
    cores: Vec<usize>,
    core: Stated<usize>,
    counters: bool,
}

/// Serves the parent until it has no more requests.
/// `definitions` are those of the program itself; `annotated` tells whether what the attributes submitted
/// is part of the run.
pub(super) fn serve(definitions: Vec<Definition>, annotated: bool) -> ExitCode {
    layout::shuffle_heap();
    let Ok((input, output)) = channels::take_over() else {
        eprintln!("bitnet-bench: a worker could not take over its channels");
        return ExitCode::FAILURE;
    };
    let talk = Talk::over(input, output);
    let mut worker = Worker::new(definitions, annotated);
    while let Some(request) = talk.next() {
        let reply = request.map_or_else(Reply::Failed, |request| worker.answer(request, &talk));
        if talk.send(&reply).is_err() {
            // The parent is gone: nobody waits for an answer.
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

impl Worker {
    fn new(definitions: Vec<Definition>, annotated: bool) -> Self {
        Self {
            definitions,
            annotated,
            registry: None,
            store: Store::default(),
            launch: 0,
            cores: Vec::new(),
            core: Stated::unknown("the worker was not told of a core"),
            counters: false,
        }
    }

    fn answer(&mut self, request: Request, talk: &Talk) -> Reply {
        match request {
            Request::Begin { launch, cores, unpinned, memory_limit, counters, config, flags } => {
                config::install_flags(flags);
                if let Err(failure) = self.collect(config) {
                    return Reply::Failed(failure);
                }
                self.launch = launch;
                self.core = pin(&cores, unpinned);
                self.cores = cores;
                self.counters = counters;
                if let Some(bytes) = memory_limit {
                    channels::limit_memory(bytes);
                }
                Reply::Ready { version: env!("CARGO_PKG_VERSION").to_owned() }
            }
            Request::Libraries => Reply::Libraries(surroundings::libraries()),
            Request::Run { case, turn, settings } => {
                // What the case before has printed, and not yet ended with a line feed, ends here.
                let _ = std::io::stdout().flush();
                eprintln!("\n{NEXT_CASE}");
                self.reply(&case, turn, &settings, talk)
            }
            Request::Turn { .. } | Request::Finish => {
                Reply::Failed(Failure::misused("no case is run at the parent's pace"))
            }
        }
    }

    fn reply(&self, case: &str, turn: Turn, settings: &[(String, String)], talk: &Talk) -> Reply {
        match self.run(case, turn, settings, talk) {
            Ok(Some(launch)) => Reply::Measured(Box::new(launch)),
            Ok(None) => Reply::Tested,
            Err(failure) => Reply::Failed(failure),
        }
    }

    /// Collects the benchmarks, whose axes may read the configuration file.
    fn collect(&mut self, file: Option<PathBuf>) -> Result<(), Failure> {
        if let Some(file) = file {
            let config = Config::load(Sources::new(PathBuf::new()).file(file)).map_err(Failure::misused)?;
            config::install(&config);
        }
        let definitions = std::mem::take(&mut self.definitions);
        let registry = if self.annotated { Registry::with(definitions) } else { Registry::of(definitions) };
        self.registry = Some(registry.map_err(Failure::misused)?);
        Ok(())
    }

    fn run(
        &self,
        id: &str,
        turn: Turn,
        texts: &[(String, String)],
        talk: &Talk,
    ) -> Result<Option<LaunchRecord>, Failure> {
        let case = self.registry.as_ref().and_then(|registry| registry.find(id)).ok_or_else(|| {
            Failure::misused("the worker does not have this case: the axes must list the same values in every process")
        })?;
        let mut settings = Settings::default();
        for (key, text) in texts {
            settings.set(key, text).map_err(Failure::misused)?;
        }
        let pace = turn.paced.then_some(talk as &dyn Pace);
        let samples = run_case(case, &settings, turn, pace, &self.cores, self.counters, &self.store)?;
        Ok(samples.map(|samples| launch_record(case, samples, self.launch, turn.position, self.core.clone())))
    }
}

fn pin(cores: &[usize], unpinned: Option<String>) -> Stated<usize> {
    match (cores.first(), unpinned) {
        (Some(&core), _) => match pinning::pin(core) {
            Ok(()) => Stated::Known(core),
            Err(reason) => Stated::Unknown(reason),
        },
        (None, reason) => Stated::Unknown(reason.unwrap_or_else(|| "no core was chosen".to_owned())),
    }
}

/// Runs a case in this process.
pub(super) fn run_case(
    case: &Case,
    settings: &Settings,
    turn: Turn,
    pace: Option<&dyn Pace>,
    cores: &[usize],
    counters: bool,
    store: &Store,
) -> Result<Option<Samples>, Failure> {
    let device = Device::find(case.device()).map_err(|missing| Failure::misused(missing.reason))?;
    let job = Job {
        mode: turn.mode,
        settings,
        batching: turn.batching,
        pace,
        device: &device,
        threads: case.threads(),
        cores,
        counters,
        store,
    };
    job.run(&|bencher| case.run(bencher))
}

/// What the record keeps of a launch's samples.
pub(super) fn launch_record(
    case: &Case,
    samples: Samples,
    launch: u32,
    position: u32,
    core: Stated<usize>,
) -> LaunchRecord {
    let declared = case.amounts();
    // What the bencher was told last counts: it knows the inputs.
    let amounts = declared.chain(samples.amounts);
    LaunchRecord {
        launch,
        position,
        core,
        clock: Clock::get().describe(),
        iterations: samples.iterations,
        held: samples.held,
        samples_ns: samples.samples_ns.iter().map(|sample| round(*sample)).collect(),
        warmup_ns: samples.warmup.as_nanos() as f64,
        warmed_up: samples.warmed_up,
        amounts: amounts.map(|(amount, of): (Amount, f64)| (amount.name().to_owned(), of)).collect(),
        metrics: samples.metrics,
        counters: samples.counters,
        allocations: samples.allocations,
        steal: samples.disturbance.steal,
        involuntary_switches: samples.disturbance.involuntary_switches,
        core_hz: rounded(samples.core_hz),
        wall_ns: None,
    }
}

/// Rounds to kilohertz, which is finer than it can be measured.
fn rounded(hertz: Stated<f64>) -> Stated<f64> {
    match hertz {
        Stated::Known(hertz) => Stated::Known((hertz / 1e3).round() * 1e3),
        unknown => unknown,
    }
}

/// Rounds to hundredths of a nanosecond: finer than any clock, and half the digits in the record.
fn round(nanoseconds: f64) -> f64 {
    (nanoseconds * 100.0).round() / 100.0
}
