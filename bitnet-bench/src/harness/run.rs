//! One run from the command line: configuration → plan → samples → record → report.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use super::args::{Arguments, Task, WORKER_FLAG};
use super::executor::{Executor, InProcess, WorkerSetup, Workers};
use super::gate::Baseline;
use super::identity::{self, Target};
use super::incremental::{self, Now, Since};
use super::measuring::measure;
use super::output::{self, Look};
use super::plan::{Plan, Planned};
use super::process::WorkerCommand;
use super::program::Program;
use super::progress::Progress;
use super::recording::{case_record, configuration};
use super::suite::Run;
use super::{
    CASE_FAILED, GATE_VIOLATED, HarnessError, describing, flags, interrupt, listing, named, resuming, sharding,
    siblings, surroundings, testing,
};
use crate::compare::Comparison;
use crate::config::{self, Config, Format, MemoryLimit, Options, Pin, Sources};
use crate::host::{self, Host, Stated};
use crate::measure::pinning;
use crate::record::{Journal, JournalStart, Outcome, Record, RunInfo, SCHEMA_VERSION, Shard, Store, Surroundings};
use crate::registry::{Case, Registry, Selection, SelectionError};

/// Does what the command line asks for.
///
/// # Errors
/// If it cannot be done; see [`HarnessError`].
pub(super) fn from_command_line(program: Program, arguments: &Arguments) -> Result<ExitCode, HarnessError> {
    let text = match arguments.task {
        Task::Help => Some(flags::help(program.flags)),
        Task::Version => Some(format!("bitnet-bench {}\n", env!("CARGO_PKG_VERSION"))),
        _ => None,
    };
    if let Some(text) = text {
        output::print(&text).map_err(HarnessError::Stdout)?;
        return Ok(ExitCode::SUCCESS);
    }
    let config = load(arguments)?;
    config::install(&config);
    config::install_flags(arguments.own.clone());
    for warning in config.warnings() {
        eprintln!("warning: {warning}");
    }
    if arguments.task == Task::ShowConfig {
        let shown = config.show()?;
        output::print(&format!("{}{}", config::render(&shown), config.gate())).map_err(HarnessError::Stdout)?;
        return Ok(ExitCode::SUCCESS);
    }
    let registry = Registry::collect()?;
    let store = store(config.options());
    let chosen = match arguments.selection.choose(registry.cases()) {
        // `cargo test NAME` hands the name to every target, of which most do not have it.
        Err(SelectionError::Nothing { .. }) if matches!(arguments.task, Task::Test | Task::Describe) => Vec::new(),
        // `cargo bench -- NAME` does as well, and would stop at the first that does not have it.
        Err(nothing @ SelectionError::Nothing { .. }) if siblings::are_there() => {
            eprintln!("{}: {nothing}", program.target.name);
            return Ok(ExitCode::SUCCESS);
        }
        chosen => chosen?,
    };
    let (chosen, shard) = match arguments.shard {
        Some(number) => {
            let by = arguments.shard_by.as_ref();
            let by = by.map(|run| named::named("shard-by", run, program.target.name, &store)).transpose()?;
            let (part, shard) = sharding::part(chosen, number, by.as_ref(), &arguments.selection, &config)?;
            (part, Some(shard))
        }
        None => (chosen, None),
    };
    match arguments.task {
        Task::List { terse } => {
            let list = listing::render(&chosen, &arguments.selection, terse);
            output::print(&list).map_err(HarnessError::Stdout)?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Describe => {
            let line = describing::describe(program.target, chosen, &arguments.selection, &config)?;
            output::print(&line).map_err(HarnessError::Stdout)?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Test => test(chosen, arguments, &config),
        _ => bench(program, Chosen { cases: chosen, shard }, registry.cases(), &store, arguments, &config),
    }
}

fn load(arguments: &Arguments) -> Result<Config, HarnessError> {
    let mut sources = Sources::new(std::env::current_dir().unwrap_or_default()).environment(std::env::vars_os());
    if let Some(path) = &arguments.config {
        sources = sources.file(path);
    }
    for (key, text, flag) in &arguments.values {
        sources = sources.command_line(flag, key, text);
    }
    Ok(Config::load(sources)?)
}

/// The cases that a run is of, and which part of a split run they are.
pub(super) struct Chosen {
    pub(super) cases: Vec<Case>,
    pub(super) shard: Option<Shard>,
}

fn test(chosen: Vec<Case>, arguments: &Arguments, config: &Config) -> Result<ExitCode, HarnessError> {
    let plan = Plan::new(chosen, &arguments.selection, config)?;
    let mut executor = executor(&plan, config, harness_command(config.options()));
    let tested = testing::test(&plan, &mut *executor)?;
    Ok(match tested {
        _ if tested.interrupted => ExitCode::from(interrupt::EXIT_CODE),
        _ if tested.failed > 0 => ExitCode::from(CASE_FAILED),
        _ => ExitCode::SUCCESS,
    })
}

fn bench(
    program: Program,
    chosen: Chosen,
    registered: &[Case],
    store: &Store,
    arguments: &Arguments,
    config: &Config,
) -> Result<ExitCode, HarnessError> {
    let target = program.target;
    check_pins(config.options())?;
    if let Some(name) = &arguments.save_baseline {
        Store::check_name(name)?;
    }
    let baseline = Baseline::asked(arguments, config, store, target.name, registered)?;
    if let Some(path) = &arguments.output {
        output::probe(path)?;
    }
    let request = Request {
        target,
        selection: &arguments.selection,
        config,
        resume: arguments.resume,
        since: arguments.since.clone(),
        quiet: arguments.quiet,
        worker: harness_command(config.options()),
    };
    let record = request.run(chosen, store)?;
    // The results are shown even where they cannot be kept.
    let saved = store.save(&record);
    match &arguments.save_baseline {
        Some(name) if record.run.interrupted => {
            eprintln!("the baseline `{name}` is left as it was: this run is not whole")
        }
        Some(name) if saved.is_ok() => drop(store.save_baseline(name, &record)?),
        _ => {}
    }
    let comparison = baseline.as_ref().map(|baseline| baseline.compare(&record)).transpose()?;
    report(&record, comparison.as_ref(), arguments, config.options(), saved.as_deref().ok())?;
    let mut code = exit_code(&record);
    let interrupted = record.run.interrupted;
    let run = Run::new(record, saved?);
    if let (Some(summary), Format::Terminal | Format::Markdown) = (program.summary, config.options().format) {
        output::print(&format!("\n{}", summary(&run))).map_err(HarnessError::Stdout)?;
    }
    if let (Some(baseline), Some(comparison), false) = (&baseline, &comparison, interrupted) {
        let look = Look::of(config.options().color, arguments.verbose);
        if baseline.hold(comparison, config.options().format, look)? {
            code = ExitCode::from(GATE_VIOLATED);
        }
    }
    Ok(code)
}

/// Prints the results, or writes them to a file and prints the table.
fn report(
    record: &Record,
    comparison: Option<&Comparison>,
    arguments: &Arguments,
    options: &Options,
    saved: Option<&Path>,
) -> Result<(), HarnessError> {
    let look = Look::of(options.color, arguments.verbose);
    let render = |format| output::render(record, comparison, format, look, saved);
    let printed = match &arguments.output {
        Some(path) => {
            output::write(path, &render(options.format)?)?;
            render(Format::Terminal)?
        }
        None => render(options.format)?,
    };
    output::print(&printed).map_err(HarnessError::Stdout)
}

fn exit_code(record: &Record) -> ExitCode {
    if record.run.interrupted {
        ExitCode::from(interrupt::EXIT_CODE)
    } else if record.cases.iter().any(|case| matches!(case.outcome, Outcome::Failed { .. })) {
        ExitCode::from(CASE_FAILED)
    } else {
        ExitCode::SUCCESS
    }
}

/// The store that the options name.
pub(super) fn store(options: &Options) -> Store {
    Store::at(options.home.clone().unwrap_or_else(Store::default_home))
}

/// How `main!`'s executable starts itself as a worker.
fn harness_command(options: &Options) -> WorkerCommand {
    WorkerCommand {
        words: words(options, [WORKER_FLAG.into()]),
        variable: None,
        folder: None,
        nocapture: options.nocapture,
    }
}

/// The runner's words, this executable, and its arguments.
pub(super) fn words(options: &Options, arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let executable =
        std::env::current_exe().map_or_else(|_| std::env::args_os().next().unwrap_or_default(), Into::into);
    let runner = options.runner.iter().map(OsString::from);
    runner.chain([executable]).chain(arguments).collect()
}

/// What runs the plan's cases, as the options say.
pub(super) fn executor(plan: &Plan, config: &Config, worker: WorkerCommand) -> Box<dyn Executor> {
    let options = config.options();
    let used = |planned: &Planned| planned.case.threads() * planned.settings.cores as usize;
    let threads = plan.cases.iter().map(used).max().unwrap_or(1);
    let cores = cores(options, threads);
    if options.in_process {
        return Box::new(InProcess::new(cores, options.counters));
    }
    let memory_limit = memory_limit(options);
    Box::new(Workers::new(WorkerSetup {
        command: worker,
        cores,
        memory_limit,
        counters: options.counters,
        config: config.file().map(ToOwned::to_owned),
        flags: config::flags(),
    }))
}

/// The bytes that workers may hold, at most.
pub(super) fn memory_limit(options: &Options) -> Option<u64> {
    match options.memory_limit {
        MemoryLimit::Off => None,
        MemoryLimit::Bytes(bytes) => Some(bytes),
        // A runner's worker may be on another machine, or in a tool that needs memory of its own.
        MemoryLimit::Auto if !options.runner.is_empty() => None,
        MemoryLimit::Auto => host::memory_available().map(|bytes| bytes / 5 * 4),
    }
}

/// The cores of the measuring threads, or why there are none.
pub(super) fn cores(options: &Options, threads: usize) -> Result<Vec<usize>, String> {
    match &options.pin {
        Pin::Off => Err("pinning is off".to_owned()),
        Pin::Cores(cores) => Ok(cores.clone()),
        Pin::Auto if !options.runner.is_empty() => Err("a runner starts the workers, and places them".to_owned()),
        Pin::Auto => match pinning::choose(threads) {
            cores if cores.is_empty() => Err("the system does not tell which cores may be used".to_owned()),
            cores => Ok(cores),
        },
    }
}

/// Sees to it that the cores which were asked for can be had.
fn check_pins(options: &Options) -> Result<(), HarnessError> {
    let Pin::Cores(asked) = &options.pin else { return Ok(()) };
    let mut available = pinning::choose(usize::MAX);
    available.sort_unstable();
    // Where the system does not tell, pinning is tried, and the record says what came of it.
    match asked.iter().find(|core| !available.is_empty() && !available.contains(core)) {
        Some(&core) => Err(HarnessError::Pin { core, available }),
        None => Ok(()),
    }
}

/// A run that is to be made.
pub(super) struct Request<'a> {
    pub(super) target: Target,
    pub(super) selection: &'a Selection,
    pub(super) config: &'a Config,
    pub(super) resume: bool,
    pub(super) since: Option<Since>,
    pub(super) quiet: bool,
    pub(super) worker: WorkerCommand,
}

impl Request<'_> {
    /// Makes the run.
    ///
    /// # Errors
    /// If it cannot be begun, gone on with or kept on disk.
    pub(super) fn run(&self, chosen: Chosen, store: &Store) -> Result<Record, HarnessError> {
        let (begun, started) = (Instant::now(), SystemTime::now());
        let options = self.config.options();
        let Chosen { cases, shard } = chosen;
        let mut plan = Plan::new(cases, self.selection, self.config)?;
        if options.in_process {
            plan.in_one_launch();
        }
        let findings = host::findings();
        let host = Host::describe();
        let configuration = configuration(self.config)?;
        let around = surroundings::around();
        let start = self.start(&plan, started, shard);
        let base = self.base(&plan, store)?;
        let (mut journal, start) = self.open_journal(&mut plan, store, start)?;
        if let Some(base) = &base {
            let now = Now {
                executable: &start.executable,
                host: &host,
                runner: &options.runner,
                configuration: &configuration,
                surroundings: &around,
            };
            eprintln!("{}", incremental::carry(&mut plan, &now, base));
        }
        let progress = Progress::new(plan.remaining(), self.quiet);
        let mut executor = executor(&plan, self.config, self.worker.clone());
        let measured = measure(&mut plan, &mut *executor, &mut journal, start.shuffle_seed, &progress);
        let libraries = self.libraries(&*executor, base.as_ref().filter(|_| plan.has_carried()));
        // The analysis asks how many cores there are: no longer only the one that was pinned to.
        drop(executor);
        progress.finish();
        let interrupted = match measured {
            Ok(interrupted) => interrupted,
            Err(error) => {
                if plan.is_untouched() {
                    journal.remove();
                }
                return Err(error);
            }
        };

        let run = RunInfo {
            id: start.run,
            target: self.target.name.to_owned(),
            package: Some(self.target.package.to_owned()).filter(|package| !package.is_empty()),
            harness_version: env!("CARGO_PKG_VERSION").to_owned(),
            started_at: identity::timestamp(started),
            duration_ns: begun.elapsed().as_nanos() as f64,
            arguments: std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect(),
            shuffle_seed: start.shuffle_seed,
            in_process: options.in_process,
            runner: options.runner.clone(),
            executable: start.executable,
            interrupted,
            resumed: self.resume,
            imported: None,
            shard: start.shard,
            parts: Vec::new(),
            surroundings: Some(Surroundings { libraries, ..around }),
        };
        let record = Record {
            schema_version: SCHEMA_VERSION,
            run,
            host,
            toolchain: identity::toolchain(),
            git: identity::git(),
            findings,
            configuration,
            cases: plan.cases.into_iter().map(|planned| case_record(planned, interrupted)).collect(),
        };
        if interrupted {
            eprintln!("interrupted; `--resume` goes on where it stopped");
        } else {
            journal.remove();
        }
        Ok(record)
    }

    fn start(&self, plan: &Plan, started: SystemTime, shard: Option<Shard>) -> JournalStart {
        let executable = std::env::current_exe().unwrap_or_default();
        let texts = |planned: &Planned| {
            let texts = planned.settings.to_texts().into_iter().map(|(key, text)| (key.to_owned(), text));
            (planned.case.id().to_owned(), texts.collect())
        };
        JournalStart {
            run: identity::run_id(started, self.target.name, shard.as_ref()),
            target: self.target.name.to_owned(),
            executable: identity::executable_hash(&executable),
            shuffle_seed: self.config.options().shuffle_seed.unwrap_or_else(|| fastrand::u64(..)),
            cases: plan.cases.iter().map(texts).collect(),
            shard,
        }
    }

    /// The run whose figures are carried over where nothing changed.
    fn base(&self, plan: &Plan, store: &Store) -> Result<Option<Record>, HarnessError> {
        let target = self.target.name;
        let base = match &self.since {
            None => return Ok(None),
            Some(Since::Run(name)) => Some(named::named("incremental-since", name, target, store)?),
            Some(Since::Last) => incremental::last(store, target, plan),
        };
        if base.is_none() {
            eprintln!("incremental: everything is measured, since there is no whole run of `{target}` yet");
        }
        Ok(base)
    }

    /// The shared libraries that the figures depend on; `base` is the run that some were carried over from.
    fn libraries(&self, executor: &dyn Executor, base: Option<&Record>) -> Stated<BTreeMap<String, String>> {
        if self.resume {
            return Stated::unknown("the run that was interrupted did not write them down");
        }
        let then = base.and_then(|base| base.run.surroundings.as_ref()?.libraries.known()).into_iter().flatten();
        let used = executor.libraries().map(|loaded| loaded.into_iter().chain(then.map(|(file, _)| file.clone())));
        let hashed = used.and_then(|files| surroundings::hashed(&files.collect::<BTreeSet<String>>()));
        hashed.map_or_else(Stated::Unknown, Stated::Known)
    }

    /// Begins the journal of this run, or opens that of the run to resume and takes over what it
    /// measured.
    fn open_journal(
        &self,
        plan: &mut Plan,
        store: &Store,
        start: JournalStart,
    ) -> Result<(Journal, JournalStart), HarnessError> {
        let folder = store.partial();
        let failed = |source| HarnessError::Journal { path: folder.clone(), source };
        if !self.resume {
            return Ok((Journal::begin(&folder, &start).map_err(failed)?, start));
        }
        let resumable = resuming::find(&folder, self.target.name, &start)?;
        resuming::restore(plan, &resumable.lines);
        Ok((Journal::go_on(&resumable).map_err(failed)?, resumable.start))
    }
}
