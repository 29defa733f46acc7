//! `--shard 2/8`: the chosen cases, split evenly into parts that are measured apart, each by a harness that knows
//! nothing of the others. So the split follows from what all of them share: the cases, their settings, and the run
//! that `--shard-by` names.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::HarnessError;
use super::plan::resolved;
use crate::config::Config;
use crate::digest::Digest;
use crate::record::{CaseRecord, LaunchRecord, Outcome, Record, Shard, ShardNumber};
use crate::registry::{Case, Selection};
use crate::stats;

/// The cases of a part, in their order, and what the record says of it.
///
/// # Errors
/// If an attribute's or a group's settings cannot be used.
pub(super) fn part(
    chosen: Vec<Case>,
    shard: ShardNumber,
    by: Option<&Record>,
    selection: &Selection,
    config: &Config,
) -> Result<(Vec<Case>, Shard), HarnessError> {
    let mut weights = match by {
        Some(run) => durations(&chosen, run),
        None => budgets(&chosen, config)?,
    };
    for (case, weight) in chosen.iter().zip(&mut weights) {
        // What is not measured costs nothing.
        *weight *= u64::from(!selection.leaves_out(case));
    }
    let weighed: Vec<(&str, u64)> = chosen.iter().map(Case::id).zip(weights).collect();
    let split = fingerprint(&weighed, shard.of);
    let parts = parts(&weighed, shard.of);
    let all = chosen.len();
    let chosen: Vec<Case> =
        chosen.into_iter().zip(parts).filter(|(_, part)| part + 1 == shard.number).map(|(case, _)| case).collect();
    let ShardNumber { number, of } = shard;
    match chosen.len() {
        0 => eprintln!("shard {number}/{of} has no case: there are {all} for {of} shards"),
        cases => eprintln!("shard {number}/{of}: {cases} of {all} cases"),
    }
    Ok((chosen, Shard { number, of, split }))
}

/// The time that the settings give each case, in microseconds.
fn budgets(cases: &[Case], config: &Config) -> Result<Vec<u64>, HarnessError> {
    let budget = |case: &Case| {
        let settings = resolved(case, config)?.settings;
        Ok((settings.time + settings.warmup).as_micros() as u64)
    };
    cases.iter().map(budget).collect()
}

/// What each case took in a run, in microseconds; of those that it did not measure, the median of the others.
fn durations(cases: &[Case], run: &Record) -> Vec<u64> {
    let then: HashMap<&str, u64> =
        run.cases.iter().filter_map(|case| Some((case.id.as_str(), duration(case)?))).collect();
    let known: Vec<f64> = cases.iter().filter_map(|case| then.get(case.id())).map(|&cost| cost as f64).collect();
    let usual = stats::median(&known).unwrap_or(1.0) as u64;
    cases.iter().map(|case| then.get(case.id()).copied().unwrap_or(usual)).collect()
}

/// What a case took, in microseconds and at least one; `None` if it was not measured.
fn duration(case: &CaseRecord) -> Option<u64> {
    let launches = match &case.outcome {
        Outcome::Measured(measured) => &measured.launches,
        Outcome::Failed { launches, .. } if !launches.is_empty() => launches,
        Outcome::Failed { .. } | Outcome::Skipped { .. } => return None,
    };
    let timed = |launch: &LaunchRecord| launch.warmup_ns + launch.samples_ns.iter().sum::<f64>();
    let nanoseconds: f64 = launches.iter().map(|launch| launch.wall_ns.unwrap_or_else(|| timed(launch))).sum();
    Some((nanoseconds / 1e3).max(1.0) as u64)
}

/// The part of each case, from 0: the longest first, each to the part that has the least so far (longest processing
/// time first; Graham 1969: the fullest part has at most 4/3 of what it would have in the best split).
///
/// Cases that weigh the same are dealt out in the order of a hash: in that of their ids, an axis whose length is a
/// multiple of the number of parts would give one of them all its large values.
fn parts(weighed: &[(&str, u64)], of: u32) -> Vec<u32> {
    let mut order: Vec<usize> = (0..weighed.len()).collect();
    order.sort_by_key(|&at| (Reverse(weighed[at].1), Digest::of(weighed[at].0.as_bytes()).number(), weighed[at].0));
    let mut loads = vec![(0_u64, 0_usize); of as usize];
    let mut parts = vec![0; weighed.len()];
    for at in order {
        let least = (0..loads.len()).min_by_key(|&part| loads[part]).unwrap_or(0);
        loads[least].0 += weighed[at].1;
        loads[least].1 += 1;
        parts[at] = least as u32;
    }
    parts
}

fn fingerprint(weighed: &[(&str, u64)], of: u32) -> String {
    let mut digest = Digest::new();
    digest.part(&of.to_le_bytes());
    for (id, weight) in weighed {
        digest.part(id.as_bytes());
        digest.part(&weight.to_le_bytes());
    }
    digest.text()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each part has to do, and how many cases it has.
    fn loads(weighed: &[(&str, u64)], of: u32) -> Vec<(u64, usize)> {
        let parts = parts(weighed, of);
        let load = |part| {
            let own = weighed.iter().zip(&parts).filter(|(_, own)| **own == part).map(|((_, weight), _)| weight);
            (own.clone().sum(), own.count())
        };
        (0..of).map(load).collect()
    }

    fn ids(count: usize) -> Vec<String> {
        (0..count).map(|at| format!("group/name[size={at}]@cpu")).collect()
    }

    #[test]
    fn equal_cases_are_split_to_within_one() {
        let ids = ids(100);
        let weighed: Vec<(&str, u64)> = ids.iter().map(|id| (id.as_str(), 800_000)).collect();
        for of in [1, 2, 3, 7, 8, 99, 100, 130] {
            let counts: Vec<usize> = loads(&weighed, of).iter().map(|(_, cases)| *cases).collect();
            let (least, most) = (counts.iter().min().expect("a part"), counts.iter().max().expect("a part"));
            assert!(most - least <= 1 && counts.iter().sum::<usize>() == 100, "{of}: {counts:?}");
        }
    }

    /// Weights over five orders of magnitude, as those of kernels and models beside each other.
    #[test]
    fn unequal_cases_are_split_within_graham_s_bound() {
        let ids = ids(200);
        for seed in 0..50 {
            let mut random = fastrand::Rng::with_seed(seed);
            let weighed: Vec<(&str, u64)> =
                ids.iter().map(|id| (id.as_str(), 10_f64.powf(random.f64() * 5.0) as u64 + 1)).collect();
            for of in [2, 8, 31] {
                let all: u64 = weighed.iter().map(|(_, weight)| weight).sum();
                let longest = weighed.iter().map(|(_, weight)| *weight).max().expect("there are cases");
                // No split is better than this.
                let best = (all as f64 / f64::from(of)).max(longest as f64);
                let fullest = loads(&weighed, of).iter().map(|(load, _)| *load).max().expect("a part");
                assert!(fullest as f64 <= best * 4.0 / 3.0, "{fullest} of {of} parts, at best {best}");
            }
        }
    }

    /// Two kernels at each size, and two parts: in the order of the ids, one part would get one kernel.
    #[test]
    fn an_axis_is_not_in_step_with_the_parts() {
        let ids: Vec<String> =
            (0..64).map(|at| format!("g/n[size={},kernel={}]@cpu", at / 2, ["a", "b"][at % 2])).collect();
        let weighed: Vec<(&str, u64)> = ids.iter().map(|id| (id.as_str(), 1)).collect();
        let parts = parts(&weighed, 2);
        let of_kernel = ids.iter().zip(parts).filter(|(id, part)| *part == 0 && id.contains("kernel=a")).count();
        assert!((8..=24).contains(&of_kernel), "{of_kernel} of 32");
    }

    #[test]
    fn the_fingerprint_is_that_of_the_split() {
        let weighed = [("a", 1), ("b", 2)];
        let fingerprint_of = |weighed: &[(&str, u64)], of| fingerprint(weighed, of);
        let plain = fingerprint_of(&weighed, 2);
        assert_eq!(plain, fingerprint_of(&[("a", 1), ("b", 2)], 2));
        for other in [
            fingerprint_of(&weighed, 3),
            fingerprint_of(&[("a", 1)], 2),
            fingerprint_of(&[("a", 1), ("b", 3)], 2),
            fingerprint_of(&[("a", 1), ("c", 2)], 2),
        ] {
            assert_ne!(plain, other);
        }
    }
}
