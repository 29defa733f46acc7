//! A bench file as one writes it for criterion, with the ways in which such a file can go wrong when its
//! environment asks for them, and a benchmark with the attribute beside.

use std::env::var_os;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use criterion::async_executor::FuturesExecutor;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{
    AxisScale, BatchSize, BenchmarkId, Criterion, PlotConfiguration, SamplingMode, Throughput, black_box,
    criterion_group, criterion_main,
};

/// Notes in a file what runs, if the test wants to know.
fn note(what: &str) {
    use std::io::Write;
    if let Some(path) = var_os("CRITERION_STYLE_NOTES") {
        let file = std::fs::File::options().append(true).create(true).open(path);
        file.and_then(|mut file| writeln!(file, "{what}")).expect("a note can be written");
    }
}

fn plain(c: &mut Criterion) {
    note("set-up of plain");
    println!("set-up may print");
    c.bench_function("fib 20", |b| {
        note("fib 20");
        b.iter(|| (0..black_box(20_u64)).fold((0, 1), |(a, b), _| (b, a + b)))
    })
    .bench_with_input(BenchmarkId::new("pow", 3), &3, |b, &n| b.iter(|| black_box(7_u32).pow(n)));
}

fn grouped(c: &mut Criterion) {
    note("set-up of grouped");
    let mut group = c.benchmark_group("sum");
    group.plot_config(PlotConfiguration::default().summary_scale(AxisScale::Logarithmic));
    group.sampling_mode(SamplingMode::Flat).noise_threshold(0.05).significance_level(0.1).nresamples(5_000);
    for size in [100_u64, 1_000] {
        let numbers: Vec<u64> = (0..size).collect();
        group.throughput(Throughput::ElementsAndBytes { elements: size, bytes: 8 * size });
        group.bench_with_input(BenchmarkId::from_parameter(size), &numbers, |b, numbers| {
            b.iter(|| numbers.iter().sum::<u64>());
        });
    }
    group.finish();

    let mut batches = c.benchmark_group("batches");
    let (made, most) = (AtomicU64::new(0), AtomicU64::new(0));
    batches.bench_function("one at a time", |b| {
        let setup = || {
            most.fetch_max(made.fetch_add(1, Relaxed) + 1, Relaxed);
            Counted(&made)
        };
        b.iter_batched(setup, drop, BatchSize::PerIteration);
        assert_eq!(most.load(Relaxed), 1, "inputs that must not meet have met");
    });
    batches.bench_function("by reference", |b| {
        b.iter_batched_ref(|| vec![3, 1, 2], |v| v.sort_unstable(), BatchSize::SmallInput);
    });
    batches.bench_function(String::from("custom"), |b| {
        b.iter_custom(|iterations| {
            let start = Instant::now();
            (0..iterations).for_each(|n| {
                black_box(n);
            });
            start.elapsed()
        });
    });
    batches.bench_function("large drop", |b| b.iter_with_large_drop(|| vec![0_u8; 4_096]));
    batches.bench_function("future", |b| b.to_async(FuturesExecutor).iter(|| async { black_box(1) + 1 }));
    batches.bench_function("batches of futures", |b| {
        b.to_async(FuturesExecutor).iter_batched(|| vec![1_u8], |v| async move { v.len() }, BatchSize::SmallInput);
    });
}

/// An input that knows how many of its kind there are.
struct Counted<'a>(&'a AtomicU64);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

fn configured(c: &mut Criterion) {
    let mut group = c.benchmark_group("configured");
    group.bench_function("by its group", |b| b.iter(|| black_box(1)));
    group.sample_size(11).measurement_time(Duration::from_millis(70));
    group.bench_function("by itself", |b| b.iter(|| black_box(1)));
}

/// Seconds and something else: a made-up count of 3 for each iteration.
struct Threes;

impl Measurement for Threes {
    type Intermediate = ();
    type Value = u64;
    fn start(&self) {}
    fn end(&self, (): ()) -> u64 {
        3
    }
    fn add(&self, one: &u64, other: &u64) -> u64 {
        one + other
    }
    fn zero(&self) -> u64 {
        0
    }
    fn to_f64(&self, value: &u64) -> f64 {
        *value as f64
    }
    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

fn measured_otherwise(c: &mut Criterion<Threes>) {
    c.bench_function("threes", |b| b.iter_batched(|| 1, |one| one + 1, BatchSize::PerIteration));
}

fn unsound(c: &mut Criterion) {
    let mut group = c.benchmark_group("unsound");
    group.bench_function("before", |b| b.iter(|| black_box(1)));
    if var_os("CRITERION_STYLE_PANICS").is_some() {
        group.bench_function("panics", |b| b.iter(|| assert_eq!(black_box(1), 2, "as it should")));
        group.bench_function("aborts", |b| b.iter(|| std::process::abort()));
        group.bench_function("times nothing", |_| {});
        group.bench_function("times twice", |b| {
            b.iter(|| black_box(1));
            b.iter(|| black_box(2));
        });
    }
    if var_os("CRITERION_STYLE_TWICE").is_some() {
        for _ in 0..2 {
            group.bench_function("twice", |b| b.iter(|| black_box(1)));
        }
    }
    if var_os("CRITERION_STYLE_CHANGES").is_some() {
        let id = format!("changes {}", std::process::id());
        group.bench_function(id, |b| b.iter(|| black_box(1)));
    }
    if var_os("CRITERION_STYLE_SET_UP_PANICS").is_some() {
        panic!("the file is not there");
    }
    group.bench_function("after", |b| b.iter(|| black_box(1)));
}

#[bitnet_bench::bitnet_bench]
fn annotated() -> u32 {
    black_box(0x5555_u32).count_ones()
}

mod elsewhere {
    use super::*;

    criterion_group! {
        name = benches;
        config = Criterion::default().sample_size(20).confidence_level(0.99).warm_up_time(Duration::from_millis(3));
        targets = configured,
    }
}

criterion_group!(benches, plain, grouped, unsound);
criterion_group!(name = otherwise; config = Criterion::default().with_measurement(Threes); targets = measured_otherwise);
criterion_main!(benches, elsewhere::benches, otherwise);
