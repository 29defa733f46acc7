//! The head of the page: what ran, on what machine, timed how.

use std::fmt::Write;

use super::super::ink::Ink;
use super::super::remarks::measured;
use super::super::text::{flow, plain};
use super::super::units::Quantity;
use super::Page;
use crate::host::Stated;
use crate::order::insert;
use crate::record::{LaunchRecord, Outcome};

/// The lines of the head.
pub(super) fn lines(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (ink, pieces) in [(Ink::Bold, what(page)), (Ink::Dim, machine(page)), (Ink::Dim, timing(page))] {
        let mut plainly = Vec::new();
        for piece in &pieces {
            plainly.push(plain(piece));
        }
        for line in flow(&plainly, " · ", page.width) {
            lines.push(page.palette.paint(ink, &line));
        }
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
    let mut counts: Vec<usize> = Vec::new();
    for (_, measured) in measured(page.record) {
        if !measured.launches.is_empty() {
            insert(&mut counts, measured.launches.len());
        }
    }
    pieces.push(match (counts.first(), counts.last()) {
        (Some(1), Some(1)) => format!("{cases} × 1 launch"),
        (Some(least), Some(most)) if least == most => format!("{cases} × {most} launches"),
        (Some(least), Some(most)) => format!("{cases} × {least} to {most} launches"),
        _ => cases,
    });
    if let Some(shard) = &run.shard {
        pieces.push(format!("shard {shard}"));
    }
    if let Some(part) = run.parts.first() {
        pieces.push(format!("merged from {} of {} shards", run.parts.len(), part.of));
    }
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
    let mut launches: Vec<&LaunchRecord> = Vec::new();
    for case in &page.record.cases {
        launches.extend(launches_of(&case.outcome));
    }
    let mut pieces: Vec<String> = Vec::new();
    let mut say = |piece: String| {
        if !pieces.contains(&piece) {
            pieces.push(piece);
        }
    };
    let mut cores = Vec::new();
    for launch in &launches {
        if let Stated::Known(core) = launch.core {
            insert(&mut cores, core);
        }
    }
    match cores.as_slice() {
        [] => {}
        [core] => say(format!("pinned to core {core}")),
        [first, others @ ..] => {
            let mut text = format!("pinned to cores {first}");
            for core in others {
                let _ = write!(text, ", {core}");
            }
            say(text);
        }
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

fn launches_of(outcome: &Outcome) -> &[LaunchRecord] {
    match outcome {
        Outcome::Measured(measured) => &measured.launches,
        Outcome::Failed { launches, .. } => launches,
        Outcome::Skipped { .. } => &[],
    }
}
