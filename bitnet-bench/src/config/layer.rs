//! What one layer says: pairs of a key and a text, each with its origin and checked when it is
//! added, so that a mistake is reported once and not again for every case.

use super::options::{OPTION_KEYS, Options};
use super::origin::{Origin, Origins};
use super::settings::{KEYS, Settings};
use super::table::{BadSetting, Key};

/// A value that a layer gives to a key.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    key: &'static str,
    text: String,
    origin: Origin,
}

/// What one or several layers say, the stronger ones last.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    settings: Vec<Assignment>,
    options: Vec<Assignment>,
}

/// The setting of that name.
pub(super) fn setting(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The option of that name.
pub(super) fn option(name: &str) -> Option<&'static Key> {
    OPTION_KEYS.iter().find(|key| key.name == name)
}

impl Layer {
    /// Adds a value of a setting or an option.
    pub(super) fn add(&mut self, name: &str, text: String, origin: Origin) -> Result<(), BadSetting> {
        if let Some(key) = option(name) {
            Options::default().set(key.name, &text)?;
            self.options.push(Assignment { key: key.name, text, origin });
            return Ok(());
        }
        Settings::default().set(name, &text)?;
        if let Some(key) = setting(name) {
            self.settings.push(Assignment { key: key.name, text, origin });
        }
        Ok(())
    }

    /// Adds all that a stronger layer says.
    pub(super) fn extend(&mut self, stronger: Self) {
        self.settings.extend(stronger.settings);
        self.options.extend(stronger.options);
    }

    pub(super) fn apply_settings(&self, settings: &mut Settings, origins: &mut Origins) {
        apply(&self.settings, origins, &mut |key, text| settings.set(key, text));
    }

    pub(super) fn apply_options(&self, options: &mut Options, origins: &mut Origins) {
        apply(&self.options, origins, &mut |key, text| options.set(key, text));
    }
}

fn apply(assignments: &[Assignment], origins: &mut Origins, set: &mut dyn FnMut(&str, &str) -> Result<(), BadSetting>) {
    for Assignment { key, text, origin } in assignments {
        // What was refused when it was added is not here.
        if set(key, text).is_ok() {
            origins.set(key, origin.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_both_a_setting_and_an_option() {
        for key in KEYS {
            assert!(option(key.name).is_none(), "{}", key.name);
        }
    }

    #[test]
    fn the_stronger_layer_wins_and_leaves_its_origin() {
        let mut layer = Layer::default();
        layer.add("samples", "50".to_owned(), Origin::Program).unwrap();
        layer.add("pin", "off".to_owned(), Origin::Program).unwrap();
        let mut stronger = Layer::default();
        stronger.add("samples", "60".to_owned(), Origin::CommandLine { flag: "--samples".to_owned() }).unwrap();
        layer.extend(stronger);

        let (mut settings, mut origins) = (Settings::default(), Origins::default());
        layer.apply_settings(&mut settings, &mut origins);
        assert_eq!(settings, Settings { samples: 60, ..Settings::default() });
        assert_eq!(origins.of("samples").to_string(), "--samples");
        assert_eq!(origins.of("pin"), &Origin::Default, "an option is no setting");
    }

    #[test]
    fn what_no_table_has_is_refused() {
        let refused = Layer::default().add("sampels", "1".to_owned(), Origin::Program).unwrap_err();
        assert_eq!(refused.to_string(), "there is no setting `sampels`; did you mean `samples`?");
        let refused = Layer::default().add("samples", "0".to_owned(), Origin::Program).unwrap_err();
        assert_eq!(refused.to_string(), "`samples` takes a whole number from 1 to 100000, not `0`");
    }
}
