//! From the parts of a split run to the run: all that measured one thing is joined, anything else is refused by name.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{CaseRecord, Configured, Record, RunInfo};
use super::parts::{Part, Shard};
use super::surroundings::Surroundings;
use crate::config::WITHOUT_EFFECT;
use crate::digest::Digest;
use crate::host::{Finding, Stated};
use crate::order::order;
use crate::registry::compare_naturally;

/// A run and what it is called where it came from: its file, or its id.
#[derive(Clone, Debug)]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// The run.
    pub record: Record,
}

/// Why runs are not the parts of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("\n"))]
pub struct MergeError {
    /// Each problem, in words, with the parts that have it.
    pub problems: Vec<String>,
}

/// Joins parts to the runs that they are parts of, one for each bench target, in the order of the targets. The same
/// parts give the same run, with the same id, in whatever order they come.
///
/// With `partial`, shards may be missing or interrupted; what comes out is then marked as interrupted.
///
/// # Errors
/// What is missing, twice, not a part, of another split, or measured otherwise than the rest.
pub fn merge(parts: Vec<Named>, partial: bool) -> Result<Vec<Record>, MergeError> {
    let mut targets = BTreeMap::<String, Vec<Named>>::new();
    for part in parts {
        targets.entry(part.record.run.target.clone()).or_default().push(part);
    }
    let (mut merged, mut problems) = (Vec::new(), Vec::new());
    for parts in targets.into_values() {
        match Parts::check(parts, partial) {
            Ok(parts) => merged.push(parts.join()),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(merged) } else { Err(MergeError { problems }) }
}

/// Parts of one run, in the order of their numbers, at least one.
struct Parts {
    parts: Vec<(Shard, Record)>,
    of: u32,
}

impl Parts {
    fn check(mut named: Vec<Named>, partial: bool) -> Result<Self, Vec<String>> {
        // Which of two parts is called the other one must not depend on their order.
        named.sort_by(|one, other| number(one).cmp(&number(other)).then_with(|| one.name.cmp(&other.name)));
        let mut problems = not_shards(&named);
        let Some(of) = named.first().and_then(|part| part.record.run.shard.as_ref()).map(|shard| shard.of) else {
            return Err(problems);
        };
        if problems.is_empty() {
            problems.extend(other_splits(&named));
        }
        if problems.is_empty() {
            problems.extend(twice(&named));
            problems.extend(differences(&named));
            if !partial {
                problems.extend(missing(&named, of));
                problems.extend(interrupted(&named));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let parts = named.into_iter().filter_map(|part| Some((part.record.run.shard.clone()?, part.record)));
        Ok(Self { parts: parts.collect(), of })
    }

    /// The run that these are parts of.
    fn join(self) -> Record {
        let host = self.parts[0].1.host.clone();
        let mut findings: Vec<Finding> = Vec::new();
        for (_, record) in &self.parts {
            for finding in &record.findings {
                if !findings.contains(finding) {
                    findings.push(finding.clone());
                }
            }
        }
        let run = self.run();
        let first = &self.parts[0].1;
        let (schema_version, toolchain) = (first.schema_version, first.toolchain.clone());
        let (git, configuration) = (first.git.clone(), first.configuration.clone());
        let cases: Vec<CaseRecord> = self.parts.into_iter().flat_map(|(_, record)| record.cases).collect();
        Record { schema_version, run, host, toolchain, git, findings, configuration, cases: in_order(cases) }
    }

    fn run(&self) -> RunInfo {
        let records = || self.parts.iter().map(|(_, record)| record);
        let first = &self.parts[0].1.run;
        let started_at = records().map(|record| record.run.started_at.clone()).min().unwrap_or_default();
        let executables: BTreeSet<&str> = records().map(|record| record.run.executable.as_str()).collect();
        let executable = match executables.len() {
            1 => first.executable.clone(),
            _ => "unknown: the parts were measured by several, which each of them names".to_owned(),
        };
        RunInfo {
            id: self.id(&started_at),
            started_at,
            duration_ns: records().map(|record| record.run.duration_ns).sum(),
            arguments: without_shard(&first.arguments),
            executable,
            interrupted: records().any(|record| record.run.interrupted) || self.parts.len() < self.of as usize,
            resumed: records().any(|record| record.run.resumed),
            shard: None,
            parts: self.parts.iter().map(|(shard, record)| self.part(shard, record)).collect(),
            surroundings: surroundings(&self.parts),
            ..first.clone()
        }
    }

    /// When the first part started, the target, and a hash of the parts' ids.
    fn id(&self, started_at: &str) -> String {
        let mut digest = Digest::new();
        for (_, record) in &self.parts {
            digest.part(record.run.id.as_bytes());
        }
        let compact: String = started_at.chars().filter(|c| !matches!(c, '-' | ':')).collect();
        format!("{compact}-{}-merged-{}", self.parts[0].1.run.target, digest.text())
    }

    fn part(&self, shard: &Shard, record: &Record) -> Part {
        Part {
            run: record.run.id.clone(),
            shard: shard.number,
            of: shard.of,
            cases: record.cases.len(),
            started_at: record.run.started_at.clone(),
            duration_ns: record.run.duration_ns,
            shuffle_seed: record.run.shuffle_seed,
            executable: record.run.executable.clone(),
            host: Some(&record.host).filter(|host| **host != self.parts[0].1.host).cloned(),
        }
    }
}

fn number(part: &Named) -> u32 {
    part.record.run.shard.as_ref().map_or(0, |shard| shard.number)
}

fn not_shards(parts: &[Named]) -> Vec<String> {
    let complain = |part: &Named| match (&part.record.run.shard, part.record.run.parts.is_empty()) {
        (Some(_), _) => None,
        (None, true) => Some(format!("{} is no part of a split run: `--shard K/N` measures one", part.name)),
        (None, false) => Some(format!("{} is merged already: name its parts instead", part.name)),
    };
    parts.iter().filter_map(complain).collect()
}

/// The parts that are of another split than the first.
fn other_splits(parts: &[Named]) -> Vec<String> {
    let (first, others) = (&parts[0], &parts[1..]);
    let shard = |part: &Named| part.record.run.shard.clone();
    let complain = |part: &Named| {
        let (one, other) = (shard(first)?, shard(part)?);
        if one.of != other.of {
            return Some(format!(
                "{} is {other}, and {} is {one}: they are of different splits",
                part.name, first.name
            ));
        }
        (one.split != other.split).then(|| {
            format!(
                "{} and {} are of different splits into {}: other cases, filters, settings or `--shard-by`",
                first.name, part.name, one.of
            )
        })
    };
    others.iter().filter_map(complain).collect()
}

/// Shards that are there twice, and cases that two shards have.
fn twice(parts: &[Named]) -> Vec<String> {
    let mut problems = Vec::new();
    for pair in parts.windows(2).filter(|pair| number(&pair[0]) == number(&pair[1])) {
        problems.push(format!("shard {} is there twice: {} and {}", number(&pair[0]), pair[0].name, pair[1].name));
    }
    let mut seen = BTreeMap::new();
    for part in parts.iter().filter(|_| problems.is_empty()).collect::<Vec<_>>() {
        for case in &part.record.cases {
            if let Some(other) = seen.insert(case.id.as_str(), &part.name) {
                problems.push(format!("both {other} and {} have the case `{}`", part.name, case.id));
            }
        }
    }
    problems
}

/// What distinguishes each part's way of measuring from the first's.
fn differences(parts: &[Named]) -> Vec<String> {
    let mut problems = Vec::new();
    let Some((first, others)) = parts.split_first() else { return problems };
    let expected = ways(&first.record);
    for part in others {
        let found = ways(&part.record);
        for what in expected.keys().chain(found.keys().filter(|key| !expected.contains_key(*key))) {
            let of = |ways: &BTreeMap<String, String>| ways.get(what).map_or("nothing", String::as_str).to_owned();
            let (one, other) = (of(&expected), of(&found));
            if one != other {
                problems.push(format!("{what} differs: {one} in {}, {other} in {}", first.name, part.name));
            }
        }
    }
    problems
}

/// All that must be the same for figures to be those of one run.
fn ways(record: &Record) -> BTreeMap<String, String> {
    let Record { run, host, toolchain, git, configuration, .. } = record;
    let commit = match git {
        Stated::Known(git) => format!("{}{}", git.commit, if git.dirty { ", changed" } else { "" }),
        Stated::Unknown(_) => "unknown".to_owned(),
    };
    let flags = run.surroundings.as_ref().and_then(|around| around.flags.known().cloned());
    let mut ways: BTreeMap<String, String> = [
        ("the package", run.package.clone().unwrap_or_default()),
        ("the version of bitnet-bench", run.harness_version.clone()),
        ("the compiler", toolchain.rustc.clone()),
        ("the target triple", toolchain.target.clone()),
        ("the optimisation level", toolchain.opt_level.clone()),
        ("whether debug assertions are on", toolchain.debug_assertions.to_string()),
        ("the commit", commit),
        ("the machine key", host.machine_key.clone()),
        ("the hash of the bench target's own flags and their files", flags.unwrap_or_default()),
    ]
    .map(|(what, value)| (what.to_owned(), value))
    .into();
    let with_effect = |key: &str| key.strip_prefix("run.").is_none_or(|option| !WITHOUT_EFFECT.contains(&option));
    for (key, Configured { value, .. }) in configuration.iter().filter(|(key, _)| with_effect(key)) {
        ways.insert(format!("`{key}`"), value.clone());
    }
    ways
}

fn missing(parts: &[Named], of: u32) -> Vec<String> {
    let there: BTreeSet<u32> = parts.iter().map(number).collect();
    let missing: Vec<String> = (1..=of).filter(|number| !there.contains(number)).map(|n| n.to_string()).collect();
    let target = &parts[0].record.run.target;
    let plural = if missing.len() == 1 { "" } else { "s" };
    let list = missing.join(", ");
    let complaint = format!("`{target}` lacks the shard{plural} {list} of {of}; `--partial` merges without");
    if missing.is_empty() { Vec::new() } else { vec![complaint] }
}

fn interrupted(parts: &[Named]) -> Vec<String> {
    let complain = |part: &Named| {
        format!("{} was interrupted: `--resume` goes on with shard {}; `--partial` merges it", part.name, number(part))
    };
    parts.iter().filter(|part| part.record.run.interrupted).map(complain).collect()
}

/// The cases in the order in which one run would have them: that of the registry.
fn in_order(cases: Vec<CaseRecord>) -> Vec<CaseRecord> {
    let places = order(cases.len(), &|one, other| {
        let (one, other) = (&cases[one], &cases[other]);
        compare_naturally(&one.group, &other.group)
            .then_with(|| compare_naturally(&one.name, &other.name))
            .then_with(|| compare_naturally(&one.id, &other.id))
    });
    let mut cases: Vec<Option<CaseRecord>> = cases.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| cases[place].take()).collect()
}

/// What all parts had around them; what differed is not known.
fn surroundings(parts: &[(Shard, Record)]) -> Option<Surroundings> {
    let mut all = parts.iter().map(|(_, record)| record.run.surroundings.as_ref());
    let mut joined = all.next()??.clone();
    for next in all {
        let next = next?;
        if (&joined.folder, &joined.environment) != (&next.folder, &next.environment) {
            return None;
        }
        joined.libraries = match (joined.libraries, &next.libraries) {
            (Stated::Known(mut one), Stated::Known(other)) => {
                if other.iter().any(|(file, hash)| one.get(file).is_some_and(|known| known != hash)) {
                    return None;
                }
                one.extend(other.clone());
                Stated::Known(one)
            }
            (Stated::Unknown(why), _) => Stated::Unknown(why),
            (_, Stated::Unknown(why)) => Stated::Unknown(why.clone()),
        };
    }
    Some(joined)
}

/// The arguments without `--shard K/N`, in which the parts differ.
fn without_shard(arguments: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--shard" => drop(arguments.next()),
            argument if argument.starts_with("--shard=") => {}
            argument => kept.push(argument.to_owned()),
        }
    }
    kept
}
