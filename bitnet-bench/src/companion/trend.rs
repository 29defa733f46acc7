//! `trend [CASE]`.

use std::collections::BTreeMap;
use std::process::Command;

use clap::{Args, ValueEnum};

use super::Ended;
use super::error::CommandError;
use super::history::chosen::{DatabaseArguments, RunArguments};
use super::place::Place;
use crate::compare::trend::{Observation, Observed, Trend, trends};
use crate::harness::print;
use crate::record::history::{CaseHistory, Selected};
use crate::report::trend as report;
use crate::stats::ChangeRule;

/// Says which commits changed the level of a case, and how it drifts.
///
/// Runs are in the order of the commits' first-parent line where there is a repository, else in the order of time. A change has
/// at least 5 points on each side and 3 % of magnitude; of all that are claimed, at most one in ten is false.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo bitnet-bench trend
  cargo bitnet-bench trend 'gemv/*@cpu' --metric bytes/s --since 90d
  cargo bitnet-bench trend --branch main --fail-on regression --recent 20
  cargo bitnet-bench trend --output-format markdown >> \"$GITHUB_STEP_SUMMARY\"")]
pub(super) struct Arguments {
    /// A case's id; `*` stands for any text, `?` for one character.
    #[arg(value_name = "CASE", default_value = "*")]
    case: String,
    /// A metric's name, or `all`.
    #[arg(long, value_name = "NAME", default_value = "time")]
    metric: String,
    /// The branch whose commits count [default: what is checked out].
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Count also runs whose tracked files differed from the commit.
    #[arg(long)]
    dirty: bool,
    /// The form of the output.
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    output_format: Format,
    /// Draw sparklines without block characters.
    #[arg(long)]
    ascii: bool,
    /// End with exit code 3 where the newest change is a regression among the recent commits.
    #[arg(long, value_name = "WHAT")]
    fail_on: Option<FailOn>,
    /// How many commits are recent.
    #[arg(long, value_name = "N", default_value_t = 10)]
    recent: usize,
    #[command(flatten)]
    runs: RunArguments,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Terminal,
    Markdown,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Regression,
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    let rule = ChangeRule::DEFAULT;
    let line = first_parents(arguments.branch.as_deref())?;
    let mut history = arguments.database.open(place)?;
    let mut filter = arguments.runs.filter()?;
    filter.metric = Some(arguments.metric.clone()).filter(|metric| metric != "all");
    if line.is_none() {
        filter.branch.clone_from(&arguments.branch);
    }
    let selected = history.cases(&arguments.case, &filter)?;
    if selected.cases.is_empty() {
        return Err(arguments.runs.nothing(&mut history)?);
    }
    let trends = trends(observed(&selected, arguments.dirty), line.as_deref(), &rule);
    print(&match arguments.output_format {
        Format::Terminal => report::terminal(&trends, &rule, arguments.ascii) + "\n" + &report::summary(&trends),
        Format::Markdown => report::markdown(&trends, &rule),
        Format::Json => report::json(&trends).map_err(std::io::Error::from)?,
    })?;
    warn_of_left_out(&trends);
    let has_regressed = trends.iter().any(|trend| trend.recent_regression(arguments.recent).is_some());
    Ok(if arguments.fail_on.is_some() && has_regressed { Ended::GateViolated } else { Ended::Well })
}

/// One history for each case, metric, machine and bench target.
fn observed(selected: &Selected, dirty: bool) -> Vec<Observed> {
    let mut all = Vec::new();
    for case in &selected.cases {
        let mut kinds: BTreeMap<(&str, &str), Observed> = BTreeMap::new();
        for figure in &case.figures {
            let run = &selected.runs[figure.run];
            let of_kind = kinds.entry((&run.machine_key, &run.target)).or_insert_with(|| empty(case, &run.machine_key));
            if run.dirty == Some(true) && !dirty {
                of_kind.left_out += 1;
                continue;
            }
            of_kind.observations.push(Observation {
                commit: run.commit.clone(),
                started_at: run.started_at.clone(),
                value: figure.estimate.value,
            });
        }
        all.extend(kinds.into_values());
    }
    all
}

fn empty(case: &CaseHistory, machine_key: &str) -> Observed {
    Observed {
        case: case.case.clone(),
        metric: case.metric.clone(),
        unit: case.unit.clone(),
        direction: case.direction,
        machine_key: machine_key.to_owned(),
        observations: Vec::new(),
        left_out: 0,
    }
}

/// The commits of a branch by its first parents, the oldest first; `None` outside of a repository.
fn first_parents(branch: Option<&str>) -> Result<Option<Vec<String>>, CommandError> {
    let git = |arguments: &[&str]| Command::new("git").args(arguments).output().ok();
    let is_repository =
        git(&["rev-parse", "--verify", "--quiet", "HEAD"]).is_some_and(|output| output.status.success());
    if !is_repository {
        return Ok(None);
    }
    let name = branch.unwrap_or("HEAD");
    let told = git(&["rev-list", "--first-parent", "--reverse", "--end-of-options", name, "--"]);
    match told {
        Some(output) if output.status.success() => {
            Ok(Some(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()))
        }
        _ => Err(CommandError::refused(format!("git does not know the branch `{name}`; `git branch -a` lists them"))),
    }
}

/// A trend whose runs are nearly all left out is none, and usually the clone is to blame.
fn warn_of_left_out(trends: &[Trend]) {
    if !trends.iter().any(|trend| trend.left_out > trend.points.len()) {
        return;
    }
    let shallow = Command::new("git").args(["rev-parse", "--is-shallow-repository"]).output();
    let is_shallow = shallow.is_ok_and(|output| output.stdout.starts_with(b"true"));
    let hint = match is_shallow {
        true => "this clone has only a part of the history: `git fetch --unshallow`, or `fetch-depth: 0` in CI",
        false => "`--branch` names the branch that counts, and `--dirty` counts runs with changes of their own",
    };
    eprintln!("warning: most runs are left out, since their commits are not on the line of first parents; {hint}");
}
