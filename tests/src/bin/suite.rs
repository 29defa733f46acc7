//! A program, not a bench target, that measures with a library call and has arguments of its own:
//! the largest size, and `--fail` for a benchmark that fails.

use std::error::Error;
use std::process::ExitCode;

use bitnet_bench::config::{Config, Sources};
use bitnet_bench::registry::{Definition, Selection};
use bitnet_bench::{Failure, Run, Suite, bitnet_bench};

/// Annotated functions are part of every suite.
#[bitnet_bench(group = "suite")]
fn annotated() -> u32 {
    std::hint::black_box(7)
}

/// A second run, whose one benchmark follows from the first one's results.
fn again(first: &Run) -> Result<(), Box<dyn Error>> {
    let mut count = Definition::new("count", bitnet_bench::source!());
    let cases = count.axis("cases", [first.cases().len()]);
    count.body(move |bencher, point| {
        bencher.items(point.at(cases)).iter(|| std::hint::black_box(1));
        Ok(())
    });
    let sources = Sources::new(std::env::current_dir()?).environment(std::env::vars_os());
    let config = Config::load(sources.program("time", "10ms").program("warmup", "2ms").program("launches", "5"))?;
    let run = Suite::new(bitnet_bench::target!(), config).benchmarks([count]).without_annotated().run()?;
    for case in run.cases() {
        println!("again: {}: {}", case.id(), case.time().is_some());
    }
    Ok(())
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let fails = arguments.iter().any(|argument| argument == "--fail");
    let largest = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(64);
    // Workers run this as well; only the program's own words may reach its standard output.
    println!("measuring up to {largest}");

    let mut sum = Definition::new("sum", bitnet_bench::source!());
    let size = sum.sizes([8, largest]);
    sum.body(move |bencher, point| {
        if fails {
            return Err(Failure::error("as it was told"));
        }
        let numbers: Vec<usize> = (0..point.at(size)).collect();
        bencher.items(numbers.len()).iter(|| numbers.iter().sum::<usize>());
        Ok(())
    });

    let sources = Sources::new(std::env::current_dir()?).environment(std::env::vars_os());
    let config = Config::load(sources.program("time", "10ms").program("warmup", "2ms").program("launches", "5"))?;
    let selection = Selection { skip: vec!["nothing has this name".to_owned()], ..Selection::default() };
    let run = Suite::new(bitnet_bench::target!(), config).benchmark(sum).select(selection).run()?;
    for case in run.cases() {
        match (case.time(), case.failure()) {
            (Some(time), _) => {
                let ordered = 0.0 < time.value && time.lower <= time.value && time.value <= time.upper;
                println!("{}: {} items/s: {ordered}", case.id(), case.throughput("items").is_some());
            }
            (None, Some(failure)) => println!("{}: {failure}", case.id()),
            (None, None) => println!("{}: nothing", case.id()),
        }
    }
    println!("record: {}", run.path().display());
    if arguments.iter().any(|argument| argument == "--again") {
        again(&run)?;
    }
    Ok(if run.succeeded() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
