//! The configuration of a run: all layers, read, checked and laid over each other.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::discovery::{self, Language};
use super::environment;
use super::error::{ConfigError, Mistake, Problem};
use super::file;
use super::gate::GateSection;
use super::layer::Layer;
use super::options::Options;
use super::origin::{Origin, Origins};
use super::sections::Contents;
use super::settings::{Overrides, Settings};
use super::suites::{Given, ReadBy, SuiteSections};

/// What a run's configuration is made from. Nothing is read from the process itself, so a
/// test says all that it depends on.
#[derive(Debug, Default)]
pub struct Sources {
    folder: PathBuf,
    file: Option<(PathBuf, Origin)>,
    environment: Vec<(OsString, OsString)>,
    given: Vec<(String, String, Origin)>,
}

impl Sources {
    /// Sources in a folder, an absolute path: paths that are given are relative to it, and where no
    /// file is given, the nearest one at or above it counts.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), ..Self::default() }
    }

    /// Reads this file, named with `--config`, instead of the nearest one.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.file = Some((path.into(), Origin::CommandLine { flag: "--config".to_owned() }));
        self
    }

    /// Reads what is ours among these variables.
    pub fn environment(mut self, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        self.environment.extend(variables);
        self
    }

    /// A setting or option that the program itself gives. Only the command line is stronger.
    pub fn program(self, key: &str, text: impl Into<String>) -> Self {
        self.giving(key, text.into(), Origin::Program)
    }

    /// Settings that the program itself gives.
    pub fn overrides(mut self, overrides: &Overrides) -> Self {
        for (key, text) in overrides.values() {
            self = self.giving(key, text.clone(), Origin::Program);
        }
        self
    }

    /// A setting or option from the command line, with the flag that gave it.
    pub fn command_line(self, flag: &str, key: &str, text: impl Into<String>) -> Self {
        self.giving(key, text.into(), Origin::CommandLine { flag: flag.to_owned() })
    }

    fn giving(mut self, key: &str, text: String, origin: Origin) -> Self {
        self.given.push((key.to_owned(), text, origin));
        self
    }
}

/// The configuration of a run.
#[derive(Clone, Debug, Default)]
pub struct Config {
    file: Option<PathBuf>,
    /// What is weaker than groups and attributes.
    below: Layer,
    /// What is stronger.
    above: Layer,
    options: Options,
    option_origins: Origins,
    suites: SuiteSections,
    given: Vec<Given>,
    gate: GateSection,
    warnings: Vec<String>,
}

/// The settings of one case.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The settings.
    pub settings: Settings,
    /// Where each came from.
    pub origins: Origins,
}

impl Config {
    /// Reads all layers of a run.
    ///
    /// # Errors
    /// Every mistake in them: see [`Problem`].
    pub fn load(sources: Sources) -> Result<Self, ConfigError> {
        let mut mistakes = Vec::new();
        let mut config = Self::default();

        let mut in_environment = Vec::new();
        let environment = environment::read(sources.environment, &mut in_environment);
        let contents = match sources.file.or(environment.file) {
            Some((path, named_by)) => config.read_file(&sources.folder.join(path), &named_by, &mut mistakes),
            None => config.read_nearest_file(&sources.folder, &mut mistakes),
        };
        mistakes.extend(in_environment);
        config.suites = contents.suites;
        config.given = contents.given;
        config.gate = contents.gate;
        config.below = contents.layer;
        config.below.extend(environment.layer);
        // What the program gives first: the command line is stronger.
        for of_command_line in [false, true] {
            for (key, text, origin) in &sources.given {
                if matches!(origin, Origin::CommandLine { .. }) == of_command_line
                    && let Err(bad) = config.above.add(key, text.clone(), origin.clone())
                {
                    mistakes.push(Mistake { at: origin.clone(), what: bad.into() });
                }
            }
        }
        ConfigError::unless_empty(mistakes)?;

        for layer in [&config.below, &config.above] {
            layer.apply_options(&mut config.options, &mut config.option_origins);
        }
        Ok(config)
    }

    fn read_file(&mut self, path: &Path, named_by: &Origin, mistakes: &mut Vec<Mistake>) -> Contents {
        self.file = Some(path.to_owned());
        file::read(path, named_by, mistakes)
    }

    /// A file that nobody asked for may be one that this build cannot read; that is no mistake.
    fn read_nearest_file(&mut self, folder: &Path, mistakes: &mut Vec<Mistake>) -> Contents {
        match discovery::nearest(folder) {
            Ok(Some(path)) if Language::of(&path) == Some(Language::Yaml) && cfg!(not(feature = "yaml")) => {
                self.warnings.push(format!("{} is not read: {}", path.display(), Problem::NoYaml));
                Contents::default()
            }
            Ok(Some(path)) => self.read_file(&path, &Origin::Default, mistakes),
            Ok(None) => Contents::default(),
            Err(mistake) => {
                mistakes.push(mistake);
                Contents::default()
            }
        }
    }

    /// The settings of a case: what its group and its own attribute say, each with the `file:line`
    /// where it says it, between the weaker layers and the stronger ones.
    ///
    /// # Errors
    /// What a group or attribute says and no setting takes; settings that contradict each other.
    pub fn settings_for(
        &self,
        group: Option<(&Overrides, &str)>,
        attribute: Option<(&Overrides, &str)>,
    ) -> Result<Resolved, ConfigError> {
        let mut mistakes = Vec::new();
        let mut own = Layer::default();
        let group = group.map(|(says, source)| (says, Origin::Group { source: source.to_owned() }));
        let attribute = attribute.map(|(says, source)| (says, Origin::Attribute { source: source.to_owned() }));
        for (overrides, origin) in [group, attribute].into_iter().flatten() {
            for (key, text) in overrides.values() {
                if let Err(bad) = own.add(key, text.clone(), origin.clone()) {
                    mistakes.push(Mistake { at: origin.clone(), what: bad.into() });
                }
            }
        }
        ConfigError::unless_empty(mistakes)?;

        let (mut settings, mut origins) = (Settings::default(), Origins::default());
        for layer in [&self.below, &own, &self.above] {
            layer.apply_settings(&mut settings, &mut origins);
        }
        let resolved = Resolved { settings, origins };
        match resolved.contradiction() {
            Some(mistake) => Err(ConfigError::of(mistake)),
            None => Ok(resolved),
        }
    }

    /// The options of the run.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Where each option came from.
    pub fn option_origins(&self) -> &Origins {
        &self.option_origins
    }

    /// What the file says about the points that suites measure at.
    pub fn suites(&self) -> &SuiteSections {
        &self.suites
    }

    /// What the file says about gates.
    pub fn gate(&self) -> &GateSection {
        &self.gate
    }

    /// The file that was read.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// What a person should know: a file that was found and not read, keys of the file that have no
    /// effect in this version.
    pub fn warnings(&self) -> Vec<String> {
        let without_effect = self.without_effect();
        let mut warnings = self.warnings.clone();
        if let (Some(file), false) = (&self.file, without_effect.is_empty()) {
            let keys = without_effect.join("`, `");
            warnings.push(format!("{}: no effect in this version: `{keys}`", file.display()));
        }
        warnings
    }

    /// The keys of the file, as `section.key`, that nothing in this version reads.
    pub fn without_effect(&self) -> Vec<String> {
        let mut unread = Vec::new();
        for Given { key, .. } in &self.given {
            if key.read_by == ReadBy::Nothing {
                unread.push(format!("{}.{}", key.section, key.name));
            }
        }
        unread
    }

    pub(super) fn given(&self) -> &[Given] {
        &self.given
    }
}

impl Resolved {
    /// Every setting with its text and origin, in the order of [`KEYS`](super::KEYS).
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, String, &Origin)> {
        self.settings.to_texts().into_iter().map(|(key, text)| (key, text, self.origins.of(key)))
    }

    fn contradiction(&self) -> Option<Mistake> {
        let (keys, why) = self.settings.contradiction()?;
        let mut values = Vec::new();
        for (key, text, origin) in self.texts() {
            if keys.contains(&key) {
                values.push(format!("`{key}` is {text} ({origin})"));
            }
        }
        Some(Mistake { at: Origin::Default, what: Problem::Contradiction { values: values.join(", "), why } })
    }
}
