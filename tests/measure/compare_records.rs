//! Does comparing scale? Two records of 100,000 cases, written as runs are, are read from their files and compared in a
//! process of its own, five times.
//!
//! Fails if that takes 2 s (the median) or 1 GiB, or if the change that was hidden in every hundredth case is not found.
//!
//! ```text
//! cargo run --release -p bitnet-bench-tests --bin measure_compare_records             100,000 cases
//! cargo run --release -p bitnet-bench-tests --bin measure_compare_records -- 1000     1,000 cases
//! ```

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use bitnet_bench::compare::{Comparison, RunFigures, Terms, Verdict};
use bitnet_bench::host::Host;
use serde_json::json;

/// The argument that makes this program compare two files.
const COMPARE: &str = "--compare";
const LAUNCHES: u64 = 5;
const SAMPLES: u64 = 5;
/// One case in so many is 10 % slower in the new run.
const SLOWER: u64 = 100;
const RUNS: usize = 5;
const MOST_SECONDS: f64 = 2.0;
const MOST_BYTES: f64 = (1_u64 << 30) as f64;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, old, new] = &arguments[..]
        && flag == COMPARE
    {
        return compare(Path::new(old), Path::new(new));
    }
    let cases: u64 = arguments.first().map_or(Ok(100_000), |cases| cases.parse())?;
    let folder = std::env::temp_dir().join(format!("bitnet-bench-compare-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = measure(&folder, cases);
    std::fs::remove_dir_all(&folder)?;
    measured
}

fn measure(folder: &Path, cases: u64) -> Result<(), Box<dyn Error>> {
    let (old, new) = (folder.join("old.json"), folder.join("new.json"));
    write(&old, cases, 1.0)?;
    write(&new, cases, 1.1)?;
    let size = std::fs::metadata(&old)?.len() + std::fs::metadata(&new)?.len();
    // Else the disk is still busy with writing what is to be read.
    let synced = [&old, &new].into_iter().try_for_each(|file| File::open(file)?.sync_all());
    synced?;
    let mut runs: Vec<[f64; 4]> = (0..RUNS).map(|_| run(&old, &new)).collect::<Result<_, _>>()?;
    runs.sort_by(|one, other| one[0].total_cmp(&other[0]));
    let [seconds, bytes, slower, false_alarms] = runs[RUNS / 2];
    println!(
        "| cases | both files | time (least to most of {RUNS}) | peak memory | slower cases found | false alarms |"
    );
    println!("|--:|--:|--:|--:|--:|--:|");
    let (size, peak) = (size as f64 / 1e6, bytes / f64::from(1 << 20));
    let (least, most) = (runs[0][0], runs[RUNS - 1][0]);
    let hidden = cases.div_ceil(SLOWER);
    println!(
        "| {cases} | {size:.0} MB | {seconds:.2} s ({least:.2} to {most:.2}) | {peak:.0} MiB | {slower} of {hidden} | {false_alarms} |"
    );
    let found = slower >= 0.9 * hidden as f64 && false_alarms <= 0.02 * slower.max(1.0);
    match seconds < MOST_SECONDS && bytes < MOST_BYTES && found {
        true => Ok(()),
        false => Err("comparing is too slow, too large or wrong".into()),
    }
}

/// Compares the two in a process of its own: seconds, bytes at the peak, cases rightly and wrongly called slower.
fn run(old: &Path, new: &Path) -> Result<[f64; 4], Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).arg(COMPARE).args([old, new]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let figures: Vec<f64> =
        String::from_utf8(output.stdout)?.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    figures.try_into().map_err(|_| "a figure is missing".into())
}

/// Compares two records, and prints the seconds, the peak memory, and how many cases it calls slower, rightly and
/// wrongly.
fn compare(old: &Path, new: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let (old, new) = RunFigures::read_both(old, new)?;
    let comparison = Comparison::between(&new, &old, "old", &Terms::default())?;
    let seconds = start.elapsed().as_secs_f64();
    let (mut right, mut wrong) = (0, 0);
    for case in &comparison.cases {
        let number: u64 = case.id.trim_end_matches("]@cpu").rsplit('=').next().ok_or("an id has a number")?.parse()?;
        match case.time.verdict {
            Verdict::Regressed if number.is_multiple_of(SLOWER) => right += 1,
            Verdict::Regressed | Verdict::Improved => wrong += 1,
            _ => {}
        }
    }
    println!("{seconds} {} {right} {wrong}", peak_memory()?);
    Ok(())
}

/// The most memory that this process ever held, in bytes.
fn peak_memory() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the kernel does not tell the peak")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? << 10)
}

/// Writes a record in which each hundredth case is slower by a factor, all else being noise.
fn write(path: &PathBuf, cases: u64, factor: f64) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(File::create(path)?);
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let run = json!({
        "id": name, "target": "large", "package": null, "harness_version": "0.1.0", "started_at": "2026-11-23T00:00:00Z",
        "duration_ns": 1e12, "arguments": [], "shuffle_seed": 1, "in_process": false, "runner": [], "executable": "0",
        "interrupted": false, "resumed": false
    });
    let toolchain = json!({ "rustc": "rustc", "target": "target", "opt_level": "3", "debug_assertions": false });
    write!(
        file,
        "{{\"schema_version\":1,\"run\":{run},\"host\":{},\"toolchain\":{toolchain},\"git\":{{\"unknown\":\"none\"}},\
         \"findings\":[],\"configuration\":{{}},\"cases\":[",
        serde_json::to_string(&Host::describe())?
    )?;
    let mut noise = Noise(name.bytes().map(u64::from).sum());
    for case in 0..cases {
        let factor = if case.is_multiple_of(SLOWER) { factor } else { 1.0 };
        write!(file, "{}{}", if case == 0 { "" } else { "," }, self::case(case, factor, &mut noise))?;
    }
    file.write_all(b"]}")?;
    Ok(file.flush()?)
}

fn case(number: u64, factor: f64, noise: &mut Noise) -> serde_json::Value {
    let time = factor * (100.0 + number as f64);
    let unknown = json!({ "unknown": "not asked for" });
    let profile = json!({
        "allocations": 1.0, "reallocations": 0.0, "frees": 1.0, "bytes": 64.0, "peak_bytes": 64.0, "retained_bytes": 0.0
    });
    let launches: Vec<_> = (0..LAUNCHES)
        .map(|launch| {
            let center = time * (1.0 + 0.003 * noise.next());
            let samples: Vec<f64> = (0..SAMPLES).map(|_| (center * 64.0 * (1.0 + 0.005 * noise.next())).round()).collect();
            json!({
                "launch": launch, "position": number, "core": { "known": 1 }, "iterations": 64,
                "clock": { "name": "tsc", "reason": null, "frequency_hz": 2.45e9, "resolution_ns": 1.0, "overhead_ns": 18.0 },
                "samples_ns": samples, "warmup_ns": 2e6, "warmed_up": true, "amounts": { "bytes": 4096.0 },
                "metrics": [{ "name": "SQNR", "unit": "dB", "direction": "higher_is_better", "value": 6.5 }],
                "counters": unknown, "allocations": { "known": profile }, "steal": 0.0,
                "involuntary_switches": 0
            })
        })
        .collect();
    let estimate = json!({ "value": time, "lower": time, "upper": time, "level": 0.95 });
    let measured = json!({
        "time": { "median": estimate, "mean": estimate, "minimum": estimate, "scatter_within": 0.005, "scatter_between": 0.003 },
        "throughput": [{ "amount": "bytes", "per_iteration": 4096.0, "per_second": estimate }],
        "metrics": [{ "name": "SQNR", "unit": "dB", "direction": "higher_is_better", "estimate": estimate }],
        "counters": unknown, "allocations": { "known": profile },
        "shape": {
            "outliers": { "low_severe": 0, "low_mild": 0, "high_mild": 0, "high_severe": 0, "samples": LAUNCHES * SAMPLES },
            "skewness": 0.1, "autocorrelation": 0.0, "multimodal_launches": 0.0
        },
        "precise": true, "notes": [], "launches": launches
    });
    json!({
        "id": format!("large/case[number={number}]@cpu"), "group": "large", "name": "case",
        "point": [{ "axis": "number", "label": number.to_string() }], "device": "cpu", "tags": [],
        "source": "benches/large.rs:1", "settings": {}, "outcome": { "measured": measured }
    })
}

/// Roughly normal figures: the sum of twelve uniform ones (splitmix64).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        let mut uniform = || {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut bits = self.0;
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (bits ^ (bits >> 31)) as f64 / u64::MAX as f64
        };
        (0..12).map(|_| uniform()).sum::<f64>() - 6.0
    }
}
