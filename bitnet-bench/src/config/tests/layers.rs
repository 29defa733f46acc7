//! Which layer wins, and which origin is left.

use std::time::Duration;

use super::{Folder, variables};
use crate::config::{Config, Origin, Overrides, Pin, Settings, Sources};

fn overrides(set: impl Fn(&mut Overrides)) -> Overrides {
    let mut overrides = Overrides::default();
    set(&mut overrides);
    overrides
}

#[test]
fn without_sources_everything_is_built_in() {
    let config = Config::load(Sources::new(Folder::new().0.clone())).unwrap();
    let resolved = config.settings_for(None, None).unwrap();
    assert_eq!(resolved.settings, Settings::default());
    assert!(resolved.texts().all(|(.., origin)| *origin == Origin::Default));
    assert_eq!(config.options(), &Default::default());
    assert!(config.warnings().is_empty());
    assert_eq!(config.file(), None);
}

/// Each layer in turn gives the same key a value, on top of all weaker ones.
#[test]
fn a_stronger_layer_wins() {
    let folder = Folder::new().with("bitnet-bench.toml", "[measure]\nsamples = 2\n");
    let environment = || variables(&[("BITNET_BENCH_SAMPLES", "3")]);
    let group = overrides(|o| _ = o.samples(4));
    let attribute = overrides(|o| _ = o.samples(5));
    let group = Some((&group, "src/lib.rs:1"));
    let attribute = Some((&attribute, "src/lib.rs:2"));

    let samples = |sources: Sources, group, attribute| {
        let resolved = Config::load(sources).unwrap().settings_for(group, attribute).unwrap();
        (resolved.settings.samples, resolved.origins.of("samples").to_string())
    };
    let file = format!("{}:2", folder.0.join("bitnet-bench.toml").display());
    assert_eq!(samples(folder.sources(), None, None), (2, file));
    let sources = || folder.sources().environment(environment());
    assert_eq!(samples(sources(), None, None), (3, "environment variable BITNET_BENCH_SAMPLES".to_owned()));
    assert_eq!(samples(sources(), group, None), (4, "group at src/lib.rs:1".to_owned()));
    assert_eq!(samples(sources(), group, attribute), (5, "attribute at src/lib.rs:2".to_owned()));
    let sources = || sources().program("samples", "6");
    assert_eq!(samples(sources(), group, attribute), (6, "the program".to_owned()));
    let sources = || sources().command_line("--samples", "samples", "7").program("samples", "6");
    assert_eq!(samples(sources(), group, attribute), (7, "--samples".to_owned()));
}

#[test]
fn a_layer_leaves_what_it_does_not_name_to_the_weaker_ones() {
    let folder = Folder::new().with("bitnet-bench.toml", "[measure]\ntime = 2\nwarmup = \"10ms\"\n");
    let config = Config::load(folder.sources().command_line("--time", "time", "3s")).unwrap();
    let attribute = overrides(|o| _ = o.precision(0.05).time(9));
    let resolved = config.settings_for(None, Some((&attribute, "a.rs:1"))).unwrap();
    let expected = Settings {
        time: Duration::from_secs(3),
        warmup: Duration::from_millis(10),
        precision: 0.05,
        ..Settings::default()
    };
    assert_eq!(resolved.settings, expected);
    assert_eq!(resolved.origins.of("precision").to_string(), "attribute at a.rs:1");
    assert_eq!(resolved.origins.of("cache"), &Origin::Default);
}

#[test]
fn options_have_the_same_layers_but_for_the_attributes() {
    let folder = Folder::new().with("bitnet-bench.toml", "[run]\npin = [3, \"5-6\"]\ncounters = false\n");
    let sources =
        folder.sources().environment(variables(&[("BITNET_BENCH_PIN", "off"), ("BITNET_BENCH_COLOR", "never")]));
    let config = Config::load(sources).unwrap();
    assert_eq!(config.options().pin, Pin::Off);
    assert!(!config.options().counters);
    assert_eq!(config.option_origins().of("color").to_string(), "environment variable BITNET_BENCH_COLOR");
    let config = Config::load(folder.sources().command_line("--runner", "runner", "ssh 'my host'")).unwrap();
    assert_eq!(config.options().pin, Pin::Cores(vec![3, 5, 6]));
    assert_eq!(config.options().runner, ["ssh", "my host"]);
}

#[test]
fn the_program_hands_in_overrides_too() {
    let config = Config::load(Folder::new().sources().overrides(&overrides(|o| _ = o.launches(5).seed(1)))).unwrap();
    let resolved = config.settings_for(None, None).unwrap();
    assert_eq!((resolved.settings.launches, resolved.settings.seed), (5, 1));
    assert_eq!(resolved.origins.of("seed"), &Origin::Program);
}

#[test]
fn mistakes_of_all_layers_are_reported_together() {
    let folder = Folder::new().with("bitnet-bench.toml", "[measure]\nsamples = 0\n");
    let sources = folder.sources().environment(variables(&[("BITNET_BENCH_TIME", "-1s")])).command_line(
        "--outliers",
        "outliers",
        "drop",
    );
    assert_eq!(
        folder.refused(sources),
        "bitnet-bench.toml:2:11: `measure.samples` takes a whole number from 1 to 100000, not `0`\n\
         environment variable BITNET_BENCH_TIME: `time` takes a duration from 1ms to 1day, not `-1s`\n\
         --outliers: `outliers` takes `keep`, `remove-severe` or `remove-mild`, not `drop`"
    );
}

#[test]
fn mistakes_of_attributes_name_their_place() {
    let group = overrides(|o| _ = o.confidence(f64::NAN));
    let attribute = overrides(|o| _ = o.time(-1).timeout("soon"));
    let error = Config::default().settings_for(Some((&group, "a.rs:1")), Some((&attribute, "a.rs:9"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "group at a.rs:1: `confidence` takes a number from 0.5 to 0.9999, not `NaN`\n\
         attribute at a.rs:9: `time` takes a duration from 1ms to 1day, not `-1`\n\
         attribute at a.rs:9: `timeout` takes a duration from 1ms to 7days, not `soon`"
    );
}

#[test]
fn settings_that_contradict_each_other_are_refused_with_their_origins() {
    let config = Config::load(Folder::new().sources().command_line("--timeout", "timeout", "2s")).unwrap();
    let attribute = overrides(|o| _ = o.time(40));
    let error = config.settings_for(None, Some((&attribute, "a.rs:9"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`launches` is 10 (default), `time` is 40s (attribute at a.rs:9), `timeout` is 2s (--timeout): every launch \
         would be ended before its share of `time` is over; raise `timeout` or `launches`, or lower `time`"
    );
    let counted = overrides(|o| _ = o.time(40).iterations(100));
    assert!(config.settings_for(None, Some((&counted, "a.rs:9"))).is_ok(), "`time` is not what ends such a launch");
}
