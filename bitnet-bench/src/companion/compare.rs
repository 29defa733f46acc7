//! `compare OLD NEW…`.

use std::collections::BTreeSet;

use clap::{Args, ValueEnum};

use super::error::CommandError;
use super::gate::{self, GateArguments};
use super::place::Place;
use super::reports::ReportArguments;
use super::{Ended, runs};
use crate::compare::gate::{GateOutcome, matches};
use crate::compare::{BenchTarget, Calibration, Comparison, RunFigures, Terms};
use crate::config::suggest;
use crate::harness::{Look, print};
use crate::report::comparison::{COMMENT_BYTES, Compared, ComparisonOptions, json, markdown, terminal};

/// Compares runs: what became faster or slower, what did not, and of what that cannot be told.
#[derive(Debug, Args)]
#[command(after_help = help())]
pub(super) struct Arguments {
    /// The old run, with which the others are compared.
    #[arg(value_name = "OLD")]
    old: String,
    /// The new run; of several a matrix is shown.
    #[arg(value_name = "NEW", required = true)]
    new: Vec<String>,
    /// Compare runs of different machines or under different runners as well.
    #[arg(long)]
    across_machines: bool,
    /// Only cases whose id contains this; one with `*` or `?` is a pattern of whole ids. Can be repeated.
    #[arg(long, value_name = "FILTER")]
    filter: Vec<String>,
    /// Show only this metric. Can be repeated.
    #[arg(long, value_name = "METRIC")]
    metric: Vec<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value_t = Form::Terminal, value_name = "FORM")]
    output_format: Form,
    /// The most bytes of a Markdown page; unchanged rows are left out first.
    #[arg(long, default_value_t = COMMENT_BYTES, value_name = "BYTES")]
    max_bytes: usize,
    /// Show every case and figure.
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    gate: GateArguments,
    #[command(flatten)]
    reports: ReportArguments,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For a person.
    Terminal,
    /// For GitHub.
    Markdown,
    /// For a program.
    Json,
}

fn help() -> String {
    format!(
        "{}\n\n{}\n\n\
         Examples:\n  \
         cargo bitnet-bench compare main latest\n  \
         cargo bitnet-bench compare latest~1 latest --fail-on regression:5%\n  \
         cargo bitnet-bench compare main first second third --metric time\n  \
         cargo bench -- --output-format json | cargo bitnet-bench compare main -\n\n\
         Exit codes: 0 all is well, 2 wrong use or runs that cannot be compared,\n\
         3 the gate is violated.",
        runs::HELP,
        gate::HELP
    )
}

/// The comparisons of one bench target, each with its run's place among the arguments.
struct OfTarget {
    target: BenchTarget,
    comparisons: Vec<(usize, Comparison)>,
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let gate = arguments.gate.gate(&place.config)?;
    let mut ids = BTreeSet::new();
    let mut read = |name: &String| -> Result<Vec<RunFigures>, CommandError> {
        let mut figures = runs::figures(name, &place.store)?;
        for run in &mut figures {
            ids.extend(run.cases.iter().map(|case| case.id.clone()));
            run.retain(|id| arguments.filter.is_empty() || arguments.filter.iter().any(|filter| passes(filter, id)));
        }
        Ok(figures)
    };
    let old = read(&arguments.old)?;
    let new = arguments.new.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let targets = compare(arguments, place, &old, &new)?;
    let comparisons = || targets.iter().flat_map(|of| of.comparisons.iter().map(|(_, comparison)| comparison));
    check_filters(arguments, comparisons())?;
    let outcome = gate.as_ref().map(|gate| gate::judge(gate, comparisons(), &ids)).transpose()?;
    let names: Vec<String> = targets.iter().map(|of| name_of(&of.target, &targets)).collect();
    let mut compared = Vec::new();
    for (of, name) in targets.iter().zip(&names) {
        let runs = of.comparisons.iter().map(|(at, comparison)| (arguments.new[*at].as_str(), comparison)).collect();
        compared.push(Compared { target: Some(name), runs });
    }
    show(arguments, &compared, outcome.as_ref(), place)?;
    arguments.reports.write(&compared, outcome.as_ref())?;
    match (&gate, &outcome) {
        (Some(gate), Some(outcome)) if arguments.output_format == Form::Terminal => {
            gate::conclude(gate, outcome, Look::of(place.config.options().color, false).color)
        }
        (_, Some(outcome)) if !outcome.violations.is_empty() => Ok(Ended::GateViolated),
        _ => Ok(Ended::Well),
    }
}

/// The name of a bench target, with its package's where another has the same.
fn name_of(target: &BenchTarget, among: &[OfTarget]) -> String {
    let alike = among.iter().filter(|of| of.target.name == target.name).count();
    if alike > 1 { target.to_string() } else { target.name.clone() }
}

/// The run of that bench target: of its package, or of one that was renamed in between.
fn same_target<'a>(runs: &'a [RunFigures], target: &BenchTarget) -> Option<&'a RunFigures> {
    let of = |same: &dyn Fn(&BenchTarget) -> bool| runs.iter().find(|run| same(&run.conditions.target));
    of(&|other| other == target).or_else(|| of(&|other| other.name == target.name))
}

fn passes(filter: &str, id: &str) -> bool {
    if filter.contains(['*', '?']) { matches(filter, id) } else { id.contains(filter) }
}

/// Compares target by target, in the order of the old run's.
fn compare(
    arguments: &Arguments,
    place: &Place,
    old: &[RunFigures],
    new: &[Vec<RunFigures>],
) -> Result<Vec<OfTarget>, CommandError> {
    let machine = old.first().map_or("", |run| &run.conditions.machine_key);
    let calibration = Calibration::read(&place.store, machine)?;
    let calibration = Some(&calibration);
    let terms = Terms { across_machines: arguments.across_machines, calibration, ..Terms::default() };
    let mut targets: Vec<OfTarget> = Vec::new();
    for (at, runs) in new.iter().enumerate() {
        for run in runs {
            let target = &run.conditions.target;
            // Two records by themselves are compared even if their targets were renamed in between.
            let base = match (old, &runs[..]) {
                ([only], [_]) => Some(only),
                _ => same_target(old, target),
            };
            let Some(base) = base else {
                let old = &arguments.old;
                return Err(CommandError::refused(format!("`{old}` has no run of the bench target `{}`", target.name)));
            };
            let comparison = Comparison::between(run, base, &arguments.old, &terms).map_err(|why| {
                CommandError::refused(format!(
                    "`{}` and `{}` cannot be compared:\n{why}",
                    arguments.old, arguments.new[at]
                ))
            })?;
            match targets.iter_mut().find(|of| of.target == *target) {
                Some(of) => of.comparisons.push((at, comparison)),
                None => targets.push(OfTarget { target: target.clone(), comparisons: vec![(at, comparison)] }),
            }
        }
    }
    for run in old.iter().filter(|run| targets.iter().all(|of| of.target != run.conditions.target)) {
        if old.len() > 1 {
            eprintln!("warning: no new run of the bench target `{}`", run.conditions.target.name);
        }
    }
    Ok(targets)
}

/// Sees to it that what was asked for is there.
fn check_filters<'a>(
    arguments: &Arguments,
    comparisons: impl Iterator<Item = &'a Comparison> + Clone,
) -> Result<(), CommandError> {
    let is_empty = |comparison: &Comparison| comparison.cases.is_empty() && comparison.unmatched.is_empty();
    if !arguments.filter.is_empty() && comparisons.clone().all(is_empty) {
        return Err(CommandError::refused(format!("no case is as `--filter {}` says", arguments.filter.join(" "))));
    }
    let cases = comparisons.flat_map(|comparison| &comparison.cases);
    let names: BTreeSet<&str> = cases.flat_map(|case| case.all().map(|metric| metric.metric.as_str())).collect();
    for metric in &arguments.metric {
        if !names.is_empty() && !names.contains(metric.as_str()) {
            let meant = suggest(metric, names.iter().copied());
            let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            let names: Vec<&str> = names.iter().copied().collect();
            return Err(CommandError::refused(format!(
                "there is no metric `{metric}`{meant} (there are: {})",
                names.join(", ")
            )));
        }
    }
    Ok(())
}

fn show(
    arguments: &Arguments,
    compared: &[Compared<'_>],
    outcome: Option<&GateOutcome>,
    place: &Place,
) -> Result<(), CommandError> {
    let text = match arguments.output_format {
        Form::Terminal => {
            let Look { width, color, verbose } = Look::of(place.config.options().color, arguments.verbose);
            terminal(compared, &ComparisonOptions { width, color, verbose, metrics: &arguments.metric })
        }
        Form::Markdown => markdown(compared, outcome, &arguments.metric, arguments.max_bytes),
        Form::Json => json(compared, outcome).map_err(std::io::Error::from)?,
    };
    Ok(print(&text)?)
}
