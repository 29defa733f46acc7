//! What the suites' sections say, where axes can read it: the list of an axis is an expression
//! without arguments, so this is the one thing in the room that is global.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::load::Config;
use super::suites::SuiteSections;

static INSTALLED: Installed = Installed { given: OnceLock::new(), nothing: OnceLock::new() };

/// Makes what a configuration says about suites readable in axes. It holds for the whole process,
/// so only the first call counts; whether this one did is returned.
pub fn install(config: &Config) -> bool {
    INSTALLED.install(config.suites())
}

/// What the configuration file says about the points that suites measure at; nothing, before the
/// harness has read one.
///
/// ```
/// let sizes = bitnet_bench::config::suites().quantization.tensor_sizes_or(&[[1024, 1024]]);
/// assert_eq!(sizes, [[1024, 1024]]);
/// ```
pub fn suites() -> &'static SuiteSections {
    INSTALLED.suites()
}

static FLAGS: OnceLock<Vec<(String, String)>> = OnceLock::new();

/// Makes the flags of the bench target's own readable. It holds for the whole process, so only the
/// first call counts.
pub(crate) fn install_flags(flags: Vec<(String, String)>) {
    // A program that makes several runs has one command line for all.
    let _ = FLAGS.set(flags);
}

/// The value of a flag of the bench target's own (see [`main!`](crate::main)), as it stands on the
/// command line; the last one, if it stands there several times. Axes and bodies can read it, in
/// workers too.
pub fn flag(name: &str) -> Option<&'static str> {
    let flags = FLAGS.get()?;
    flags.iter().rev().find(|(flag, _)| flag == name).map(|(_, value)| value.as_str())
}

/// The value of a flag of the bench target's own, as the path of a file. Cargo runs a bench target in the
/// folder of its package; what is not found there is meant as it was typed, relative to the shell's folder.
pub fn flag_path(name: &str) -> Option<PathBuf> {
    flag(name).map(resolve)
}

/// The path that a flag's value means.
pub(crate) fn resolve(value: &str) -> PathBuf {
    let path = PathBuf::from(value);
    let shell = std::env::var_os("PWD").map(|folder| Path::new(&folder).join(&path));
    if path.exists() { path } else { shell.filter(|typed| typed.exists()).unwrap_or(path) }
}

/// All flags of the bench target's own that stand on the command line, for workers to be told.
pub(crate) fn flags() -> Vec<(String, String)> {
    FLAGS.get().cloned().unwrap_or_default()
}

struct Installed {
    given: OnceLock<SuiteSections>,
    nothing: OnceLock<SuiteSections>,
}

impl Installed {
    fn install(&self, suites: &SuiteSections) -> bool {
        self.given.set(suites.clone()).is_ok()
    }

    /// Reading before anything was installed must not keep it from being installed later.
    fn suites(&self) -> &SuiteSections {
        self.given.get().unwrap_or_else(|| self.nothing.get_or_init(SuiteSections::default))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_configuration_stays_and_reading_before_it_is_harmless() {
        let installed = Installed { given: OnceLock::new(), nothing: OnceLock::new() };
        assert_eq!(installed.suites(), &SuiteSections::default());

        let mut first = SuiteSections::default();
        first.inference.batch_sizes = Some(vec![8]);
        assert!(installed.install(&first));
        assert!(!installed.install(&SuiteSections::default()));
        assert_eq!(installed.suites().inference.batch_sizes_or(&[1]), [8]);
    }
}
