//! `docs/configuration.md` lists what there is, and its examples load.

use super::mistakes;
use crate::config::discovery::Language;
use crate::config::environment::variable;
use crate::config::{KEYS, Key, OPTION_KEYS, Options, ReadBy, SECTION_KEYS, Settings};

const DOCUMENT: &str = include_str!("../../../../docs/configuration.md");

#[track_caller]
fn has_table(head: &str, rows: impl Iterator<Item = String>) {
    let table: String = rows.map(|row| row + "\n").collect();
    let rule = "|---".repeat(head.matches('|').count() - 1) + "|";
    let table = format!("{head}\n{rule}\n{table}\n");
    assert!(DOCUMENT.contains(&table), "docs/configuration.md should have this table:\n\n{table}");
}

#[track_caller]
fn lists(keys: &[Key], defaults: &[(&str, String)]) {
    has_table(
        "| key | meaning | takes | default | variable |",
        keys.iter().zip(defaults).map(|(key, (_, default))| {
            let default = if default.is_empty() { "none".to_owned() } else { format!("`{default}`") };
            let (name, meaning, takes) = (key.name, key.meaning_line(), key.takes);
            format!("| `{name}` | {meaning} | {takes} | {default} | `{}` |", variable(name))
        }),
    );
}

#[test]
fn every_setting_is_in_the_document() {
    lists(KEYS, &Settings::default().to_texts());
}

#[test]
fn every_option_is_in_the_document() {
    lists(OPTION_KEYS, &Options::default().to_texts());
}

#[test]
fn every_key_of_a_suite_is_in_the_document() {
    has_table(
        "| key | meaning | takes | read by |",
        SECTION_KEYS.iter().map(|key| {
            let read_by = match key.read_by {
                ReadBy::Benchmarks => "benchmarks",
                ReadBy::Nothing => "nothing yet",
            };
            format!("| `{}.{}` | {} | {} | {read_by} |", key.section, key.name, key.meaning_line(), key.takes)
        }),
    );
}

/// The blocks of the document in a language.
fn examples(language: &str) -> Vec<&'static str> {
    let blocks = DOCUMENT.split("\n```").skip(1).step_by(2);
    blocks.filter_map(|block| block.strip_prefix(language)).collect()
}

#[test]
fn the_examples_in_toml_load() {
    assert!(!examples("toml\n").is_empty());
    for example in examples("toml\n") {
        assert_eq!(mistakes(Language::Toml, example), [""; 0], "{example}");
    }
}

#[cfg(feature = "yaml")]
#[test]
fn the_examples_in_yaml_load() {
    assert!(!examples("yaml\n").is_empty());
    for example in examples("yaml\n") {
        assert_eq!(mistakes(Language::Yaml, example), [""; 0], "{example}");
    }
}
