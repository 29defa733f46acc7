//! The head of the page: what ran, on what machine, timed how.

use std::collections::BTreeSet;

use super::super::ink::Ink;
use super::super::remarks::measured;
use super::super::text::{flow, plain};
use super::super::units::Quantity;
use super::Page;
use crate::host::Stated;
use crate::record::{LaunchRecord, Outcome};

/// The lines of the head.
pub(super) fn lines(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (ink, pieces) in [(Ink::Bold, what(page)), (Ink::Dim, machine(page)), (Ink::Dim, timing(page))] {
        let pieces: Vec<String> = pieces.iter().map(|piece| plain(piece).into_owned()).collect();
        let set = flow(pieces.iter().map(String::as_str), " · ", page.width);
        lines.extend(set.iter().map(|line| page.palette.paint(ink, line)));
    }
    lines
}

fn what(page: &Page<'_>) -> Vec<String> {
    let run = &page.record.run;
    let mut pieces = vec![format!("bitnet-bench {}", run.harness_version), run.target.clone()];
    let cases = match page.record.cases.len() {
        1 => "1 case".to_owned(),
        cases => format!("{cases} cases"),
    };
    let counts: BTreeSet<usize> =
        measured(page.record).map(|(_, measured)| measured.launches.len()).filter(|&count| count > 0).collect();
    pieces.push(match (counts.first(), counts.last()) {
        (Some(1), Some(1)) => format!("{cases} × 1 launch"),
        (Some(least), Some(most)) if least == most => format!("{cases} × {most} launches"),
        (Some(least), Some(most)) => format!("{cases} × {least} to {most} launches"),
        _ => cases,
    });
    if run.in_process {
        pieces.push("in one process".to_owned());
    }
    if !run.runner.is_empty() {
        pieces.push(format!("through {}", run.runner.join(" ")));
    }
    pieces
}

fn machine(page: &Page<'_>) -> Vec<String> {
    let record = page.record;
    let mut pieces = Vec::new();
    if let Stated::Known(cpu) = &record.host.cpu {
        pieces.push(cpu.clone());
    }
    match record.host.logical_cores {
        Stated::Known(1) => pieces.push("1 core".to_owned()),
        Stated::Known(cores) => pieces.push(format!("{cores} cores")),
        Stated::Unknown(_) => {}
    }
    if let Stated::Known(bytes) = record.host.memory_bytes {
        pieces.push(format!("{:.1} GB memory", bytes as f64 / 1e9));
    }
    pieces.push(record.toolchain.target.clone());
    if page.verbose {
        pieces.push(record.toolchain.rustc.clone());
        pieces.push(format!("opt-level {}", record.toolchain.opt_level));
        pieces.push(match &record.git {
            Stated::Known(git) => {
                let branch = git.branch.as_deref().unwrap_or("detached head");
                let changed = if git.dirty { ", changed" } else { "" };
                format!("{branch} at {}{changed}", git.commit)
            }
            Stated::Unknown(reason) => format!("no commit: {reason}"),
        });
        pieces.push(format!("started {}", record.run.started_at));
        pieces.push(format!("seed {}", record.run.shuffle_seed));
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

fn timing(page: &Page<'_>) -> Vec<String> {
    let launches: Vec<&LaunchRecord> = page.record.cases.iter().flat_map(|case| launches(&case.outcome)).collect();
    let mut pieces: Vec<String> = Vec::new();
    let mut say = |piece: String| {
        if !pieces.contains(&piece) {
            pieces.push(piece);
        }
    };
    let cores: BTreeSet<usize> = launches.iter().filter_map(|launch| launch.core.known().copied()).collect();
    match cores.iter().map(usize::to_string).collect::<Vec<_>>() {
        cores if cores.is_empty() => {}
        cores if cores.len() == 1 => say(format!("pinned to core {}", cores[0])),
        cores => say(format!("pinned to cores {}", cores.join(", "))),
    }
    for launch in &launches {
        if let Stated::Unknown(reason) = &launch.core {
            say(format!("not pinned: {reason}"));
        }
    }
    if let Some(launch) = launches.first() {
        let clock = &launch.clock;
        let resolution = Quantity::TIME.show(clock.resolution_ns);
        say(format!("clock {}, resolution {resolution}", clock.name));
        if let (true, Some(reason)) = (page.verbose, &clock.reason) {
            say(reason.clone());
        }
    }
    pieces
}

fn launches(outcome: &Outcome) -> &[LaunchRecord] {
    match outcome {
        Outcome::Measured(measured) => &measured.launches,
        Outcome::Failed { launches, .. } => launches,
        Outcome::Skipped { .. } => &[],
    }
}
