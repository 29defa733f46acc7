//! Which runs may go. Baselines and journals lie in folders of their own, and are never touched.

use std::collections::{HashMap, HashSet};

use super::query::RunEntry;

/// Which runs are to stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The newest so many of each bench target.
    Newest(usize),
    /// Those that started then or later, RFC 3339 in UTC.
    Since(String),
}

/// What is removed, and what stays although the rule would let it go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// The ids of the runs that go, the oldest first.
    pub removed: Vec<String>,
    /// The ids of the runs that stay because they are the latest of their target.
    pub latest: Vec<String>,
    /// The ids of the runs that stay because they are kept as baselines.
    pub baselines: Vec<String>,
}

/// Applies a rule to runs, the oldest first; `protected` are ids that stay whatever it says. The latest run of each target always
/// stays.
pub fn prune(runs: &[RunEntry], keep: &Keep, protected: &HashSet<String>) -> Retention {
    let mut retention = Retention::default();
    let mut newer: HashMap<&str, usize> = HashMap::new();
    for run in runs.iter().rev() {
        let newer = newer.entry(&run.target).or_default();
        let stays = match keep {
            Keep::Newest(count) => *newer < *count,
            Keep::Since(start) => run.started_at >= *start,
        };
        let list = match (stays, *newer == 0, protected.contains(&run.id)) {
            (true, ..) => None,
            (_, true, _) => Some(&mut retention.latest),
            (.., true) => Some(&mut retention.baselines),
            _ => Some(&mut retention.removed),
        };
        *newer += 1;
        list.into_iter().for_each(|list| list.push(run.id.clone()));
    }
    for list in [&mut retention.removed, &mut retention.latest, &mut retention.baselines] {
        list.reverse();
    }
    retention
}
