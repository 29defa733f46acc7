//! Change points beside those of Apache Otava 0.8.0 (PyPI `apache-otava`), on the same series.

use std::io::Write;
use std::process::{Command, Stdio};

use bitnet_bench::stats::{ChangeRule, change_points};
use bitnet_bench_tests::require;

/// The Python that has Otava: the variable names one, as in a virtual environment.
fn python() -> String {
    std::env::var("OTAVA_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn is_there() -> Result<(), &'static str> {
    let probe = Command::new(python()).args(["-c", "import otava.analysis"]).stderr(Stdio::null()).status();
    let hint = "`python3 -c 'import otava'` fails: pip install apache-otava==0.8.0, or name its Python in OTAVA_PYTHON";
    if probe.is_ok_and(|status| status.success()) { Ok(()) } else { Err(hint) }
}

fn of_otava(series: &[Vec<f64>]) -> Vec<Vec<usize>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/companion/change_points.py");
    let mut child = Command::new(python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it can be started");
    let text = serde_json::to_string(series).expect("numbers are JSON");
    let mut input = child.stdin.take().expect("it was asked for");
    input.write_all(text.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).expect("it is text");
    lines.lines().map(|line| serde_json::from_str(line).expect("a list")).collect()
}

/// A seeded source of normal scatter, by the sum of twelve uniform numbers.
struct Source(u64);

impl Source {
    fn uniform(&mut self) -> f64 {
        // Knuth's MMIX generator.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Figures that scatter by 1 % around each level in turn.
    fn levels(&mut self, levels: &[(f64, usize)]) -> Vec<f64> {
        let mut figures = Vec::new();
        for &(level, count) in levels {
            figures.extend((0..count).map(|_| level * (1.0 + 0.01 * self.normal())));
        }
        figures
    }
}

/// How many series differ, where a place may be one beside the other's.
fn differing(series: &[Vec<f64>]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let ours = change_points(series, &ChangeRule::DEFAULT);
    let ours = ours.into_iter().map(|changes| changes.iter().map(|change| change.at).collect::<Vec<_>>());
    let is_same = |(ours, theirs): &(Vec<usize>, Vec<usize>)| {
        ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(one, other)| one.abs_diff(*other) <= 1)
    };
    ours.zip(of_otava(series)).filter(|pair| !is_same(pair)).collect()
}

fn twenty(levels: &[(f64, usize)]) -> Vec<Vec<f64>> {
    (0..20).map(|seed| Source(seed).levels(levels)).collect()
}

#[test]
fn otava_finds_the_same_changes() {
    if !require("otava", is_there()) {
        return;
    }
    let worlds: [(&str, &[(f64, usize)]); 4] = [
        ("none", &[(100.0, 60)]),
        ("a step", &[(100.0, 40), (105.0, 20)]),
        ("a step near the end", &[(100.0, 54), (106.0, 6)]),
        ("two steps", &[(100.0, 20), (108.0, 20), (100.0, 20)]),
    ];
    for (world, levels) in worlds {
        let differing = differing(&twenty(levels));
        // Otava tests the clearest place with t at 0.001, without regard to how many places there were, and may split
        // off fewer than five figures; so one series in twenty may differ.
        assert!(differing.len() <= 1, "{world}: ours and theirs: {differing:?}");
    }
}

/// Where the two are meant to differ: a far figure moves Otava's means, and is drawn in by us.
#[test]
fn spikes_alarm_otava_more_often() {
    if !require("otava", is_there()) {
        return;
    }
    let spiked: Vec<Vec<f64>> = (0..100)
        .map(|seed| {
            let mut source = Source(1000 + seed);
            let mut figures = source.levels(&[(100.0, 60)]);
            for figure in &mut figures {
                *figure *= if source.uniform() < 0.05 { 1.5 } else { 1.0 };
            }
            figures
        })
        .collect();
    let ours = change_points(&spiked, &ChangeRule::DEFAULT).iter().filter(|found| !found.is_empty()).count();
    let theirs = of_otava(&spiked).iter().filter(|found| !found.is_empty()).count();
    assert!(ours <= 3 && ours <= theirs, "ours {ours}, theirs {theirs}");
}
