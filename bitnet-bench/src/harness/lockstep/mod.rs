//! Lock-step: two builds of the same benchmarks, measured in turn on the same core.
//!
//! Two processes of the same code differ by more than the samples of one process do, and a machine drifts
//! while it is measured. So the two sides take turns of about a millisecond, in random order, and what
//! disturbs the machine falls on both; and the pair of processes is started anew again and again, each
//! giving one ratio a case. The ratios of such pairs are what is judged.
//!
//! | file | idea |
//! |---|---|
//! | `asking` | an executable → what it tells of itself, or why it is no bench target |
//! | `matching` | two lists of executables → the cases that both have |
//! | `pair` | two workers that take turns |
//! | `turns` | what the turns of one pair come to |
//! | `engine` | pairs of workers again and again, until every verdict is decided |

mod asking;
mod engine;
mod matching;
mod pair;
mod turns;

use std::path::PathBuf;
use std::time::Duration;

pub use asking::{Case, cases_of};
pub use engine::compare_executables;

use super::HarnessError;
use crate::compare::{BenchTarget, Calibration, FloorOf, Looks, Rule};
use crate::config::Options;

/// A relative change below this is none, whatever a calibration says: no lock-step tells a change from another
/// layout of the same code.
pub const LEAST_FLOOR: f64 = 0.01;
/// The time to spend on a case, at most, unless another one is asked for.
pub const TIME: Duration = Duration::from_secs(10);

/// The numbers of launches after which figures are looked at, unless others are asked for: 10, 15, 22, 33, 50.
pub fn looks() -> Looks {
    Looks::between(10, 50)
}

/// One side of a comparison: the executables of the bench targets of one build.
#[derive(Clone, Debug)]
pub struct Side {
    /// What the side is called: a revision, or a path.
    pub name: String,
    /// Its bench targets.
    pub executables: Vec<Executable>,
}

/// The executable of a bench target.
#[derive(Clone, Debug)]
pub struct Executable {
    /// Where it is.
    pub path: PathBuf,
    /// The folder that it runs in, as cargo would have it the package's; `None` is the current one.
    pub folder: Option<PathBuf>,
}

/// How two sides are compared.
pub struct LockStep<'a> {
    /// Filters and flags that choose cases, as on the command line of a bench target. Both sides get them.
    pub arguments: Vec<String>,
    /// Where to pin to, how much memory workers may take, and through which runner they start.
    pub options: &'a Options,
    /// Time to spend on a case, at most, over all its launches.
    pub time: Duration,
    /// After how many launches the figures are looked at.
    pub looks: Looks,
    /// When a change is claimed.
    pub rule: Rule,
    /// The machine's calibration: the effect floor of a case is what was found there, and [`LEAST_FLOOR`] at least.
    pub calibration: Option<&'a Calibration>,
    /// Whether a case is measured until its verdict is decided; else as often as `looks` and `time` allow.
    pub stops_early: bool,
    /// Seed of the orders; `None` takes another one each time.
    pub seed: Option<u64>,
    /// Shows no progress line.
    pub quiet: bool,
}

impl LockStep<'_> {
    /// The effect floor of a case.
    fn floor(&self, target: &BenchTarget, case: &str) -> f64 {
        let calibrated = self.calibration.and_then(|all| all.floor(target, case, FloorOf::LockStep));
        calibrated.unwrap_or(0.0).max(LEAST_FLOOR)
    }
}

/// Why two sides cannot be compared. What goes wrong in a case is no error: it is in the comparison.
#[derive(Debug, thiserror::Error)]
pub enum LockStepError {
    /// An executable is no bench target.
    #[error("{} is no bench target of bitnet-bench: {reason}", path.display())]
    NoBenchTarget {
        /// The executable.
        path: PathBuf,
        /// What it did instead of telling its cases.
        reason: String,
    },
    /// An executable cannot be measured together with this program.
    #[error("{} {reason}", path.display())]
    OtherVersion {
        /// The executable.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// The two sides have nothing in common.
    #[error("{0}")]
    NothingInCommon(String),
    /// The user interrupted before anything was measured.
    #[error("interrupted before anything was measured")]
    Interrupted,
    /// Workers cannot be started, or the configuration cannot be used.
    #[error(transparent)]
    Harness(#[from] HarnessError),
}
