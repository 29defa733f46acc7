//! `import`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Ended;
use super::error::CommandError;
use super::place::Place;
use crate::harness::print;
use crate::record::Store;
use crate::record::imports::{Request, Tool, import};

/// Makes a run of another tool's results, and keeps it beside the others.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// The results: a file, a folder, or `-` for standard input.
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// The tool that wrote them.
    #[arg(long, value_name = "TOOL", default_value = "auto")]
    from: From,
    /// The bench target that the run is to be of [default: the tool's name].
    #[arg(long, value_name = "TARGET")]
    name: Option<String>,
    /// criterion: which of its baselines; `new` is its last run.
    #[arg(long, value_name = "NAME", default_value = "new")]
    baseline: String,
    /// Keep it under this name as well.
    #[arg(long, value_name = "NAME")]
    save_baseline: Option<String>,
    /// It was measured on this machine. Otherwise its figures are not compared with those of any other.
    #[arg(long)]
    this_machine: bool,
}

const HELP: &str = "\
Raw samples are kept where the results have them. All of them are of one
process, which a comparison takes into account; without any, nothing can be
compared with the run.

Examples:
  cargo bitnet-bench import target/criterion
  cargo bitnet-bench import --from criterion --baseline main target/criterion
  cargo +nightly bench | cargo bitnet-bench import --from libtest -
  ./bench --benchmark_format=json > bench.json; cargo bitnet-bench import bench.json
  llama-bench -m model.gguf -o json | cargo bitnet-bench import -";

/// A [`Tool`], or whichever the results look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum From {
    /// whichever it looks like
    Auto,
    /// the folder target/criterion
    Criterion,
    /// lines of Rust's own harness
    Libtest,
    /// --benchmark_format=json
    GoogleBenchmark,
    /// -o json or -o jsonl
    LlamaBench,
    /// a file of github-action-benchmark, or a folder with two
    GithubAction,
}

impl From {
    fn tool(self) -> Option<Tool> {
        match self {
            Self::Auto => None,
            Self::Criterion => Some(Tool::Criterion),
            Self::Libtest => Some(Tool::Libtest),
            Self::GoogleBenchmark => Some(Tool::GoogleBenchmark),
            Self::LlamaBench => Some(Tool::LlamaBench),
            Self::GithubAction => Some(Tool::GithubAction),
        }
    }
}

pub(super) fn run(arguments: &Arguments, place: &Place) -> Result<Ended, CommandError> {
    // They become names of files.
    if let Some(baseline) = &arguments.save_baseline {
        Store::check_name(baseline)?;
    }
    if let Some(name) = arguments.name.as_ref().filter(|name| Store::check_name(name).is_err()) {
        return Err(CommandError::refused(format!(
            "`{name}` cannot name a bench target: use letters, digits, `-`, `_` and `.`, and begin with none of `-` and \
             `.`"
        )));
    }
    let request = Request {
        from: arguments.from.tool(),
        target: arguments.name.clone(),
        baseline: arguments.baseline.clone(),
        this_machine: arguments.this_machine,
    };
    let import = import(&arguments.path, &request)?;
    place.store.save(&import.record)?;
    if let Some(baseline) = &arguments.save_baseline {
        place.store.save_baseline(baseline, &import.record)?;
    }
    for what in &import.passed_over {
        eprintln!("passed over: {what}");
    }
    print(&format!("{}\n", import.record.run.id))?;
    Ok(Ended::Well)
}
