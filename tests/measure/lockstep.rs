//! Does a comparison in lock-step tell a change from noise?
//!
//! Compares an executable with a copy of itself, idle and beside a process that loads the measuring core; and with
//! copies that do 2 % and 5 % more work. Prints a table, and fails where
//!
//! - identical executables get a verdict that is false: any idle, more than one under load;
//! - +2 % is found in less than 90 % of the trials idle, or a case takes longer than 10 s;
//! - +5 % is found in less than 85 % of the trials under load;
//! - any change has the wrong sign.
//!
//! ```text
//! cargo run --release -p bitnet-bench-tests --bin measure_lockstep          20 trials of each, some minutes
//! cargo run --release -p bitnet-bench-tests --bin measure_lockstep -- 2     2 trials of each
//! ```
//!
//! It starts `kernels`, which is built beside it (`cargo build --release -p bitnet-bench-tests`).

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use bitnet_bench::compare::{DiffRecord, Rule, Verdict};
use bitnet_bench::config::{Config, Sources};
use bitnet_bench::harness::lockstep::{Executable, LockStep, Side, TIME, compare_executables, looks};
use bitnet_bench::measure::pinning;

/// The argument that makes this program the load, before the core that it loads.
const LOAD: &str = "--load-core";
/// No case may take longer.
const LONGEST: f64 = 10.0;

type Failed = Box<dyn Error>;

/// What is measured: by how much the new side does more work, and in what circumstances.
struct Part {
    title: &'static str,
    slower_by: f64,
    loaded: bool,
    kernels: &'static [&'static str],
}

const PARTS: [Part; 4] = [
    Part { title: "A/A, idle", slower_by: 0.0, loaded: false, kernels: &["one_ns", "one_us", "hundred_us"] },
    Part { title: "A/A, core loaded", slower_by: 0.0, loaded: true, kernels: &["one_ns", "one_us", "hundred_us"] },
    Part { title: "+2 %, idle", slower_by: 2.0, loaded: false, kernels: &["one_us", "hundred_us"] },
    Part { title: "+5 %, core loaded", slower_by: 5.0, loaded: true, kernels: &["one_us", "hundred_us"] },
];

/// What came out for one kernel in one part.
#[derive(Default)]
struct Row {
    verdicts: [usize; 4],
    ratios: Vec<f64>,
    detectable: Vec<f64>,
    seconds: Vec<f64>,
    launches: Vec<f64>,
}

const VERDICTS: [Verdict; 4] = [Verdict::Improved, Verdict::Regressed, Verdict::Unchanged, Verdict::Inconclusive];

impl Row {
    fn add(&mut self, record: &DiffRecord) -> Result<(), Failed> {
        let [case] = &record.comparison.cases[..] else {
            return Err(format!("not one case: {:?}", record.comparison.unmatched).into());
        };
        let verdict = VERDICTS.iter().position(|verdict| *verdict == case.time.verdict).unwrap_or_default();
        self.verdicts[verdict] += 1;
        self.ratios.push(case.time.times_worse());
        self.detectable.push(case.time.detectable);
        self.seconds.push(record.duration_ns / 1e9);
        self.launches.push(record.cases[0].pairs.len() as f64);
        Ok(())
    }

    fn count(&self, verdict: Verdict) -> usize {
        VERDICTS.iter().zip(self.verdicts).filter(|(other, _)| **other == verdict).map(|(_, count)| count).sum()
    }

    fn trials(&self) -> usize {
        self.ratios.len()
    }

    fn line(&self, kernel: &str) -> String {
        let [improved, regressed, unchanged, inconclusive] = self.verdicts;
        let [least, middle, most] = spread(&self.ratios).map(|ratio| 100.0 * (ratio - 1.0));
        format!(
            "| {kernel} | {} | {regressed} | {improved} | {unchanged} | {inconclusive} | {middle:+.2} ({least:+.2} to \
             {most:+.2}) | {:.2} | {:.0} | {:.1} ({:.1}) |",
            self.trials(),
            100.0 * spread(&self.detectable)[1],
            spread(&self.launches)[1],
            spread(&self.seconds)[1],
            spread(&self.seconds)[2],
        )
    }
}

/// The least, the middle and the most.
fn spread(figures: &[f64]) -> [f64; 3] {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    [0, sorted.len() / 2, sorted.len() - 1].map(|at| sorted[at])
}

/// A process that keeps a core busy until it is dropped.
struct Load(Child);

impl Load {
    fn start() -> Result<Self, Failed> {
        let core = pinning::choose(1).first().copied().ok_or("the system does not tell which cores may be used")?;
        Ok(Self(Command::new(std::env::current_exe()?).args([LOAD, &core.to_string()]).spawn()?))
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        // It runs until it is killed, and nothing is left to do if it cannot be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [load, core] = &arguments[..]
        && load == LOAD
    {
        pinning::pin(core.parse()?)?;
        loop {
            std::hint::black_box(0);
        }
    }
    let trials: usize = arguments.first().map_or(Ok(20), |trials| trials.parse())?;
    let folder = std::env::temp_dir().join(format!("bitnet-bench-lockstep-{}", std::process::id()));
    let broken = PARTS.iter().map(|part| measure(part, trials, &folder)).collect::<Result<Vec<_>, _>>();
    fs::remove_dir_all(&folder)?;
    match &broken?.concat()[..] {
        [] => Ok(()),
        broken => Err(broken.join("; ").into()),
    }
}

/// Measures a part and prints its table. Gives back what does not hold.
fn measure(part: &Part, trials: usize, folder: &Path) -> Result<Vec<String>, Failed> {
    let kernels = std::env::current_exe()?.with_file_name("kernels");
    let (old, new) = (copy(&kernels, folder, "old", 0.0)?, copy(&kernels, folder, "new", part.slower_by)?);
    let load = if part.loaded { Some(Load::start()?) } else { None };
    let mut rows: Vec<(&str, Row)> = part.kernels.iter().map(|kernel| (*kernel, Row::default())).collect();
    for trial in 0..trials {
        for (kernel, row) in &mut rows {
            row.add(&compare(&old, &new, kernel)?)?;
        }
        eprintln!("{}: trial {} of {trials}", part.title, trial + 1);
    }
    drop(load);
    println!("\n{}\n", part.title);
    println!(
        "| kernel | trials | regressed | improved | unchanged | can't tell | change, % | sees, % | launches | s (most) |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    rows.iter().for_each(|(kernel, row)| println!("{}", row.line(kernel)));
    Ok(broken(part, &rows))
}

/// A copy of the executable that does so many per cent more work.
fn copy(kernels: &Path, folder: &Path, side: &str, slower_by: f64) -> Result<Side, Failed> {
    let path: PathBuf = folder.join(side).join("kernels");
    fs::create_dir_all(folder.join(side))?;
    fs::copy(kernels, &path).map_err(|error| format!("{}: {error}", kernels.display()))?;
    fs::write(folder.join(side).join("slower-by"), slower_by.to_string())?;
    Ok(Side { name: side.to_owned(), executables: vec![Executable { path, folder: None }] })
}

/// One comparison of one kernel, as `cargo bitnet-bench diff` makes it.
fn compare(old: &Side, new: &Side, kernel: &str) -> Result<DiffRecord, Failed> {
    let config = Config::load(Sources::new(std::env::temp_dir()))?;
    let lock_step = LockStep {
        arguments: vec![kernel.to_owned()],
        options: config.options(),
        time: TIME,
        looks: looks(),
        rule: Rule::LOCK_STEP,
        calibration: None,
        stops_early: true,
        seed: None,
        quiet: true,
    };
    Ok(compare_executables(old, new, &lock_step)?)
}

/// What does not hold in a part.
fn broken(part: &Part, rows: &[(&str, Row)]) -> Vec<String> {
    let sum = |of: &dyn Fn(&Row) -> usize| rows.iter().map(|(_, row)| of(row)).sum::<usize>();
    let (improved, regressed) = (sum(&|row| row.count(Verdict::Improved)), sum(&|row| row.count(Verdict::Regressed)));
    let mut broken = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            broken.push(format!("{}: {what}", part.title));
        }
    };
    if part.slower_by == 0.0 {
        let allowed = usize::from(part.loaded);
        must(improved + regressed <= allowed, format!("{} false verdicts", improved + regressed));
        return broken;
    }
    must(improved == 0, format!("{improved} verdicts with the wrong sign"));
    let share = if part.loaded { 0.85 } else { 0.90 };
    for (kernel, row) in rows {
        let found = row.count(Verdict::Regressed);
        let needed = share * row.trials() as f64;
        must(found as f64 >= needed, format!("{kernel} found in {found} of {} trials", row.trials()));
        let longest = Duration::from_secs_f64(spread(&row.seconds)[2]);
        must(longest.as_secs_f64() <= LONGEST, format!("{kernel} took {longest:.1?}"));
    }
    broken
}
