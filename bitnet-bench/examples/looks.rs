//! How often does a comparison in lock-step claim a change, with and without the price of looking five times?
//!
//! Simulates pairs of launches whose true change is known; prints the tables of docs/statistics.md.
//!
//! ```text
//! cargo run --release -p bitnet-bench --example looks
//! ```

use bitnet_bench::Direction;
use bitnet_bench::compare::{Figures, Looks, Question, Rule, Verdict, judge};

const TRIALS: usize = 10_000;
const FIRST: u32 = 10;
const MOST: u32 = 50;

/// Standard normal, by twelve uniform numbers less six.
fn normal(random: &mut fastrand::Rng) -> f64 {
    (0..12).map(|_| random.f64()).sum::<f64>() - 6.0
}

/// How the log ratios of pairs scatter, around nothing.
#[derive(Clone, Copy)]
enum World {
    /// Normal.
    Quiet,
    /// One pair in ten is disturbed, five times as far.
    Disturbed,
    /// Each side has one of two memory layouts, at random, which differ by twice the scatter.
    Layouts,
}

impl World {
    fn draw(self, random: &mut fastrand::Rng) -> f64 {
        match self {
            Self::Quiet => normal(random),
            Self::Disturbed if random.f64() < 0.1 => 5.0 * normal(random),
            Self::Disturbed => normal(random),
            Self::Layouts => normal(random) + 2.0 * (f64::from(random.u8(..2)) - f64::from(random.u8(..2))),
        }
    }
}

fn verdict(ratios: &[f64], rule: &Rule, floor: f64) -> Verdict {
    let question = Question {
        metric: "time".to_owned(),
        unit: "ns".to_owned(),
        direction: Direction::LowerIsBetter,
        figures: Figures::Paired(ratios.iter().map(|ratio| (1.0, ratio.exp())).collect()),
        envelope: None,
        in_cycles: None,
        floor,
    };
    judge(&[question], rule).remove(0).map_or(Verdict::Inconclusive, |answer| answer.verdict)
}

/// The share of comparisons that claim a change, in per cent, and the mean number of launches.
fn simulate(world: World, scatter: f64, change: f64, rule: &Rule, looks: &Looks, floor: f64) -> (f64, f64) {
    let mut random = fastrand::Rng::with_seed(42);
    let (mut claims, mut launches) = (0_u32, 0_u64);
    for _ in 0..TRIALS {
        let ratios: Vec<f64> = (0..looks.most()).map(|_| change.ln_1p() + scatter * world.draw(&mut random)).collect();
        let mut found = Verdict::Inconclusive;
        for look in (FIRST..=looks.most()).filter(|&look| looks.is_look(look)) {
            found = verdict(&ratios[..look as usize], rule, floor);
            if found != Verdict::Inconclusive || look == looks.most() {
                launches += u64::from(look);
                break;
            }
        }
        claims += u32::from(matches!(found, Verdict::Regressed | Verdict::Improved));
    }
    (100.0 * f64::from(claims) / TRIALS as f64, launches as f64 / TRIALS as f64)
}

fn main() {
    let (worlds, looks) = (
        [("quiet", World::Quiet), ("one in ten disturbed", World::Disturbed), ("two layouts", World::Layouts)],
        Looks::between(FIRST, MOST),
    );
    let paid = Rule::LOCK_STEP.looking(&looks);
    println!("\n### False alarms without an effect floor, in per cent, at a nominal 1 %\n");
    println!("| pairs | 10 launches, one look | five looks, not paid for | five looks, paid for |\n|---|--:|--:|--:|");
    for (name, world) in worlds {
        let claims = |rule: &Rule, looks: &Looks| simulate(world, 0.01, 0.0, rule, looks, 0.0).0;
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} |",
            claims(&Rule::LOCK_STEP, &Looks::between(FIRST, FIRST)),
            claims(&Rule::LOCK_STEP, &looks),
            claims(&paid, &looks)
        );
    }
    println!("\n### Changes claimed in per cent (in brackets: mean launches), floor 1 %, five looks, paid for\n");
    println!("| pairs, scatter of their ratios | no change | +2 % | +5 % |\n|---|--:|--:|--:|");
    for (name, world) in worlds {
        for scatter in [0.003, 0.01, 0.03] {
            let cells = [0.0, 0.02, 0.05].map(|change| {
                let (claims, launches) = simulate(world, scatter, change, &paid, &looks, 0.01);
                format!("{claims:.2} ({launches:.0})")
            });
            println!("| {name}, {:.1} % | {} |", 100.0 * scatter, cells.join(" | "));
        }
    }
}
