//! Mistakes in files, and values at the edge of sense.

use super::mistakes;
use crate::config::Settings;
use crate::config::discovery::Language::Toml;

#[test]
fn every_mistake_of_a_file_is_reported_with_its_place() {
    let text = "\
[measure]
launches = \"ten\"
sampels = 5
color = \"never\"
time = [1, 2]
confidence_level = 0.9
confidence = 0.9
timeout_seconds = \"5min\"

[rum]
[run]
pin = \"0-18446744073709551615\"
batch_sizes = [1]
memory_limit = { gib = 2 }
";
    assert_eq!(
        mistakes(Toml, text),
        [
            "c:2:12: `measure.launches` takes a whole number from 1 to 1000, not `ten`",
            "c:3:1: `measure` has no key `sampels`; did you mean `samples`?",
            "c:4:1: `color` belongs in the section `run`",
            "c:5:8: `measure.time` takes a duration from 1ms to 1day, not `[1, 2]`",
            "c:7:1: `confidence` is given twice, first in line 6",
            "c:8:19: `measure.timeout_seconds` takes a number of seconds, not `5min`",
            "c:10:2: there is no section `rum`; did you mean `run`?",
            "c:12:7: `run.pin` takes `auto`, `off`, or core numbers such as `2` or `2,4-7`, not `0-18446744073709551615`",
            "c:13:1: `batch_sizes` belongs in the section `inference`",
            "c:14:16: `run.memory_limit` takes `auto`, `off`, or a size from 1MiB such as `2GiB`, not `{gib}`",
        ]
    );
}

#[test]
fn a_setting_outside_of_any_section_is_sent_to_its_own() {
    assert_eq!(mistakes(Toml, "time = 1"), ["c:1:1: `time` belongs in the section `measure`"]);
    assert_eq!(mistakes(Toml, "pin = 1"), ["c:1:1: `pin` belongs in the section `run`"]);
    assert_eq!(mistakes(Toml, "memory = 4"), ["c:1:10: `memory` takes a table of keys and values, not `4`"]);
    assert_eq!(
        mistakes(Toml, "[[measure]]\ntime = 1"),
        ["c:1:1: `measure` takes a table of keys and values, not `[{time}]`"]
    );
}

#[test]
fn the_lists_of_suites_are_checked() {
    let text = "\
[memory]
allocation_sizes = []
allocation_patterns = [\"random\", \"rnadom\", \"random\"]
tracking_levels = \"none\"
[quantization]
bit_widths = [0, -1.58, nan, inf, 1e400, 65]
tensor_sizes = [[0, 1], [4294967296, 4294967296], [1], [1, 2, 3], \"8x8\", [8, 8]]
[inference]
batch_sizes = [18446744073709551616, 1.5, true, 9223372036854775807]
model_size = [\"7B\"]
[reporting]
formats = [\"pdf\"]
charts = \"maybe\"
";
    let bits = "each item of `quantization.bit_widths` is a number above 0, up to 64, not";
    let sizes = "each item of `quantization.tensor_sizes` is rows and columns such as `[1024, 1024]`, of elements that fit \
                 into memory, not";
    let batches = "each item of `inference.batch_sizes` is a positive whole number, not";
    assert_eq!(
        mistakes(Toml, text),
        [
            "c:2:20: `memory.allocation_sizes` takes a list of one or more, each a positive whole number, not `[]`"
                .to_owned(),
            "c:3:34: each item of `memory.allocation_patterns` is `sequential`, `random` or `mixed`, not `rnadom`"
                .to_owned(),
            "c:3:44: `memory.allocation_patterns` lists `random` twice".to_owned(),
            "c:4:19: `memory.tracking_levels` takes a list of one or more, each `none`, `basic` or `detailed`, not `none`"
                .to_owned(),
            format!("c:6:15: {bits} `0`"),
            format!("c:6:18: {bits} `-1.58`"),
            format!("c:6:25: {bits} `nan`"),
            format!("c:6:30: {bits} `inf`"),
            format!("c:6:35: {bits} `1e400`"),
            format!("c:6:42: {bits} `65`"),
            format!("c:7:17: {sizes} `[0, 1]`"),
            format!("c:7:25: {sizes} `[4294967296, 4294967296]`"),
            format!("c:7:51: {sizes} `[1]`"),
            format!("c:7:56: {sizes} `[1, 2, 3]`"),
            "c:7:74: `quantization.tensor_sizes` lists `[8, 8]` twice".to_owned(),
            format!("c:9:16: {batches} `18446744073709551616`"),
            format!("c:9:38: {batches} `1.5`"),
            format!("c:9:43: {batches} `true`"),
            "c:10:1: `inference` has no key `model_size`; did you mean `model_sizes`?".to_owned(),
            "c:12:12: each item of `reporting.formats` is `html`, `json`, `csv` or `markdown`, not `pdf`".to_owned(),
            "c:13:10: `reporting.charts` takes `true` or `false`, not `maybe`".to_owned(),
        ]
    );
}

#[test]
fn settings_refuse_what_makes_no_sense() {
    let refused = [
        ("launches", "0 1001 -1 1.5 1e3 NaN ١٠"),
        ("time", "0 0.9ms -1 1e400 NaN inf 2days ten"),
        ("warmup", "-0.1 25h 1e19"),
        ("samples", "0 100001 18446744073709551616"),
        ("iterations", "0 1000000000001 Auto"),
        ("precision", "0 -0.01 0.6 NaN inf 1e-400 1%"),
        ("confidence", "0 0.49 1 95 95% NaN"),
        ("outliers", "Keep remove true"),
        ("timeout", "0 8days"),
        ("seed", "-1 18446744073709551616 auto"),
    ];
    for (key, texts) in refused {
        for text in texts.split(' ') {
            assert!(Settings::default().set(key, text).is_err(), "{key} = {text}");
        }
        assert!(Settings::default().set(key, "").is_err(), "{key} is empty");
    }
}

#[test]
fn settings_take_what_is_at_the_edge() {
    let taken = [
        ("launches", "1 1000 +5"),
        ("time", "0.001 1day 86400"),
        ("warmup", "0 0s"),
        ("iterations", "1 1_000_000_000_000 auto"),
        ("warmup_iterations", "0"),
        ("precision", "0.0001 0.5 1e-2"),
        ("confidence", "0.5 0.9999"),
        ("seed", "0 18446744073709551615"),
    ];
    for (key, texts) in taken {
        for text in texts.split(' ') {
            assert_eq!(Settings::default().set(key, text), Ok(()), "{key} = {text}");
        }
    }
}

#[test]
fn what_settings_show_sets_them_again() {
    let mut settings = Settings::default();
    for (key, text) in
        [("time", "0.123456789"), ("iterations", "7"), ("outliers", "remove-mild"), ("precision", "0.00012345")]
    {
        settings.set(key, text).unwrap();
    }
    let mut again = Settings::default();
    for (key, text) in settings.to_texts() {
        again.set(key, &text).unwrap();
    }
    assert_eq!(again, settings);
}

#[test]
fn a_file_that_is_no_toml_is_refused_at_the_place() {
    let refused = |text: &str| mistakes(Toml, text).join("\n");
    assert_eq!(refused("[measure\n"), "c:1:9: cannot be read as TOML: unclosed table, expected `]`");
    assert!(refused("[measure]\ntime = \n").starts_with("c:2:8: cannot be read as TOML: "));
    assert_eq!(refused("[measure]\ntime = 1\ntime = 2\n"), "c:3:1: cannot be read as TOML: duplicate key: `time`");
    assert_eq!(refused("[run]\n[run]\n"), "c:2:2: cannot be read as TOML: duplicate key: `run`");
    let deep = refused(&format!("a = {}", "[".repeat(100_000)));
    assert!(deep.starts_with("c:1:85: cannot be read as TOML: cannot recurse further"), "{deep}");
}

#[test]
fn numbers_in_other_bases_and_unicode_keys_are_understood() {
    assert_eq!(mistakes(Toml, "[measure]\nseed = 0xff\nsamples = 0b1010\nlaunches = 1_0\n"), [""; 0]);
    assert_eq!(mistakes(Toml, "[measure]\n\"größe\" = 1\n"), ["c:2:1: `measure` has no key `größe`"]);
    assert_eq!(
        mistakes(Toml, "[measure]\nseed = 0xffffffffffffffffffffffffffffffffffff\n"),
        ["c:2:8: `measure.seed` takes a whole number from 0 to 2^64-1, not `0xffffffffffffffffffffffffffffffffffff`"]
    );
}

#[cfg(feature = "yaml")]
mod yaml {
    use super::mistakes;
    use crate::config::discovery::Language::Yaml;

    #[test]
    fn mistakes_have_their_places() {
        let text = "\
framework:
  iteratons: 10
  time: 1
  time: 2
  launches:
  cache: {warm: yes}
memory:
run:
  counters: Off
  runner: [ssh, my host]
  pin: 2-1
";
        assert_eq!(mistakes(Yaml, text), ["c:4:3: `time` is given twice, first in line 3"]);
        assert_eq!(
            mistakes(Yaml, &text.replace("  time: 2\n", "")),
            [
                "c:2:3: `framework` has no key `iteratons`; did you mean `iterations`?",
                "c:4:11: `framework.launches` has no value; it takes a whole number from 1 to 1000",
                "c:5:10: `framework.cache` takes `warm` or `cold`, not `{warm}`",
                "c:10:8: `run.pin` takes `auto`, `off`, or core numbers such as `2` or `2,4-7`, not `2-1`",
            ]
        );
    }

    #[test]
    fn what_a_configuration_has_no_use_for_is_refused() {
        let refused = |text: &str| mistakes(Yaml, text).join("\n");
        let aliases = "aliases are not understood here; write the value out";
        assert_eq!(refused("a: &x 1\nb: *x\n"), format!("c:2:4: cannot be read as YAML: {aliases}"));
        let documents = "---\nmemory:\n---\nmemory:\n";
        assert_eq!(refused(documents), "c:3:1: cannot be read as YAML: a configuration is one document");
        assert_eq!(refused("[a]: 1\n"), "c:1:1: cannot be read as YAML: a key is a plain word");
        assert_eq!(refused("- a\n"), "c:1:1: a configuration is a table of sections, not `[a]`");
        assert_eq!(refused("memory: [1] ]\n"), "c:1:13: cannot be read as YAML: misplaced bracket");
        for text in ["memory: [1\n", "{", "{---", "a: \"x", "a: b: c", &"[".repeat(200_000)] {
            assert!(refused(text).contains(": cannot be read as YAML: "), "{}", refused(text));
        }
    }

    #[test]
    fn an_empty_document_says_nothing() {
        for text in ["", "---\n", "# nothing\n", "\u{feff}\n", "framework:\n", "~\n", "...\n"] {
            assert_eq!(mistakes(Yaml, text), [""; 0], "{text:?}");
        }
    }
}
