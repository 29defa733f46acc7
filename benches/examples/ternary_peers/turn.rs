//! Subjects that take turns.

use std::time::Instant;

/// Runs in a turn; the turn's figure is their median.
const RUNS: usize = 5;

/// A subject with its inputs.
pub(crate) struct Turn {
    name: String,
    /// Bytes of weights that a run reads.
    bytes: usize,
    run: Box<dyn FnMut()>,
    /// The figures of its turns.
    seconds: Vec<f64>,
}

impl Turn {
    pub(crate) fn new(name: String, bytes: usize, run: impl FnMut() + 'static) -> Self {
        Self { name, bytes, run: Box::new(run), seconds: Vec::new() }
    }

    /// One run to bring back what the others have driven from the caches, then those that count.
    fn take(&mut self) {
        (self.run)();
        let mut seconds = [(); RUNS].map(|()| {
            let start = Instant::now();
            (self.run)();
            start.elapsed().as_secs_f64()
        });
        seconds.sort_by(f64::total_cmp);
        self.seconds.push(seconds[RUNS / 2]);
    }
}

/// Lets the subjects take turns in a random order for so many rounds, and prints what each took, alone and in relation
/// to the first within a round.
pub(crate) fn compare(title: &str, mut turns: Vec<Turn>, rounds: usize) {
    let mut random = fastrand::Rng::with_seed(rounds as u64);
    let mut order: Vec<_> = (0..turns.len()).collect();
    for _ in 0..rounds {
        random.shuffle(&mut order);
        order.iter().for_each(|&at| turns[at].take());
    }
    println!("\n{title}");
    println!(
        "{:28} {:>10} {:>19} {:>7} {:>8} {:>15}",
        "subject", "median µs", "quartiles", "GB/s", "× first", "quartiles"
    );
    for turn in &turns {
        let [low, median, high] = quartiles(turn.seconds.iter().map(|seconds| seconds * 1e6));
        let [less, ratio, more] = quartiles(turn.seconds.iter().zip(&turns[0].seconds).map(|(own, first)| own / first));
        let bandwidth = turn.bytes as f64 / median / 1e3;
        println!(
            "{:28} {median:10.1} {low:9.1}–{high:<9.1} {bandwidth:7.1} {ratio:8.3} {less:7.3}–{more:<7.3}",
            turn.name
        );
    }
}

fn quartiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values.get(values.len() * quarter / 4).copied().unwrap_or(f64::NAN))
}
