//! How often a family of comparisons in which nothing changed has a false alarm, as a Markdown table: the one in
//! `docs/statistics.md`.
//!
//! ```text
//! cargo run --release -p bitnet-bench --example families [FAMILIES]
//! ```
//!
//! With 10,000 families, the default, a rate near 1 % has a standard error of 0.1 points. Seeds are fixed, so the same
//! number gives the same table.

use bitnet_bench::compare::{Figures, Question, Rule, Verdict, judge};
use bitnet_bench::measure::Direction;

#[path = "../src/stats/simulation.rs"]
#[allow(dead_code, reason = "the worlds are shared with the other example and the tests")]
mod simulation;

use simulation::Source;

const CASES: usize = 200;

/// How the logarithms of launches scatter.
type Noise = (&'static str, fn(&mut Source) -> f64);

const NOISES: [Noise; 3] = [
    ("normal, 1 %", |source| 0.01 * source.normal()),
    // Student's t with three degrees of freedom.
    ("heavy tails, 1 %", |source| {
        let squares: f64 = (0..3).map(|_| source.normal().powi(2)).sum();
        0.01 * source.normal() / (squares / 3.0).sqrt()
    }),
    ("one launch in ten is disturbed by 20 %", |source| {
        0.01 * source.normal() + if source.uniform() < 0.1 { 0.2 * source.uniform() } else { 0.0 }
    }),
];

/// Launches on each side, and whether they are pairs.
const DESIGNS: [(&str, usize, bool); 4] =
    [("5 + 5, stored", 5, false), ("10 + 10, stored", 10, false), ("10 pairs", 10, true), ("20 pairs", 20, true)];

fn main() {
    let families = match std::env::args().nth(1).map(|text| text.parse()) {
        None => 10_000,
        Some(Ok(families)) if families > 0 => families,
        Some(_) => {
            eprintln!("usage: families [FAMILIES]");
            std::process::exit(2);
        }
    };
    println!("| noise | launches | no floor, % of families | the rule, % of families | the rule, % of cases |");
    println!("|---|---|--:|--:|--:|");
    for (noise, draw) in NOISES {
        for (design, launches, paired) in DESIGNS {
            let floor = if paired { 0.01 } else { 0.03 };
            let rule = if paired { Rule::LOCK_STEP } else { Rule::STORED };
            let bare = Rule { whole_interval: false, ..rule };
            let (alone, _) = alarms(families, &bare, 0.0, launches, paired, draw);
            let (with_floor, cases) = alarms(families, &rule, floor, launches, paired, draw);
            let percent = |count: usize, of: usize| 100.0 * count as f64 / of as f64;
            println!(
                "| {noise} | {design} | {:.2} | {:.2} | {:.4} |",
                percent(alone, families),
                percent(with_floor, families),
                percent(cases, families * CASES)
            );
        }
    }
}

/// How many families have a false alarm, and how many alarms there are in all.
fn alarms(
    families: usize,
    rule: &Rule,
    floor: f64,
    launches: usize,
    paired: bool,
    draw: fn(&mut Source) -> f64,
) -> (usize, usize) {
    let mut source = Source::new(11);
    let (mut with_alarm, mut all) = (0, 0);
    for _ in 0..families {
        let questions: Vec<Question<'_>> =
            (0..CASES).map(|_| question(&mut source, floor, launches, paired, draw)).collect();
        let claimed = |verdict: Verdict| matches!(verdict, Verdict::Improved | Verdict::Regressed);
        let alarms = judge(&questions, rule).iter().flatten().filter(|answer| claimed(answer.verdict)).count();
        with_alarm += usize::from(alarms > 0);
        all += alarms;
    }
    (with_alarm, all)
}

fn question(
    source: &mut Source,
    floor: f64,
    launches: usize,
    paired: bool,
    draw: fn(&mut Source) -> f64,
) -> Question<'static> {
    let mut side = || -> Vec<f64> { (0..launches).map(|_| 100.0 * draw(source).exp()).collect() };
    let (old, new) = (side(), side());
    let figures = match paired {
        true => Figures::Paired(old.into_iter().zip(new).collect()),
        false => Figures::Independent { old: old.into(), new: new.into() },
    };
    Question {
        metric: "time".to_owned(),
        unit: "ns".to_owned(),
        direction: Direction::LowerIsBetter,
        figures,
        envelope: None,
        in_cycles: None,
        floor,
    }
}
