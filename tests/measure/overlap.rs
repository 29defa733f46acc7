//! Are the intervals honest? The same executable is run twice, back to back, while another process
//! loads a core; of two 95 % intervals of one case, nearly all pairs should overlap.
//!
//! Fails if fewer than 90 % of the pairs do.
//!
//! ```text
//! cargo run --release -p bitnet-bench-tests --bin measure_overlap          20 pairs
//! cargo run --release -p bitnet-bench-tests --bin measure_overlap -- 5     5 pairs
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::process::{Child, Command};

use bitnet_bench::config::{Config, Sources};
use bitnet_bench::registry::Definition;
use bitnet_bench::{Bencher, Run, Suite};

/// The argument that makes this program the load.
const LOAD: &str = "--load-a-core";

fn benchmarks() -> [Definition; 3] {
    let mut short = Definition::new("multiply", bitnet_bench::source!());
    short.body(|bencher: &mut Bencher, _| {
        bencher.iter(|| std::hint::black_box(7_u64).wrapping_mul(3));
        Ok(())
    });
    let mut medium = Definition::new("sum_of_4096", bitnet_bench::source!());
    medium.body(|bencher: &mut Bencher, _| {
        let numbers: Vec<f32> = (0..4096).map(|n| n as f32).collect();
        bencher.iter(|| std::hint::black_box(&numbers).iter().sum::<f32>());
        Ok(())
    });
    let mut long = Definition::new("ternary_dot_of_1_MiB", bitnet_bench::source!());
    long.body(|bencher: &mut Bencher, _| {
        let weights: Vec<i8> = (0..1 << 20).map(|n| (n * 7 % 3) as i8 - 1).collect();
        let activations: Vec<i8> = (0..1 << 20).map(|n| (n * 31 % 255) as u8 as i8).collect();
        bencher.iter(|| {
            let products = std::hint::black_box(&weights).iter().zip(&activations);
            products.map(|(w, x)| i32::from(*w) * i32::from(*x)).sum::<i32>()
        });
        Ok(())
    });
    [short, medium, long]
}

fn measure(home: &str) -> Result<Run, Box<dyn Error>> {
    let sources = Sources::new(std::env::current_dir()?).program("home", home);
    let suite = Suite::new(bitnet_bench::target!(), Config::load(sources)?).quiet();
    Ok(benchmarks().into_iter().fold(suite, Suite::benchmark).run()?)
}

/// A process that keeps a core busy until it is dropped.
struct Load(Child);

impl Load {
    fn start() -> Result<Self, Box<dyn Error>> {
        Ok(Self(Command::new(std::env::current_exe()?).arg(LOAD).spawn()?))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // It runs until it is killed, and nothing is left to do if it cannot be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let argument = std::env::args().nth(1);
    if argument.as_deref() == Some(LOAD) {
        let mut sum = 0_u64;
        loop {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
    }
    let pairs: usize = argument.map_or(Ok(20), |pairs| pairs.parse())?;
    let folder = std::env::temp_dir().join(format!("bitnet-bench-overlap-{}", std::process::id()));
    let home = folder.display().to_string();
    // The first run ends here in a worker, before a load is started.
    let mut before = measure(&home)?;
    let load = Load::start()?;
    let mut overlaps: BTreeMap<String, Vec<bool>> = BTreeMap::new();
    let mut widths: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for pair in 0..pairs {
        if pair == 0 {
            before = measure(&home)?;
        }
        let after = measure(&home)?;
        for (one, other) in before.cases().zip(after.cases()) {
            let (one_time, other_time) = one.time().zip(other.time()).ok_or("every case is measured")?;
            let overlap = one_time.lower <= other_time.upper && other_time.lower <= one_time.upper;
            overlaps.entry(one.id().to_owned()).or_default().push(overlap);
            widths.entry(one.id().to_owned()).or_default().push(one_time.relative_half_width());
        }
        eprintln!("pair {} of {pairs}", pair + 1);
        before = measure(&home)?;
    }
    drop(load);
    std::fs::remove_dir_all(&folder)?;
    print(&overlaps, &widths)
}

fn print(overlaps: &BTreeMap<String, Vec<bool>>, widths: &BTreeMap<String, Vec<f64>>) -> Result<(), Box<dyn Error>> {
    println!("| case | pairs whose intervals overlap | median half-width |\n|---|---|---|");
    let (mut together, mut all) = (0_u32, 0_u32);
    for (case, overlap) in overlaps {
        let mut half_widths = widths[case].clone();
        half_widths.sort_by(f64::total_cmp);
        let held = overlap.iter().map(|overlap| u32::from(*overlap)).sum::<u32>();
        let width = 100.0 * half_widths[half_widths.len() / 2];
        println!("| {case} | {held} of {} | {width:.2} % |", overlap.len());
        together += held;
        all += overlap.len() as u32;
    }
    println!("| all | {together} of {all} ({:.0} %) | |", 100.0 * f64::from(together) / f64::from(all));
    if f64::from(together) < 0.9 * f64::from(all) {
        return Err("too many intervals do not overlap".into());
    }
    Ok(())
}
