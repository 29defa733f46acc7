//! The environment's layer: `BITNET_BENCH_LAUNCHES=20` gives `launches` its value.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::error::{Mistake, Problem};
use super::layer::Layer;
use super::options::OPTION_KEYS;
use super::origin::Origin;
use super::settings::KEYS;
use super::table::legible;
use crate::order::order;

const PREFIX: &str = "BITNET_BENCH_";

/// The variable that names the configuration file.
const CONFIG: &str = "BITNET_BENCH_CONFIG";

/// Variables that are ours and no part of a configuration: what the tests of bitnet-bench insist on, the secret that
/// `upload` sends, and the address of a team's database, which may hold a password.
const READ_ELSEWHERE: [&str; 3] = ["BITNET_BENCH_REQUIRE", "BITNET_BENCH_TOKEN", "BITNET_BENCH_DATABASE"];

/// What the environment says.
#[derive(Debug, Default)]
pub(super) struct Environment {
    pub(super) layer: Layer,
    /// The configuration file, with the variable that named it.
    pub(super) file: Option<(PathBuf, Origin)>,
}

/// The variable of a key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase())
}

/// Reads the variables that are ours. An empty one says nothing, which is how CI systems pass on a
/// variable that nobody set.
pub(super) fn read(variables: Vec<(OsString, OsString)>, mistakes: &mut Vec<Mistake>) -> Environment {
    let mut ours = Vec::new();
    for (name, value) in variables {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with(PREFIX) && !READ_ELSEWHERE.contains(&name.as_str()) {
            ours.push((name, value));
        }
    }
    let mut environment = Environment::default();
    // The order of an environment means nothing; that of messages should be the same every time.
    for at in order(ours.len(), &|one, other| ours[one].cmp(&ours[other])) {
        let (name, value) = &ours[at];
        let origin = Origin::Environment { variable: legible(name) };
        if name == CONFIG {
            if !value.is_empty() {
                environment.file = Some((value.into(), origin));
            }
            continue;
        }
        if let Err(what) = environment.layer.add_variable(name, value, &origin) {
            mistakes.push(Mistake { at: origin, what });
        }
    }
    environment
}

impl Layer {
    fn add_variable(&mut self, name: &str, value: &OsStr, origin: &Origin) -> Result<(), Problem> {
        let mut known = vec!["config"];
        for key in [KEYS, OPTION_KEYS].into_iter().flatten() {
            if variable(key.name) == name {
                let text = value.to_str().ok_or(Problem::NotUtf8)?;
                if !text.is_empty() {
                    self.add(key.name, text.to_owned(), origin.clone())?;
                }
                return Ok(());
            }
            known.push(key.name);
        }
        let written = name[PREFIX.len()..].to_ascii_lowercase();
        Err(Problem::NoVariable { suggestion: super::suggest(&written, known).map(variable) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::options::Options;
    use crate::config::origin::Origins;

    fn reading(pairs: &[(&str, &str)]) -> (Environment, Vec<String>) {
        let mut mistakes = Vec::new();
        let environment = read(pairs.iter().map(|(name, value)| (name.into(), value.into())).collect(), &mut mistakes);
        (environment, mistakes.iter().map(Mistake::to_string).collect())
    }

    #[test]
    fn other_programs_variables_and_empty_ones_say_nothing() {
        let (environment, mistakes) = reading(&[
            ("PATH", "/bin"),
            ("BITNET_BENCH_LAUNCHES", ""),
            ("BITNET_BENCH_CONFIG", ""),
            ("BITNET_BENCH_REQUIRE", "gpu"),
        ]);
        assert_eq!(mistakes, [""; 0]);
        assert!(environment.file.is_none());
    }

    #[test]
    fn the_home_of_the_store_is_an_option_like_any_other() {
        let (environment, mistakes) = reading(&[("BITNET_BENCH_HOME", "/srv/store"), ("BITNET_BENCH_COUNTERS", "0")]);
        assert_eq!(mistakes, [""; 0]);
        let (mut options, mut origins) = (Options::default(), Origins::default());
        environment.layer.apply_options(&mut options, &mut origins);
        assert_eq!(options.home, Some("/srv/store".into()));
        assert!(!options.counters);
        assert_eq!(origins.of("home").to_string(), "environment variable BITNET_BENCH_HOME");
    }

    #[test]
    fn an_unknown_variable_is_a_mistake() {
        let (_, mistakes) = reading(&[
            ("BITNET_BENCH_launches", "1"),
            ("BITNET_BENCH_LAUNCHS", "1"),
            ("BITNET_BENCH_CONFG", "1"),
            ("BITNET_BENCH_", "1"),
            ("BITNET_BENCH_TIME", "NaN"),
        ]);
        assert_eq!(
            mistakes,
            [
                "environment variable BITNET_BENCH_: there is no such variable",
                "environment variable BITNET_BENCH_CONFG: there is no such variable; did you mean `BITNET_BENCH_CONFIG`?",
                "environment variable BITNET_BENCH_LAUNCHS: there is no such variable; did you mean `BITNET_BENCH_LAUNCHES`?",
                "environment variable BITNET_BENCH_TIME: `time` takes a duration from 1ms to 1day, not `NaN`",
                "environment variable BITNET_BENCH_launches: there is no such variable; did you mean `BITNET_BENCH_LAUNCHES`?",
            ]
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_text_is_a_mistake() {
        use std::os::unix::ffi::OsStringExt;
        let mut mistakes = Vec::new();
        read(vec![("BITNET_BENCH_TIME".into(), OsString::from_vec(vec![b'1', 0xff]))], &mut mistakes);
        assert_eq!(mistakes[0].to_string(), "environment variable BITNET_BENCH_TIME: this is not UTF-8");
    }
}
