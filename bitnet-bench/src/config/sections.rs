//! The sections of a file: from its tree to settings, options and what the suites' sections say.

use std::path::Path;

use super::error::Problem;
use super::gate::{self, GateSection};
use super::layer::{self, Layer};
use super::node::{Entry, Node, Value};
use super::options::OPTION_KEYS;
use super::origin::{Origin, Position};
use super::settings::KEYS;
use super::suites::{Given, Problems, SECTION_KEYS, SuiteSections};
use super::table::{Form, Key, legible, names};
use super::value::SettingValue;

/// Other names of settings, those that `benchmark_config.yaml` uses.
const ALIASES: [(&str, &str); 2] = [("confidence_level", "confidence"), ("timeout_seconds", "timeout")];

/// The sections of settings and of options. `benchmark_config.yaml` calls the first `framework`.
const MEASURE: [&str; 2] = ["measure", "framework"];
const RUN: &str = "run";
const GATE: &str = "gate";

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) layer: Layer,
    pub(super) suites: SuiteSections,
    pub(super) given: Vec<Given>,
    pub(super) gate: GateSection,
}

/// Reads the tree of a file.
pub(super) fn read(root: &Node, path: &Path) -> (Contents, Problems) {
    let mut reader = Reader { path, contents: Contents::default(), seen: Vec::new(), problems: Vec::new() };
    match &root.value {
        Value::Table(sections) => sections.iter().for_each(|section| reader.section(section)),
        Value::Nothing => {}
        _ => reader.wrong(root.at, Problem::NoSections { text: legible(&root.show()) }),
    }
    (reader.contents, reader.problems)
}

struct Reader<'f> {
    path: &'f Path,
    contents: Contents,
    /// Settings that were given, under whichever name.
    seen: Vec<(&'static str, Position)>,
    problems: Problems,
}

impl Reader<'_> {
    fn wrong(&mut self, at: Position, what: Problem) {
        self.problems.push((at, what));
    }

    fn section(&mut self, section: &Entry) {
        let name = section.key.as_str();
        if name == GATE {
            let (gate, problems) = gate::read(&section.node, &|at| self.origin(at));
            self.contents.gate = gate;
            return self.problems.extend(problems);
        }
        let suite = SECTION_KEYS.iter().map(|key| key.section).find(|suite| *suite == name);
        if !MEASURE.contains(&name) && name != RUN && suite.is_none() {
            return self.wrong(section.at, misplaced(name).unwrap_or_else(|| no_section(name)));
        }
        let entries = match &section.node.value {
            Value::Table(entries) => entries.as_slice(),
            Value::Nothing => &[],
            _ => {
                let (key, text) = (name.to_owned(), legible(&section.node.show()));
                return self.wrong(section.node.at, Problem::Takes { key, takes: "a table of keys and values", text });
            }
        };
        for entry in entries {
            match suite {
                Some(suite) => self.suite_key(suite, entry),
                None if name == RUN => self.option(entry),
                None => self.setting(name, entry),
            }
        }
    }

    fn setting(&mut self, section: &str, entry: &Entry) {
        let written = entry.key.as_str();
        let name = ALIASES.iter().find(|(alias, _)| *alias == written).map_or(written, |(_, name)| name);
        let Some(key) = layer::setting(name) else {
            let mut known = names(KEYS);
            for (alias, _) in ALIASES {
                known.push(alias);
            }
            return self.no_key(section, entry, known);
        };
        if let Some(&(_, first)) = self.seen.iter().find(|(seen, _)| *seen == key.name) {
            return self.wrong(entry.at, Problem::Duplicate { key: key.name.to_owned(), first });
        }
        self.seen.push((key.name, entry.at));
        // `timeout_seconds: 5min` would say two units at once.
        let path = format!("{section}.{written}");
        if written.ends_with("_seconds") && entry.node.text(Form::Plain).is_some_and(|text| f64::parse(&text).is_none())
        {
            let what = Problem::Takes { key: path, takes: "a number of seconds", text: legible(&entry.node.show()) };
            return self.wrong(entry.node.at, what);
        }
        self.assign(path, key, &entry.node);
    }

    fn option(&mut self, entry: &Entry) {
        match layer::option(&entry.key) {
            Some(key) => self.assign(format!("{RUN}.{}", entry.key), key, &entry.node),
            None => self.no_key(RUN, entry, names(OPTION_KEYS)),
        }
    }

    fn suite_key(&mut self, section: &'static str, entry: &Entry) {
        match self.contents.suites.set(section, entry) {
            Ok(text) => {
                if let Some(key) = SECTION_KEYS.iter().find(|key| key.section == section && key.name == entry.key) {
                    let origin = self.origin(entry.at);
                    self.contents.given.push(Given { key, text, origin });
                }
            }
            Err(problems) => self.problems.extend(problems),
        }
    }

    /// Gives a setting or option its value.
    fn assign(&mut self, path: String, key: &'static Key, node: &Node) {
        let takes = key.takes;
        if matches!(node.value, Value::Nothing) {
            return self.wrong(node.at, Problem::NoValue { key: path, takes });
        }
        let text = match node.text(key.form) {
            Some(text) if key.form == Form::Path => self.beside_file(text),
            text => text,
        };
        let origin = self.origin(node.at);
        if text.is_none_or(|text| self.contents.layer.add(key.name, text, origin).is_err()) {
            self.wrong(node.at, Problem::Takes { key: path, takes, text: legible(&node.show()) });
        }
    }

    /// A path as the file means it: relative to the file. `None` if that cannot be written as text.
    fn beside_file(&self, text: String) -> Option<String> {
        match (text.as_str(), self.path.parent()) {
            ("auto" | "", _) | (_, None) => Some(text),
            (relative, Some(folder)) => folder.join(relative).into_os_string().into_string().ok(),
        }
    }

    fn no_key(&mut self, section: &str, entry: &Entry, known: Vec<&str>) {
        let what = misplaced(&entry.key).unwrap_or_else(|| Problem::NoKey {
            section: section.to_owned(),
            key: legible(&entry.key),
            suggestion: super::suggest(&entry.key, known).map(str::to_owned),
        });
        self.wrong(entry.at, what);
    }

    fn origin(&self, at: Position) -> Origin {
        Origin::File { path: self.path.to_owned(), position: Some(at) }
    }
}

/// A key that is known, but not where it was found.
fn misplaced(key: &str) -> Option<Problem> {
    let suite = || SECTION_KEYS.iter().find(|known| known.name == key).map(|known| known.section);
    let section = match (layer::setting(key), layer::option(key)) {
        (Some(_), _) => MEASURE[0],
        (_, Some(_)) => RUN,
        _ => suite()?,
    };
    Some(Problem::Misplaced { key: key.to_owned(), section })
}

fn no_section(name: &str) -> Problem {
    let mut known = vec![MEASURE[0], MEASURE[1], RUN, GATE];
    for key in SECTION_KEYS {
        known.push(key.section);
    }
    let suggestion = super::suggest(name, known).map(str::to_owned);
    Problem::NoSection { name: legible(name), suggestion }
}
