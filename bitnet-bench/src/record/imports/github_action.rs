//! github-action-benchmark's custom formats: a list of `{"name", "unit", "value"}`, in one file for what is better
//! when it is lower and in another for what is better when it is higher. A folder with both, as an export of ours,
//! is read as one.
//!
//! A figure whose unit is a time, or so many iterations a second, is the time of a case. Any other is a metric of the
//! case whose name stands in front of ` · `, as an export of ours writes it; without such a case it has no place in a
//! record, and is shown as skipped.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::document::Node;
use super::figures::{Figures, metric, open};
use super::identity::Names;
use super::{Found, ImportError, Source, Tool};
use crate::measure::Direction;
use crate::record::model::Outcome;
use crate::stats::Estimate;

/// Stands between a case's id and the name of a metric.
pub(crate) const SEPARATOR: &str = " · ";
/// The file of what is better when it is lower.
pub(crate) const SMALLER: &str = "smaller-is-better.json";
/// The file of what is better when it is higher.
pub(crate) const BIGGER: &str = "bigger-is-better.json";
/// The unit of times.
pub(crate) const UNIT: &str = "ns/iter";

/// Units of times, in nanoseconds.
const TIMES: [(&str, f64); 10] = [
    ("ns", 1.0),
    ("nsec", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("usec", 1e3),
    ("ms", 1e6),
    ("msec", 1e6),
    ("s", 1e9),
    ("sec", 1e9),
    ("seconds", 1e9),
];
/// Units of iterations a second.
const RATES: [&str; 6] = ["ops/s", "ops/sec", "op/s", "iter/s", "iter/sec", "iterations/s"];

/// Reads a file, or both files of a folder.
pub(super) fn read(source: &Source, target: &str) -> Result<Found, ImportError> {
    let mut cases = Cases::default();
    if source.text().is_ok() {
        let name = source.path().file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let bigger = name.contains("bigger") || name.contains("higher");
        cases.read(source, if bigger { Direction::HigherIsBetter } else { Direction::LowerIsBetter })?;
    } else {
        for (name, direction) in [(SMALLER, Direction::LowerIsBetter), (BIGGER, Direction::HigherIsBetter)] {
            let path: PathBuf = source.path().join(name);
            if path.is_file() {
                cases.read(&Source::open(&path)?, direction)?;
            }
        }
    }
    Ok(cases.found(target))
}

/// Figures by the names of their cases.
#[derive(Default)]
struct Cases {
    times: BTreeMap<String, Figures>,
    others: Vec<Other>,
}

/// A figure that is no time.
struct Other {
    name: String,
    unit: String,
    value: f64,
    direction: Direction,
}

impl Cases {
    fn read(&mut self, source: &Source, direction: Direction) -> Result<(), ImportError> {
        for entry in source.documents()?.nodes() {
            let name = entry.need("name")?.text()?.to_owned();
            let (unit, value) = (entry.need("unit")?.text()?.to_owned(), entry.need("value")?.number()?);
            match time(&unit, value) {
                Some(time) => {
                    let figures = self.times.entry(name).or_default();
                    if figures.median.is_some() {
                        return Err(entry.wrong("there is another figure of that name".to_owned()));
                    }
                    figures.median = Some(with_range(time, &entry)?);
                    if let Some(extra) = entry.optional_text("extra")? {
                        figures.notes.push(extra.to_owned());
                    }
                }
                None => self.others.push(Other { name, unit, value, direction }),
            }
        }
        Ok(())
    }

    fn found(mut self, target: &str) -> Found {
        let mut found = Found::default();
        for Other { name, unit, value, direction } in self.others {
            let case = name.rsplit_once(SEPARATOR).and_then(|(case, of)| Some((self.times.get_mut(case)?, of)));
            match case {
                // Throughput of ours: so much of an amount a second.
                Some((figures, of)) if of == unit && unit.ends_with("/s") => {
                    let time = figures.median.map_or(f64::NAN, |median| median.value);
                    let amount = of.trim_end_matches("/s").to_owned();
                    figures.amounts.push((amount, (value * time / 1e9 * 1e6).round() / 1e6));
                }
                Some((figures, of)) => figures.metrics.push(metric(of, &unit, direction, value)),
                None => {
                    let reason = format!("it is {value} {unit}, and there is no time beside it");
                    found.cases.push((Names::of_text(&name, target), Outcome::Skipped { reason }));
                }
            }
        }
        for (name, figures) in self.times {
            found.cases.push((Names::of_text(&name, target), figures.outcome(Tool::GithubAction.name())));
        }
        found
    }
}

/// The time of an iteration in nanoseconds, if the figure is one.
fn time(unit: &str, value: f64) -> Option<f64> {
    if value < 0.0 {
        return None;
    }
    if RATES.contains(&unit) {
        return (value > 0.0).then(|| 1e9 / value);
    }
    let unit = unit.split_once('/').map_or(unit, |(unit, per)| if per.starts_with('s') { "" } else { unit });
    TIMES.iter().find(|(name, _)| *name == unit).map(|(_, scale)| value * scale)
}

/// With the `± 312.75` that an export of ours writes, which is in the unit of the value.
fn with_range(time: f64, entry: &Node<'_>) -> Result<Estimate, ImportError> {
    let is_ours = entry.need("unit")?.text()? == UNIT;
    let range = entry.optional_text("range")?.filter(|_| is_ours).and_then(|range| range.strip_prefix("± "));
    let half: Option<f64> = range.and_then(|half| half.parse().ok());
    Ok(match half {
        Some(half) => Estimate { lower: time - half, upper: time + half, ..open(time) },
        None => open(time),
    })
}
