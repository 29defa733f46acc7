//! A run as a library call: the same harness, driven by a program.

use std::path::{Path, PathBuf};

use super::HarnessError;
use super::earlier::{self, Part};
use super::identity::Target;
use super::process::WorkerCommand;
use super::run::{Chosen, Request, store, words};
use super::{interrupt, worker};
use crate::compare::{Comparison, Incomparable, Terms};
use crate::config::{self, Config};
use crate::host::Stated;
use crate::measure::{AllocationProfile, Counters, Failure};
use crate::record::{CaseRecord, Measured, Outcome, Record, Store};
use crate::registry::{Definition, Registry, Selection};
use crate::stats::Estimate;

/// A run as a library call.
///
/// Cases are measured in workers, as under `cargo bench`: the program starts itself anew for each
/// launch, with the same arguments, and in a worker [`Suite::run`] serves its parent and never
/// returns. What stands before the call is therefore run in each worker as well; keep it short and
/// free of effects, and add the same benchmarks whatever happens. A program can make several runs, one
/// after the other: the workers of a later one get the earlier ones' results from the store.
///
/// ```no_run
/// use bitnet_bench::config::{Config, Sources};
/// use bitnet_bench::registry::Definition;
/// use bitnet_bench::Suite;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let mut sum = Definition::new("sum", bitnet_bench::source!());
///     let size = sum.sizes([1_000, 10_000]);
///     sum.body(move |bencher, point| {
///         let numbers: Vec<u64> = (0..point.at(size) as u64).collect();
///         bencher.items(numbers.len()).iter(|| numbers.iter().sum::<u64>());
///         Ok(())
///     });
///     let config = Config::load(Sources::new(std::env::current_dir()?).program("time", "200ms"))?;
///     let run = Suite::new(bitnet_bench::target!(), config).benchmark(sum).run()?;
///     for case in run.cases() {
///         if let Some(time) = case.time() {
///             println!("{}: {:.1} ns, from {:.1} to {:.1}", case.id(), time.value, time.lower, time.upper);
///         }
///     }
///     Ok(())
/// }
/// ```
pub struct Suite {
    target: Target,
    config: Config,
    definitions: Vec<Definition>,
    annotated: bool,
    selection: Selection,
    quiet: bool,
}

impl Suite {
    /// A suite of everything that the program's crates have annotated.
    pub fn new(target: Target, config: Config) -> Self {
        Self { target, config, definitions: Vec::new(), annotated: true, selection: Selection::default(), quiet: false }
    }

    /// Adds a benchmark that the program defines itself.
    pub fn benchmark(mut self, definition: Definition) -> Self {
        self.definitions.push(definition);
        self
    }

    /// Adds benchmarks that the program defines itself.
    pub fn benchmarks(mut self, definitions: impl IntoIterator<Item = Definition>) -> Self {
        self.definitions.extend(definitions);
        self
    }

    /// Leaves out what the program's crates have annotated: only what was added is measured.
    pub fn without_annotated(mut self) -> Self {
        self.annotated = false;
        self
    }

    /// Measures only the cases that are selected.
    pub fn select(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Shows no progress line.
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    /// Measures, stores the record, and gives back the results. Blocks until it is done. In a
    /// worker it serves the parent instead, and ends the process.
    ///
    /// # Errors
    /// If the run cannot be made. A case that fails is no error: see [`CaseResult::failure`].
    pub fn run(self) -> Result<Run, HarnessError> {
        config::install(&self.config);
        match earlier::part() {
            Part::Parent => {
                let run = self.measure();
                earlier::remember(run.as_ref().map(Run::path).map_err(ToString::to_string));
                run
            }
            Part::Worker => {
                let served = worker::serve(self.definitions, self.annotated);
                std::process::exit(i32::from(served != std::process::ExitCode::SUCCESS));
            }
            Part::Passing(Ok(path)) => Ok(Run::new(Store::read(&path)?, path)),
            Part::Passing(Err(reason)) => Err(HarnessError::Earlier(reason)),
        }
    }

    fn measure(self) -> Result<Run, HarnessError> {
        interrupt::listen();
        if interrupt::requested() {
            return Err(HarnessError::Interrupted);
        }
        let registry = if self.annotated { Registry::with(self.definitions)? } else { Registry::of(self.definitions)? };
        let chosen = self.selection.choose(registry.cases())?;
        let options = self.config.options();
        let request = Request {
            target: self.target,
            selection: &self.selection,
            config: &self.config,
            resume: false,
            since: None,
            quiet: self.quiet,
            worker: WorkerCommand {
                words: words(options, std::env::args_os().skip(1)),
                variable: Some((earlier::VARIABLE, earlier::told()?)),
                folder: None,
                nocapture: options.nocapture,
            },
        };
        let store = store(options);
        let record = request.run(Chosen { cases: chosen, shard: None }, &store)?;
        let path = store.save(&record)?;
        Ok(Run::new(record, path))
    }
}

/// The results of a run.
#[derive(Clone, Debug)]
pub struct Run {
    record: Record,
    path: PathBuf,
}

impl Run {
    pub(super) fn new(record: Record, path: PathBuf) -> Self {
        Self { record, path }
    }

    /// Every chosen case, in the order of their ids.
    pub fn cases(&self) -> impl ExactSizeIterator<Item = CaseResult<'_>> {
        self.record.cases.iter().map(|case| CaseResult { case })
    }

    /// The case of that id.
    pub fn case(&self, id: &str) -> Option<CaseResult<'_>> {
        self.cases().find(|case| case.id() == id)
    }

    /// Whether every case that was not skipped was measured.
    pub fn succeeded(&self) -> bool {
        !self.record.run.interrupted && self.cases().all(|case| case.failure().is_none())
    }

    /// The record: everything that is known of the run.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Compares this run with a stored one, under the rules of `cargo bench -- --baseline`.
    ///
    /// ```no_run
    /// # fn compare(run: &bitnet_bench::Run) -> Result<(), Box<dyn std::error::Error>> {
    /// use bitnet_bench::record::Store;
    ///
    /// let baseline = Store::read("main.json".as_ref())?;
    /// for case in run.compare(&baseline)?.cases {
    ///     println!("{}: {:?}, {:+.1} % worse", case.id, case.time.verdict, 100.0 * case.time.worse_by());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the two cannot be compared: other machines, a debug build beside an optimised one, no raw samples.
    pub fn compare(&self, baseline: &Record) -> Result<Comparison, Incomparable> {
        Comparison::of(&self.record, baseline, &baseline.run.id, &Terms::default())
    }

    /// Where the record is stored.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The results of one case.
#[derive(Clone, Copy, Debug)]
pub struct CaseResult<'a> {
    case: &'a CaseRecord,
}

impl<'a> CaseResult<'a> {
    /// The case's id.
    pub fn id(&self) -> &'a str {
        &self.case.id
    }

    /// The benchmark's group.
    pub fn group(&self) -> &'a str {
        &self.case.group
    }

    /// The benchmark's name.
    pub fn name(&self) -> &'a str {
        &self.case.name
    }

    /// The label of an axis' value at this case's point, if the benchmark has that axis.
    pub fn label(&self, axis: &str) -> Option<&'a str> {
        self.case.point.iter().find(|label| label.axis == axis).map(|label| label.label.as_str())
    }

    /// Time of one iteration, in nanoseconds; `None` if the case was not measured.
    pub fn time(&self) -> Option<Estimate> {
        self.measured().map(|measured| measured.time.median)
    }

    /// What is processed in a second, for an amount that the case declares: `bytes`, `items`,
    /// `flops` or `tokens`.
    pub fn throughput(&self, amount: &str) -> Option<Estimate> {
        let throughput = self.measured()?.throughput.iter().find(|throughput| throughput.amount == amount)?;
        Some(throughput.per_second)
    }

    /// A metric that the benchmark reported.
    pub fn metric(&self, name: &str) -> Option<Estimate> {
        let metric = self.measured()?.metrics.iter().find(|metric| metric.name == name)?;
        Some(metric.estimate)
    }

    /// Counters per iteration, if there are any.
    pub fn counters(&self) -> Option<&'a Counters> {
        self.measured().and_then(|measured| measured.counters.known())
    }

    /// Allocations of one iteration, if they were counted.
    pub fn allocations(&self) -> Option<&'a AllocationProfile> {
        self.measured().map(|measured| &measured.allocations).and_then(Stated::known)
    }

    /// Why the case failed, if it did.
    pub fn failure(&self) -> Option<&'a Failure> {
        match &self.case.outcome {
            Outcome::Failed { failure, .. } => Some(failure),
            _ => None,
        }
    }

    /// Why the case was skipped, if it was.
    pub fn skipped(&self) -> Option<&'a str> {
        match &self.case.outcome {
            Outcome::Skipped { reason } => Some(reason),
            _ => None,
        }
    }

    /// All figures, with the raw samples.
    pub fn measured(&self) -> Option<&'a Measured> {
        match &self.case.outcome {
            Outcome::Measured(measured) => Some(measured),
            _ => None,
        }
    }
}
