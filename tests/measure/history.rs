//! Is the history quick? Makes up a store of many runs, indexes it, and asks for one case, including the opening of the
//! file.
//!
//! Fails if a question takes 50 ms or more (of nine, the median), or if the answer is wrong.
//!
//! ```text
//! cargo run --release -p bitnet-bench-tests --bin measure_history                1000 runs of 500 cases
//! cargo run --release -p bitnet-bench-tests --bin measure_history -- 100 50      100 runs of 50 cases
//! ```

use std::error::Error;
use std::time::{Duration, Instant};

use bitnet_bench::record::history::{Filter, History};
use bitnet_bench::record::{Outcome, Store};
use bitnet_bench_tests::Synthetic;

const LIMIT: Duration = Duration::from_millis(50);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<usize>());
    let runs = arguments.next().unwrap_or(Ok(1000))?;
    let cases = arguments.next().unwrap_or(Ok(500))?;
    let folder = std::env::temp_dir().join(format!("bitnet-bench-history-{}", std::process::id()));
    let store = Store::at(&folder);
    let measured = make_up(&store, runs, cases).and_then(|bytes| measure(&store, runs, cases, bytes));
    std::fs::remove_dir_all(&folder)?;
    measured
}

/// Fills the store, and gives back how large its documents are.
fn make_up(store: &Store, runs: usize, cases: usize) -> Result<u64, Box<dyn Error>> {
    let names: Vec<String> = (0..cases).map(|case| format!("kernels/gemv[size={case}]@cpu")).collect();
    let of_run: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 100.0)).collect();
    let mut record = Synthetic::new("run", "", &of_run).record();
    let mut bytes = 0;
    for run in 0..runs {
        record.run.id = format!("run-{run:05}");
        record.run.started_at = format!("2026-01-{:02}T{:02}:{:02}:00Z", 1 + run / 1440, run / 60 % 24, run % 60);
        for case in &mut record.cases {
            if let Outcome::Measured(measured) = &mut case.outcome {
                measured.time.median.value = 100.0 + run as f64;
            }
        }
        bytes += std::fs::metadata(store.save(&record)?)?.len();
    }
    Ok(bytes)
}

fn measure(store: &Store, runs: usize, cases: usize, bytes: u64) -> Result<(), Box<dyn Error>> {
    let megabytes = bytes as f64 / 1e6;
    println!("| {runs} runs × {cases} cases, {megabytes:.0} MB of documents | |\n|---|--:|");
    let start = Instant::now();
    let done = History::of(store)?.synchronise(store)?;
    let indexing = start.elapsed();
    let each = indexing.as_secs_f64() * 1e3 / runs as f64;
    println!("| all runs indexed | {:.1} s, {each:.1} ms a run |", indexing.as_secs_f64());
    if done.added != runs || !done.passed_over.is_empty() {
        return Err(format!("{} runs were indexed, and {:?} passed over", done.added, done.passed_over).into());
    }
    let size = std::fs::metadata(History::path_of(store))?.len() as f64 / 1e6;
    println!("| size of the index | {size:.0} MB |");
    let start = Instant::now();
    History::of(store)?.synchronise(store)?;
    println!("| opened, and nothing new found | {:.1} ms |", start.elapsed().as_secs_f64() * 1e3);
    let question = median_of(|| ask(store, runs, &format!("kernels/gemv[size={}]@cpu", cases / 2)))?;
    println!("| opened, and one case asked for | {:.1} ms |", question.as_secs_f64() * 1e3);
    let start = Instant::now();
    let filter = Filter { metric: Some("time".to_owned()), ..Filter::default() };
    let all = History::of(store)?.cases("*", &filter)?;
    println!("| opened, and all cases asked for | {:.2} s |", start.elapsed().as_secs_f64());
    if all.cases.iter().map(|case| case.figures.len()).sum::<usize>() != runs * cases {
        return Err("the history of all cases is not whole".into());
    }
    if question >= LIMIT {
        return Err(format!("one case's history takes {question:?}, and {LIMIT:?} is the limit").into());
    }
    Ok(())
}

fn median_of(mut work: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times[times.len() / 2])
}

/// Asks for one case, and sees to it that the answer is the whole truth.
fn ask(store: &Store, runs: usize, case: &str) -> Result<(), Box<dyn Error>> {
    let filter = Filter { metric: Some("time".to_owned()), ..Filter::default() };
    let selected = History::of(store)?.cases(case, &filter)?;
    let figures = &selected.cases.first().ok_or("the case is not there")?.figures;
    let is_right = figures.iter().enumerate().all(|(at, figure)| figure.estimate.value == 100.0 + at as f64);
    if figures.len() == runs && is_right { Ok(()) } else { Err("the figures are not those of the runs".into()) }
}
