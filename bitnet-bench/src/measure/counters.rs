//! Counters: events of the processor and the kernel, counted while the subject runs.
//!
//! A [`CounterSet`] belongs to the thread that opened it and counts that thread only. What the
//! machine does not give is listed as missing, with the true reason and what to do about it.

#[cfg(target_os = "linux")]
mod accounting;
#[cfg(target_os = "linux")]
mod events;
#[cfg(target_os = "linux")]
mod refusal;
#[cfg(not(target_os = "linux"))]
#[path = "counters/elsewhere.rs"]
mod set;
#[cfg(target_os = "linux")]
mod set;

use serde::{Deserialize, Serialize};

pub(super) use set::CounterSet;

/// Where a counter's events come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CounterKind {
    /// The processor's performance monitoring unit, in user mode only.
    Hardware,
    /// The kernel.
    Software,
    /// A simulated processor, such as valgrind's: exact, but not this machine's.
    Simulated,
}

/// One counter's events in one iteration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counter {
    /// The name, such as `branch-misses`.
    pub name: String,
    /// Where the events come from.
    pub kind: CounterKind,
    /// Events in one iteration; for `task-clock`, nanoseconds.
    pub per_iteration: f64,
    /// The share of the time, 0 to 1, in which they were counted, where the counter had to take
    /// turns with others: the figure is scaled up by it. `None`: counted all the time.
    pub running: Option<f64>,
}

/// A counter that there is not, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingCounter {
    /// The name, such as `cycles`.
    pub name: String,
    /// Why there is none, and what to do about it.
    pub reason: String,
}

/// The counters of one iteration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counters {
    /// Those that were counted.
    pub counts: Vec<Counter>,
    /// Those that could not be.
    pub missing: Vec<MissingCounter>,
}

/// The counters that are metrics, in comparisons and in the history: those of which fewer are better whatever the subject does, and which are its own doing.
/// Neither way is better for branches and references to a cache; switches and migrations are the scheduler's, and
/// `task-clock` is the time once more. Page faults go by what a batch leaves alive and what the allocator gives back to
/// the system, which are the harness's and the allocator's doing.
pub const COST_COUNTERS: [&str; 6] =
    ["instructions", "cycles", "branch-misses", "cache-misses", "l1d-read-misses", "llc-read-misses"];
/// A counter that counts less than this in an iteration counts the harness: a few page faults in a
/// million iterations are not the subject's.
pub const LEAST_COUNT: f64 = 0.01;

impl Counters {
    /// How many events of the given name one iteration has; `None` if they were not counted.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.counts.iter().find(|counter| counter.name == name).map(|counter| counter.per_iteration)
    }

    /// Instructions per cycle.
    pub fn ipc(&self) -> Option<f64> {
        let cycles = self.get("cycles").filter(|&cycles| cycles > 0.0)?;
        Some(self.get("instructions")? / cycles)
    }

    /// The counters of a case from those of its launches: of each counter the median, over those
    /// launches that have it. Missing is what no launch has.
    pub fn median_of(launches: &[Self]) -> Self {
        let mut all = Self::default();
        for launch in launches {
            for counter in &launch.counts {
                if all.get(&counter.name).is_none() {
                    all.counts.push(median_of(launches, counter));
                }
            }
        }
        for launch in launches {
            for missing in &launch.missing {
                let name = &missing.name;
                if all.get(name).is_none() && !all.missing.iter().any(|other| other.name == *name) {
                    all.missing.push(missing.clone());
                }
            }
        }
        all
    }
}

/// The median over the launches of the counter that is named and of the kind that `like` is.
fn median_of(launches: &[Counters], like: &Counter) -> Counter {
    let (mut counts, mut shares, mut shared) = (Vec::new(), Vec::new(), false);
    for launch in launches {
        for counter in &launch.counts {
            if counter.name == like.name && counter.kind == like.kind {
                counts.push(counter.per_iteration);
                shares.push(counter.running.unwrap_or(1.0));
                shared |= counter.running.is_some();
            }
        }
    }
    Counter {
        name: like.name.clone(),
        kind: like.kind,
        per_iteration: median(counts),
        running: shared.then(|| median(shares)),
    }
}

/// The middle of some values, of which there is at least one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(counts: &[(&str, f64, Option<f64>)], missing: &[&str]) -> Counters {
        let counts = counts.iter().map(|&(name, per_iteration, running)| Counter {
            name: name.to_owned(),
            kind: CounterKind::Hardware,
            per_iteration,
            running,
        });
        let missing =
            missing.iter().map(|&name| MissingCounter { name: name.to_owned(), reason: format!("no {name}") });
        Counters { counts: counts.collect(), missing: missing.collect() }
    }

    #[test]
    fn instructions_per_cycle() {
        assert_eq!(counters(&[("cycles", 4.0, None), ("instructions", 10.0, None)], &[]).ipc(), Some(2.5));
        assert_eq!(counters(&[("cycles", 0.0, None), ("instructions", 10.0, None)], &[]).ipc(), None);
        assert_eq!(counters(&[("instructions", 10.0, None)], &["cycles"]).ipc(), None);
    }

    #[test]
    fn medians_over_launches() {
        let launches = [
            counters(&[("cycles", 5.0, None), ("branches", 1.0, Some(0.5))], &[]),
            counters(&[("cycles", 1.0, None), ("branches", 3.0, None)], &["faults"]),
            counters(&[("cycles", 2.0, None)], &["branches", "faults"]),
        ];
        let expected = counters(&[("cycles", 2.0, None), ("branches", 2.0, Some(0.75))], &["faults"]);
        assert_eq!(Counters::median_of(&launches), expected);
        assert_eq!(Counters::median_of(&[]), Counters::default());
    }

    #[test]
    fn json_there_and_back() {
        let counters = counters(&[("cycles", 5.0, Some(0.25))], &["faults"]);
        let json = serde_json::to_string(&counters).unwrap();
        assert!(json.contains(r#""kind":"hardware""#));
        assert_eq!(serde_json::from_str::<Counters>(&json).unwrap(), counters);
    }
}
