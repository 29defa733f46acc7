//! Which file is read, and what is said about one that cannot be.

use std::fs;

use super::{Folder, variables};
use crate::config::{Config, Sources};

const TEN: &str = "[measure]\nlaunches = 10\n";

fn found(folder: &Folder, from: &str) -> Option<String> {
    let config = Config::load(Sources::new(folder.0.join(from))).unwrap();
    config.file().map(|path| path.strip_prefix(&folder.0).unwrap().display().to_string())
}

#[test]
fn the_nearest_file_counts() {
    let folder =
        Folder::new().with("bitnet-bench.toml", TEN).with("near/bitnet-bench.toml", TEN).with("far/deep/x", "");
    assert_eq!(found(&folder, "near").as_deref(), Some("near/bitnet-bench.toml"));
    assert_eq!(found(&folder, "far/deep").as_deref(), Some("bitnet-bench.toml"));
}

#[test]
fn the_search_ends_at_the_root_of_the_repository_or_workspace_or_package() {
    let folder =
        Folder::new().with("bitnet-bench.toml", TEN).with("inner/.git", "gitdir: elsewhere\n").with("inner/a/x", "");
    assert_eq!(found(&folder, "inner/a"), None);
    let folder =
        folder.with("ws/Cargo.toml", "[workspace]\nmembers = [\"a\"]\n").with("ws/a/Cargo.toml", "[package]\n");
    assert_eq!(found(&folder, "ws/a"), None);
    fs::remove_dir(folder.0.join(".git")).unwrap();
    let folder = folder.with("lone/Cargo.toml", "[package]\n").with("lone/src/x", "").with("none/x", "");
    assert_eq!(found(&folder, "lone/src"), None);
    assert_eq!(found(&folder, "none"), None);
}

#[test]
fn two_files_in_one_folder_are_refused() {
    let folder = Folder::new().with("bitnet-bench.toml", TEN).with("benchmark_config.yaml", "");
    assert_eq!(
        folder.refused(folder.sources()),
        "bitnet-bench.toml and benchmark_config.yaml are both here; keep one of them, or choose with `--config`"
    );
    assert!(Config::load(folder.sources().file("bitnet-bench.toml")).is_ok());
}

#[test]
fn a_file_that_is_asked_for_is_read_instead() {
    let folder = Folder::new()
        .with("bitnet-bench.toml", "[measure]\nlaunches = 5\n")
        .with("ci.toml", "[measure]\nlaunches = 20\n")
        .with("local.toml", "[measure]\nlaunches = 2\n");
    let launches = |sources| Config::load(sources).unwrap().settings_for(None, None).unwrap().settings.launches;
    let sources = || folder.sources().environment(variables(&[("BITNET_BENCH_CONFIG", "ci.toml")]));
    assert_eq!(launches(sources()), 20);
    assert_eq!(launches(sources().file(folder.0.join("local.toml"))), 2, "the command line is stronger");
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_what_named_it() {
    let folder =
        Folder::new().with("config.json", "{}").with("folder.toml/x", "").with("bytes.toml", b"a = 1\nb = \"\xff\"");
    let folder = folder.with("huge.toml", vec![b'\n'; (1 << 18) + 1]);
    let refused = |name: &str| folder.refused(folder.sources().file(name));
    assert!(
        refused("none.toml").starts_with("none.toml: cannot read this configuration, named by --config: No such file")
    );
    assert!(refused("folder.toml").starts_with("folder.toml: cannot read this configuration, named by --config: "));
    assert_eq!(refused("config.json"), "config.json: a configuration file's name ends in `.toml`, `.yaml` or `.yml`");
    assert_eq!(refused("bytes.toml"), "bytes.toml:2:6: this is not UTF-8");
    assert_eq!(refused("huge.toml"), "huge.toml: a configuration has at most 262144 bytes, and this file has more");
    let named = folder.sources().environment(variables(&[("BITNET_BENCH_CONFIG", "none.toml")]));
    assert!(folder.refused(named).contains("named by environment variable BITNET_BENCH_CONFIG"));
}

#[test]
fn an_empty_file_says_nothing() {
    for content in ["", "\u{feff}", "# nothing\n", "[measure]\n[run]\n[memory]\n"] {
        let folder = Folder::new().with("bitnet-bench.toml", content);
        assert!(Config::load(folder.sources()).is_ok(), "{content:?}");
    }
}

#[test]
fn a_relative_home_is_beside_the_file() {
    let folder = Folder::new().with("bitnet-bench.toml", "[run]\nhome = \"store\"\n").with("package/x", "");
    let home = |sources: Sources| Config::load(sources).unwrap().options().home.clone();
    assert_eq!(home(Sources::new(folder.0.join("package"))), Some(folder.0.join("store")));
    assert_eq!(home(folder.sources().environment(variables(&[("BITNET_BENCH_HOME", "here")]))), Some("here".into()));
    let folder = folder.with("bitnet-bench.toml", "[run]\nhome = \"auto\"\n");
    assert_eq!(home(folder.sources()), None);
    let folder = folder.with("bitnet-bench.toml", "[run]\nhome = \"\"\n");
    assert_eq!(folder.refused(folder.sources()), "bitnet-bench.toml:2:8: `run.home` takes a folder, or `auto`, not ``");
}

#[cfg(not(feature = "yaml"))]
#[test]
fn without_the_feature_a_yaml_file_is_a_warning_or_an_error_that_names_it() {
    let folder = Folder::new().with("benchmark_config.yaml", "framework:\n  iterations: 10\n");
    let config = Config::load(folder.sources()).unwrap();
    assert_eq!(config.warnings().len(), 1);
    assert!(config.warnings()[0].contains("is not read: reading YAML needs the feature `yaml`"));
    assert_eq!(config.file(), None);
    assert!(folder.refused(folder.sources().file("benchmark_config.yaml")).contains("features = [\"yaml\"]"));
}
