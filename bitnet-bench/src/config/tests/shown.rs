//! What `--show-config` prints.

use super::{Folder, variables};
use crate::config::{Config, render};

const FILE: &str = "\
[measure]
time = 2.5
[run]
runner = [\"ssh\", \"my \\\"host\\\"\"]
home = \"store\"
[quantization]
tensor_sizes = [[1024, 1024], [2048, 2048]]
[reporting]
formats = [\"html\"]
dashboard = true
";

/// The home is longer before its folder is taken away: a long value moves its own comment only.
const SHOWN: &str = r#"[measure]
launches          = 10                   # default
time              = "2s 500ms"           # bitnet-bench.toml:2
warmup            = "200ms"              # default
samples           = 200                  # default
iterations        = "auto"               # default
warmup_iterations = "auto"               # default
precision         = 0.01                 # default
confidence        = 0.95                 # default
outliers          = "keep"               # default
cache             = "warm"               # default
cores             = 1                    # default
timeout           = "1m"                 # default
seed              = 7                    # --seed

[run]
runner            = "ssh 'my \"host\"'"  # bitnet-bench.toml:4
pin               = 2                    # environment variable BITNET_BENCH_PIN
counters          = "on"                 # default
color             = "auto"               # default
home              = "store"  # bitnet-bench.toml:5
format            = "terminal"           # default
memory_limit      = "auto"               # default
shuffle_seed      = "auto"               # default
in_process        = "off"                # default
nocapture         = "off"                # default

[quantization]
tensor_sizes      = [[1024, 1024], [2048, 2048]]  # bitnet-bench.toml:7

[reporting]
formats           = ["html"]             # bitnet-bench.toml:9; no effect in this version
dashboard         = true                 # bitnet-bench.toml:10; no effect in this version
"#;

#[test]
fn each_value_is_shown_with_its_origin() {
    let folder = Folder::new().with("bitnet-bench.toml", FILE);
    let sources =
        folder.sources().environment(variables(&[("BITNET_BENCH_PIN", "2")])).command_line("--seed", "seed", "7");
    let config = Config::load(sources).unwrap();
    let text = render(&config.show().unwrap()).replace(&format!("{}/", folder.0.display()), "");
    assert_eq!(text, SHOWN);
    assert_eq!(config.without_effect(), ["reporting.formats", "reporting.dashboard"]);
    assert!(config.warnings()[0].ends_with("no effect in this version: `reporting.formats`, `reporting.dashboard`"));
}

#[test]
fn what_is_shown_can_be_read_back() {
    let folder = Folder::new().with("bitnet-bench.toml", FILE);
    let config = Config::load(folder.sources()).unwrap();
    let again = Folder::new().with("bitnet-bench.toml", render(&config.show().unwrap()));
    let again = Config::load(again.sources()).unwrap();
    assert_eq!(again.settings_for(None, None).unwrap().settings, config.settings_for(None, None).unwrap().settings);
    assert_eq!(again.options(), config.options());
    assert_eq!(again.suites(), config.suites());
}

#[test]
fn every_row_says_what_it_means() {
    for row in Config::default().show().unwrap() {
        assert!(row.meaning.ends_with('.') && !row.meaning.contains('\n'), "{row:?}");
    }
    assert_eq!(render(&[]), "");
}

const GATE: &str = "\
[gate]
fail_on = [\"regression:major\", \"missing\"]
severity = { major = \"20%\" }
[[gate.rule]]
cases = \"gemv/*\"
metric = \"time\"
regression = \"3%\"
[[gate.rule]]
cases = \"b\"
regression = \"off\"
inconclusive = \"on\"
[[gate.allow]]
cases = \"old\"
until = \"2031-02-03\"
reason = \"a \\\"reason\\\"\"
";

#[test]
fn a_gate_is_shown_as_it_is_and_can_be_read_back() {
    let shown_of = |text: &str| {
        let folder = Folder::new().with("bitnet-bench.toml", text);
        Config::load(folder.sources()).unwrap().gate().to_string()
    };
    let shown = shown_of(GATE);
    assert!(shown.starts_with("\n[gate]\nfail_on  = [\"regression:major\", \"missing\"]\n"), "{shown}");
    assert!(shown.contains("moderate = \"5%\", major = \"20%\", critical = \"50%\""), "{shown}");
    assert!(
        shown.contains("bitnet-bench.toml:4\ncases = \"gemv/*\"\nmetric = \"time\"\nregression = \"3%\"\n"),
        "{shown}"
    );
    let without_origins = |text: &str| {
        text.lines().map(|line| line.split("  #").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(without_origins(&shown_of(&shown)), without_origins(&shown));
    assert_eq!(shown_of("[measure]\ntime = 1\n"), "");
}
