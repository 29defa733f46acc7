//! One run from the command line: configuration → plan → samples → record → report.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Instant, SystemTime};

use super::args::{Arguments, Task, WORKER_FLAG};
use super::executor::{Executor, InProcess, WorkerSetup, Workers};
use super::gate::Baseline;
use super::identity::{self, Target};
use super::measuring::measure;
use super::output::{self, Look};
use super::plan::{Plan, Planned, State};
use super::process::WorkerCommand;
use super::program::Program;
use super::progress::Progress;
use super::suite::Run;
use super::{CASE_FAILED, GATE_VIOLATED, HarnessError, flags, interrupt, listing, resuming, siblings, testing};
use crate::compare::Comparison;
use crate::config::{self, Config, Format, MemoryLimit, Options, Pin, Sources};
use crate::host::{self, Host};
use crate::measure::pinning;
use crate::record::{
    AxisLabel, CaseRecord, Configured, Journal, JournalStart, Outcome, Record, RunInfo, SCHEMA_VERSION, Store, analyse,
};
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
        output::print(&config::render(&shown)).map_err(HarnessError::Stdout)?;
        return Ok(ExitCode::SUCCESS);
    }
    let registry = Registry::collect()?;
    let chosen = match arguments.selection.choose(registry.cases()) {
        // `cargo test NAME` hands the name to every target, of which most do not have it.
        Err(SelectionError::Nothing { .. }) if arguments.task == Task::Test => Vec::new(),
        // `cargo bench -- NAME` does as well, and would stop at the first that does not have it.
        Err(nothing @ SelectionError::Nothing { .. }) if siblings::are_there() => {
            eprintln!("{}: {nothing}", program.target.name);
            return Ok(ExitCode::SUCCESS);
        }
        chosen => chosen?,
    };
    match arguments.task {
        Task::List { terse } => {
            let list = listing::render(&chosen, &arguments.selection, terse);
            output::print(&list).map_err(HarnessError::Stdout)?;
            Ok(ExitCode::SUCCESS)
        }
        Task::Test => test(chosen, arguments, &config),
        _ => bench(program, chosen, registry.cases(), arguments, &config),
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
    chosen: Vec<Case>,
    registered: &[Case],
    arguments: &Arguments,
    config: &Config,
) -> Result<ExitCode, HarnessError> {
    let target = program.target;
    let store = store(config.options());
    check_pins(config.options())?;
    if let Some(name) = &arguments.save_baseline {
        Store::check_name(name)?;
    }
    let baseline = Baseline::asked(arguments, config, &store, target.name, registered)?;
    if let Some(path) = &arguments.output {
        output::probe(path)?;
    }
    let request = Request {
        target,
        selection: &arguments.selection,
        config,
        resume: arguments.resume,
        quiet: arguments.quiet,
        worker: harness_command(config.options()),
    };
    let record = request.run(chosen, &store)?;
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
    WorkerCommand { words: words(options, [WORKER_FLAG.into()]), variable: None, nocapture: options.nocapture }
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
    let memory_limit = match options.memory_limit {
        MemoryLimit::Off => None,
        MemoryLimit::Bytes(bytes) => Some(bytes),
        // A runner's worker may be on another machine, or in a tool that needs memory of its own.
        MemoryLimit::Auto if !options.runner.is_empty() => None,
        MemoryLimit::Auto => host::memory_available().map(|bytes| bytes / 5 * 4),
    };
    Box::new(Workers::new(WorkerSetup {
        command: worker,
        cores,
        memory_limit,
        counters: options.counters,
        config: config.file().map(ToOwned::to_owned),
    }))
}

/// The cores of the measuring threads, or why there are none.
fn cores(options: &Options, threads: usize) -> Result<Vec<usize>, String> {
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
    pub(super) quiet: bool,
    pub(super) worker: WorkerCommand,
}

impl Request<'_> {
    /// Makes the run.
    ///
    /// # Errors
    /// If it cannot be begun, gone on with or kept on disk.
    pub(super) fn run(&self, chosen: Vec<Case>, store: &Store) -> Result<Record, HarnessError> {
        let (begun, started) = (Instant::now(), SystemTime::now());
        let options = self.config.options();
        let mut plan = Plan::new(chosen, self.selection, self.config)?;
        if options.in_process {
            plan.in_one_launch();
        }
        let findings = host::findings();
        let start = self.start(&plan, started);
        let (mut journal, start) = self.open_journal(&mut plan, store, start)?;
        let progress = Progress::new(plan.remaining(), self.quiet);
        let mut executor = executor(&plan, self.config, self.worker.clone());
        let measured = measure(&mut plan, &mut *executor, &mut journal, start.shuffle_seed, &progress);
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
        };
        let record = Record {
            schema_version: SCHEMA_VERSION,
            run,
            host: Host::describe(),
            toolchain: identity::toolchain(),
            git: identity::git(),
            findings,
            configuration: self.configuration()?,
            cases: plan.cases.into_iter().map(|planned| case_record(planned, interrupted)).collect(),
        };
        if interrupted {
            eprintln!("interrupted; `--resume` goes on where it stopped");
        } else {
            journal.remove();
        }
        Ok(record)
    }

    fn start(&self, plan: &Plan, started: SystemTime) -> JournalStart {
        let executable = std::env::current_exe().unwrap_or_default();
        let texts = |planned: &Planned| {
            let texts = planned.settings.to_texts().into_iter().map(|(key, text)| (key.to_owned(), text));
            (planned.case.id().to_owned(), texts.collect())
        };
        JournalStart {
            run: identity::run_id(started, self.target.name),
            target: self.target.name.to_owned(),
            executable: identity::executable_hash(&executable),
            shuffle_seed: self.config.options().shuffle_seed.unwrap_or_else(|| fastrand::u64(..)),
            cases: plan.cases.iter().map(texts).collect(),
        }
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

    /// The settings of a case without an attribute of its own, and the options.
    fn configuration(&self) -> Result<std::collections::BTreeMap<String, Configured>, HarnessError> {
        let shown = self.config.show()?;
        let configured = shown.into_iter().map(|row| {
            let key =
                if row.section == "measure" { row.key.to_owned() } else { format!("{}.{}", row.section, row.key) };
            (key, Configured { value: row.value, origin: row.origin.to_string() })
        });
        Ok(configured.collect())
    }
}

/// What the record keeps of a case.
fn case_record(planned: Planned, interrupted: bool) -> CaseRecord {
    let Planned { case, settings, origins, launches, state } = planned;
    let label = |(axis, label): (&str, &str)| AxisLabel { axis: axis.to_owned(), label: label.to_owned() };
    let own = settings.to_texts().into_iter().filter_map(|(key, value)| {
        let origin = origins.of(key);
        let is_own = matches!(origin, config::Origin::Attribute { .. } | config::Origin::Group { .. });
        is_own.then(|| (key.to_owned(), Configured { value, origin: origin.to_string() }))
    });
    let outcome = match state {
        State::Failed(failure, launch) => Outcome::Failed { failure, launch, launches },
        State::Skipped(reason) => Outcome::Skipped { reason },
        State::Pending | State::Done => match analyse(launches, &settings, case.threads()) {
            Some(measured) => Outcome::Measured(Box::new(measured)),
            None if interrupted => Outcome::Skipped { reason: "the run was interrupted before its turn".to_owned() },
            None => Outcome::Skipped { reason: "no launch measured it".to_owned() },
        },
    };
    CaseRecord {
        id: case.id().to_owned(),
        group: case.group().to_owned(),
        name: case.name().to_owned(),
        point: case.labels().map(label).collect(),
        device: case.device().to_owned(),
        tags: case.tags().map(ToOwned::to_owned).collect(),
        source: format!("{}:{}", case.source().file, case.source().line),
        settings: own.collect(),
        outcome,
    }
}
