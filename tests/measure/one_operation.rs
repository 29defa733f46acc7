//! Does an operation of a fraction of a nanosecond read right? And what share of a sample is the
//! clock's own cost?
//!
//! Measures one multiplication by the harness, and between two of its runs times a bare loop of 10⁹
//! of them; prints the ratio of each round, and fails if the median is off by more than 10 %, or
//! the clock costs more than 0.1 % of a sample.
//!
//! ```text
//! cargo run --release -p bitnet-bench-tests --bin measure_one_operation
//! ```

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use bitnet_bench::config::{Config, Sources};
use bitnet_bench::registry::Definition;
use bitnet_bench::{Bencher, Suite};

const ROUNDS: usize = 5;
const ITERATIONS: u64 = 1_000_000_000;

fn subject() -> u64 {
    black_box(7_u64).wrapping_mul(black_box(3))
}

fn benchmark() -> Definition {
    let mut definition = Definition::new("one_operation", bitnet_bench::source!());
    definition.body(|bencher: &mut Bencher, _| {
        bencher.iter(subject);
        Ok(())
    });
    definition
}

/// Nanoseconds of one operation in a bare loop.
fn bare_loop() -> f64 {
    let start = Instant::now();
    for _ in 0..ITERATIONS {
        black_box(subject());
    }
    start.elapsed().as_nanos() as f64 / ITERATIONS as f64
}

fn main() -> Result<(), Box<dyn Error>> {
    let home = std::env::temp_dir().join(format!("bitnet-bench-one-operation-{}", std::process::id()));
    let (mut ratios, mut clock_shares) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let sources = Sources::new(std::env::current_dir()?).program("home", home.display().to_string());
        let run = Suite::new(bitnet_bench::target!(), Config::load(sources)?).benchmark(benchmark()).quiet().run()?;
        // In a worker the call above does not return: only the parent times the bare loop.
        if round == 0 {
            println!("| round | harness, ns | bare loop, ns | ratio | clock's share of a sample |");
            println!("|---|---|---|---|---|");
        }
        let case = run.cases().next().ok_or("there is a case")?;
        let measured = case.measured().ok_or("the case was measured")?;
        let (harness, bare) = (measured.time.median.value, bare_loop());
        let share = measured.launches.iter().map(|launch| {
            let samples = &launch.samples_ns;
            launch.clock.overhead_ns * samples.len() as f64 / samples.iter().sum::<f64>()
        });
        let share = share.fold(0.0, f64::max);
        println!("| {round} | {harness:.4} | {bare:.4} | {:.3} | {:.4} % |", harness / bare, 100.0 * share);
        ratios.push(harness / bare);
        clock_shares.push(share);
    }
    std::fs::remove_dir_all(&home)?;
    ratios.sort_by(f64::total_cmp);
    let median = ratios[ROUNDS / 2];
    println!("\nmedian ratio {median:.3}, from {:.3} to {:.3}", ratios[0], ratios[ROUNDS - 1]);
    let clock = clock_shares.iter().copied().fold(0.0, f64::max);
    if (median - 1.0).abs() > 0.1 || clock > 0.001 {
        return Err("the harness does not read one operation right".into());
    }
    Ok(())
}
