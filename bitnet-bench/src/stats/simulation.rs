//! Worlds whose truth is known: what the estimates are held to, in the tests of this room and in
//! `examples/coverage.rs`.
//!
//! Nothing here uses the code under test. A world draws launches; each launch shares one random
//! factor e^(s·Z) among its samples, and the samples scatter within it in the world's shape.

use std::f64::consts::TAU;

/// A seeded source of random numbers.
pub(crate) struct Source(fastrand::Rng);

impl Source {
    /// The same seed gives the same numbers, everywhere.
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Uniform between 0 and 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0.f64()
    }

    /// Standard normal (Box & Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (TAU * self.uniform()).cos()
    }

    /// A stationary first-order autoregression with standard normal values.
    pub(crate) fn autoregression(&mut self, count: usize, memory: f64) -> Vec<f64> {
        let fresh = (1.0 - memory * memory).sqrt();
        let mut value = self.normal();
        let mut next = || {
            let current = value;
            value = memory * value + fresh * self.normal();
            current
        };
        (0..count).map(|_| next()).collect()
    }
}

/// How samples scatter, around 100 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Normal with a standard deviation of 2.
    Normal,
    /// Log-normal with a standard deviation of 0.1 on the log scale.
    LogNormal,
    /// Two peaks within each launch: 70 % around 100, 30 % around 110, each with a deviation of 1.
    Bimodal,
    /// Around 100 with a deviation of 1, but one sample in twenty takes 150 plus an exponential
    /// time of mean 100.
    Spikes,
    /// Normal with a standard deviation of 2, each sample remembering 0.6 of the last.
    Autocorrelated,
    /// As [`Shape::Normal`], but the launch itself has one of two memory layouts, equally often, of
    /// which one is 3 % slower.
    Layouts,
}

impl Shape {
    /// All of them, in the order of the tables.
    pub(crate) const ALL: [Self; 6] =
        [Self::Normal, Self::LogNormal, Self::Bimodal, Self::Spikes, Self::Autocorrelated, Self::Layouts];

    /// Replaces `samples` by those of one launch, `count` of them, whose factor has the standard
    /// deviation `between` on the log scale.
    pub(crate) fn launch(self, source: &mut Source, between: f64, count: usize, samples: &mut Vec<f64>) {
        let slower = self == Self::Layouts && source.uniform() < 0.5;
        let factor = (between * source.normal()).exp() * if slower { 1.03 } else { 1.0 };
        samples.clear();
        if self == Self::Autocorrelated {
            let series = source.autoregression(count, 0.6);
            samples.extend(series.into_iter().map(|value| factor * (100.0 + 2.0 * value)));
        } else {
            samples.extend((0..count).map(|_| factor * self.sample(source)));
        }
    }

    fn sample(self, source: &mut Source) -> f64 {
        match self {
            Self::Normal | Self::Layouts | Self::Autocorrelated => 100.0 + 2.0 * source.normal(),
            Self::LogNormal => 100.0 * (0.1 * source.normal()).exp(),
            Self::Bimodal if source.uniform() < 0.7 => 100.0 + source.normal(),
            Self::Bimodal => 110.0 + source.normal(),
            Self::Spikes if source.uniform() < 0.95 => 100.0 + source.normal(),
            Self::Spikes => 150.0 - 100.0 * (1.0 - source.uniform()).ln(),
        }
    }

    /// The geometric mean, over endless launches, of the factors that launches share.
    fn typical_factor(self) -> f64 {
        if self == Self::Layouts { 1.03_f64.sqrt() } else { 1.0 }
    }

    /// The true median: of an endless launch, at the geometric mean over endless launches. With Φ
    /// the normal distribution function: Φ(u) = 0.5 ∕ 0.7 at u = 0.565949 for two peaks (the second
    /// has no weight there), Φ(u) = 0.5 ∕ 0.95 at u = 0.066012 for spikes.
    pub(crate) fn true_median(self) -> f64 {
        self.typical_factor()
            * match self {
                Self::Bimodal => 100.565949,
                Self::Spikes => 100.066012,
                _ => 100.0,
            }
    }

    /// The true mean: of an endless launch, at the geometric mean over endless launches.
    pub(crate) fn true_mean(self) -> f64 {
        self.typical_factor()
            * match self {
                Self::LogNormal => 100.0 * 0.005_f64.exp(),
                Self::Bimodal => 103.0,
                Self::Spikes => 0.95 * 100.0 + 0.05 * 250.0,
                _ => 100.0,
            }
    }

    /// The true minimum of `count` samples: an endless launch has none, so this is the geometric
    /// mean over launches of that many samples, from 200,000 launches of its own without a factor.
    pub(crate) fn true_minimum(self, count: usize) -> f64 {
        const LAUNCHES: usize = 200_000;
        let mut source = Source::new(0x7275_7468);
        let mut samples = Vec::new();
        let mut logs = 0.0;
        let bare = if self == Self::Layouts { Self::Normal } else { self };
        for _ in 0..LAUNCHES {
            bare.launch(&mut source, 0.0, count, &mut samples);
            logs += samples.iter().copied().fold(f64::INFINITY, f64::min).ln();
        }
        self.typical_factor() * (logs / LAUNCHES as f64).exp()
    }
}

/// How the figures of one case differ from commit to commit although nothing changes, around 100 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "trends come with the feature `history`")]
pub(crate) enum History {
    /// Normal with a standard deviation of 1 %.
    Normal,
    /// As [`History::Normal`], but one figure in twenty is half as large again.
    Spikes,
    /// 1 %, each figure remembering 0.7 of the last: a machine that drifts over days.
    Drift,
    /// As [`History::Normal`], but each run was on one of two kinds of machine, equally often, of which one is 20 %
    /// slower.
    Mixed,
}

#[allow(dead_code, reason = "trends come with the feature `history`")]
impl History {
    /// All of them, in the order of the tables.
    #[allow(dead_code, reason = "for `examples/trends.rs`")]
    pub(crate) const ALL: [Self; 4] = [Self::Normal, Self::Spikes, Self::Drift, Self::Mixed];

    /// The figures of so many commits.
    pub(crate) fn figures(self, source: &mut Source, count: usize) -> Vec<f64> {
        let noise = match self {
            Self::Drift => source.autoregression(count, 0.7),
            _ => (0..count).map(|_| source.normal()).collect(),
        };
        let mut factor = || match self {
            Self::Spikes if source.uniform() < 0.05 => 1.5,
            Self::Mixed if source.uniform() < 0.5 => 1.2,
            _ => 1.0,
        };
        noise.into_iter().map(|noise| factor() * 100.0 * (1.0 + 0.01 * noise)).collect()
    }
}
