//! How often a change of level is claimed in a history, as Markdown tables: the ones in `docs/statistics.md`.
//!
//! ```text
//! cargo run --release -p bitnet-bench --features history --example trends [REPETITIONS]
//! ```
//!
//! With 1,000 repetitions, the default, a rate near 1 % has a standard error of 0.3 points, and one near 90 % of 1 point. Seeds
//! are fixed, so the same number gives the same tables.

use bitnet_bench::stats::{ChangeRule, change_points, detectable};

#[allow(dead_code, reason = "the shapes of launches are those of `examples/coverage.rs`")]
#[path = "../src/stats/simulation.rs"]
mod simulation;

use simulation::{History, Source};

const RULE: ChangeRule = ChangeRule::DEFAULT;
const LENGTH: usize = 60;
/// How many figures are behind a step.
const AFTER: usize = 5;

fn main() {
    let repetitions = match std::env::args().nth(1).map(|text| text.parse()) {
        None => 1000,
        Some(Ok(repetitions)) if repetitions > 0 => repetitions,
        Some(_) => {
            eprintln!("usage: trends [REPETITIONS]");
            std::process::exit(2);
        }
    };
    claims_table(repetitions);
    together_table(repetitions);
    detectable_table(repetitions);
}

fn percent(count: usize, of: usize) -> String {
    format!("{:.1}", 100.0 * count as f64 / of as f64)
}

/// A history with a step before its last figures.
fn stepped(history: History, source: &mut Source, step: f64) -> Vec<f64> {
    let mut figures = history.figures(source, LENGTH);
    for figure in &mut figures[LENGTH - AFTER..] {
        *figure *= 1.0 + step;
    }
    figures
}

/// Whether one of the changes is at the step, or one commit beside it.
fn is_found(changes: &[bitnet_bench::stats::ChangePoint]) -> bool {
    changes.iter().any(|change| change.at.abs_diff(LENGTH - AFTER) <= 1)
}

fn claims_table(repetitions: usize) {
    println!(
        "\n### One history of {LENGTH} commits: claims without a change, and steps that are found {AFTER} commits before its end\n"
    );
    println!("| history | false alarm | +3 % | +5 % | −5 % | +10 % |\n|---|--:|--:|--:|--:|--:|");
    for history in History::ALL {
        let mut cells = Vec::new();
        for step in [0.0, 0.03, 0.05, -0.05, 0.1] {
            let mut source = Source::new(2014);
            let mut claimed = 0;
            for _ in 0..repetitions {
                let changes = change_points(&[stepped(history, &mut source, step)], &RULE).remove(0);
                claimed += usize::from(if step == 0.0 { !changes.is_empty() } else { is_found(&changes) });
            }
            cells.push(percent(claimed, repetitions));
        }
        println!("| {history:?} | {} |", cells.join(" | "));
    }
}

/// Many histories looked at together, of which a few have changed.
fn together_table(repetitions: usize) {
    const SERIES: usize = 100;
    let families = repetitions.div_ceil(SERIES);
    println!("\n### {SERIES} histories looked at together ({families} times), of which some have a step of +5 %\n");
    println!("| history | with a step | of these found | false, of all claims |\n|---|--:|--:|--:|");
    for history in [History::Normal, History::Spikes, History::Drift] {
        for changed in [0, 1, 10] {
            let mut source = Source::new(1995);
            let (mut found, mut claims, mut wrong) = (0, 0, 0);
            for _ in 0..families {
                let series: Vec<Vec<f64>> = (0..SERIES)
                    .map(|at| stepped(history, &mut source, if at < changed { 0.05 } else { 0.0 }))
                    .collect();
                for (at, changes) in change_points(&series, &RULE).iter().enumerate() {
                    let right = at < changed && is_found(changes);
                    found += usize::from(right);
                    claims += changes.len();
                    wrong += changes.len() - usize::from(right);
                }
            }
            let detected = if changed == 0 { "–".to_owned() } else { percent(found, changed * families) };
            println!("| {history:?} | {changed} | {detected} | {wrong} of {claims} |");
        }
    }
}

fn detectable_table(repetitions: usize) {
    println!("\n### Found, of steps as large as said to be detectable (should be about 80)\n");
    println!("| commits | noise | series | detectable | found |\n|--:|--:|--:|--:|--:|");
    for (length, noise, series) in [
        (10, 0.02, 1),
        (12, 0.01, 1),
        (20, 0.02, 1),
        (60, 0.005, 1),
        (60, 0.02, 1),
        (60, 0.05, 1),
        (150, 0.02, 1),
        (40, 0.02, 50),
    ] {
        let Some(step) = detectable(length, noise, series, &RULE) else { continue };
        let mut source = Source::new(5);
        let mut found = 0;
        let families = repetitions.div_ceil(series);
        for _ in 0..families {
            let mut of_family: Vec<Vec<f64>> = Vec::new();
            for at in 0..series {
                let step = if at == 0 { step } else { 0.0 };
                let mut figures: Vec<f64> = (0..length).map(|_| (noise * source.normal()).exp()).collect();
                figures[length - AFTER..].iter_mut().for_each(|figure| *figure *= 1.0 + step);
                of_family.push(figures);
            }
            let changes = &change_points(&of_family, &RULE)[0];
            found += usize::from(changes.iter().any(|change| change.at.abs_diff(length - AFTER) <= 1));
        }
        println!(
            "| {length} | {} % | {series} | {:.1} % | {} |",
            noise * 100.0,
            step * 100.0,
            percent(found, families)
        );
    }
}
