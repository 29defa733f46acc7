//! Does comparing stored runs cry wolf? The same executable is run again and again, back to back, and each run is
//! compared with the one before.
//!
//! Fails if more than 2 % of the verdicts claim a change.
//!
//! ```text
//! cargo run --release -p bitnet-bench-tests --bin measure_stored             20 pairs
//! cargo run --release -p bitnet-bench-tests --bin measure_stored -- 5        5 pairs
//! cargo run --release -p bitnet-bench-tests --bin measure_stored -- 20 load  with one core loaded by another process
//! ```

use std::error::Error;
use std::process::{Child, Command};

use bitnet_bench::compare::{Comparison, MetricComparison, TIME, Verdict};
use bitnet_bench::config::{Config, Sources};
use bitnet_bench::registry::Definition;
use bitnet_bench::{Bencher, CountingAllocator, Run, Suite};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator::system();

/// The argument that makes this program the load.
const LOAD: &str = "--load-a-core";
const MOST_FALSE: f64 = 0.02;

fn benchmarks() -> [Definition; 3] {
    let mut short = Definition::new("multiply", bitnet_bench::source!());
    short.body(|bencher: &mut Bencher, _| {
        bencher.iter(|| std::hint::black_box(7_u64).wrapping_mul(3));
        Ok(())
    });
    let mut sums = Definition::new("sum", bitnet_bench::source!());
    let size = sums.sizes([256, 4096, 65_536]);
    sums.body(move |bencher: &mut Bencher, point| {
        let numbers: Vec<f32> = (0..point.at(size)).map(|n| n as f32).collect();
        bencher.items(numbers.len()).iter(|| std::hint::black_box(&numbers).iter().sum::<f32>());
        Ok(())
    });
    let mut copies = Definition::new("copy", bitnet_bench::source!());
    let size = copies.sizes([1024, 1 << 18]);
    copies.body(move |bencher: &mut Bencher, point| {
        let bytes = vec![1_u8; point.at(size)];
        bencher.bytes(bytes.len()).iter(|| std::hint::black_box(&bytes).clone());
        Ok(())
    });
    [short, sums, copies]
}

fn measure(home: &str) -> Result<Run, Box<dyn Error>> {
    let sources = Sources::new(std::env::current_dir()?).program("home", home).program("time", "200ms");
    let suite = Suite::new(bitnet_bench::target!(), Config::load(sources)?).quiet().benchmarks(benchmarks());
    Ok(suite.run()?)
}

/// A process that keeps a core busy until it is dropped.
struct Load(Child);

impl Drop for Load {
    fn drop(&mut self) {
        // It runs until it is killed, and nothing is left to do if it cannot be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|argument| argument == LOAD) {
        let mut sum = 0_u64;
        loop {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
    }
    let pairs: usize = arguments.first().map_or(Ok(20), |pairs| pairs.parse())?;
    let folder = std::env::temp_dir().join(format!("bitnet-bench-stored-{}", std::process::id()));
    let home = folder.display().to_string();
    // The first run ends here in a worker, before a load is started.
    let mut before = measure(&home)?;
    let load = match arguments.get(1).is_some_and(|argument| argument == "load") {
        true => Some(Load(Command::new(std::env::current_exe()?).arg(LOAD).spawn()?)),
        false => None,
    };
    let mut comparisons = Vec::new();
    for pair in 0..pairs {
        let after = measure(&home)?;
        comparisons.push(after.compare(before.record())?);
        eprintln!("pair {} of {pairs}", pair + 1);
        before = after;
    }
    drop(load);
    std::fs::remove_dir_all(&folder)?;
    print(&comparisons)
}

fn is_claim(metric: &MetricComparison) -> bool {
    matches!(metric.verdict, Verdict::Improved | Verdict::Regressed)
}

/// Prints a row for the times and one for all other metrics.
fn print(comparisons: &[Comparison]) -> Result<(), Box<dyn Error>> {
    println!("| metrics | verdicts | false | unchanged | can't tell | detectable, median |\n|---|--:|--:|--:|--:|--:|");
    let judged = || comparisons.iter().flat_map(|comparison| comparison.cases.iter().flat_map(|case| case.judged()));
    let time: Vec<&MetricComparison> = judged().filter(|metric| metric.metric == TIME).collect();
    let others: Vec<&MetricComparison> = judged().filter(|metric| metric.metric != TIME).collect();
    for case in comparisons.iter().flat_map(|comparison| &comparison.cases) {
        for metric in case.judged().filter(|metric| is_claim(metric)) {
            eprintln!("false: {} of {}: {} to {} {}", metric.metric, case.id, metric.old, metric.new, metric.unit);
        }
    }
    let mut worst = 0.0_f64;
    for (name, metrics) in [("time", time), ("others", others)] {
        let count = |verdict: Verdict| metrics.iter().filter(|metric| metric.verdict == verdict).count();
        let wrong = metrics.iter().filter(|metric| is_claim(metric)).count();
        let share = |count: usize| 100.0 * count as f64 / metrics.len().max(1) as f64;
        let mut detectable: Vec<f64> = metrics.iter().map(|metric| metric.detectable).collect();
        detectable.sort_by(f64::total_cmp);
        let middle = detectable.get(detectable.len() / 2).copied().unwrap_or(f64::NAN);
        println!(
            "| {name} | {} | {wrong} ({:.1} %) | {:.1} % | {:.1} % | {:.1} % |",
            metrics.len(),
            share(wrong),
            share(count(Verdict::Unchanged)),
            share(count(Verdict::Inconclusive)),
            100.0 * middle
        );
        worst = worst.max(wrong as f64 / metrics.len().max(1) as f64);
    }
    if worst > MOST_FALSE {
        return Err("too many verdicts claim a change where there is none".into());
    }
    Ok(())
}
