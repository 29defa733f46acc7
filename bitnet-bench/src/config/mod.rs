//! Configuration: defaults < file < environment < group < attribute < program < command line, into
//! one [`Settings`] a case and one [`Options`] a run, each value with its [`Origin`].
//!
//! Text is the one form that all layers share. A file, the environment, an attribute and the
//! command line each give pairs of a key and a text; one table a kind ([`KEYS`], [`OPTION_KEYS`])
//! says what each key takes, and so a value is read and refused by the same code wherever it was
//! written.
//!
//! [`Config::load`] reads the layers of a run and reports every mistake in them at once.
//! [`Config::settings_for`] adds what a group and an attribute say about one case.

mod bytes;
mod date;
mod discovery;
mod environment;
mod error;
mod file;
mod gate;
mod gate_shown;
mod installed;
mod layer;
mod load;
mod node;
mod options;
mod origin;
mod pin;
mod sections;
mod settings;
mod show;
mod suites;
mod table;
mod toml_reader;
mod value;
mod words;
#[cfg(feature = "yaml")]
mod yaml_reader;

#[cfg(test)]
mod tests;

pub use bytes::MemoryLimit;
pub use date::Date;
pub use error::{ConfigError, Mistake, Problem};
pub use gate::{
    Allowance, CONDITIONS, Condition, GateRule, GateSection, Severity, SeverityLimits, Threshold, conditions,
};
pub use installed::{flag, flag_path, install, suites};
pub(crate) use installed::{flags, install_flags, resolve};
pub use load::{Config, Resolved, Sources};
pub(crate) use options::WITHOUT_EFFECT;
pub use options::{Color, Format, OPTION_KEYS, Options};
pub use origin::{Origin, Origins, Position};
pub use pin::Pin;
pub use settings::{Cache, KEYS, Outliers, Overrides, Settings};
pub use show::{Shown, render};
pub use suites::{
    AllocationPattern, HardwareSection, InferenceSection, MemorySection, PlatformKind, QuantizationSection, ReadBy,
    ReportFormat, ReportingSection, SECTION_KEYS, SectionKey, SuiteSections, TrackingLevel,
};
pub use table::{BadSetting, Form, Key};
pub use value::{Gives, SettingValue};

/// The candidate that was probably meant by `written`, if one is close enough.
pub fn suggest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    closest(written, &mut candidates.into_iter())
}

fn closest<'a>(written: &str, candidates: &mut dyn Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut closest: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::damerau_levenshtein(written, candidate);
        let is_close = distance <= 1 + candidate.len() / 4;
        if is_close && closest.is_none_or(|(least, _)| distance < least) {
            closest = Some((distance, candidate));
        }
    }
    closest.map(|(_, candidate)| candidate)
}
