//! Settings in criterion's words, and what the harness makes of them.

use std::time::Duration;

use crate::config::Overrides;

/// What a program has said of how to measure; the rest is the harness' own.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Said {
    sample_size: Option<usize>,
    measurement_time: Option<Duration>,
    warm_up_time: Option<Duration>,
    confidence_level: Option<f64>,
}

/// The longest that the settings take.
const DAY: Duration = Duration::from_secs(86_400);
/// A case that asks for longer than this is given longer than the default timeout.
const LONG: Duration = Duration::from_secs(60);

impl Said {
    pub(super) fn sample_size(&mut self, samples: usize) {
        assert!(samples >= 10, "a sample size is at least 10");
        self.sample_size = Some(samples);
    }

    pub(super) fn measurement_time(&mut self, time: Duration) {
        assert!(time > Duration::ZERO, "a measurement time is longer than nothing");
        self.measurement_time = Some(time);
    }

    pub(super) fn warm_up_time(&mut self, time: Duration) {
        assert!(time > Duration::ZERO, "a warm-up time is longer than nothing");
        self.warm_up_time = Some(time);
    }

    pub(super) fn confidence_level(&mut self, level: f64) {
        assert!(level > 0.0 && level < 1.0, "a confidence level lies between 0 and 1");
        self.confidence_level = Some(level);
    }

    /// What a group says, and what it does not say of what its `Criterion` says.
    pub(super) fn over(self, outer: Self) -> Self {
        Self {
            sample_size: self.sample_size.or(outer.sample_size),
            measurement_time: self.measurement_time.or(outer.measurement_time),
            warm_up_time: self.warm_up_time.or(outer.warm_up_time),
            confidence_level: self.confidence_level.or(outer.confidence_level),
        }
    }

    /// The same as an attribute would say it, within what the settings take.
    pub(super) fn apply(self, to: &mut Overrides) {
        if let Some(samples) = self.sample_size {
            to.samples(u32::try_from(samples).unwrap_or(u32::MAX).min(100_000));
        }
        if let Some(time) = self.measurement_time {
            let time = time.clamp(Duration::from_millis(1), DAY);
            to.time(time);
            if time > LONG {
                to.timeout(time + LONG);
            }
        }
        if let Some(time) = self.warm_up_time {
            to.warmup(time.min(DAY));
        }
        if let Some(level) = self.confidence_level {
            to.confidence(level.clamp(0.5, 0.9999));
        }
    }
}

/// The asserts that criterion makes of settings without a meaning here.
pub(super) mod checked {
    /// Resamples of the bootstrap; the harness makes none.
    pub(in super::super) fn nresamples(n: usize) {
        assert!(n > 0, "there is at least one resample");
    }

    /// A change that counts as noise; the harness measures what noise is.
    pub(in super::super) fn noise_threshold(threshold: f64) {
        assert!(threshold >= 0.0, "a noise threshold is not negative");
    }

    /// The share of false alarms; the harness' comparison has its own.
    pub(in super::super) fn significance_level(level: f64) {
        assert!(level > 0.0 && level < 1.0, "a significance level lies between 0 and 1");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    /// The settings, after having been through their texts.
    fn settings(said: Said) -> Settings {
        let (mut overrides, mut settings) = (Overrides::default(), Settings::default());
        said.apply(&mut overrides);
        for (key, text) in overrides.values() {
            settings.set(key, text).expect("the setting takes it");
        }
        settings
    }

    #[test]
    fn what_is_not_said_is_the_harness_own() {
        assert_eq!(settings(Said::default()), Settings::default());
    }

    #[test]
    fn what_a_group_says_wins() {
        let (mut outer, mut inner) = (Said::default(), Said::default());
        outer.sample_size(10);
        outer.confidence_level(0.99);
        inner.sample_size(50);
        inner.measurement_time(Duration::from_secs(2));
        let settings = settings(inner.over(outer));
        assert_eq!((settings.samples, settings.confidence, settings.time), (50, 0.99, Duration::from_secs(2)));
    }

    #[test]
    fn extremes_that_criterion_takes_are_taken() {
        let mut said = Said::default();
        said.sample_size(usize::MAX);
        said.measurement_time(Duration::from_nanos(1));
        said.warm_up_time(Duration::MAX);
        said.confidence_level(0.01);
        let least = settings(said);
        assert_eq!((least.samples, least.time, least.confidence), (100_000, Duration::from_millis(1), 0.5));
        said.measurement_time(Duration::from_secs(3_600));
        assert!(settings(said).timeout > Duration::from_secs(3_600), "a launch may take all of its time");
    }
}
